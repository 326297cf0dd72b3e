// The language of the search box, as plugins/search_query.py reads it on a server. Both must pass
// tests/cases/search_queries.json.

const LONGEST_QUERY = 1000;
const MOST_TERMS = 40;
// Each of them reads the places of all words that begin so.
const MOST_ENDINGS = 5;
const SHORTEST_ENDING = 2;
const FIELDS = {
  __proto__: null, // so that no word such as `constructor` is a field
  person: "person", people: "person", place: "place",
  org: "organisation", organisation: "organisation", organization: "organisation",
  source: "source", section: "section", tag: "tag", language: "language",
  author: "author", by: "author", year: "year", before: "before", after: "after",
};
export const TIMES = ["before", "after", "year"];
// White space as Python has it; a script's own `\s` has one character more and four fewer.
const SPACE = /[\t-\r\x1c- \x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+/u;
const QUOTES = /[“”„«»‟＂「」『』]/gu;
const TERM = /\(*(?<minus>-?)\(*(?:(?<field>[A-Za-z]{1,20}):)?(?:"(?<phrase>[^"]*)"?|(?<word>[^ "]+))/gu;
const BRACKETS = /(?<before>\b(?:OR|NOT) |-)?\((?<within>[^()]*)\)(?<after> OR\b)?/gu;
const POSSESSIVE = /['’]s$/iu;
const DATE = /^[0-9]{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12][0-9]|3[01]))?)?$/;
const YEAR = /^[0-9]{4}$/;
const LAST_WORD = /[\p{L}\p{N}\p{Mn}\p{Mc}]*(?=[^\p{L}\p{N}\p{Mn}\p{Mc}]*$)/u;
const UNSPACED = /[\u0e01-\u0eff\u1000-\u109f\u1780-\u17ff\u3041-\u30ff\u3400-\u9fff\uac00-\ud7af\uf900-\ufaff]/u;
// What may be written or left out, and is in no search index: accents that no letter has taken in, the points of
// Hebrew and of Arabic, and what draws an Arabic word out.
export const POINTS =
  "\\u0300-\\u036f\\u0591-\\u05bd\\u05bf\\u05c1\\u05c2\\u05c4\\u05c5\\u05c7\\u0610-\\u061a\\u0640\\u064b-\\u065f\\u0670" +
  "\\u06d6-\\u06dc\\u06df-\\u06e4\\u06e7\\u06e8\\u06ea-\\u06ed\\u08d3-\\u08e1\\u08e3-\\u08ff";
const POINT = new RegExp(`[${POINTS}]`, "gu");
const WORDS = /\p{L}{2,40}/gu;
const MOST_SPELT = 4;
const MOST_SPELLINGS = 12;
const MOST_KNOWN = 4;
const ONE_WORD = /\p{L}+/gu;
const LETTERS = [
  [["ß", "ss"]],
  [["ss", "ß"]],
  [["ä", "ae"], ["ö", "oe"], ["ü", "ue"], ["ø", "oe"], ["å", "aa"], ["æ", "ae"]],
  [["ø", "o"], ["æ", "ae"], ["ł", "l"], ["đ", "d"], ["ı", "i"]],
  [["œ", "oe"]],
  [["oe", "œ"]],
  [["ё", "е"]],
];
const GREEK = /[α-ωά-ώ]/u;
const ACCENTED = { α: "ά", ε: "έ", η: "ή", ι: "ί", ο: "ό", υ: "ύ", ω: "ώ" };
const ARABIC_ALEF = /^(?!ال[^اأإآ])((?:[وفبكل]?ال|[وفبل])?)[اأإآ](.+)$/u;
const ARABIC_ENDINGS = { ة: "ه", ه: "ة", ى: "ي", ي: "ى" };
const TURKISH = /^(?=.*[ğĞşŞİı]).*[Iı]/u;
const MONTHS = [
  "January", "February", "March", "April", "May", "June",
  "July", "August", "September", "October", "November", "December",
];
const AROUND = {
  person: "naming", organisation: "naming", place: "naming",
  source: "from", section: "in the section", tag: "tagged", language: "in the language", author: "by",
  before: "published before", after: "published after", year: "published in", month: "published in",
  rights: "with rights to show", story: "telling the same story as",
};

/** Whether a term is to be found anywhere in a line, since its script sets no spaces. */
export const isUnspaced = (term) => !term.field && UNSPACED.test(term.text);

/** The FTS5 expression of words in all their spellings; whatever they hold is taken literally. */
export function matchOf(term) {
  const ways = spellings(term).map((way) => `"${way.replaceAll('"', '""')}"${term.prefix ? " *" : ""}`);
  return ways.length === 1 ? ways[0] : `(${ways.join(" OR ")})`;
}

/** Return words as search indexes have them: letters composed, and without what may be left out. */
export const withoutPoints = (text) => text.normalize("NFC").replace(POINT, "");

/** Return words as they were asked for, and as else they are written in their language and collection. */
export function spellings({ text, also = [] }) {
  const words = (text.match(WORDS) ?? []).slice(0, MOST_SPELT);
  return [...new Set([...vary(text, words, spellingsOf, MOST_SPELLINGS), ...also])];
}

