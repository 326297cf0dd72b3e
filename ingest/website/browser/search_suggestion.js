// Finds words near to those that no article has, and names near to those that nobody here has, as
// plugins/search_run.py does on a server.

import { spellings } from "./search_query.js";
import { namesOf, slug } from "./search_sql.js";

const SHORTEST_SUGGESTED = 4;
const LONGEST_SUGGESTED = 20;
const NEAR_WORDS = 4000;
const FARTHEST = 2;
const NEAREST_AMONG = 5000;
const NEAREST = 3;
const NEAR = 0.3;
const MOST_UNKNOWN = 3;
const WORD = /[\p{L}\p{N}\p{Mn}\p{Mc}]+/gu;
const VOCABULARY =
  "create virtual table if not exists temp.article_words using fts5vocab('main', 'articles_fts', 'row')";
const FOUND = "select 1 from articles_fts where articles_fts match :match limit 1";
const KNOWN = "select doc from temp.article_words where term = :term";
const BEGINNING = "select term, doc from temp.article_words where term >= :start and term < :end limit :most";

/** Return the query with words that no article has changed into near ones; empty if there are none. */
export async function suggest(database, query) {
  database.rows(VOCABULARY);
  let { text } = query;
  const words = new Map();
  for (const term of query.worded.flat().filter(({ prefix }) => !prefix)) {
    const [asked, ...others] = spellings(term).map((each) => each.match(WORD) ?? []);
    for (const [at, word] of asked.entries()) words.set(word, [word, ...others.map((each) => each[at] ?? word)]);
  }
  for (const [word, ways] of words) {
    const better = await nearWord(database, ways);
    if (better) text = text.replace(new RegExp(`(?<![\\p{L}\\p{N}_])${word}(?![\\p{L}\\p{N}_])`, "gu"), better);
  }
  return text === query.text ? "" : text;
}

/** Return the most used word within one or two changes of one that is unknown in all of its spellings. */
async function nearWord(database, ways) {
  const word = slug(ways[0]);
  const { length } = Array.from(word);
  if (length < SHORTEST_SUGGESTED || length > LONGEST_SUGGESTED || word.includes("-")) return "";
  if (database.rows(FOUND, { match: ways.map((each) => `"${each}"`).join(" OR ") }).length) return "";
  const countOf = (term) => database.rows(KNOWN, { term })[0]?.[0] ?? 0;
  const once = changedOnce(word);
  await database.gather([[KNOWN, once]]);
  const [nearest] = best(once.map((term) => [-countOf(term), term]).filter(([count]) => count));
  if (nearest || length <= SHORTEST_SUGGESTED + 1) return nearest ?? "";
  const start = Array.from(word).slice(0, 2).join("");
  const near = [];
  for (const [term, count] of database.iterate(BEGINNING, { start, end: `${start}\u{10ffff}`, most: NEAR_WORDS })) {
    if (Math.abs(Array.from(term).length - length) > FARTHEST) continue;
    const distance = changes(word, term);
    if (distance <= FARTHEST) near.push([1000 * distance - Math.min(count, 999), term]);
  }
  return best(near)[0] ?? "";
}

/** Return the terms of pairs of a number and a term, those with the least number first. */
function best(pairs) {
  return pairs.sort(([one, term], [other, another]) => one - other || (term < another ? -1 : 1)).map(([, term]) => term);
}

/** Return for the first names that nobody here has the names that are near them. */
export function nameNearest(database, unknown) {
  return unknown.slice(0, MOST_UNKNOWN).map((term) => {
    const names = database.rows(namesOf(term.field), { most: NEAREST_AMONG }).map(([name]) => String(name));
    return nearest(term.text, names);
  });
}

/** Return the few names that share most pairs of letters with the one asked for, if they share enough. */
function nearest(name, names) {
  const pairs = pairsOf(name);
  const scored = [];
  for (const [number, each] of names.entries()) {
    const others = pairsOf(each);
    const shared = [...pairs].filter((pair) => others.has(pair)).length;
    const score = Math.max((2 * shared) / (pairs.size + others.size || 1), (0.8 * shared) / (pairs.size || 1));
    if (score > NEAR) scored.push([score, number, each]);
  }
  scored.sort(([one, number], [other, another]) => other - one || number - another);
  return scored.slice(0, NEAREST).map(([, , each]) => each);
}

function pairsOf(name) {
  const letters = Array.from(` ${Array.from(slug(name).replaceAll("-", " ")).slice(0, 100).join("")} `);
  return new Set(letters.slice(1).map((letter, at) => letters[at] + letter));
}

/** Return all words that differ by one letter left out, put in, changed, or exchanged with the next. */
export function changedOnce(word) {
  const whole = Array.from(word);
  const letters = /^[\0-\x7f]*$/.test(word) ? Array.from("abcdefghijklmnopqrstuvwxyz") : [...new Set(whole)].sort();
  const found = new Set();
  for (let at = 0; at <= whole.length; at += 1) {
    const start = whole.slice(0, at).join("");
    const [first = "", second = "", ...others] = whole.slice(at);
    const rest = others.join("");
    for (const letter of letters) found.add(start + letter + first + second + rest);
    if (!first) continue;
    found.add(start + second + rest).add(start + second + first + rest);
    for (const letter of letters) found.add(start + letter + second + rest);
  }
  found.delete(word);
  return [...found];
}

/** Return the fewest changes of a letter that make one word another (Levenshtein's distance). */
export function changes(one, other) {
  const letters = Array.from(other);
  const row = [...letters.keys(), letters.length];
  for (const [number, letter] of Array.from(one).entries()) {
    let before = row[0];
    row[0] = number + 1;
    for (const [place, each] of letters.entries()) {
      const changed = Math.min(row[place + 1] + 1, row[place] + 1, before + (letter === each ? 0 : 1));
      before = row[place + 1];
      row[place + 1] = changed;
    }
  }
  return row.at(-1);
}
