"""The search of the pages, for use without them: the very files that answer the search box.

They live in `plugins/`, which imports nothing of this package, and are loaded from where the
installation keeps them, never from a folder beside a file that somebody sent.
"""

from __future__ import annotations

import importlib.util
import sys
from functools import lru_cache
from types import ModuleType, SimpleNamespace
from typing import TYPE_CHECKING, Any

from ingest.scaffold import starter

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

SORTS = ("relevance", "newest", "oldest")
MANY = "select count(*) from (select 1 from articles_fts where articles_fts match ? limit ?)"
STORIES = "select exists(select 1 from articles where story_id is not null)"


@lru_cache
def part(name: str) -> ModuleType:
    """Return one of the search's files."""
    known = f"_readingroom_{name}"
    place = importlib.util.spec_from_file_location(known, starter("plugins") / f"{name}.py")
    if place is None or place.loader is None:  # pragma: no cover - the folder was found
        raise ImportError(name)
    module = importlib.util.module_from_spec(place)
    sys.modules[known] = module  # dataclasses look there for their own module
    place.loader.exec_module(module)
    return module


def facets() -> tuple[str, ...]:
    """Return the names by which a search can be narrowed."""
    return (*part("search_index").FACETS, "story")


def names_with_letters() -> str:
    """Return the SQL for what tells which words are typed in other letters than they are written."""
    return str(part("search_letters").WITH_LETTERS)


def known_spellings(named: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """Return how else words are written, by what is typed, given what `names_with_letters` found."""
    found: dict[str, tuple[str, ...]] = part("search_letters").read_spellings(named, fold)
    return found


def understand(text: str, named: Iterable[str]) -> Any:
    """Return the query that a text is, given what `names_with_letters` found in the collection."""
    return part("search_query").parse(text).written(known_spellings(named), fold)


def statement(
    connection: Any, query: Any, chosen: Mapping[str, Sequence[str]], sort: str
) -> tuple[str, dict[str, str], list[str]]:
    """Return what the search page runs for a query, its parameters, and what it could not read.

    One row a story, in the order of the page.
    """
    sqls = part("search_sql")
    found = SimpleNamespace(names={}, unknown=[], notes=[])
    wanted = sqls.want(connection, SimpleNamespace(query=query, chosen=chosen), found)
    if sort not in SORTS or (sort == "relevance" and not query.match):
        sort = "relevance" if query.match else "newest"
    if sort == "relevance" and not sqls.is_plain(query):
        many = connection.execute(MANY, [query.match, sqls.MOST_RANKED + 1]).fetchone()[0]
        wanted.named = sqls.NAMED.format(wanted.match) if many > sqls.MOST_RANKED else ""
    stories = bool(connection.execute(STORIES).fetchone()[0]) and not chosen.get("story")
    sql, parameters = sqls.statement(wanted, sort, stories=stories)
    notes = [
        *query.notes,
        *found.notes,
        *(
            unknown(term.field, term.text, sqls.all_names(connection, term.field))
            for term, _ in found.unknown
        ),
    ]
    return sql, parameters, notes


def unknown(field: str, name: str, names: Sequence[str]) -> str:
    """Return a sentence on a name that the collection does not know, with those near it among its names."""
    near = nearest(name, names)
    return f"No {field} here is called {name}." + (f" Near it: {', '.join(near)}." if near else "")


def pattern_of(query: Any) -> Any:
    """Return what finds the words of a query in a folded text; None where it asks for none."""
    return part("search_marks").pattern_of(query)


def fold(text: str) -> str:
    """Return a text as search compares it, of the same length."""
    return str(part("search_marks").fold(text))


def passage(text: str, pattern: Any) -> str | None:
    """Return the passage that the search page shows of a text, without marks."""
    marked = part("search_marks").passage(text, pattern)
    return marked.replace("\x02", "").replace("\x03", "") if marked else None


def nearest(name: str, names: Sequence[str]) -> list[str]:
    """Return the few names that look most like one."""
    return list(part("search_sql").nearest(name, names))


def slug(name: str) -> str:
    """Return a name as keys are written."""
    return str(part("search_sql").slug(name))