/** Return a text, and as it is with its words put in other ways, so many texts at most. */
function vary(text, words, waysOf, most) {
  const found = [text];
  for (const word of words) {
    const ways = waysOf(word);
    const more = found.flatMap((each) => ways.map((way) => each.replaceAll(word, () => way)));
    found.push(...more.slice(0, most - found.length));
  }
  return found;
}

/**
 * Return a query that asks for each word in the letters, too, that a collection writes it with;
 * `known` says by the folded word how else it is written.
 */
export function written(query, known, fold) {
  const others = (word) => {
    const typed = fold(word);
    return Object.hasOwn(known, typed) ? known[typed].filter((each) => each !== word.toLowerCase()) : [];
  };
  const spelt = (term) =>
    term.field || term.prefix
      ? term
      : { ...term, also: vary(term.text, term.text.match(ONE_WORD) ?? [], others, MOST_KNOWN).slice(1) };
  const groups = query.groups.map((group) => group.map(spelt));
  return { ...query, groups, excluded: query.excluded.map(spelt), ...matched(groups) };
}

/** Return the groups that one FTS5 expression can answer, and rank, and that expression. */
function matched(groups) {
  const worded = groups.filter((group) => group.every((term) => !term.field && !isUnspaced(term)));
  return { worded, match: worded.map((group) => `(${group.map(matchOf).join(" OR ")})`).join(" AND ") };
}

function spellingsOf(word) {
  const low = word.toLowerCase();
  const found = LETTERS.map((pairs) => pairs.reduce((spelt, [one, other]) => spelt.replaceAll(one, other), low));
  if (GREEK.test(low)) {
    let plain = low.replace(/[άέήίόύώ]/gu, (letter) => "αεηιουω"["άέήίόύώ".indexOf(letter)]);
    if (plain.endsWith("σ")) plain = `${plain.slice(0, -1)}ς`;
    found.push(plain);
    if (low === plain || low === `${plain.slice(0, -1)}σ`) found.push(...eachLetter(plain, ACCENTED));
    if (plain.endsWith("ς")) found.push(`${plain.slice(0, -1)}σ`);
  }
  found.push(...eachLetter(low, { е: "ё" }));
  const bare = low.match(ARABIC_ALEF);
  if (bare) found.push(...[..."اأإآ"].map((alef) => bare[1] + alef + bare[2]));
  const ending = ARABIC_ENDINGS[low.at(-1)];
  if (ending) found.push(low.slice(0, -1) + ending);
  if (TURKISH.test(word)) {
    const dotless = word.replaceAll("I", "ı").toLowerCase();
    found.push(dotless);
    if (dotless.startsWith("ı")) found.push(`i${dotless.slice(1)}`);
  }
  return [...new Set(found)].filter((each) => each !== low);
}

function eachLetter(word, others) {
  return [...word].flatMap((letter, at) => (others[letter] ? [word.slice(0, at) + others[letter] + word.slice(at + 1)] : []));
}

/** Return what a string asks for: something of every group, nothing excluded. No string is an error. */
export function parse(text) {
  const notes = [];
  const letters = Array.from(text);
  const asked = split(letters.slice(0, LONGEST_QUERY).join("").replace(/\p{Surrogate}/gu, "").replaceAll("\0", " "));
  if (letters.length > LONGEST_QUERY) notes.push(`Only the first ${thousands(LONGEST_QUERY)} characters were read.`);
  const groups = [];
  const excluded = [];
  if (areGrouped(asked.replace(QUOTES, '"'))) {
    notes.push("Brackets were passed over: OR is between the two beside it, NOT before one.");
  }
  let either = false;
  let without = false;
  let barred = false;
  let terms = 0;
  let endings = 0;
  for (const { groups: found } of asked.replace(QUOTES, '"').matchAll(TERM)) {
    const word = found.word ?? "";
    if (!found.field && !found.minus && groups.length + excluded.length && ["AND", "OR", "NOT"].includes(word)) {
      either = word === "OR";
      without = word === "NOT";
      continue;
    }
    if (terms === MOST_TERMS) {
      notes.push(`Only the first ${MOST_TERMS} words were read.`);
      break;
    }
    let term = termOf(found, notes);
    if (!term) continue;
    terms += 1;
    if (term.prefix) {
      endings += 1;
      term = bounded(term, endings, notes);
    }
    barred = Boolean(found.minus) || without || (either && barred);
    if (barred) excluded.push(term);
    else if (either) groups.at(-1).push(term);
    else groups.push([term]);
    either = without = false;
  }
  return { text: asked, groups, excluded, ...matched(groups), notes: [...new Set(notes)] };
}

