// A file on the host, read in ranges as SQLite asks for them; small parts of a large file are enough
// for most questions. Synchronous, since SQLite is; so it belongs in a worker.

// Small, since what a search needs lies scattered; what is read in a row is fetched in ever longer pieces.
const CHUNK = 8 * 1024; // a page of the database
const MOST_AHEAD = 128; // chunks at once, when a table is read from one end to the other
const MOST_STREAMS = 16;
const NEAR = 2; // chunks so near to each other come together: one more costs less than one more request
const MOST_ROUNDS = 12;
const MOST_KEPT = 64 * 2 ** 20; // bytes in memory
const WHOLE_MOST = 100 * 2 ** 20; // a file that the host gives only whole may be as large as this
const ATTEMPTS = 3;

/** What cannot be read, and why, in words for a reader. */
export class HostError extends Error {}

/**
 * Open the file at an address. `size` is what it had when the site was made; `tell` is called with
 * the bytes and requests so far; `unit` is how much is read at least, in bytes. Gives an object with
 * `size`, `read(offset, length)`; `fetchParts(parts)`, which fetches together the units from a first to a
 * last one, numbered from 0, for each pair of them; and `gather(works)`: what several works, functions that
 * read, will need is fetched together, so that they wait once and not one after the other. For that each is
 * run several times, and ends with an error where something is not here yet.
 */
export async function openRangeFile(address, size, tell, unit = CHUNK) {
  const spent = { bytes: 0, requests: 0 };
  const count = (bytes) => {
    spent.bytes += bytes;
    spent.requests += 1;
    tell(spent);
  };
  let answer;
  try {
    answer = await fetch(address, { headers: { range: `bytes=0-${Math.min(unit, size) - 1}` }, cache: "no-store" });
  } catch {
    throw new HostError("The host does not answer. Try again when you are connected.");
  }
  if (!answer.ok) throw new HostError(`The host answers ${answer.status} for the database.`);
  const total = Number(answer.headers.get("content-range")?.split("/")[1]);
  // A compressed answer has ranges of something else than the file.
  if (answer.status === 206 && !answer.headers.get("content-encoding")) {
    const begin = new Uint8Array(await answer.arrayBuffer());
    if (total !== size) throw new HostError("The collection is being renewed. Load this page again in a minute.");
    return readInRanges({ address, size, unit, count, begin, first: stamp((name) => answer.headers.get(name)) });
  }
  if (size > WHOLE_MOST) {
    await answer.body?.cancel();
    throw new HostError(
      `This host gives files only whole, and the database has ${mib(size)}; up to ${mib(WHOLE_MOST)} would be read.` +
        " Search and SQL work once the site lies on a host that answers range requests, as most do.",
    );
  }
  const whole = new Uint8Array(await answer.arrayBuffer());
  count(whole.length);
  if (whole.length !== size) throw new HostError("The database did not arrive whole. Load this page again.");
  const read = (offset, length) => whole.subarray(offset, offset + length);
  const nothing = async () => {};
  return { size, whole: true, read, gather: nothing, fetchParts: nothing };
}

