// The search page: asks search.js, and shows what a server's search page shows.

import { connect } from "./database.js";
import { drawn, element, marked } from "./elements.js";
import { FACETS, PAGE, isFirst, readSearch } from "./search.js";
import { dateInWords, explain, instead, thousands } from "./search_query.js";

const LONGEST_DESCRIPTION = 220;
const NAMES = ["person", "organisation", "place"];
const place = document.getElementById("search");
const head = document.getElementById("head");
const found = document.getElementById("found");
const status = document.getElementById("status");
const database = connect(place, (spent) => {
  status.textContent = `${spent} …`;
  said = spent;
});
let said = "";
document.getElementById("unstarted").remove();

const asked = new URLSearchParams(location.search);
const search = readSearch(asked);

/** Return what holds for other words too: chosen facet values, and an order unlike the usual. */
function kept(chosen = search.chosen) {
  const pairs = Object.entries(chosen).flatMap(([name, values]) => values.map((value) => [name, value]));
  return search.sort === search.usual ? pairs : [...pairs, ["sort", search.sort]];
}

/** Return the query of an address for this search with changes; the page starts anew. */
function address(changes = {}, chosen = search.chosen, words = search.query.text) {
  const pairs = [["q", words], ...kept(chosen).filter(([name]) => !(name in changes))];
  pairs.push(...Object.entries(changes).map(([name, value]) => [name, String(value)]));
  return `?${new URLSearchParams(pairs.filter(([, value]) => value))}`;
}

/** Return that with a facet value chosen, or given up if it was. */
function toggled(facet, value) {
  const values = search.chosen[facet];
  const others = values.includes(value) ? values.filter((each) => each !== value) : [...values, value];
  return address({}, { ...search.chosen, [facet]: others });
}

const size = () => (search.size === PAGE ? {} : { size: search.size });
const link = (to, ...content) => element("a", { href: to }, ...content);
const reworded = (words, shown) => link(address({}, search.chosen, words), shown);
const shortened = (text) =>
  text.length > LONGEST_DESCRIPTION + 5 ? `${text.slice(0, LONGEST_DESCRIPTION - 3).replace(/\s+\S*$/, "")}...` : text;

function showHead(results) {
  const labels = {};
  for (const [facet, values] of Object.entries(search.chosen)) {
    if (values.length) labels[facet] = results.labels[facet]?.length ? results.labels[facet] : values;
  }
  const told = results.told;
  const sorts = ["relevance", "newest", "oldest"].filter((name) => name !== "relevance" || search.query.match);
  const narrowed = Object.values(search.chosen).flat().length > 0;
  const understood = explain(search.query, labels, results.names);
  const heading = search.query.text || (narrowed ? "Articles" : "All articles");
  const words = understood.map(([, text]) => text).join("");
  const name = narrowed ? words[0].toUpperCase() + words.slice(1) : heading;
  const title = search.page > 1 && results.rows.length ? `${name}, page ${search.page}` : name;
  document.title = document.title.replace(/^.*?(?= · )/u, title.replaceAll("$", "$$$$"));
  const noun = results.total === 1 ? "article" : "articles";
  const sentence = understood.slice(1);
  const note = (...content) => element("p", { class: "note" }, ...content);
  const parts = [
    element("h1", {}, search.query.text ? element("span", { class: "asked", dir: "auto" }, heading) : heading),
    element(
      "p",
      { class: "total" },
      element("b", {}, thousands(results.total)),
      ` ${noun}`,
      ...marked(sentence, "strong", { dir: "auto" }),
      ...(told < results.total ? ["; ", element("b", {}, thousands(told)), " without copies"] : []),
      ...(narrowed
        ? [" · ", element("a", { class: "widened", href: address({}, {}) }, "drop what is chosen")]
        : []),
    ),
    ...[...search.query.notes, ...results.notes].map((each) => note(each)),
    ...results.unknown.map((term) =>
      element("p", { class: "note unknown" }, `No ${term.field} here is called `, element("b", {}, term.text), "."),
    ),
    element(
      "p",
      { class: "sorts" },
      ...sorts.flatMap((name, number) => [
        number ? " · " : null,
        name === search.sort ? element("b", {}, name) : link(address({ sort: name }), name),
      ]),
    ),
  ];
  if (results.many) {
    parts.splice(2, 0, note("So many articles have these words that those with them in the title or names come first, then the newest."));
  }
  head.replaceChildren(...parts);
}

