// Marks the words of a query in a text, and cuts out the passage around them, as
// plugins/search_marks.py does on a server.

import { isUnspaced, POINTS, spellings } from "./search_query.js";

const LONGEST_LOOK = 200000;
const MOST_MARKS = 200;
const LONGEST_PASSAGE = 260;
const BEFORE = 70;
// Marks are letters of a word, as vowel signs of Hindi are; but not those that make a picture of a sign.
const LETTER_OR_MARK = "(?:[\\p{L}\\p{N}\\p{Mc}]|[^\\P{Mn}\\ufe00-\\ufe0f])";
const LETTER = "[\\p{L}\\p{N}]";
const WORDS = new RegExp(`${LETTER_OR_MARK}+`, "gu");
const LATIN = /^[\0-\u02ff]*$/u;
const POINTED = /[\u0590-\u08ff]/u;
// Those beyond the letters of Europe are told by all that they are made of.
const FOLDED = /[\0-\u058f\u1e00-\u1fff]/u;
const SPACE = /[\t-\r\x1c- \x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+/u;
const folded = new Map();

/** Return a text as search compares it, without case and accents, of the same length. */
export function fold(text) {
  let all = "";
  for (const letter of text) {
    let plain = folded.get(letter);
    if (plain === undefined) {
      [plain = letter] = letter.toLowerCase();
      if (FOLDED.test(plain)) [plain] = plain.normalize("NFD");
      if (plain.length !== letter.length) plain = letter;
      folded.set(letter, plain);
    }
    all += plain;
  }
  return all;
}

/** Return what marks the words of a query in a folded text; null where it has none. */
export function patternOf(query) {
  const parts = [];
  for (const term of query.groups.flat().filter((term) => !term.field)) {
    if (isUnspaced(term)) {
      parts.push(literal(fold(term.text)));
      continue;
    }
    for (const words of spellings(term).map((way) => fold(way).match(WORDS)).filter(Boolean)) {
      const letter = words.every((word) => LATIN.test(word)) ? LETTER : LETTER_OR_MARK;
      const joined = words.map(writtenAs).join(`(?:(?!${letter})[^]){1,5}`);
      parts.push(`(?<!${letter})${joined}${term.prefix ? `${letter}*` : `(?!${letter})`}`);
    }
  }
  return parts.length ? new RegExp([...new Set(parts)].join("|"), "gu") : null;
}

/** Return what finds a word, with points between its letters where its script has such. */
function writtenAs(word) {
  return POINTED.test(word) ? Array.from(word, (letter) => `${letter}[${POINTS}]*`).join("") : word;
}

function literal(text) {
  return text.replace(/[\\^$.*+?()[\]{}|/]/g, "\\$&");
}

/** Return a text as pieces: [whether it is a hit, text]. */
export function mark(text, pattern) {
  const composed = text.normalize("NFC");
  const pieces = [];
  let at = 0;
  for (const hit of fold(composed).matchAll(pattern)) {
    const end = hit.index + hit[0].length;
    pieces.push([false, composed.slice(at, hit.index)], [true, composed.slice(hit.index, end)]);
    at = end;
  }
  return [...pieces, [false, composed.slice(at)]].filter(([, piece]) => piece);
}

/** Return the passage with the most different hits, in pieces; null where nothing is hit. */
export function passage(written, pattern) {
  const text = written.normalize("NFC");
  const looked = text.slice(0, LONGEST_LOOK);
  const hits = [];
  for (const hit of fold(looked).matchAll(pattern)) {
    hits.push([hit.index, hit[0]]);
    if (hits.length === MOST_MARKS) break;
  }
  if (!hits.length) return null;
  const different = hits.map(([at], number) => {
    const near = hits.slice(number, number + 12).filter(([start]) => start < at + LONGEST_PASSAGE - BEFORE);
    return new Set(near.map(([, word]) => word)).size;
  });
  const best = hits[different.indexOf(Math.max(...different))][0];
  let start = Math.max(0, best - BEFORE);
  if (start) {
    const space = looked.slice(0, best).indexOf(" ", start);
    start = space >= 0 ? space + 1 : start;
  }
  let end = start + LONGEST_PASSAGE;
  if (end < text.length && looked.slice(start, end).includes(" ")) {
    const space = looked.slice(0, end).lastIndexOf(" ");
    end = space >= start + LONGEST_PASSAGE / 2 ? space : -1;
    end = end > start ? end : start + LONGEST_PASSAGE;
  }
  const cut = looked.slice(start, end).split(SPACE).filter(Boolean).join(" ");
  return [
    ...(start ? [[false, "… "]] : []),
    ...mark(cut, pattern),
    ...(end < text.length ? [[false, " …"]] : []),
  ];
}