/** Tell whether brackets would keep together several terms that are read each for itself. */
function areGrouped(asked) {
  const found = [...asked.replace(/"[^"]*"?/gu, "phrase").matchAll(BRACKETS)];
  return found.some(
    ({ groups: { before, within, after } }) => trim(within).replaceAll(" OR ", "").includes(" ") && (before || after),
  );
}

function split(text) {
  return text.split(SPACE).filter(Boolean).join(" ");
}

function termOf(found, notes) {
  const phrase = found.word === undefined;
  let text = trim(phrase ? found.phrase : found.word);
  if (!phrase && text.split(")").length > text.split("(").length) text = text.replace(/\)+$/u, "");
  const field = FIELDS[(found.field ?? "").toLowerCase()] ?? "";
  if (found.field && !field) text = `${found.field}:${text}`; // no field of ours, so words like others
  if (["before", "after"].includes(field) && !DATE.test(text)) {
    notes.push(`${field}:${start(text)} is no date; write 1969, 1969-07 or 1969-07-20.`);
    return null;
  }
  if (field === "year" && !YEAR.test(text)) {
    notes.push(`year:${start(text)} is no year; write 1969.`);
    return null;
  }
  if (field) return text ? { text, field, phrase, prefix: false } : null;
  const prefix = text.endsWith("*");
  text = withoutPoints(trim(text.replace(/\*+$/u, "")).replace(POSSESSIVE, ""));
  if (!/[\p{L}\p{N}]/u.test(text)) {
    if (text) notes.push(`${start(text)} holds no letters to search for.`);
    return null;
  }
  if (!phrase && text.endsWith(":") && FIELDS[text.slice(0, -1).toLowerCase()]) {
    notes.push(`${text} is read as a word; write what is to follow it without a space between.`);
  }
  return { text, field: "", phrase, prefix };
}

/** Return the term of a word with any ending; as it stands where that would be half of all words. */
function bounded(term, number, notes) {
  if (isUnspaced(term)) return term;
  if (Array.from(LAST_WORD.exec(term.text)[0]).length < SHORTEST_ENDING) {
    notes.push(`${start(term.text)}* is too short for any ending; write ${SHORTEST_ENDING} letters or more.`);
    return { ...term, prefix: false };
  }
  if (number > MOST_ENDINGS) {
    notes.push(`Only the first ${MOST_ENDINGS} words with * were read with any ending.`);
    return { ...term, prefix: false };
  }
  return term;
}

/** Return a query with the name of a field put in place of one that is unknown. */
export function instead(text, term, name) {
  const plain = split(name.replace(QUOTES, '"').replaceAll('"', " "));
  const quoted = plain.includes(" ") ? `"${plain}"` : plain;
  for (const stated of [`"${term.text}"`, `“${term.text}”`, term.text]) {
    const at = text.indexOf(`:${stated}`);
    if (at >= 0) return `${text.slice(0, at)}:${quoted}${text.slice(at + 1 + stated.length)}`;
  }
  return text;
}

const trim = (text) => text.replace(/^ +| +$/gu, "");
const start = (text) => Array.from(text).slice(0, 40).join("");

/** Return a number with commas between thousands. */
export const thousands = (number) => String(number).replace(/\B(?=(\d{3})+$)/g, ",");

/** Return `1969-07-20` as `20 July 1969`, no more precise than it is; pages show nothing as `undated`. */
export function dateInWords(value) {
  if (value.length < 7) return value;
  const month = `${MONTHS[Number(value.slice(5, 7)) - 1]} ${value.slice(0, 4)}`;
  if (value.length < 10) return month;
  const time = value.slice(11, 16);
  return `${Number(value.slice(8, 10))} ${month}${time ? `, ${time}` : ""}`;
}

/**
 * Return how a query and the labels of the chosen facet values were understood, as pieces of a
 * sentence: [whether it was asked for, text]. `names` tells by term what a name stands for.
 */
export function explain(query, chosen, names) {
  const one = (term) => oneOf(term, names);
  const parts = query.groups.map((group) => either(group.map(one)));
  for (const [facet, labels] of Object.entries(chosen)) {
    if (!labels.length) continue;
    const said = (label) => (facet === "month" && DATE.test(label) ? dateInWords(label) : label);
    parts.push([[false, `${AROUND[facet]} `], ...either(labels.map((label) => [[true, said(label)]]))]);
  }
  const sentence = [[false, "articles"]];
  parts.forEach((part, number) => {
    sentence.push([false, number === 0 ? " " : number === parts.length - 1 ? ", and " : ", "], ...part);
  });
  if (query.excluded.length) {
    sentence.push([false, parts.length ? ", but none " : " but none "], ...either(query.excluded.map(one)));
  }
  return sentence;
}

function either(parts) {
  return parts.flatMap((part, number) => (number ? [[false, " or "], ...part] : part));
}

function oneOf(term, names) {
  if (TIMES.includes(term.field)) return [[false, `${AROUND[term.field]} `], [true, dateInWords(term.text)]];
  if (term.field) return [[false, `${AROUND[term.field]} `], [true, names.get(nameKey(term)) ?? term.text]];
  if (term.prefix) return [[false, "with words that begin with "], [true, term.text]];
  if (isUnspaced(term)) return [[false, "with "], [true, term.text], [false, " anywhere"]];
  return [[false, term.phrase && term.text.includes(" ") ? "with the phrase " : "with "], [true, term.text]];
}

/** What tells one name asked for from another. */
export const nameKey = (term) => `${term.field}:${term.text}`;