function showRow(row) {
  const over = [
    row.published
      ? element("time", { datetime: row.published }, dateInWords(row.published))
      : element("span", { class: "undated" }, "undated"),
    ...(row.source ? [" · ", element("bdi", {}, row.source)] : []),
  ];
  if (row.copies) {
    over.push(" · ", link(toggled("story", row.key), `+${thousands(row.copies)} ${row.copies === 1 ? "copy" : "copies"}`));
  }
  const written = { dir: "auto", lang: row.language || null };
  const passage = row.snippet && element("p", { class: "snippet", ...written }, marked(row.snippet));
  const described = row.description && element("p", { class: "snippet", ...written }, shortened(row.description));
  return element(
    "article",
    { class: "item" },
    element("p", { class: "over" }, over),
    element("h3", written, element("a", { href: `../article/${row.key}/index.html` }, marked(row.marked))),
    passage || described || null,
  );
}

function showNothing(results) {
  if (results.total) {
    return element("div", { class: "nothing" }, element("p", {}, "There are not so many pages. ", link(address(), "Back to the first"), "."));
  }
  if (!search.query.text && !Object.values(search.chosen).flat().length) {
    return element("div", { class: "nothing" }, element("p", {}, "There are no articles here yet."));
  }
  return element(
    "div",
    { class: "nothing" },
    element("p", {}, "No article fits."),
    element(
      "ul",
      {},
      search.query.text && Object.values(search.chosen).flat().length
        ? element("li", {}, link(address({}, {}), "Search all articles"), ", not only those chosen.")
        : null,
      element("li", {}, "Try fewer words, or ", element("code", {}, "OR"), " between two of them."),
      element("li", {}, "End a word with ", element("code", {}, "*"), " to find any ending: ", element("code", {}, "journal*"), "."),
      element("li", {}, link("?", "Show all articles"), "."),
    ),
  );
}

function showPager(results) {
  const first = (search.page - 1) * search.size + 1;
  return element(
    "nav",
    { class: "pager", "aria-label": "Pages" },
    search.page > 1 ? element("a", { rel: "prev", href: address({ page: search.page - 1, ...size() }) }, "← Previous") : null,
    element("span", {}, `${thousands(first)}–${thousands(first + results.rows.length - 1)} of ${thousands(results.told)}`),
    search.page * search.size < results.told
      ? element("a", { rel: "next", href: address({ page: search.page + 1, ...size() }) }, "Next →")
      : null,
  );
}

function showFacets(results) {
  const shown = results.facets.filter((facet) => facet.values.length > 1 || facet.picked).map(showFacet);
  const count = results.uncounted
    ? element("button", { type: "button", id: "count" }, `Count what narrows ${thousands(results.total)} articles`)
    : null;
  count?.addEventListener("click", () => run(true));
  const note = count && element("p", { class: "note" }, "Not everything is counted yet: it takes reading more of the database.");
  if (shown.length || count) {
    head.append(element("p", { class: "narrow" }, element("a", { href: "#facets" }, "Narrow the search")));
  }
  document
    .getElementById("facets")
    .replaceChildren(...(shown.length || count ? [element("details", { open: true }, element("summary", {}, "Narrow by"), shown, note, count)] : []));
}

function showFacet(facet) {
  const drawing = ["year", "month"].includes(facet.name) && facet.values.length > 8;
  const list = element("ul", {}, facet.values.map((value) => showValue(facet, value)));
  return element(
    "section",
    { class: "facet", "data-facet": facet.name },
    element("h2", {}, facet.title),
    ...(drawing
      ? [...histogram(facet), element("details", { open: facet.picked }, element("summary", {}, "as a list"), list)]
      : [list]),
    facet.more ? element("a", { class: "on", href: address({ more: facet.name }), "aria-label": `More: ${facet.title}` }, "More") : null,
  );
}

function showValue(facet, value) {
  const number = value.chosen || !facet.picked ? thousands(value.count) : `+${thousands(value.total - facet.now)}`;
  const chosen = value.chosen ? { class: "chosen", "aria-current": "true", title: "Take back" } : {};
  const label = facet.name === "month" ? dateInWords(value.label) : value.label;
  return element(
    "li",
    {},
    element("a", { ...chosen, href: toggled(facet.name, value.value), dir: "auto" }, label),
    " ",
    element("span", { class: "count" }, number),
  );
}

