// The worker in which Datasette runs, on Python for browsers: Python waits for the host, and pages must
// not. It is told once what to open, and then one request after the other, each with a port for the answer.

import { mountFile } from "../static/mounted_file.js";
import { HostError, openRangeFile } from "../static/range_file.js";
import createPyodideModule from "./pyodide/pyodide.asm.js";
import { loadPyodide } from "./pyodide/pyodide.js";

const UNIT = 64 * 1024; // Datasette's pages read tables in a row, so few and long parts are better
const ROOM = "/room";
const DATABASE = "collection.db";

let opened;
let last = Promise.resolve();

async function open({ database, size, address }) {
  const [python, packed, file] = await Promise.all([
    loadPyodide({ indexURL: new URL("./pyodide/", import.meta.url).href, createPyodideModule }),
    fetchBytes("./python.zip"),
    openRangeFile(database, size, (spent) => postMessage({ spent }), UNIT),
  ]);
  python.unpackArchive(packed, "zip", { extractDir: ROOM });
  const failure = mountFile(python.FS, DATABASE, file);
  postMessage({ step: "Starting Datasette …" });
  python.runPython(`import sys; sys.path.insert(0, "${ROOM}/packages")`);
  const browser = python.pyimport("ingest.website.in_browser");
  const room = await browser.open_room(ROOM, `/${DATABASE}`, address);
  return { browser, room, failure };
}

async function fetchBytes(address) {
  const answer = await fetch(new URL(address, import.meta.url));
  if (!answer.ok) throw new HostError(`The host answers ${answer.status} for a part of Datasette.`);
  return new Uint8Array(await answer.arrayBuffer());
}

async function answer({ method, path, query }) {
  const { browser, room, failure } = await opened;
  failure.error = null;
  const found = await browser.answer(room, method, path, query);
  const [status, headers, body] = found.toJs();
  found.destroy();
  // The host's reason, rather than SQLite's "disk I/O error".
  return failure.error ? told(503, failure.error.message) : { status, headers, body };
}

function told(status, message) {
  return { status, headers: [["content-type", "text/plain; charset=utf-8"]], body: new TextEncoder().encode(message) };
}

addEventListener("message", ({ data, ports: [port] }) => {
  if (data.open) {
    opened = open(data.open);
    opened.then(
      () => postMessage({ ready: true }),
      (error) => postMessage({ error: error.message, host: error instanceof HostError }),
    );
    return;
  }
  // One after the other, as Python has no threads here.
  last = last
    .then(() => answer(data.request))
    .catch((error) => told(500, error.message))
    .then((found) => port.postMessage(found, [found.body.buffer]));
});
