"""A collection from Python, for notebooks: its file, or the address where it is published.

    from ingest import Collection
    collection = Collection("collection.db")
    collection.search("moon landing after:1969")

Every method returns a pandas frame whose rows lead back into the reading room.
"""

from __future__ import annotations

import json
import warnings
from collections.abc import Iterable
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from ingest import search
from ingest.access import FileAccess, WebAccess
from ingest.errors import CollectionError
from ingest.keywords import log_odds, usage

try:
    import pandas as pd

    from ingest.frames import Frame, frame_of
except ImportError as error:
    lacking = f"Collection needs {error.name}. Install it with: pip install 'readingroom[notebook]'"
    raise CollectionError(lacking) from error

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from ingest.access import Rows

LIMIT = 10_000
MOST_READ = 2000
LIKELY = 0.5
ROOM = "http://127.0.0.1:8001"
KINDS = {
    "person": ("PERSON",),
    "organisation": ("ORG",),
    "place": ("GPE", "LOC", "FAC"),
    "other": ("NORP", "EVENT", "WORK", "LAW", "PRODUCT", "MISC"),
}
NAMED = {"source": "sources", "tag": "tags", **dict.fromkeys(("person", "organisation", "place"), "entities")}
NEAREST_AMONG = 1000
FREQUENCIES = {"year": 4, "month": 7, "day": 10}
SPLITS = ("source", "section", "language", "rights")
ARTICLE = (
    "article_list.key as key, title, description, published, published_precision as precision, year,"
    " source, section, language, words, rights, url"
)
ARTICLES = (
    f"select {ARTICLE}{{0}} from article_list{{1}} order by published is null, published, article_list.id"
)
LISTED = f"""
    select {ARTICLE} from json_each(:keys) as listed join article_list on article_list.key = listed.value
    order by listed.key
"""
TEXTS = """
    select articles.key, text from json_each(:keys) as listed
    join articles on articles.key = listed.value
    join article_text on article_text.id = articles.id order by listed.key
"""
ENTITIES = """
    select key, name, kind, article_count as articles, mention_count as mentions,
        first_published as first, last_published as last, wikidata
    from entities {0} order by article_count desc, mention_count desc, name
"""
ALIASES = """
    (select group_concat(alias, ' · ') from
        (select alias from entity_aliases where entity_id = entities.id order by mentions desc, alias))
"""
CALLED = f"""
    select key, name, kind, article_count as articles, mention_count as mentions,
        first_published as first, last_published as last, wikidata, {ALIASES} as aliases
    from entities where id in (
        select id from entities where key in (:name, :key) or name = :name
        union select entity_id from entity_aliases where alias = :name collate nocase
    ) order by key <> :name and name <> :name, article_count desc, name limit 20
"""
MENTIONS = """
    select article_key as key, title, published, entity as name, kind, surface, start, "end"
    from article_mentions {0} order by published is null, published, article_id, start
"""
QUOTES = """
    select quote, coalesce(entities.name, quotes.speaker) as speaker, entities.key as speaker_key, cue,
        quotes.kind as kind, confidence, title, published, published_precision as precision, source,
        article_list.key as key, start
    from quotes join article_list on article_list.id = quotes.article_id
    left join entities on entities.id = speaker_entity_id
    where coalesce(confidence, 0) >= :least {0}
    order by published is null, published, article_list.id, start
"""
TOGETHER = """
    select one.name as name, one.kind as kind, other.name as other, other.kind as other_kind,
        max(company.articles) as articles, max(company.score) as score, one.key as key
    from entity_company as company
    join entities as one on one.id = min(company.entity_id, company.other_id)
    join entities as other on other.id = max(company.entity_id, company.other_id)
    {0} group by one.id, other.id order by score desc, one.id, other.id
"""
COUNTS = """
    select (select count(*) from articles) as articles, (select count(*) from entities) as entities,
        (select count(*) from quotes) as quotations, (select built from runs) as built
"""
SOURCES = """
    select name as source, article_count as articles, first_published as first, last_published as last
    from sources order by article_count desc, name
"""


