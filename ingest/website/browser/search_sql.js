// What a search asks of the database: a condition for each thing asked for, as
// plugins/search_sql.py states it on a server.

import { isUnspaced, matchOf } from "./search_query.js";

export const WEIGHTS = "10.0, 4.0, 1.0, 6.0";
export const KINDS = { person: "'PERSON'", organisation: "'ORG'", place: "'GPE', 'LOC', 'FAC'" };
const COLUMNS = { section: "section", language: "language", rights: "rights", year: "cast(year as text)" };
const TABLES = { source: "sources", tag: "tags", author: "authors" };
const SHORTEST_TRIGRAM = 3;
export const MOST_NAMES = 20;
const MATCHING = "select rowid from articles_fts where articles_fts match :value";
const TRIGRAM = "select rowid from articles_trigram where articles_trigram match :value";
const WITHIN = `
  select indexed.id from articles_trigram_docsize as indexed
  join articles as whole on whole.id = indexed.id join article_text on article_text.id = indexed.id
  where instr(text, :value) or instr(title, :value) or instr(coalesce(description, ''), :value)`;
// The index has the names that signed, but no word of two letters, and no article that is in other letters.
const SIGNED = `
  select article_id from authors join article_authors on author_id = authors.id where instr(name, :value)`;
const BY_FACET = {
  source: "select articles.id from articles join sources on sources.id = source_id where sources.key = :value",
  tag: "select article_id from article_tags join tags on tags.id = tag_id where tags.key = :value",
  author: `select article_id from article_authors join authors on authors.id = author_id
    where authors.key = :value`,
  // A range as well, so that the index on the date is of use.
  month: `select id from articles where published >= :value and published < :value || '~'
    and substr(published, 1, 7) = :value`,
  story: `select id from articles
    where story_id = (select story_id from articles where key = :value) or key = :value`,
  year: "select id from articles where year = cast(:value as integer) and cast(year as text) = :value",
};
// A date that is less precise than the one asked for cannot be said to be before or after it.
const BEFORE =
  "select id from articles where published < :value and substr(:value, 1, length(published)) <> published";
const AFTER = "select id from articles where published > :value || '~'";

/** Return the condition that a chosen facet value sets: SQL with the parameter `value`. */
export function ofFacet(facet, value) {
  let sql = BY_FACET[facet];
  if (facet in KINDS) {
    sql = `select article_id from article_entities join entities on entities.id = entity_id
      where entities.key = :value and kind in (${KINDS[facet]})`;
  } else if (!sql) sql = `select id from articles where ${COLUMNS[facet]} = :value`;
  return { sql, value };
}

/** Return the conditions that words of the text set, of which one is to hold. */
export function ofWords(term) {
  if (!isUnspaced(term)) return [{ sql: MATCHING, value: matchOf(term) }];
  const signed = { sql: SIGNED, value: term.text };
  if (Array.from(term.text).length < SHORTEST_TRIGRAM) return [{ sql: WITHIN, value: term.text }, signed];
  return [{ sql: TRIGRAM, value: `"${term.text.replaceAll('"', '""')}"` }, signed];
}

/** Return what the term of a field stands for: its conditions, and the names that are called so. */
export function resolve(database, term) {
  if (term.field === "before") return { conditions: [{ sql: BEFORE, value: term.text }], names: [] };
  if (term.field === "after") return { conditions: [{ sql: AFTER, value: term.text }], names: [] };
  if (term.field === "year") return { conditions: [ofFacet("year", term.text)], names: [] };
  const found = lookUp(database, term);
  return {
    conditions: found.slice(0, MOST_NAMES).map(([key]) => ofFacet(term.field, String(key))),
    names: found.map(([, name]) => String(name)),
  };
}

/**
 * Return key and name of all that is called so: by name, else by a form of it, else by surname. One
 * more than are looked for shows that there are more.
 */
function lookUp(database, term) {
  const asked = { name: term.text, key: slug(term.text), most: MOST_NAMES + 1 };
  if (term.field in KINDS) {
    const kinds = KINDS[term.field];
    const ways = [
      `select key, name from entities where kind in (${kinds}) and (key = :key or name = :name)
        order by article_count desc limit :most`,
      `select distinct key, name from entity_aliases join entities on entities.id = entity_id
        where alias = :name collate nocase and kind in (${kinds}) order by article_count desc limit :most`,
    ];
    // Keys are read from their index alone, which is a small part of the table.
    if (term.field === "person" && asked.key) {
      ways.push(`select key, name from entities where kind = 'PERSON'
        and id in (select id from entities where key like '%-' || :key) order by article_count desc limit :most`);
    }
    for (const sql of ways) {
      const rows = database.rows(sql, asked);
      if (rows.length) return rows;
    }
    return [];
  }
  if (term.field in TABLES) {
    const rows = database.rows(
      `select key, name from ${TABLES[term.field]} where key = :key or name = :name collate nocase limit :most`,
      asked,
    );
    if (rows.length || term.field !== "author" || !asked.key) return rows;
    return database.rows(
      "select key, name from authors where key like '%-' || :key order by article_count desc limit :most",
      asked,
    );
  }
  const column = COLUMNS[term.field];
  return database.rows(
    `select distinct ${column}, ${column} from articles where ${column} = :name collate nocase limit :most`,
    asked,
  );
}

/** Return the SQL for the names that a field may ask for, the most used first. */
export function namesOf(field) {
  if (field in KINDS) {
    return `select name from entities where kind in (${KINDS[field]}) order by article_count desc limit :most`;
  }
  if (field in TABLES) return `select name from ${TABLES[field]} order by article_count desc limit :most`;
  const column = COLUMNS[field];
  return `select distinct ${column} from articles where ${column} is not null limit :most`;
}

/** Return a name as keys are written: `Émile Zola` becomes `emile-zola`. */
export function slug(name) {
  const plain = name.toLowerCase().replaceAll("ß", "ss").normalize("NFKD").replace(/\p{Mn}/gu, "").replace(/['’]/gu, "");
  return plain.replace(/[^\p{L}\p{N}_]+/gu, "-").replace(/^[-_]+|[-_]+$/gu, "");
}
