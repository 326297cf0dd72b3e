// The worker in which SQLite runs, since it waits for the host and pages must not. It is told
// {id, task, ...} and answers {id, result} or {id, error}; in between, {spent} says what was read.

import { HostError, openRangeFile } from "./range_file.js";
import { readSearch, runSearch } from "./search.js";
import { fold } from "./search_marks.js";
import { written } from "./search_query.js";
import { nameNearest, suggest } from "./search_suggestion.js";
import { loadSqlite, openDatabase } from "./sqlite_database.js";

const loading = loadSqlite();
let opening;

const tasks = {
  async open({ address, size, parts }) {
    opening = openRangeFile(address, size, (spent) => postMessage({ spent })).then(async (file) => {
      const [sqlite3] = await Promise.all([loading, file.fetchParts(parts)]);
      return { database: openDatabase(sqlite3, file), whole: file.whole };
    });
    return { whole: (await opening).whole };
  },
  async search({ asked, ...known }) {
    const { database } = await opening;
    return runSearch(database, readSearch(new URLSearchParams(asked)), known);
  },
  async suggest({ asked, spellings }) {
    const { database } = await opening;
    return suggest(database, written(readSearch(new URLSearchParams(asked)).query, spellings, fold));
  },
  async nearest({ unknown }) {
    const { database } = await opening;
    return nameNearest(database, unknown);
  },
  async query({ sql, values, most }) {
    const { database } = await opening;
    return database.ask(sql, values, most);
  },
};

addEventListener("message", async ({ data: { id, task, ...asked } }) => {
  try {
    postMessage({ id, result: await tasks[task](asked) });
  } catch (error) {
    postMessage({ id, error: error.message, host: error instanceof HostError });
  }
});
