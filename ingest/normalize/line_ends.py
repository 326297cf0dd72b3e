"""Joins lines that were wrapped at a column: a word that the end of a line splits is whole again."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

BEFORE = re.compile(r"(?<![^\W\d_])([^\W\d_]{2,40})-\Z")
AFTER = re.compile(r"[^\W\d_]{1,40}")
SPLIT = re.compile(r"(?<![^\W\d_])[^\W\d_]++-[ \t]*+\n\s*+[^\W\d_]++")
WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*+")
# These keep their hyphen; before the others it belongs to another word: `Ein- und Ausfahrt`.
PREFIXES = frozenset(
    ("self", "non", "well", "half", "ex", "mid", "semi", "anti", "ultra", "quasi", "so", "vice")
)
JOINING = frozenset(
    ("and", "or", "to", "und", "oder", "bis", "et", "ou", "en", "of", "y", "o", "e", "och", "og")
)


def words_of(content: str) -> set[str]:
    """Return the words of a text with their hyphens, in small letters; none that a line's end splits."""
    return set(WORD.findall(SPLIT.sub(" ", content.casefold())))


def join_lines(lines: Sequence[str], known: Callable[[], set[str]]) -> str:
    """Return lines as one; a word that a line's end splits loses its hyphen unless the text writes it so.

    What words the text has is asked only where a line splits one.
    """
    parts = [lines[0]]
    for line in lines[1:]:
        before, after = BEFORE.search(parts[-1]), AFTER.match(line)
        if before is None or after is None or not after[0].islower() or after[0] in JOINING:
            parts += [" ", line]
            continue
        one, other = before[1].casefold(), after[0]
        is_one = f"{one}{other}" in known()
        has_hyphen = f"{one}-{other}" in known() or one in PREFIXES
        if is_one or not has_hyphen:
            parts[-1] = parts[-1][:-1]
        parts.append(line)
    return "".join(parts)