/** Years or months as bars; those between without articles stay empty. */
function histogram(facet) {
  const yearly = facet.name === "year";
  const at = (label) => (yearly ? Number(label.slice(0, 4)) : Number(label.slice(0, 4)) * 12 + Number(label.slice(5)));
  const { values } = facet;
  const first = at(values[0].label);
  const width = 240 / (at(values.at(-1).label) - first + 1);
  const bars = values.map((value) => {
    const x = (at(value.label) - first) * width;
    const height = (value.count / facet.most) * 56;
    const words = `${value.label}: ${thousands(value.count)}`;
    return drawn(
      "a",
      { href: toggled(facet.name, value.value), "aria-label": words },
      drawn("title", {}, words),
      drawn("rect", { class: "room", x, y: 0, width, height: 60 }),
      drawn("rect", { class: value.chosen ? "bar picked" : "bar", x, y: 60 - height, width: Math.max(width * 0.85, 0.6), height }),
    );
  });
  return [
    drawn("svg", { class: "histogram", viewBox: "0 0 240 60", preserveAspectRatio: "none", role: "group", "aria-label": `Articles by ${facet.name}` }, bars),
    element("p", { class: "ends" }, element("span", {}, values[0].label), element("span", {}, values.at(-1).label)),
  ];
}

function show(results) {
  showHead(results);
  const heading = element("h2", { class: "unseen" }, "Results");
  const rows = [heading, ...results.rows.map(showRow)];
  found.replaceChildren(...(results.rows.length ? [...rows, showPager(results)] : [showNothing(results)]));
  showFacets(results);
}

/** Return the search for everything as it was written when the site was made, in the form of others. */
function firstResults(everything) {
  const facets = Object.entries(everything.facets).map(([name, values]) => ({
    name,
    title: FACETS[name],
    values,
    picked: false,
    now: everything.total,
    more: everything.more.includes(name),
    most: Math.max(1, ...values.map((value) => value.count)),
  }));
  const rows = everything.articles.map((row) => ({ ...row, marked: [[false, row.title]] }));
  return { total: everything.total, told: everything.stories, rows, facets, names: new Map(), unknown: [], notes: [], labels: {} };
}

/** Return what the database answers, and tell how much of it was read for that. */
async function ask(task, what) {
  try {
    return await database.ask(task, what);
  } finally {
    status.textContent = said && `${said}.`;
  }
}

/** Ask for words near to those that no article has, once the articles found are shown. */
async function suggest(spellings) {
  const better = await ask("suggest", { asked: location.search, spellings }).catch(() => "");
  if (!better) return;
  const other = reworded(better, better);
  head.querySelector(".sorts").before(element("p", { class: "suggestion" }, "Did you mean ", other, "?"));
}

/** Tell which names are near those that nobody here has. */
async function tellNearest(unknown) {
  const near = await ask("nearest", { unknown }).catch(() => []);
  const notes = head.querySelectorAll(".unknown");
  for (const [number, names] of near.entries()) {
    const links = names.map((name) => reworded(instead(search.query.text, unknown[number], name), name));
    const listed = links.flatMap((each, at) => (at ? [", ", each] : [each]));
    if (listed.length) notes[number].append(" Near it: ", ...listed, ".");
  }
}

/** Go on to the search for the names of today where it chose some that were merged or renamed, and tell whether. */
async function leadOn(read) {
  const facets = NAMES.filter((facet) => search.chosen[facet].length);
  if (!facets.length) return false;
  const today = new Map(Object.entries(await read("former_names.json")));
  const chosen = { ...search.chosen };
  for (const facet of facets) chosen[facet] = [...new Set(chosen[facet].map((key) => today.get(key) ?? key))];
  const there = address({}, chosen);
  if (there === address()) return false;
  location.replace(there);
  return true;
}

async function run(all) {
  place.setAttribute("aria-busy", "true");
  // As the database's address, theirs changes with the collection, so that no old copy is shown.
  const { search: version } = new URL(place.dataset.database, location.href);
  const read = async (name) => (await fetch(name + version)).json();
  try {
    if (isFirst(search)) show(firstResults(await read("all.json")));
    else {
      status.textContent = "Reading …";
      database.begin();
      const [first, values, spellings] = await Promise.all(["all.json", "values.json", "spellings.json"].map(read));
      const everything = { total: first.total, told: first.stories };
      const results = await ask("search", { asked: location.search, everything, values, spellings, all });
      if (!results.total && (await leadOn(read))) return;
      show(results);
      if (results.suggestible) suggest(spellings);
      if (results.small && results.unknown.length) tellNearest(results.unknown);
    }
  } catch (error) {
    found.replaceChildren(element("p", { class: "note", role: "alert" }, error.message));
    status.textContent = "";
  }
  place.removeAttribute("aria-busy");
}

for (const box of document.querySelectorAll('input[name="q"]')) {
  box.value = search.query.text;
  box.after(...kept().map(([name, value]) => element("input", { type: "hidden", name, value })));
}
await run(false);