class Collection:
    """A collection to ask: its folder, the path of a collection.db, or the address of a published room.

    `room` is where links lead when a file is asked; by default where `readingroom serve` opens.
    `seconds` bounds each statement or request.
    """

    def __init__(self, place: str | Path, *, room: str = ROOM, seconds: float = 60.0) -> None:
        """Open it, read-only. Raises `CollectionError` when nothing of the kind is there."""
        self.place = str(place)
        published = self.place.startswith(("http://", "https://"))
        self.room = (self.place if published else room).rstrip("/")
        if not published and "://" in self.place:
            raise CollectionError(f"{place} is no path and no http or https address.")
        self.access: FileAccess | WebAccess = (
            WebAccess(self.place, seconds) if published else FileAccess(Path(place), seconds)
        )

    def __repr__(self) -> str:
        """Say what is open, and how much is in it."""
        columns, rows, _ = self.access.rows(COUNTS, {}, 1)
        counts = dict(zip(columns, rows[0], strict=True))
        told = ", ".join(f"{counts[name]:,} {name}" for name in ("articles", "entities", "quotations"))
        return f"<Collection {self.place}: {told}>"

    def _repr_html_(self) -> str:
        """Say the same with a line for every publication, and a link to the reading room."""
        sources = self.sql(SOURCES)
        heading = f'<p><a href="{escape(self.room)}/">{escape(repr(self)[1:-1])}</a></p>'
        return heading + sources._repr_html_()

    def articles(
        self,
        where: str = "",
        parameters: Mapping[str, Any] | None = None,
        *,
        text: bool = False,
        limit: int = LIMIT,
    ) -> Frame:
        """Return articles by date: all, or those that a condition in SQL on `article_list` fits.

        `collection.articles("year = :year", {"year": 1969})`; with `text` also their plain text.
        """
        joined = " join article_text using (id)" if text else ""
        condition = f" where {where}" if where.strip() else ""
        sql = ARTICLES.format(", text" if text else "", f"{joined}{condition}")
        return self._linked(self._rows(sql, parameters or {}, limit))

    def search(self, query: str = "", *, sort: str = "", limit: int = 1000, **chosen: Any) -> Frame:
        """Return what the search page finds for a query, in its order, one article a story.

        Further names narrow as the page's facets do, by key or name: `source="daily-planet"`,
        `year=range(1968, 1970)`. `sort` is relevance, newest or oldest. `passage` shows where. Warns of
        names that nobody and nothing here has.
        """
        if sort and sort not in search.SORTS:
            raise CollectionError(f"sort must be one of {', '.join(search.SORTS)}, not {sort}.")
        if wrong := sorted(set(chosen) - set(search.facets())):
            raise CollectionError(f"{wrong[0]} is no facet; known are {', '.join(search.facets())}.")
        _check_limit(limit)
        facets = {name: _values(name, value) for name, value in chosen.items()}
        facets |= {name: self._keys_of(name, facets[name]) for name in facets.keys() & NAMED.keys()}
        if isinstance(self.access, WebAccess):
            return self._search_pages(query, facets, sort, limit)
        asked = self._understood(query)
        with self.access.asking() as connection:
            sql, parameters, notes = search.statement(connection, asked, facets, sort)
        _tell(notes)
        columns, found, more = self._rows(f"select key, copies from ({sql})", parameters, limit)
        copies: dict[str, int] = dict(found)
        columns, rows, _ = self.access.rows(LISTED, {"keys": json.dumps(list(copies))}, limit)
        pattern = search.pattern_of(asked)
        passages = (
            {key: search.passage(text, pattern) for key, text in self._texts(copies)} if pattern else {}
        )
        rows = [(*row, copies[row[0]], passages.get(row[0])) for row in rows]
        return self._linked(([*columns, "copies", "passage"], rows, more))

    def _understood(self, query: str) -> Any:
        """Return a query as the search page of this collection understands it."""
        _, rows, _ = self.access.rows(search.names_with_letters(), {}, LIMIT)
        return search.understand(query, (name for (name,) in rows))

    def _keys_of(self, facet: str, values: Sequence[str]) -> list[str]:
        """Return the keys of what is called so by key or name; what nothing is called is told."""
        condition, known = _of_kind(facet if facet in KINDS else None)
        sql = f"""
            select key, name from {NAMED[facet]} where {condition.format("kind") if known else "1"}
            order by article_count desc
        """
        wanted = "(select value from json_each(:asked))"
        asked = f"select key, name from ({sql}) where key in {wanted} or name in {wanted}"
        _, rows, _ = self.access.rows(asked, {**known, "asked": json.dumps(values)}, LIMIT)
        keys = {name: key for key, name in reversed(rows)} | {key: key for key, _ in rows}
        for value in values:
            if value not in keys:
                _, others, _ = self.access.rows(sql, known, NEAREST_AMONG)
                _tell([search.unknown(facet, value, [name for _, name in others])])
        return [keys.get(value, value) for value in values]

    def _search_pages(self, query: str, facets: Mapping[str, Sequence[str]], sort: str, limit: int) -> Frame:
        """Return the same from a published instance, page by page."""
        access = self.access
        assert isinstance(access, WebAccess)  # noqa: S101 - tells the types what `search` just asked
        columns = [each.split(" as ")[-1].strip() for each in ARTICLE.split(",")]
        rows: list[tuple[Any, ...]] = []
        page, following = 1, True
        while following and len(rows) < limit:
            asked = [("q", query), ("sort", sort), ("size", "100"), ("page", str(page)), ("facets", "no")]
            asked += [(name, value) for name, values in facets.items() for value in values]
            answer = access.get("/search.json", asked)
            if page == 1:
                _tell(answer["notes"])
            for each in answer["articles"]:
                published = each["published"]
                known = {**each, "precision": each["published_precision"], "passage": each["snippet"]}
                known["year"] = int(published[:4]) if published else None
                rows.append(tuple(known[name] for name in (*columns, "copies", "passage")))
            page, following = page + 1, bool(answer["next"])
        more = following or len(rows) > limit
        if more:
            _tell_cut(limit)
        return self._linked(([*columns, "copies", "passage"], rows[:limit], more))

    def entities(self, kind: str | None = None, *, limit: int = LIMIT) -> Frame:
        """Return people, organisations, places and other names, the most mentioned first.

        `kind` is person, organisation, place or other, or a label such as ORG.
        """
        condition, known = _of_kind(kind)
        sql = ENTITIES.format(f"where {condition.format('kind')}" if kind else "")
        return self._linked(self._rows(sql, known, limit), "entity")

    def entity(self, name: str) -> Frame:
        """Return who or what is called so, by name, alias or key, with all aliases; mostly one row.

        Raises `CollectionError` with the nearest names when nobody is.
        """
        columns, rows, more = self.access.rows(CALLED, {"name": name, "key": search.slug(name)}, 20)
        if not rows:
            known = self.access.rows("select name from entities order by article_count desc", {}, 1000)[1]
            near = search.nearest(name, [each[0] for each in known])
            near_it = f" Near it: {', '.join(near)}." if near else ""
            raise CollectionError(f"Nobody and nothing here is called {name}.{near_it} All: .entities()")
        return self._linked((columns, rows, more), "entity")

    def mentions(self, name: str | None = None, *, kind: str | None = None, limit: int = LIMIT) -> Frame:
        """Return each place where an entity is named, by date: of one, of a kind, or all.

        One is meant by its key, else by its name, else by an alias; where several have that, all are,
        and a warning tells so. `start` and `end` count characters of the article's plain text.
        """
        condition, known = _of_kind(kind)
        conditions = [condition.format("kind")] if kind else []
        if name is not None:
            conditions.append(
                "entity_id in (select id from entities where key in (select value from json_each(:names)))"
            )
            known = {**known, "names": self._keys(name)}
        where = f"where {' and '.join(conditions)}" if conditions else ""
        return self._linked(self._rows(MENTIONS.format(where), known, limit))

    def quotes(self, speaker: str | None = None, *, least: float | None = None, limit: int = LIMIT) -> Frame:
        """Return quotations by date, all or those of a speaker by key, name or alias as for `mentions`.

        `least` is the confidence asked for, 0 to 1; by default 0.5 for a speaker's, as on the
        pages, else 0. A link opens the article at the quotation.
        """
        known: dict[str, Any] = {"least": least if least is not None else LIKELY if speaker else 0.0}
        if speaker is not None:
            known["names"] = self._keys(speaker)
        condition = "and entities.key in (select value from json_each(:names))" if speaker is not None else ""
        frame = self._linked(self._rows(QUOTES.format(condition), known, limit))
        frame["link"] = frame["link"] + "#q" + frame["start"].astype("string")
        return frame

    def timeline(
        self, freq: str = "month", by: str | None = "source", articles: pd.DataFrame | None = None
    ) -> Frame:
        """Return how many articles, and words, each year, month or day has, for each `by`.

        Of all articles, or of those in a frame that `articles` or `search` gave. Those whose date
        is not so precise stand in a row without a period: no month is invented for a year.
        """
        if freq not in FREQUENCIES:
            raise CollectionError(f"freq must be one of {', '.join(FREQUENCIES)}, not {freq}.")
        if by is not None and by not in SPLITS:
            raise CollectionError(f"by must be None or one of {', '.join(SPLITS)}, not {by}.")
        size = FREQUENCIES[freq]
        split = [by] if by else []
        if articles is None:
            sql = f"""
                select substr(published, 1, {size}) as period, {f"{by}, " if by else ""}
                    count(*) as articles, sum(words) as words
                from article_list group by 1{", 2" if by else ""}
            """
            columns, rows, _ = self._rows(sql, {}, LIMIT * 10)
            counted = frame_of(columns, rows)
        else:
            counted = Frame(articles[["published", *split, "words"]].rename(columns={"published": "period"}))
            counted["period"] = counted["period"].str.slice(0, size)
            counted["articles"] = 1
        counted["period"] = counted["period"].where(counted["period"].str.len() == size)
        for each in split:
            counted[each] = counted[each].astype("string")
        summed = counted.groupby(["period", *split], dropna=False)[["articles", "words"]].sum().reset_index()
        summed = summed.sort_values(["period", *split], na_position="last", ignore_index=True)
        return frame_of(
            list(summed.columns), summed.astype(object).where(summed.notna(), None).to_numpy().tolist()
        )

    def cooccurrence(self, kind: str | None = None, *, limit: int = LIMIT) -> Frame:
        """Return pairs of names that share more articles than chance would have it, the strongest first.

        At most twenty for a name, from the table `entity_company`; `kind` asks it of both.
        """
        condition, known = _of_kind(kind)
        both = f"where {condition.format('one.kind')} and {condition.format('other.kind')}" if kind else ""
        return self._linked(self._rows(TOGETHER.format(both), known, limit), "entity")

    def concordance(self, query: str, window: int = 60, *, limit: int = 1000) -> Frame:
        """Return every place in the texts with a word or phrase, and what stands around it, by date.

        The query is as in `search`, and as there one version of a story stands for all; `window`
        counts characters on each side. At most 2,000 articles are read.
        """
        pattern = search.pattern_of(self._understood(query))
        if pattern is None:
            raise CollectionError(f"{query!r} holds no word to look for. Try: concordance('moon')")
        _check_limit(limit)
        found = self.search(query, sort="oldest", limit=MOST_READ)
        articles = {row.key: row for row in found.itertuples()}
        lines: list[tuple[Any, ...]] = []
        for key, text in self._texts(articles):
            row = articles[key]
            for hit in pattern.finditer(search.fold(text)):
                start, end = hit.span()
                around = (text[max(0, start - window) : start], text[start:end], text[end : end + window])
                date = (row.published, row.precision)
                lines.append((*map(_one_line, around), row.title, *date, row.source, key, start, end))
            if len(lines) > limit:
                break
        if len(lines) > limit:
            _tell_cut(limit)
        columns = ["left", "hit", "right", "title", "published", "precision", "source", "key", "start", "end"]
        return self._linked((columns, [_plain(line) for line in lines[:limit]], False))

    def keywords(self, a: pd.DataFrame | str, b: pd.DataFrame | str, *, least: int = 2) -> Frame:
        """Return the words of two sets of articles, those typical of `a` first, those of `b` last.

        A set is a frame with a `key`, or a query; at most 2,000 articles of each are read.
        `a` and `b` count uses, `articles` the articles of either set, each once; words in fewer than
        `least` articles are left out. `log_odds` and `z` as in Monroe, Colaresi and Quinn (2008); see
        `ingest.keywords`.
        """
        slices = [self._slice(each) for each in (a, b)]
        shared = sorted(set(slices[0]).intersection(slices[1]))
        one, other, both = (usage(text for _, text in self._texts(keys)) for keys in (*slices, shared))
        scores = log_odds(one.words, other.words)
        articles = one.texts + other.texts - both.texts
        rows = [
            (word, one.words[word], other.words[word], articles[word], difference, score)
            for word, (difference, score) in scores.items()
            if articles[word] >= least
        ]
        rows.sort(key=lambda row: (-row[5], row[0]))
        return frame_of(["term", "a", "b", "articles", "log_odds", "z"], rows)

    def sql(self, sql: str, parameters: Mapping[str, Any] | None = None, *, limit: int = LIMIT) -> Frame:
        """Return the rows of a select, its parameters by name: `where year = :year`, {"year": 1969}."""
        columns, rows, _ = self._rows(sql, parameters or {}, limit)
        return frame_of(columns, rows, guess=True)

    def _rows(self, sql: str, parameters: Mapping[str, Any], limit: int) -> Rows:
        """Return rows, and warn when there are more."""
        _check_limit(limit)
        columns, rows, more = self.access.rows(sql, parameters, limit)
        if more:
            _tell_cut(limit)
        return columns, rows, more

    def _linked(self, found: Rows, page: str = "article") -> Frame:
        """Return rows as a frame with the address of each one's page."""
        columns, rows, _ = found
        frame = frame_of(columns, rows)
        if "key" not in frame:  # Datasette names no columns where there are no rows
            return frame
        frame["link"] = pd.Series(
            [f"{self.room}/{page}/{quote(key, safe='')}" for key in frame["key"]], dtype="string"
        )
        return frame

    def _texts(self, keys: Any) -> Iterator[tuple[str, str]]:
        """Yield key and plain text of articles, some at a time."""
        wanted, size = list(keys), self.access.at_once
        for start in range(0, len(wanted), size):
            known = {"keys": json.dumps(wanted[start : start + size])}
            yield from self.access.rows(TEXTS, known, size)[1]

    def _keys(self, name: str) -> str:
        """Return the keys of who has this key, else of all of this name, else alias; several are told."""
        found = self.entity(name)
        for same in (found["key"] == name, found["name"] == name, found["key"] == search.slug(name)):
            if same.any():
                found = found[same]
                break
        keys = found["key"].tolist()
        if len(keys) > 1:
            listed = ", ".join(f"{key} ({kind})" for key, kind in zip(keys, found["kind"], strict=True))
            _tell([f"{len(keys)} are called {name}, and all are meant. For one, give its key: {listed}."])
        return json.dumps(keys)

    def _slice(self, asked: pd.DataFrame | str) -> list[str]:
        found = self.search(asked, limit=MOST_READ) if isinstance(asked, str) else asked
        if "key" not in found:
            raise CollectionError(
                "A set of articles needs the column key; .articles() and .search() give it."
            )
        keys = list(dict.fromkeys(found["key"]))
        if len(keys) > MOST_READ:
            _tell_cut(MOST_READ)
        return keys[:MOST_READ]