/** Read the rest of a file whose `begin` is here already, as long as the host's stamp of it is the `first`. */
function readInRanges({ address, size, unit, count, begin, first }) {
  const kept = new Map(); // chunks by number, the longest unused first
  const streams = new Map(); // where a reading goes on, and how much is then fetched at once
  const last = Math.ceil(size / unit) - 1;
  let lacking = null; // the chunks that were asked for and are not here, while works are gathered
  let lacked = false; // whether this work asked for one

  /** Return the last chunk to fetch with one: more of them the longer a reading goes on. */
  function endOf(number) {
    const ahead = Math.min((streams.get(number) ?? 0.5) * 2, MOST_AHEAD);
    streams.delete(number);
    let end = number;
    while (end < last && end - number + 1 < ahead && !kept.has(end + 1)) end += 1;
    streams.set(end + 1, ahead);
    if (streams.size > MOST_STREAMS) streams.delete(streams.keys().next().value);
    return end;
  }

  const startOf = (number) => number * unit;
  const stopOf = (number) => Math.min((number + 1) * unit, size);

  function keep(number, end, bytes) {
    count(bytes.length);
    for (let each = number; each <= end; each += 1) {
      kept.set(each, bytes.subarray((each - number) * unit, (each - number + 1) * unit));
    }
    while (kept.size * unit > MOST_KEPT) kept.delete(kept.keys().next().value);
  }

  // A host may give less than was asked for; then it is asked again.
  if (begin.length === stopOf(0)) keep(0, 0, begin);
  else count(begin.length);

  function fetchFrom(number) {
    const end = endOf(number);
    const bytes = fetchRange(address, startOf(number), stopOf(end), first);
    keep(number, end, bytes);
    return bytes.subarray(0, unit);
  }

  /** Return the ranges that hold some chunks, as pairs of their first and last ones. */
  function rangesOf(numbers) {
    const ranges = [];
    for (const number of numbers.sort((one, other) => one - other)) {
      const before = ranges.at(-1);
      if (before && number <= before[1]) continue;
      if (before && number - before[1] <= NEAR) before[1] = number;
      else ranges.push([number, endOf(number)]);
    }
    return ranges;
  }

  async function gather(works) {
    let waiting = works;
    let gathered = 0;
    for (let round = 0; round < MOST_ROUNDS && waiting.length; round += 1) {
      lacking = new Set();
      waiting = waiting.filter((work) => {
        lacked = false;
        try {
          work();
        } catch {
          // Told once it is read in earnest.
        }
        return lacked;
      });
      const ranges = rangesOf([...lacking]);
      lacking = null;
      gathered += ranges.reduce((sum, [number, end]) => sum + stopOf(end) - startOf(number), 0);
      if (gathered > MOST_KEPT) return; // more would only push out what has come
      if (!(await fetchParts(ranges))) return;
    }
  }

  /** Fetch parts together; tells whether any came, since what did not is fetched when it is read. */
  async function fetchParts(parts) {
    const arrived = await Promise.all(
      parts.map(async ([number, end]) => {
        const bytes = await fetchRangeLater(address, startOf(number), stopOf(end), first);
        if (bytes) keep(number, end, bytes);
        return bytes;
      }),
    );
    return arrived.some(Boolean);
  }

  function chunk(number) {
    const known = kept.get(number);
    if (!known && lacking) {
      lacking.add(number);
      lacked = true;
      throw new Error("This part is not here yet.");
    }
    if (!known) return fetchFrom(number);
    kept.delete(number);
    kept.set(number, known);
    return known;
  }

  function read(offset, length) {
    const stop = Math.min(offset + length, size);
    const read = new Uint8Array(Math.max(stop - offset, 0));
    for (let at = offset; at < stop; ) {
      const part = chunk(Math.floor(at / unit)).subarray(at % unit, (at % unit) + stop - at);
      read.set(part, at - offset);
      at += part.length;
    }
    return read;
  }
  return { size, whole: false, read, gather, fetchParts };
}

function fetchRange(address, start, stop, first) {
  for (let attempt = 1; ; attempt += 1) {
    const request = new XMLHttpRequest();
    request.open("GET", address, false);
    request.responseType = "arraybuffer";
    request.setRequestHeader("range", `bytes=${start}-${stop - 1}`);
    let why = "The connection was lost. Try again when you are connected.";
    try {
      request.send();
      if (request.status === 206 && request.response.byteLength === stop - start) {
        // Parts of two different files would be nonsense together.
        if (stamp((name) => request.getResponseHeader(name)) !== first) {
          throw new HostError("The collection was renewed meanwhile. Load this page again.");
        }
        return new Uint8Array(request.response);
      }
      why = `The host answers ${request.status} for a part of the database.`;
    } catch (error) {
      if (error instanceof HostError) throw error;
    }
    if (attempt === ATTEMPTS) throw new HostError(why);
  }
}

/** Fetch a range without waiting; gives nothing where that fails, and who reads it then is told why. */
async function fetchRangeLater(address, start, stop, first) {
  try {
    // Past the browser's own store, in which parts of one file wait for each other.
    const answer = await fetch(address, { headers: { range: `bytes=${start}-${stop - 1}` }, cache: "no-store" });
    const bytes = new Uint8Array(await answer.arrayBuffer());
    const same = stamp((name) => answer.headers.get(name)) === first;
    return answer.status === 206 && bytes.length === stop - start && same ? bytes : null;
  } catch {
    return null;
  }
}

/** What tells one state of a file from another, of what the host says. */
function stamp(header) {
  return header("etag") ?? header("last-modified") ?? "";
}

export function mib(bytes) {
  return bytes < 2 ** 20 ? `${Math.ceil(bytes / 1024)} KiB` : `${(bytes / 2 ** 20).toFixed(1)} MiB`;
}
