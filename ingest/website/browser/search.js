// Runs a search as plugins/search_run.py does on a server: the same articles in the same order, with
// the same passages and counts. What differs is where the counts come from. A server holds every
// facet in memory; here they are read from the rows of the articles found, so that of very many
// they are counted only when a reader asks. And to rank more articles than MOST_RANKED by words alone,
// as a server does, their lengths would have to be fetched; those with the words in their title lead.

import { fold, mark, passage, patternOf } from "./search_marks.js";
import { TIMES, nameKey, parse, written } from "./search_query.js";
import { KINDS, MOST_NAMES as MOST_LOOKED_FOR, WEIGHTS, ofFacet, ofWords, resolve } from "./search_sql.js";

export const FACETS = {
  source: "Source", year: "Year", month: "Month", section: "Section", person: "People",
  organisation: "Organisations", place: "Places", tag: "Tags", language: "Language", rights: "Rights",
};
export const PAGE = 20;
const LARGEST_PAGE = 100;
const SORTS = ["relevance", "newest", "oldest"];
const MOST_CHOSEN = 20;
const LONGEST_VALUE = 200;
const FACET_VALUES = 8;
const MANY_FACET_VALUES = 400;
const MOST_RANKED = 10000;
const LONGEST_LOOK = 200000;
// Up to so many articles their rows are looked up one by one; beyond, an index is read in its order.
const FEW = 300;
// A database of up to this size is read whole sooner or later, so everything is counted at once.
const SMALL = 32 * 2 ** 20;
// Where fewer articles are found, a small database is asked for other words.
const FEW_RESULTS = 3;
const MOST_COUNTED = 60;
// Of so many names in the articles found, the most frequent are looked up.
const MOST_NAMES = 120;
const COLUMNS = ["source", "year", "month", "section", "language", "rights"];
const ORDERS = {
  newest: "published is null, published desc, articles.id",
  oldest: "published is null, published, articles.id",
};
const ROWS = `
  select articles.id, articles.key, title, description, published, words, url, language, sources.name
  from json_each(:ids) as listed cross join articles on articles.id = listed.value
  left join sources on sources.id = source_id order by listed.key`;
// Look-ups by number, whose parts of the file are fetched together.
const ARTICLE = `select published, year, words, url, title, description, section, language, rights, source_id, key
  from articles where id = :id`;
const TEXT = `select substr(text, 1, ${LONGEST_LOOK}) from article_text where id = :id`;
const LENGTHS = "select sz from articles_fts_docsize where id = :id";
const STORY = "select story_id from story_articles where article_id = :id";
const TITLE = "select title from articles where key = :key";
const NAMES = "select entity_id from article_entities where article_id = :id";
const TAGS = "select tag_id from article_tags where article_id = :id";
const NAME = "select key, name, kind, article_count from entities where id = :id";
// The articles lead, whatever the order asked for: else SQLite may read a whole index in that order.
const LISTED = "from json_each(:ids) as listed cross join";

/** Return the search that the query of an address asks for; anything odd in it is ignored, what is too much told. */
export function readSearch(asked) {
  const query = parse(asked.get("q") ?? "");
  const usual = query.match ? "relevance" : "newest";
  const stated = asked.get("sort") ?? "";
  const sort = SORTS.includes(stated) && (stated !== "relevance" || query.match) ? stated : usual;
  const chosen = {};
  for (const name of [...Object.keys(FACETS), "story"]) {
    const values = asked.getAll(name).filter(Boolean).map((each) => each.slice(0, LONGEST_VALUE));
    const different = [...new Set(values)];
    if (different.length > MOST_CHOSEN) query.notes.push(`Only the first ${MOST_CHOSEN} chosen for ${name} were read.`);
    chosen[name] = different.slice(0, MOST_CHOSEN);
  }
  return {
    query, usual, sort, chosen,
    page: readNumber(asked.get("page"), 1),
    size: Math.min(readNumber(asked.get("size"), PAGE), LARGEST_PAGE),
    more: asked.get("more") ?? "",
  };
}

