// The database as pages see it: questions go to a worker, answers come back as promises.

import { mib } from "./range_file.js";

/** Open the database that an element names; `tell` is called with what was read so far, in words. */
export function connect(element, tell) {
  const address = new URL(element.dataset.database, location.href).href;
  const size = Number(element.dataset.size);
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
    opened = send("open", { address, size });
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

  /** Ask the worker for a task, once the database is open. */
  async function ask(task, what) {
    if (!worker) start();
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
  return { ask, stop };
}
