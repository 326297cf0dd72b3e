"""Letters that no folding of accents makes plain: who types `Walesa` finds Wałęsa, and `Jorgensen` Jørgensen.

Most words have no other spelling, so none is looked for in vain: the names and titles of the collection
say which have.
"""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import replace
from itertools import chain
from typing import Any

WORD = re.compile(r"[^\W\d_]+")
# What stands for each of them where a keyboard has no other.
LETTERS = {
    "ł": ("l",),
    "ø": ("o", "oe"),
    "đ": ("d", "dj"),
    "ð": ("d",),
    "þ": ("th",),
    "æ": ("ae",),
    "œ": ("oe",),
    "ß": ("ss",),
    "ı": ("i",),
    "ħ": ("h",),
}
SOUGHT = "*[łŁøØđĐðÐþÞæÆœŒßıħĦ]*"
WITH_LETTERS = """
    select name from entities where name glob :sought
    union select alias from entity_aliases where alias glob :sought
    union select name from authors where name glob :sought
    union select title from articles where title glob :sought
"""
MOST_WAYS = 4

Spellings = Mapping[str, tuple[str, ...]]


def read_spellings(connection: Any) -> dict[str, tuple[str, ...]]:
    """Return by what may be typed for them the words of names and titles that have such letters."""
    found: defaultdict[str, dict[str, None]] = defaultdict(dict)
    for text in chain.from_iterable(map(tuple, connection.execute(WITH_LETTERS, {"sought": SOUGHT}))):
        for word in WORD.findall(text.lower()):
            for typed in ways_to_type(word):
                found[typed][word] = None
    return {typed: tuple(words)[:MOST_WAYS] for typed, words in found.items()}


def ways_to_type(word: str) -> set[str]:
    """Return what may be typed for a word with such letters, without any accent; nothing for another word."""
    if not LETTERS.keys() & set(word):
        return set()
    tables = ({ord(letter): typed[at % len(typed)] for letter, typed in LETTERS.items()} for at in (0, 1))
    return {without_accents(word.translate(table)) for table in tables}


def without_accents(word: str) -> str:
    """Return a word with the accents away that search folds."""
    return "".join(each for each in unicodedata.normalize("NFD", word) if not unicodedata.combining(each))


def with_spellings(search: Any, spellings: Spellings) -> Any:
    """Return a search that looks for each word in the letters, too, that the collection writes it with."""
    query = search.query
    groups = tuple(tuple(_spelt(term, spellings) for term in group) for group in query.groups)
    excluded = tuple(_spelt(term, spellings) for term in query.excluded)
    if (groups, excluded) == (query.groups, query.excluded):
        return search
    return replace(search, query=replace(query, groups=groups, excluded=excluded))


def _spelt(term: Any, spellings: Spellings) -> Any:
    if term.field or term.prefix:
        return term
    ways = [term.text]
    for word in WORD.findall(term.text):
        for other in spellings.get(without_accents(word.lower()), ()):
            if other != word.lower():
                ways += [way.replace(word, other) for way in ways][: MOST_WAYS - len(ways)]
    return replace(term, also=tuple(ways[1:])) if len(ways) > 1 else term