function readNumber(text, otherwise) {
  return /^[0-9]{1,4}$/.test(text ?? "") && Number(text) ? Number(text) : otherwise;
}

/** Tell whether a search asks for all articles, the newest first: the page that is written beforehand. */
export function isFirst(search) {
  return (
    !search.query.groups.length && !search.query.excluded.length && search.sort === "newest" &&
    search.page === 1 && search.size === PAGE && !search.more && !Object.values(search.chosen).flat().length
  );
}

/**
 * Run a search. `everything` is what the server found for no words at all, and `values` the counts
 * of each facet then; `spellings` tells how else the collection writes a word; `all` asks for counts of
 * however many articles.
 */
export async function runSearch(database, asked, { everything, values, spellings, all }) {
  const search = { ...asked, query: written(asked.query, spellings, fold) };
  const results = { names: new Map(), unknown: [], notes: [], labels: {}, facets: [], many: false, uncounted: false };
  const pattern = patternOf(search.query);
  const run = { database, search, pattern, everything, values, results, known: new Map() };
  await database.gather(lookUpsOfWords(search.query));
  narrow(run);
  const { bits } = run;
  results.total = bits ? bits.size : everything.total;
  const matched = run.matched;
  results.many = search.sort === "relevance" && matched.size > MOST_RANKED;
  const last = search.page * search.size;
  await database.gather(lookUpsOfOrder(run));
  const { firsts, copies, told } = tell(run, last);
  results.told = told;
  const shown = firsts.slice(last - search.size, last);
  const counted = all || database.size <= SMALL ? Infinity : MOST_COUNTED;
  await database.gather(lookUpsOfPage(run, shown, counted));
  results.rows = rowsOf(run, shown, copies);
  results.labels.story = search.chosen.story.map((key) => database.rows(TITLE, { key })[0]?.[0] || key);
  results.small = database.size <= SMALL;
  results.suggestible = results.small && results.total < FEW_RESULTS && search.page === 1;
  await countFacets(run, counted);
  return results;
}

/** Return what finding the words will look up. */
function lookUpsOfWords({ match }) {
  return match ? [[ofMatch(match).sql, [match]]] : [];
}

/** Return what putting the articles found in order will look up. */
function lookUpsOfOrder({ search, bits, matched, results }) {
  const lookUps = [];
  if (search.sort === "relevance" && !results.many) lookUps.push([LENGTHS, [...matched]]);
  if (bits && bits.size <= FEW) {
    lookUps.push([STORY, [...bits]]);
    if (search.sort !== "relevance") lookUps.push([ARTICLE, [...bits]]);
  }
  return lookUps;
}

/** Return what a page of articles and its facets will look up. */
function lookUpsOfPage(run, shown, mostCounted) {
  const counted = new Set();
  for (const facet of Object.keys(FACETS)) {
    const others = run.others[facet];
    if (others && others.size <= mostCounted) for (const id of others) counted.add(id);
  }
  const ids = [...counted];
  return [
    [ARTICLE, [...new Set([...shown, ...ids])]],
    [TEXT, run.pattern ? shown : []],
    [NAMES, ids],
    [TAGS, ids],
  ];
}

