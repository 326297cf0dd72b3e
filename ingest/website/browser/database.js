// The database as pages see it: questions go to a worker, answers come back as promises.

import { mib } from "./range_file.js";

/**
 * Open the database that an element names, once it is asked; `tell` is called with what was read so far,
 * in words. The element may list pages of the file that are read first, such as `2-4 17`.
 */
export function connect(element, tell) {
  const address = new URL(element.dataset.database, location.href).href;
  const size = Number(element.dataset.size);
  const parts = [...(element.dataset.first ?? "").matchAll(/(\d+)(?:-(\d+))?/g)].map(([, first, last]) => [
    Number(first) - 1,
    Number(last ?? first) - 1,
  ]);
  const waiting = new Map();
  let worker;
  let opened;
  let asked = 0;

  function start() {
    worker = new Worker(new URL("./worker.js", import.meta.url), { type: "module" });
    worker.addEventListener("message", ({ data }) => {
      if (data.spent) {
        const { bytes, requests } = data.spent;
        tell(`${mib(bytes)} of ${mib(size)} read in ${requests} ${requests === 1 ? "request" : "requests"}`);
        return;
      }
      const { resolve, reject } = waiting.get(data.id);
      waiting.delete(data.id);
      if (data.error === undefined) resolve(data.result);
      else reject(Object.assign(new Error(data.error), { host: data.host }));
    });
    worker.addEventListener("error", () => stop("This browser cannot run SQLite. A newer one can."));
    opened = send("open", { address, size, parts });
    opened.catch(() => {}); // whoever asks is told
  }

  function send(task, what) {
    asked += 1;
    const id = asked;
    return new Promise((resolve, reject) => {
      waiting.set(id, { resolve, reject });
      worker.postMessage({ id, task, ...what });
    });
  }

  /** Begin to open the database, which is asked soon. */
  function begin() {
    if (!worker) start();
  }

  /** Ask the worker for a task, once the database is open. */
  async function ask(task, what) {
    begin();
    await opened;
    return send(task, what);
  }

  /** End whatever runs; the next question begins anew. */
  function stop(why = "Stopped.") {
    worker?.terminate();
    worker = undefined;
    for (const { reject } of waiting.values()) reject(new Error(why));
    waiting.clear();
  }
  return { begin, ask, stop };
}
