// The SQL page: a query box, the values of its parameters, and what it finds, also as CSV.

import { connect } from "./database.js";
import { element } from "./elements.js";
import { thousands } from "./search_query.js";

const SHOWN = 1000;
const DOWNLOADED = 100000;
const LONGEST_CELL = 300;
// A name after a colon, unless it stands in quotes or a comment.
const PARAMETER = /'(?:[^']|'')*'|"(?:[^"]|"")*"|--[^\n]*|\/\*[\s\S]*?\*\/|:([A-Za-z_]\w*)/g;
const KEY = /^[0-9a-f]{12}$/;
// A cell that a spreadsheet would run as a formula.
const FORMULA = /^[=+\-@\t\r]/;

const place = document.getElementById("sql");
const form = document.getElementById("query");
const statement = document.getElementById("statement");
const values = document.getElementById("values");
const rows = document.getElementById("rows");
const status = document.getElementById("status");
// For whoever hears the page: a message that stands there only with its rows would not be read out.
const counted = document.getElementById("counted");
const download = document.getElementById("download");
const stop = document.getElementById("stop");
let said = "";
const database = connect(place, (spent) => {
  said = spent;
  if (!stop.hidden) status.textContent = `${spent} …`;
});

function parameters(sql) {
  return [...new Set([...sql.matchAll(PARAMETER)].map((found) => found[1]).filter(Boolean))];
}

/** Show a box for each parameter of the query; what was filled in stays. */
function showValues(known) {
  const before = { ...Object.fromEntries(known), ...filled() };
  values.replaceChildren(
    ...parameters(statement.value).map((name) =>
      element("label", {}, `:${name} `, element("input", { name, value: before[name] ?? "", autocomplete: "off" })),
    ),
  );
}

function filled() {
  return Object.fromEntries([...values.querySelectorAll("input")].map((box) => [box.name, box.value]));
}

/** Return what the boxes hold; what looks like a number is one, as in a query written out. */
function stated() {
  const number = /^-?(0|[1-9]\d{0,14})(\.\d+)?$/;
  return Object.fromEntries(Object.entries(filled()).map(([name, value]) => [name, number.test(value) ? Number(value) : value]));
}

async function ask(most) {
  stop.hidden = false;
  status.textContent = "Reading …";
  try {
    return await database.ask("query", { sql: statement.value, values: stated(), most });
  } finally {
    stop.hidden = true;
    status.textContent = said && `${said}.`;
  }
}

async function run() {
  rows.replaceChildren();
  counted.textContent = "";
  download.hidden = true;
  let found;
  try {
    found = await ask(SHOWN);
  } catch (error) {
    rows.replaceChildren(element("p", { class: "note", role: "alert" }, error.message));
    return;
  }
  const count = `${found.more ? "The first " : ""}${thousands(found.rows.length)} ${found.rows.length === 1 ? "row" : "rows"}`;
  counted.textContent = `${count}.`;
  rows.replaceChildren(
    element("p", { class: "total" }, `${count}.`),
    element(
      "table",
      { class: "found" },
      element("thead", {}, element("tr", {}, found.columns.map((name, at) => heading(name, found.rows, at)))),
      element(
        "tbody",
        {},
        found.rows.map((row) => element("tr", {}, row.map((value, at) => cell(found.columns[at], value)))),
      ),
    ),
  );
  download.hidden = found.rows.length === 0;
}

/** Return the head of a column; above numbers it stands where they do. */
function heading(name, rows, at) {
  const values = rows.map((row) => row[at]).filter((value) => value !== null);
  const numbers = values.length > 0 && values.every((value) => ["number", "bigint"].includes(typeof value));
  return element("th", numbers ? { scope: "col", class: "number" } : { scope: "col" }, name);
}

function cell(column, value) {
  if (value === null) return element("td", { class: "count" }, "null");
  if (value instanceof Uint8Array) return element("td", { class: "count" }, `${thousands(value.length)} bytes`);
  const text = String(value);
  const shown = text.length > LONGEST_CELL ? `${text.slice(0, LONGEST_CELL)} …` : text;
  if (column === "key" && KEY.test(text)) {
    return element("td", {}, element("a", { href: `../article/${text}/index.html` }, text));
  }
  return element("td", typeof value === "string" ? { dir: "auto" } : { class: "number" }, shown);
}

async function save() {
  let found;
  try {
    found = await ask(DOWNLOADED);
  } catch (error) {
    rows.replaceChildren(element("p", { class: "note", role: "alert" }, error.message));
    return;
  }
  const lines = [found.columns, ...found.rows].map((row) => `${row.map(written).join(",")}\r\n`);
  const address = URL.createObjectURL(new Blob(["\ufeff", ...lines], { type: "text/csv;charset=utf-8" }));
  element("a", { href: address, download: found.more ? `query-first-${DOWNLOADED}.csv` : "query.csv" }).click();
  setTimeout(() => URL.revokeObjectURL(address), 60000);
}

function written(value) {
  if (value === null) return "";
  if (value instanceof Uint8Array) return Array.from(value, (byte) => byte.toString(16).padStart(2, "0")).join("");
  const text = typeof value === "string" && FORMULA.test(value) ? `'${value}` : String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

const asked = new URLSearchParams(location.search);
document.getElementById("unstarted").textContent = "";
document.getElementById("unstarted").append(
  "The database itself: ",
  element("a", { href: "../collection.db", download: true }, "collection.db"),
  ", for any SQLite.",
);
statement.value = asked.get("sql") ?? "";
showValues(asked);
statement.addEventListener("input", () => showValues([]));
download.addEventListener("click", save);
stop.addEventListener("click", () => database.stop());
if (statement.value) await run();