/** Set in a run what the words allow, what each facet's values allow, and what all do; null is everything. */
function narrow(run) {
  const { search, database, results } = run;
  const { query } = search;
  const conditions = (term) => {
    if (!term.field) return ofWords(term);
    const known = resolve(database, term);
    if (known.names.length) {
      results.names.set(nameKey(term), known.names.slice(0, 4).join(" or ") + (known.names.length > 4 ? " …" : ""));
    } else if (!TIMES.includes(term.field)) results.unknown.push(term);
    if (known.names.length > MOST_LOOKED_FOR) {
      results.notes.push(
        `More than ${MOST_LOOKED_FOR} here are called ${term.text}; ` +
        `only the ${MOST_LOOKED_FOR} in most articles were looked for.`,
      );
    }
    return known.conditions;
  };
  run.matched = query.match ? idsOf(run, ofMatch(query.match)) : null;
  let base = run.matched;
  for (const group of query.groups) {
    if (!query.worded.includes(group)) base = both(base, anyOf(run, group.flatMap(conditions)));
  }
  const excluded = query.excluded.flatMap(conditions);
  if (excluded.length) base = without(run, base, anyOf(run, excluded));
  run.base = base;
  run.sets = new Map();
  run.byFacet = {};
  for (const [facet, chosen] of Object.entries(search.chosen)) {
    if (!chosen.length) continue;
    run.byFacet[facet] = chosen.map((value) => ofFacet(facet, value));
    run.sets.set(facet, anyOf(run, run.byFacet[facet]));
  }
  run.bits = [...run.sets.values()].reduce(both, base);
  // What all but a facet's own choices allow.
  run.others = {};
  for (const facet of Object.keys(FACETS)) {
    run.others[facet] = [...run.sets].filter(([name]) => name !== facet).reduce((all, [, each]) => both(all, each), base);
  }
}

const ofMatch = (match) => ({ sql: "select rowid from articles_fts where articles_fts match :value", value: match });

function idsOf(run, condition) {
  const key = `${condition.value}\0${condition.sql}`;
  if (!run.known.has(key)) {
    const ids = new Set();
    for (const [id] of run.database.iterate(condition.sql, { value: condition.value })) ids.add(id);
    run.known.set(key, ids);
  }
  return run.known.get(key);
}

const anyOf = (run, conditions) => new Set(conditions.flatMap((condition) => [...idsOf(run, condition)]));

function both(one, other) {
  if (!one || !other) return one ?? other;
  const [small, large] = one.size < other.size ? [one, other] : [other, one];
  return new Set([...small].filter((id) => large.has(id)));
}

function without(run, base, excluded) {
  const from = base ?? idsOf(run, { sql: "select id from articles", value: "" });
  return new Set([...from].filter((id) => !excluded.has(id)));
}

/** Yield articles of a set in an order of dates. */
function* byDate(run, bits, sort) {
  const { database } = run;
  if (bits && bits.size <= FEW) {
    const sql = `select articles.id ${LISTED} articles on articles.id = listed.value order by ${ORDERS[sort]}`;
    yield* database.rows(sql, listed(bits)).map(([id]) => id);
    return;
  }
  const way = sort === "oldest" ? "" : "desc";
  for (const sql of [
    `select id from articles where published is not null order by published ${way}, id`,
    "select id from articles where published is null order by id",
  ]) {
    for (const [id] of database.iterate(sql)) if (!bits || bits.has(id)) yield id;
  }
}

/** Yield articles of a set in the order asked for. */
function* ordered(run) {
  const { bits, search, database } = run;
  if (search.sort !== "relevance") {
    yield* byDate(run, bits, search.sort);
    return;
  }
  const match = run.results.many ? `{title names} : (${search.query.match})` : search.query.match;
  const sql = `select rowid, bm25(articles_fts, ${WEIGHTS}) from articles_fts where articles_fts match :match`;
  const scored = database.rows(sql, { match }).filter(([id]) => bits.has(id));
  scored.sort(([one, score], [other, another]) => score - another || one - other);
  yield* scored.map(([id]) => id);
  if (run.results.many) {
    const ranked = new Set(scored.map(([id]) => id));
    for (const id of byDate(run, bits, "newest")) if (!ranked.has(id)) yield id;
  }
}

