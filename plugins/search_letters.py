"""Letters that no folding of accents makes plain: who types `Walesa` finds Wałęsa, and `Jorgensen` Jørgensen.

Most words have no other spelling, so none is looked for in vain: the names and titles of the collection
say which have.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable

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
# Most texts are ASCII, as long in bytes as in letters, which is told in a fiftieth of the time.
HAS_LETTERS = "length(cast({0} as blob)) > length({0}) and {0} glob '*[łŁøØđĐðÐþÞæÆœŒßıħĦ]*'"
WITH_LETTERS = f"""
    select name from entities where {HAS_LETTERS.format("name")}
    union select alias from entity_aliases where {HAS_LETTERS.format("alias")}
    union select name from authors where {HAS_LETTERS.format("name")}
    union select title from articles where {HAS_LETTERS.format("title")}
"""
MOST_WAYS = 4


def read_spellings(texts: Iterable[str], fold: Callable[[str], str]) -> dict[str, tuple[str, ...]]:
    """Return the words with such letters, by what may be typed for them, in what `WITH_LETTERS` gives."""
    found: defaultdict[str, dict[str, None]] = defaultdict(dict)
    for text in texts:
        for word in WORD.findall(text.lower()):
            for typed in ways_to_type(word):
                found[fold(typed)][word] = None
    return {typed: tuple(words)[:MOST_WAYS] for typed, words in found.items()}


def ways_to_type(word: str) -> set[str]:
    """Return what may be typed for a word with such letters; nothing for another word."""
    if not LETTERS.keys() & set(word):
        return set()
    tables = ({ord(letter): typed[at % len(typed)] for letter, typed in LETTERS.items()} for at in (0, 1))
    return {word.translate(table) for table in tables}