def _of_kind(kind: str | None) -> tuple[str, dict[str, Any]]:
    """Return a condition on the column {0}, and its parameter."""
    if kind is None:
        return "", {}
    labels = KINDS.get(kind) or tuple(each for each in sum(KINDS.values(), ()) if each == kind)
    if not labels:
        raise CollectionError(f"{kind} is no kind; known are {', '.join(KINDS)}, and labels such as ORG.")
    return "{0} in (select value from json_each(:kinds))", {"kinds": json.dumps(labels)}


def _values(facet: str, chosen: Any) -> list[str]:
    """Return the values that a facet is narrowed to, of one or of any list, range, set or column."""
    values = [chosen] if isinstance(chosen, str) or not isinstance(chosen, Iterable) else list(chosen)
    # The page would pass over what is empty, and give all articles.
    if any(each is None or each is pd.NA or each == "" for each in values):
        raise CollectionError(
            f"{facet} has an empty value, which narrows nothing. Leave it out, or name one."
        )
    return [str(each) for each in values]


def _check_limit(limit: int) -> None:
    """Raise `CollectionError` for a limit below 0, which would cut rows from the end."""
    if limit < 0:
        raise CollectionError(f"limit must be 0 or more, not {limit}; for all there are, set it high.")


def _one_line(text: str) -> str:
    return text.replace("\n", " ")


def _plain(row: Sequence[Any]) -> tuple[Any, ...]:
    return tuple(None if value is pd.NA or value != value else value for value in row)  # noqa: PLR0124 - NaN


def _tell(notes: Sequence[str]) -> None:
    for note in notes:
        warnings.warn(note, stacklevel=3)


def _tell_cut(limit: int) -> None:
    """Warn that a frame is not all there is, so that nobody counts what was cut."""
    warnings.warn(f"Only the first {limit:,}; there are more. Narrow it, or set limit= higher.", stacklevel=4)