/** Return the first articles, one a story, how many more each story has, and how many rows there are. */
function tell(run, most) {
  const { bits, search, database, everything } = run;
  const stories = new Map();
  const anyStories = database.rows("select 1 from stories limit 1").length > 0;
  const plain = !anyStories || search.chosen.story.length;
  if (!plain) {
    const few = bits && bits.size <= FEW;
    const from = few ? `${LISTED} story_articles on article_id = listed.value` : "from story_articles";
    const sql = `select article_id, story_id ${from}`;
    for (const [article, story] of database.iterate(sql, few ? listed(bits) : {})) stories.set(article, story);
  }
  const sizes = new Map();
  let told = bits ? bits.size : everything.total;
  for (const [article, story] of stories) {
    if (bits && !bits.has(article)) continue;
    sizes.set(story, (sizes.get(story) ?? 0) + 1);
    if (sizes.get(story) > 1) told -= 1;
  }
  const firsts = [];
  const copies = new Map();
  const seen = new Set();
  for (const id of ordered(run)) {
    const story = stories.get(id);
    if (story !== undefined && seen.has(story)) continue;
    seen.add(story);
    firsts.push(id);
    if (story !== undefined) copies.set(id, sizes.get(story) - 1);
    if (firsts.length === most) break;
  }
  return { firsts, copies, told };
}

function rowsOf({ database, pattern }, ids, copies) {
  return database.rows(ROWS, listed(ids)).map(([id, key, title, description, published, words, url, language, source]) => {
    const row = { key, title, description, published, words, url, language, source, copies: copies.get(id) ?? 0 };
    row.marked = pattern ? mark(title, pattern) : [[false, title]];
    row.snippet = pattern
      ? passage(database.rows(TEXT, { id })[0][0], pattern)
      : null;
    return row;
  });
}

/** Put into the results the values of each facet, with what a click on each gives. */
async function countFacets(run, mostCounted) {
  const { search, results, bits } = run;
  for (const [facet, title] of Object.entries(FACETS)) {
    if (facet === "month" && !search.chosen.year.length && !search.chosen.month.length) continue;
    const others = run.others[facet];
    const picked = search.chosen[facet];
    if (others && others.size > mostCounted) {
      results.uncounted = true;
      results.labels[facet] = picked.map((value) => labelOf(run, facet, value));
      continue;
    }
    const many = facet === "year" || facet === "month" || facet === search.more;
    const most = many ? MANY_FACET_VALUES : FACET_VALUES;
    const counted = others ? await count(run, facet, others, most + 1) : countAll(run, facet);
    const values = counted.slice(0, most);
    for (const value of picked) {
      if (values.some((each) => each.value === value)) continue;
      const those = idsOf(run, ofFacet(facet, value));
      values.push({ value, label: labelOf(run, facet, value), count: others ? both(others, those).size : those.size });
    }
    const now = bits ? bits.size : run.everything.total;
    for (const value of values) {
      value.chosen = picked.includes(value.value);
      value.total = afterClick(run, facet, value, others, picked);
    }
    if (facet === "year" || facet === "month") values.sort((one, other) => (one.label < other.label ? -1 : 1));
    results.labels[facet] = values.filter((value) => value.chosen).map((value) => value.label);
    results.facets.push({
      name: facet, title, values, now, picked: picked.length > 0,
      more: counted.length > most && !many,
      most: Math.max(1, ...values.map((value) => value.count)),
    });
  }
}

function afterClick(run, facet, value, others, picked) {
  if (!picked.length) return value.count;
  if (!value.chosen) {
    const those = both(others, idsOf(run, ofFacet(facet, value.value)));
    return new Set([...run.bits, ...those]).size;
  }
  const rest = run.byFacet[facet].filter((condition) => condition.value !== value.value);
  if (!rest.length) return others ? others.size : run.everything.total;
  return both(others, anyOf(run, rest)).size;
}

function labelOf(run, facet, key) {
  const table = tableOf(facet);
  return table ? (run.database.rows(`select name from ${table} where key = :key`, { key })[0]?.[0] ?? key) : key;
}

const tableOf = (facet) => (facet in KINDS ? "entities" : { source: "sources", tag: "tags" }[facet]);

