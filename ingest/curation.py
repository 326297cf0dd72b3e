"""What helps a curator decide about entities: proposals with evidence, and tables to work on.

Reads collection.db alone; what is decided goes into entities.csv (see `decisions.py`) and takes
effect with the next ingest.
"""

from __future__ import annotations

import csv
import io
import re
import sqlite3
from collections import Counter, defaultdict
from difflib import SequenceMatcher
from itertools import chain, combinations
from typing import TYPE_CHECKING

from ingest.decisions import FILE, WIKIDATA, as_cell, read_lines, wikidata_number
from ingest.enrich.word_lists import word_lists
from ingest.errors import SettingsError
from ingest.model import KINDS, Decision
from ingest.read_only import open_read_only

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

EXPORTED = (
    "entity",
    "name",
    "kind",
    "wikidata",
    "ignore",
    "articles",
    "mentions",
    "first",
    "last",
    "aliases",
)
YES = frozenset(("yes", "y", "x", "true", "1", "ja", "oui"))
ENTITIES = """
    select id, name, kind, wikidata, article_count, mention_count, first_published, last_published,
        (select group_concat(alias, ' | ') from (
            select alias from entity_aliases where entity_id = entities.id order by mentions desc, alias
        )) as aliases
    from entities order by id
"""
TOGETHER = """
    select count(*) from article_entities as one join article_entities as other using (article_id)
    where one.entity_id = ? and other.entity_id = ?
"""
COMPANY = """
    select distinct others.entity_id from article_entities as theirs
    join article_entities as others on others.article_id = theirs.article_id
    where theirs.entity_id = ? and others.entity_id != theirs.entity_id
"""
LEAST_ALIKE = 0.88
LEAST_LETTERS = 6
LARGEST_GROUP = 200
WORD = re.compile(r"\w+")


def export_entities(database: Path) -> str:
    """Return all entities as a table for a spreadsheet or OpenRefine.

    Change `name`, `kind`, `wikidata` and `ignore` there; `entity` says which one is meant, and
    the others are for information.
    """
    lines = io.StringIO()
    writer = csv.writer(lines, lineterminator="\n")
    writer.writerow(EXPORTED)
    rows = _entities(database)
    shared = _shared_names(rows)
    for row in rows:
        name = row["name"]
        entity = f"{name} ({row['kind']})" if name in shared else name
        cells = (entity, name, row["kind"], row["wikidata"] or "", "", *list(row)[4:])
        writer.writerow(as_cell("" if cell is None else str(cell)) for cell in cells)
    return lines.getvalue()


def import_entities(database: Path, path: Path) -> list[Decision]:
    """Return the decisions that an edited table asks for; an unedited one asks for none.

    Entities that were given the same name become one, the most mentioned of them; so does one
    that was given the name of another. Raises `SettingsError` naming the lines that make no sense.
    """
    rows = _entities(database)
    shared = _shared_names(rows)
    known = {f"{row['name']} ({row['kind']})" if row["name"] in shared else row["name"]: row for row in rows}
    taken = {row["name"] for row in rows}

    def read(_line: int, row: dict[str, str]) -> list[Decision]:
        entity = row["entity"]
        if entity not in known:
            message = f"there is no {entity} here now. Export anew and try again."
            raise SettingsError(message)
        decisions = list(_edits(row, known[entity], entity, taken))
        taken.add(row.get("name") or entity)
        return decisions

    return list(chain.from_iterable(read_lines(path, read, required=EXPORTED[:1])))


def _edits(row: dict[str, str], before: sqlite3.Row, entity: str, taken: set[str]) -> Iterator[Decision]:
    """Yield what one line of an edited table decides."""
    if row.get("ignore", "").lower() in YES:
        yield Decision(action="ignore", entity=entity)
        return
    kind = (row.get("kind") or before["kind"]).upper()
    wikidata = wikidata_number(row.get("wikidata", before["wikidata"]) or "")
    if kind not in KINDS:
        message = f"{kind} is no kind; known are {', '.join(KINDS)}."
        raise SettingsError(message)
    if wikidata and not WIKIDATA.fullmatch(wikidata):
        message = f"{wikidata} is no Wikidata number such as Q42."
        raise SettingsError(message)
    if before["wikidata"] and not wikidata:
        message = (
            f"{entity} is linked to {before['wikidata']} by a line of {FILE}."
            " To undo that, take the line out there, ingest, and export anew."
        )
        raise SettingsError(message)
    name = row.get("name") or before["name"]
    if name != before["name"]:
        merged = name in taken
        yield Decision(action="merge" if merged else "rename", entity=entity, value=name)
        # From here on a merged one goes by the other's name, which may be of another kind.
        entity = name if merged else entity
    if wikidata and wikidata != before["wikidata"]:
        yield Decision(action="link", entity=entity, value=wikidata)
    # The last, since a kind behind a name is the one before.
    if kind != before["kind"]:
        yield Decision(action="kind", entity=entity, value=kind)


