"""Decides what an edition shows of each article, and tells what the owner should look at first."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from ingest.collate.articles import FULL, STRICTNESS, strictest
from ingest.collate.catalogue import KEY, move_of
from ingest.editions.excerpts import find_excerpt_end
from ingest.editions.takedowns import DELETED, FILE, FILE_COLUMN, table_of

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable, Iterator, Sequence

    from ingest.editions.takedowns import Takedown
    from ingest.model import Move
    from ingest.settings import Settings

EXCERPT, METADATA = STRICTNESS[1:]
WITHIN = re.compile(r"#part=|!/")
FOLDERS = re.compile(r"/|!/")
MOST_TOLD = 5
AS_NAMED = "Name it by its page's address, or by its file as the table files has it."
AS_PLACED = "Write the folder or the pattern as the table files has the places."
AS_DELETED = f"If nothing of it is here any more, write {DELETED} behind the line, in a column {FILE_COLUMN}."
LONGEST_TITLE = 80
KEYS = "select key, id from articles union all select key, article_id from former_keys"
STATED_RIGHTS = """
    select value, count(*) from fields
    where lower(field) = 'rights' and lower(trim(value)) not in ('full', 'excerpt', 'metadata')
        and (origin like 'front-matter%' or origin like 'column%')
    group by value order by 2 desc, 1
"""
# An export of Substack: a table of all posts, and the text of each in a page below `posts/`.
POSTS_TABLE = re.compile(r"(?P<place>(?:.*/)?)posts\.csv#row=\d+")
POSTS = """
    select locator, ids.value, ids.article_id from fields as ids
    join fields as states on states.article_id = ids.article_id and states.field = 'is_published'
    join files on files.article_id = ids.article_id
    where ids.field = 'post_id'