/** Return the counts over all articles, as they were written when the site was made. */
function countAll(run, facet) {
  if (facet !== "month") return (run.values[facet] ?? []).map((value) => ({ ...value }));
  const sql = "select month, sum(articles) from articles_by_month group by month";
  return run.database.rows(sql).map(([month, count]) => ({ value: month, label: month, count }));
}

/** Return the most frequent values within a set, with their exact counts. */
async function count(run, facet, ids, most) {
  if (facet in KINDS) return (await countNames(run, facet, ids)).slice(0, most);
  if (facet === "tag") {
    const sql = `select tags.key, name, count(*) as counted
      ${LISTED} article_tags on article_id = listed.value cross join tags on tags.id = tag_id
      group by tags.id order by counted desc, article_count desc, tags.id limit :most`;
    return run.database.rows(sql, { ...listed(ids), most }).map(([value, label, count]) => ({ value, label, count }));
  }
  const column = COLUMNS.indexOf(facet);
  const counts = new Map();
  const columns = columnsOf(run, ids);
  for (const id of ids) {
    const value = columns.get(id)[column];
    if (value !== null && value !== "") counts.set(value, (counts.get(value) ?? 0) + 1);
  }
  const ranks = new Map((run.values[facet] ?? []).map((value, rank) => [value.value, rank]));
  const rank = ([value]) => ranks.get(value) ?? ranks.size;
  let found = [...counts];
  if (facet === "source") {
    const names = new Map(run.database.rows("select id, key, name from sources").map(([id, ...known]) => [id, known]));
    found = found.map(([id, count]) => [...names.get(id).slice(0, 1), count, names.get(id)[1]]);
  }
  found.sort((one, other) => other[1] - one[1] || rank(one) - rank(other));
  return found.slice(0, most).map(([value, count, label]) => ({ value, label: label ?? value, count }));
}

/** Return the columns that facets count, by article; what was read once is not read again. */
function columnsOf(run, ids) {
  run.columns ??= new Map();
  const missing = [...ids].filter((id) => !run.columns.has(id)).sort((one, other) => one - other);
  const sql = `select articles.id, source_id, cast(year as text),
    case when length(published) >= 7 then substr(published, 1, 7) end, section, language, rights
    ${LISTED} articles on articles.id = listed.value`;
  if (missing.length) {
    for (const [id, ...columns] of run.database.iterate(sql, listed(missing))) run.columns.set(id, columns);
  }
  return run.columns;
}

/** Return the names of a kind within a set, the most frequent first, by all three kinds at once. */
async function countNames(run, facet, ids) {
  run.counted ??= new Map();
  const key = run.sets.has(facet) ? facet : "";
  if (!run.counted.has(key)) {
    const sql = `select entity_id, count(*) ${LISTED} article_entities on article_id = listed.value group by entity_id`;
    let counts = run.database.rows(sql, listed(ids));
    // Names are numbered the most mentioned first.
    counts.sort((one, other) => other[1] - one[1] || one[0] - other[0]);
    if (run.database.size > SMALL) counts = counts.slice(0, MOST_NAMES);
    const times = new Map(counts);
    await run.database.gather([[NAME, [...times.keys()]]]);
    const known = run.database.rows(
      `select entities.id, entities.key, name, kind, article_count ${LISTED} entities on entities.id = listed.value`,
      listed(times.keys()),
    );
    known.sort((one, other) => times.get(other[0]) - times.get(one[0]) || other[4] - one[4] || one[0] - other[0]);
    run.counted.set(
      key,
      known.map(([id, value, label, kind]) => ({ value, label, kind, count: times.get(id) })),
    );
  }
  return run.counted
    .get(key)
    .filter(({ kind }) => KINDS[facet].includes(`'${kind}'`))
    .map(({ value, label, count }) => ({ value, label, count }));
}

const listed = (ids) => ({ ids: JSON.stringify([...ids]) });