def suggest_merges(database: Path) -> Iterator[Decision]:
    """Yield merges that a person should look at, each with its evidence as the note.

    People of one surname whose given names are short forms or spellings of each other, names
    that differ by a letter or two, acronyms with the names whose initials they are, and names
    linked to one number of Wikidata; never names linked to two. The less mentioned goes into the
    more mentioned.
    """
    with open_read_only(database) as connection:
        connection.row_factory = sqlite3.Row
        rows = connection.execute(ENTITIES).fetchall()
        shared = _shared_names(rows)
        for (one, other), reason in sorted(_alike(rows).items(), key=lambda each: each[0]):
            most, least = (rows[one], rows[other]) if one < other else (rows[other], rows[one])
            together = connection.execute(TOGETHER, (most["id"], least["id"])).fetchone()[0]
            company = [
                {row[0] for row in connection.execute(COMPANY, (each["id"],))} for each in (most, least)
            ]
            evidence = (
                f"{reason}; in {most['article_count']} and {least['article_count']} articles,"
                f" {together} of them the same; {len(company[0] & company[1])} other names in common"
            )
            names = [
                f"{each['name']} ({each['kind']})" if each["name"] in shared else each["name"]
                for each in (least, most)
            ]
            yield Decision(action="merge", entity=names[0], value=names[1], note=evidence)


def _entities(database: Path) -> list[sqlite3.Row]:
    with open_read_only(database) as connection:
        connection.row_factory = sqlite3.Row
        return connection.execute(ENTITIES).fetchall()


def _shared_names(rows: Iterable[sqlite3.Row]) -> set[str]:
    """Return the names that more than one entity has."""
    return {name for name, count in Counter(row["name"] for row in rows).items() if count > 1}


def _alike(rows: list[sqlite3.Row]) -> dict[tuple[int, int], str]:
    """Return pairs of places in `rows` that may be one entity, with the reason."""
    alike = {**_by_initials(rows), **_by_spelling(rows), **_by_given_name(rows)}
    numbers = [row["wikidata"] for row in rows]
    apart = {(one, other) for one, other in alike if numbers[one] and numbers[other]}
    return {pair: reason for pair, reason in alike.items() if pair not in apart} | _by_number(numbers)


def _by_number(numbers: list[str | None]) -> dict[tuple[int, int], str]:
    """Return pairs that the curator linked to one number: each with the first that has it."""
    first: dict[str, int] = {}
    return {
        (first[number], place): "linked to one number of Wikidata"
        for place, number in enumerate(numbers)
        if number and first.setdefault(number, place) != place
    }


def _by_initials(rows: list[sqlite3.Row]) -> dict[tuple[int, int], str]:
    spelt: dict[str, list[int]] = defaultdict(list)
    for place, row in enumerate(rows):
        if row["kind"] == "ORG" and " " in row["name"]:
            letters = [word[0] for word in WORD.findall(row["name"]) if word[0].isupper()]
            spelt["".join(letters)].append(place)
    return {
        (min(place, long), max(place, long)): "initials"
        for place, row in enumerate(rows)
        if row["name"].isupper() and " " not in row["name"]
        for long in spelt.get(row["name"], ())
    }


def _by_spelling(rows: list[sqlite3.Row]) -> dict[tuple[int, int], str]:
    beginnings: dict[tuple[str, str], list[int]] = defaultdict(list)
    for place, row in enumerate(rows):
        if len(row["name"]) >= LEAST_LETTERS:
            beginnings[row["kind"], row["name"][:3].casefold()].append(place)
    return {
        pair: "spelt almost alike"
        for group in beginnings.values()
        for pair in combinations(group[:LARGEST_GROUP], 2)
        if _is_spelling(rows[pair[0]]["name"], rows[pair[1]]["name"])
    }


def _by_given_name(rows: list[sqlite3.Row]) -> dict[tuple[int, int], str]:
    surnames: dict[str, list[int]] = defaultdict(list)
    for place, row in enumerate(rows):
        if row["kind"] == "PERSON" and " " in row["name"]:
            surnames[row["name"].split()[-1].casefold()].append(place)
    return {
        pair: reason
        for group in surnames.values()
        for pair in combinations(group[:LARGEST_GROUP], 2)
        if (reason := _given_names_agree(rows[pair[0]]["name"], rows[pair[1]]["name"]))
    }


def _is_spelling(one: str, other: str) -> bool:
    """Tell whether two names differ by little, and not in a number."""
    if re.findall(r"\d+", one) != re.findall(r"\d+", other):
        return False
    matcher = SequenceMatcher(None, one.casefold(), other.casefold(), autojunk=False)
    return matcher.quick_ratio() >= LEAST_ALIKE and matcher.ratio() >= LEAST_ALIKE


def _given_names_agree(one: str, other: str) -> str | None:
    """Return why two people of one surname may be the same, None if nothing speaks for it."""
    (first, *middle), (second, *others) = (
        [word.rstrip(".") for word in name.split()[:-1]] for name in (one, other)
    )
    nicknames = word_lists().nicknames
    if second in nicknames.get(first, ()) or first in nicknames.get(second, ()):
        return "a short form of the given name"
    if set(nicknames.get(first, ())) & set(nicknames.get(second, ())):
        return "short forms of one given name"
    if first != second and min(len(first), len(second)) == 1 and first[0] == second[0]:
        return "an initial for the given name"
    if first in others or second in middle:
        return "a given name left out"
    return None
