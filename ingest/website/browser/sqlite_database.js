// SQLite on a file that is only read. The few operations of a VFS (https://sqlite.org/vfs.html) that
// such a file needs are here; SQLite keeps what it sorts in memory.

import sqlite3InitModule from "./sqlite/sqlite3.js";

const NAME = "room";
const UNSTARTED =
  "SQLite does not start here: the browser is too old, the host does not answer, or its security policy" +
  " allows pages no WebAssembly (it wants script-src 'self' 'wasm-unsafe-eval').";

/** Load SQLite itself, which takes as long as the first parts of a file do; an error tells a reader why not. */
export function loadSqlite() {
  const silent = () => {}; // every error is thrown, and told where it was asked for
  globalThis.sqlite3ApiConfig = {
    // Files in the browser's own storage are of no use here, and would be looked for.
    disable: { vfs: { opfs: true, "opfs-vfs": true, "opfs-sahpool": true, "opfs-wl": true, kvvfs: true } },
    ...{ debug: silent, log: silent, warn: silent, error: silent },
  };
  return sqlite3InitModule({ print: silent, printErr: silent }).catch((error) => {
    throw new Error(UNSTARTED, { cause: error });
  });
}

/** Open a database on a file of range_file.js. */
export function openDatabase(sqlite3, file) {
  const failure = installVfs(sqlite3, file);
  const opened = new sqlite3.oo1.DB({ filename: `file:collection.db?vfs=${NAME}&immutable=1`, flags: "r" });

  function run(work) {
    failure.error = null;
    try {
      return work();
    } catch (error) {
      throw failure.error ?? error; // the host's reason, rather than SQLite's "disk I/O error"
    }
  }

  /** Yield rows one by one, so that a reading may stop early. */
  function* iterate(sql, values = {}) {
    const statement = run(() => opened.prepare(sql));
    try {
      const known = bound(statement, values);
      if (known) statement.bind(known);
      while (run(() => statement.step())) yield statement.get([]);
    } finally {
      statement.finalize();
    }
  }

  /** Return all rows as arrays. */
  function rows(sql, values) {
    return [...iterate(sql, values)];
  }

  /** Return the columns and the first rows of whatever a reader asks, and whether there are more. */
  function ask(sql, values, most) {
    const statement = run(() => opened.prepare(sql));
    try {
      const known = bound(statement, values);
      if (known) statement.bind(known);
      const found = [];
      let more = false;
      while (run(() => statement.step())) {
        if (found.length === most) {
          more = true;
          break;
        }
        found.push(statement.get([]));
      }
      return { columns: statement.getColumnNames([]), rows: found, more };
    } finally {
      statement.finalize();
    }
  }

  /** Fetch together what look-ups will read: pairs of a statement with one parameter and its values. */
  async function gather(lookUps) {
    const prepared = lookUps.map(([sql]) => run(() => opened.prepare(sql)));
    const works = lookUps.flatMap(([, values], number) =>
      values.map((value) => () => {
        const statement = prepared[number];
        try {
          statement.bind(1, value);
          while (statement.step());
        } finally {
          statement.resetNoThrow();
        }
      }),
    );
    try {
      await file.gather(works);
    } finally {
      for (const statement of prepared) statement.finalize();
    }
  }
  return { rows, iterate, ask, gather, size: file.size };
}

/** Return the values that a statement has parameters for. */
function bound(statement, values) {
  const wanted = Object.entries(values ?? {}).filter(([name]) => statement.getParamIndex(`:${name}`));
  return wanted.length ? Object.fromEntries(wanted.map(([name, value]) => [`:${name}`, value])) : null;
}

function installVfs(sqlite3, file) {
  const { capi, wasm } = sqlite3;
  const failure = { error: null };
  const methods = new capi.sqlite3_io_methods();
  methods.$iVersion = 1;
  const vfs = new capi.sqlite3_vfs();
  vfs.$iVersion = 2;
  vfs.$szOsFile = capi.sqlite3_file.structInfo.sizeof;
  vfs.$mxPathname = 64;
  const fine = () => 0;
  const refuse = () => capi.SQLITE_READONLY;

  function xRead(_file, target, length, offset) {
    try {
      const bytes = file.read(Number(offset), length);
      wasm.heap8u().set(bytes, Number(target));
      if (bytes.length === length) return 0;
      wasm.heap8u().fill(0, Number(target) + bytes.length, Number(target) + length);
      return capi.SQLITE_IOERR_SHORT_READ;
    } catch (error) {
      failure.error = error;
      return capi.SQLITE_IOERR_READ;
    }
  }

  function xOpen(_vfs, _name, opened, flags, told) {
    if (!(flags & capi.SQLITE_OPEN_MAIN_DB)) return capi.SQLITE_CANTOPEN;
    const handle = new capi.sqlite3_file(opened);
    handle.$pMethods = methods.pointer;
    handle.dispose();
    if (told) wasm.poke32(told, capi.SQLITE_OPEN_READONLY);
    return 0;
  }

  sqlite3.vfs.installVfs({
    io: {
      struct: methods,
      methods: {
        xRead,
        xClose: fine,
        xWrite: refuse,
        xTruncate: refuse,
        xSync: fine,
        xFileSize: (_file, size) => {
          wasm.poke64(size, BigInt(file.size));
          return 0;
        },
        xLock: fine,
        xUnlock: fine,
        xCheckReservedLock: (_file, reserved) => {
          wasm.poke32(reserved, 0);
          return 0;
        },
        xFileControl: () => capi.SQLITE_NOTFOUND,
        xSectorSize: () => 4096,
        xDeviceCharacteristics: () => capi.SQLITE_IOCAP_IMMUTABLE,
      },
    },
    vfs: {
      struct: vfs,
      name: NAME,
      methods: {
        xOpen,
        xDelete: refuse,
        xAccess: (_vfs, _name, _flags, there) => {
          wasm.poke32(there, 0);
          return 0;
        },
        xFullPathname: (_vfs, name, most, target) =>
          wasm.cstrncpy(target, name, most) < most ? 0 : capi.SQLITE_CANTOPEN,
        xRandomness: (_vfs, length, target) => {
          crypto.getRandomValues(wasm.heap8u().subarray(Number(target), Number(target) + length));
          return length;
        },
        xSleep: fine,
        xCurrentTime: (_vfs, target) => {
          wasm.poke(target, 2440587.5 + Date.now() / 86400000, "double");
          return 0;
        },
        xCurrentTimeInt64: (_vfs, target) => {
          wasm.poke(target, 210866760000000 + Date.now(), "i64");
          return 0;
        },
      },
    },
  });
  return failure;
}