"""


@dataclass(frozen=True, kw_only=True)
class Plan:
    """What becomes of each article, known by its number in the collection.

    `articles` gives the number in the edition and lacks what was taken down, `rights` is for
    those less than full, `ends` where the excerpt of a text ends. `places` are the locators of what
    was taken down, `taken_down` counts articles, there or not, where a tombstone stands for each key
    that led to one; `told` and `surprises` are sentences.
    """

    articles: dict[int, int] = field(default_factory=dict)
    rights: dict[int, str] = field(default_factory=dict)
    ends: dict[int, int] = field(default_factory=dict)
    tombstones: dict[str, Takedown] = field(default_factory=dict)
    taken_down: int = 0
    places: frozenset[str] = frozenset()
    told: tuple[str, ...] = ()
    surprises: tuple[str, ...] = ()

    def took_down(self, locator: str) -> bool:
        """Tell whether a file was taken down, or lies in what was, as a picture in a mail."""
        return any(name in self.places for name in _names(locator))

    def is_full(self, article: int | None) -> bool:
        """Tell whether all of an article is shown."""
        return article in self.articles and article not in self.rights

    def shows(self, article: int, end: int) -> bool:
        """Tell whether the edition has the text of an article up to this offset."""
        return self.is_full(article) or end <= self.ends.get(article, 0)

    def counts(self) -> dict[str, int]:
        """Return how many articles are shown in full, as excerpts, as catalogue entries, and not at all."""
        less = Counter(self.rights.values())
        return {
            FULL: len(self.articles) - less.total(),
            EXCERPT: less[EXCERPT],
            METADATA: less[METADATA],
            "taken down": self.taken_down,
        }


def plan_edition(
    connection: sqlite3.Connection,
    settings: Settings,
    takedowns: Sequence[Takedown],
    notices: Sequence[Takedown] = (),
) -> Plan:
    """Return what may be shown of a collection, by its rights, the settings of today and the takedowns.

    `notices` are the takedowns that the edition before told of, by the keys of the articles.
    """
    files = list(connection.execute("select locator, article_id from files where article_id is not null"))
    moved = {each.now: each for each in settings.moves}
    taken = _take_down(connection, files, takedowns, moved)
    rights = _rights(connection, settings, files)
    shown = [
        row[0]
        for row in connection.execute("select id from articles order by id")
        if row[0] not in taken.articles
    ]
    less = {article: rights[article] for article in shown if rights[article] != FULL}
    left = (locator for locator, article in files if article in taken.articles)
    others = (
        row[0]
        for row in connection.execute("select locator from files where article_id is null")
        if any(_lies_in(each, row[0], moved) for each in taken.places)
    )
    return Plan(
        articles={article: number for number, article in enumerate(shown, start=1)},
        rights=less,
        ends=dict(_excerpt_ends(connection, less, settings.edition.excerpt_words)),
        tombstones=taken.tombstones,
        taken_down=len(taken.articles) + len(taken.missing),
        places=frozenset((*(each.article for each in takedowns), *left, *others)),
        told=tuple(taken.told),
        surprises=(
            *taken.unmatched,
            *_let_go(connection, taken, takedowns, notices),
            *_surprises(connection, settings, files),
            *_versions_shown(connection, {*taken.articles, *less}, taken.articles),
        ),
    )


@dataclass(frozen=True, kw_only=True)
class _Taken:
    """What was taken down: the tombstones by key, the articles and the places of folders and patterns.

    `missing` are the keys among the tombstones that lead to nothing here; `told` says how many each folder
    or pattern takes, `unmatched` which takedowns fit nothing.
    """

    tombstones: dict[str, Takedown] = field(default_factory=dict)
    articles: set[int] = field(default_factory=set)
    missing: set[str] = field(default_factory=set)
    places: list[re.Pattern[str]] = field(default_factory=list)
    told: list[str] = field(default_factory=list)
    unmatched: list[str] = field(default_factory=list)


def _take_down(
    connection: sqlite3.Connection,
    files: list[tuple[str, int]],
    takedowns: Iterable[Takedown],
    moved: dict[str, Move],
) -> _Taken:
    """Return what the takedowns mean here."""
    listed = list(takedowns)
    keys = dict(connection.execute(KEYS).fetchall())
    addresses: dict[str, set[int]] = defaultdict(set)
    if any("://" in each.article for each in listed):
        for article, address in connection.execute(
            "select id, url from articles where url is not null"
            " union select article_id, value from fields where value like '%://%'"
        ):
            addresses[_plain(address)].add(article)
    named: dict[str, set[int]] = defaultdict(set)
    places: dict[int, list[str]] = defaultdict(list)
    for locator, article in files if listed else ():
        places[article].append(locator)
        for name in _names(locator):
            named[name].add(article)
    taken = _Taken()
    for takedown in listed:
        name = takedown.article
        unmatched = [] if takedown.deleted else taken.unmatched
        # A place that the article has left names it still, where moved.csv says so.
        found = {keys[takedown.key]} if takedown.key in keys else set()
        found |= addresses.get(_plain(name), set()) | named.get(name, set())
        pattern = takedown.places if not found else None
        if pattern:
            found = {article for locator, article in files if _lies_in(pattern, locator, moved)}
        # Of a mail, what is attached to it goes too, however it is named.
        found |= {each for article in found for place in places[article] for each in named[place]}
        found |= set(_parts(connection, found))
        if pattern:
            taken.places.append(pattern)
            elsewhere = sum(
                not all(_lies_in(pattern, place, moved) for place in places[article]) for article in found
            )
            told = taken.told if found else unmatched
            told.append(_tell_places(takedown, len(found), elsewhere))
        elif not found:
            unmatched.append(_tell_missing(takedown, files))
            taken.missing.add(takedown.key)
            taken.tombstones.setdefault(takedown.key, takedown)
        for key in _keys_of(connection, found):
            taken.tombstones.setdefault(key, takedown)
        taken.articles.update(found)
    return taken


def _tell_places(takedown: Takedown, articles: int, elsewhere: int) -> str:
    """Return how many articles a folder or a pattern takes down, and how many have a copy elsewhere."""
    told = f"{FILE}, line {takedown.line}: "
    if not articles:
        return f"{told}no article lies at {takedown.article} here. {AS_PLACED} {AS_DELETED}"
    copies = f" Copies elsewhere of {elsewhere:,} of them go, too." if elsewhere else ""
    return f"{told}{takedown.article} takes down {_counted(articles)}.{copies}"


def _tell_missing(takedown: Takedown, files: list[tuple[str, int]]) -> str:
    """Return that there is no article of a name, and what to write instead."""
    name = takedown.article
    inside = {article for locator, article in files if locator.startswith(f"{name}/")}
    folder = f"To take down the folder with {_counted(len(inside))}, write {name}/"
    wanted = folder if inside else f"{AS_NAMED} {AS_DELETED}"
    return f"{FILE}, line {takedown.line}: there is no article {name} here. {wanted}"


def _let_go(
    connection: sqlite3.Connection,
    taken: _Taken,
    takedowns: Iterable[Takedown],
    notices: Iterable[Takedown],
) -> Iterator[str]:
    """Yield which articles would no longer be told as taken down, though their takedown is still listed.

    Their files left the folder, or the address that names them: for good, or for another place that nobody
    takes down. So those that are here under their keys would be shown again.
    """
    listed = {(each.reason, each.date) for each in takedowns}
    lost = [
        each
        for each in notices
        if each.article not in taken.tombstones and (each.reason, each.date) in listed
    ]
    keys = dict(connection.execute(KEYS).fetchall()) if lost else {}
    back = [each for each in lost if each.article in keys]
    if back:
        named = ", ".join(_named(connection, keys[each.article]) for each in back[:MOST_TOLD])
        yield (
            f"{_counted(len(back))} that {FILE} took down before would be shown again, since no line names"
            f" {'it' if len(back) == 1 else 'them'} any more: {named}. To keep what lies elsewhere now down,"
            f" add to {FILE}:\n{table_of(replace(each, deleted=False) for each in back)}"
        )
    gone = [replace(each, deleted=True) for each in lost if each.article not in keys]
    if gone:
        yield (
            f"Of {_counted(len(gone))} taken down before, nothing is where it was. If the files were moved,"
            f" name in {FILE} where they lie now: what is in them would be shown. If they were deleted, add"
            f" these lines, below a first line with all four columns, so that their pages go on saying"
            f" why:\n{table_of(gone)}"
        )


def _counted(articles: int) -> str:
    return f"{articles:,} {'article' if articles == 1 else 'articles'}"


def _lies_in(place: re.Pattern[str], locator: str, moved: dict[str, Move]) -> bool:
    """Tell whether a file lies in a folder or fits a pattern, or did so before it was moved."""
    if place.match(locator):
        return True
    move = move_of(locator, moved) if moved else None
    if not move or "://" in move.before or KEY.fullmatch(move.before):
        return False
    return bool(place.match(move.before + locator.removeprefix(move.now)))


def _plain(address: str) -> str:
    """Return a web address without what does not tell pages apart; empty for what is none."""
    _, mark, rest = address.strip().partition("#")[0].partition("://")
    return rest.removeprefix("www.").rstrip("/") or address if mark else address


def _names(locator: str) -> Iterator[str]:
    """Yield a locator, and those of the containers and the whole text that it lies in."""
    yield locator
    for mark in WITHIN.finditer(locator):
        yield locator[: mark.start()]


def _keys_of(connection: sqlite3.Connection, articles: set[int]) -> Iterator[str]:
    """Yield the keys of articles, and those of copies that lead to them."""
    for article in articles:
        for row in connection.execute(f"select key from ({KEYS}) where id = ?", (article,)):
            yield row[0]


def _parts(connection: sqlite3.Connection, articles: set[int]) -> Iterator[int]:
    for article in articles:
        for row in connection.execute("select id from articles where part_of = ?", (article,)):
            yield row[0]


def _rights(
    connection: sqlite3.Connection, settings: Settings, files: list[tuple[str, int]]
) -> dict[int, str]:
    """Return the strictest of what the collection says, what metadata.yml says now, and what copies say.

    So a word put into metadata.yml after the last ingest counts, and a text that also lies in a
    publication that shows less, or lay there before it was moved, is shown no more than there.
    """
    rights = dict(connection.execute("select id, rights from articles"))
    said = {each.folder: each.rights for each in settings.publications}
    moved = {each.now: each for each in settings.moves}
    for locator, article in files:
        move = move_of(locator, moved)
        folders = [*FOLDERS.split(locator), *(FOLDERS.split(move.before) if move else ())]
        rights[article] = strictest(rights[article], *(said.get(folder) for folder in folders))
    copies = connection.execute(
        "select article_id, lower(trim(value)) from fields"
        " where lower(field) = 'rights' and origin like '% of %'"
    )
    for article, value in copies:
        rights[article] = strictest(rights[article], value if value in STRICTNESS else None)
    for article, level in _posts_beside(connection, files, rights):
        rights[article] = strictest(rights[article], level)
    # What holds for a long text holds for each of its parts.
    for part, whole in connection.execute("select id, part_of from articles where part_of is not null"):
        rights[part] = strictest(rights[part], rights[whole])
    return rights


def _posts_beside(
    connection: sqlite3.Connection, files: list[tuple[str, int]], rights: dict[int, str]
) -> Iterator[tuple[int, str]]:
    """Yield the pages of posts with the rights that the table beside them gives, least to what it lacks."""
    listed: dict[str, str] = {}
    folders: set[str] = set()
    for locator, post, article in connection.execute(POSTS):
        if table := POSTS_TABLE.fullmatch(locator):
            folders.add(f"{table['place']}posts")
            listed[f"{table['place']}posts/{post}.html"] = rights[article]
    for locator, article in files:
        folder, _, name = locator.rpartition("/")
        if folder in folders and name.endswith(".html"):
            yield article, listed.get(locator, METADATA)


def _excerpt_ends(
    connection: sqlite3.Connection, rights: dict[int, str], most_words: int
) -> Iterator[tuple[int, int]]:
    for article, level in rights.items():
        if level == EXCERPT:
            text = connection.execute("select text from article_text where id = ?", (article,)).fetchone()[0]
            yield article, find_excerpt_end(text, most_words)


def _surprises(
    connection: sqlite3.Connection, settings: Settings, files: list[tuple[str, int]]
) -> Iterator[str]:
    """Yield what the owner may believe to be withheld, and is not."""
    places = [*(locator for locator, _ in files), *(each.before for each in settings.moves)]
    folders = {folder for place in places for folder in FOLDERS.split(place)}
    for each in settings.publications:
        if each.rights not in {None, FULL} and each.folder not in folders:
            yield (
                f"metadata.yml gives {each.folder} the rights {each.rights},"
                " but no article lies in a folder of that name."
            )
    for value, count in connection.execute(f"{STATED_RIGHTS} limit {MOST_TOLD}"):
        yield (
            f"{count} {'article states' if count == 1 else 'articles state'} the rights"
            f" “{value[:80]}”, which is none of {', '.join(STRICTNESS)} and withholds nothing."
        )


def _versions_shown(connection: sqlite3.Connection, less: set[int], gone: set[int]) -> Iterator[str]:
    """Yield the stories of which one version is withheld while another is shown in full."""
    members: dict[int, list[int]] = defaultdict(list)
    for story, article in connection.execute("select story_id, article_id from story_articles"):
        members[story].append(article)
    told = 0
    for articles in members.values():
        withheld = [each for each in articles if each in less]
        if not withheld or len(withheld) == len(articles) or told == MOST_TOLD:
            continue
        told += 1
        hidden, full = withheld[0], next(each for each in articles if each not in less)
        what = "was taken down" if hidden in gone else "is withheld"
        yield (
            f"{_named(connection, hidden)} {what}, but {_named(connection, full)}, a version of the same"
            " story, is shown in full."
        )


def _named(connection: sqlite3.Connection, article: int) -> str:
    """Return what an owner knows an article by: `“Title”, Publication (key)`."""
    sql = "select title, source, key from article_list where id = ?"
    title, source, key = connection.execute(sql, (article,)).fetchone()
    return f"“{title[:LONGEST_TITLE]}”, {source} ({key})" if source else f"“{title[:LONGEST_TITLE]}” ({key})"
