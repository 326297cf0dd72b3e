// The page around Datasette: it starts the worker that runs it, shows its pages in a frame, and keeps
// the address of the page shown behind the # of its own, so that it can be shared.

import { element } from "../static/elements.js";
import { mib } from "../static/range_file.js";

const FIRST = "/collection";
const place = document.getElementById("datasette");
const step = document.getElementById("step");
const status = document.getElementById("status");
const frame = document.getElementById("frame");
const size = Number(place.dataset.size);

/** Return the service worker of this page, once it answers; it stands below in/, not before this page. */
async function stand() {
  if (!navigator.serviceWorker) {
    throw new Error("Datasette needs a browser with service workers, and a site that begins with https://.");
  }
  const registered = await navigator.serviceWorker.register("service_worker.js", { scope: "in/" });
  const standing = registered.installing ?? registered.waiting ?? registered.active;
  await new Promise((resolve) => {
    const look = () => standing.state === "activated" && resolve();
    standing.addEventListener("statechange", look);
    look();
  });
  return standing;
}

/** Return what this page is called among the browser's pages. */
function ask(standing) {
  return new Promise((resolve) => {
    navigator.serviceWorker.addEventListener("message", ({ data }) => data.id && resolve(data.id));
    navigator.serviceWorker.startMessages();
    standing.postMessage("which");
  });
}

/** Start Datasette at an address; resolves when it answers. */
function start(address) {
  const worker = new Worker(new URL("./worker.js", import.meta.url), { type: "module" });
  navigator.serviceWorker.addEventListener("message", ({ data, ports }) => {
    if (data.request) worker.postMessage(data, ports);
  });
  return new Promise((resolve, reject) => {
    worker.addEventListener("error", () => reject(new Error("This browser cannot run Datasette. A newer one can.")));
    worker.addEventListener("message", ({ data }) => {
      if (data.spent) showSpent(data.spent);
      else if (data.step) step.textContent = data.step;
      else if (data.ready) resolve();
      else reject(new Error(data.host ? data.error : `Datasette did not start: ${data.error}`));
    });
    worker.postMessage({ open: { database: new URL(place.dataset.database, location.href).href, size, address } });
  });
}

function showSpent({ bytes, requests }) {
  const many = requests === 1 ? "request" : "requests";
  status.textContent = `${mib(bytes)} of ${mib(size)} read in ${requests} ${many}`;
}

/** Follow the frame: its page's title and address, and out of it where it left Datasette. */
function follow(base) {
  const shown = frame.contentWindow.location;
  if (!shown.href.startsWith("http")) return;
  if (!shown.pathname.startsWith(base)) {
    location.assign(shown.href);
    return;
  }
  const inside = frame.contentDocument;
  document.title = inside.title || shown.pathname.slice(base.length);
  history.replaceState(null, "", `#/${shown.pathname.slice(base.length)}${shown.search}${shown.hash}`);
  // What lies elsewhere on the web opens in the whole window.
  for (const link of inside.links) {
    if (link.protocol.startsWith("http") && link.host !== location.host) link.target = "_top";
  }
}

async function run() {
  document.getElementById("unstarted").replaceChildren(
    "The database itself: ",
    element("a", { href: "../collection.db", download: true }, "collection.db"),
    ", for any SQLite.",
  );
  step.textContent = "Loading Python and Datasette …";
  const address = new URL(`./in/${await ask(await stand())}/`, location.href);
  await start(address.href);
  const wanted = () => new URL(`.${location.hash.slice(1) || FIRST}`, address).href;
  frame.addEventListener("load", () => follow(address.pathname));
  addEventListener("hashchange", () => frame.contentWindow.location.replace(wanted()));
  document.body.classList.add("running");
  frame.hidden = false;
  frame.src = wanted();
}

try {
  await run();
} catch (error) {
  step.setAttribute("role", "alert");
  step.textContent = error.message;
}
