"""Tells a typed or pasted text that looks like several articles, one below the other.

Only very plain ones: rules, or headings of the first level in Markdown, divide the text, and below each
stands a headline of some words with a date. It is told and not divided, since a diary looks like that too.
"""

from __future__ import annotations

import re
from itertools import islice
from typing import TYPE_CHECKING

from ingest.model import Problem
from ingest.normalize.blocks import letters
from ingest.normalize.document import head_fields
from ingest.normalize.markdown import first_heading
from ingest.normalize.plain import read_plain

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ingest.model import Field

# Lines of `-----`, `=====`, `* * *`.
RULE = re.compile(r"^[ \t]*+([-=_*~#+•—–])[ \t]*+(?:\1[ \t]*+){2,}+$", re.MULTILINE)
FIRST_LEVEL = re.compile(r"^(?=# )", re.MULTILINE)
HEAD = 3000
LEAST_LETTERS = 200
LEAST_WORDS = 3
MOST_PARTS = 200
SEVERAL = 2


def looks_several(content: str, *, is_markdown: bool) -> tuple[Problem, ...]:
    """Return the doubt that a text is several articles, nothing of any that does not plainly look so."""
    divided = [_divided(content, RULE)]
    if is_markdown:
        divided.append(_divided(content, FIRST_LEVEL))
    return next((_doubt(count) for parts in divided if (count := _count(parts, is_markdown=is_markdown))), ())


def _divided(content: str, mark: re.Pattern[str]) -> list[str]:
    places = [(found.start(), found.end()) for found in islice(mark.finditer(content), MOST_PARTS)]
    starts, ends = [0, *(end for _, end in places)], [*(start for start, _ in places), len(content)]
    parts = (content[start:end].strip() for start, end in zip(starts, ends, strict=True))
    return [part for part in parts if part]


def _count(parts: list[str], *, is_markdown: bool) -> int:
    """Return how many articles parts are, all of which but the first have a head; 0 where they are not."""
    if len(parts) < SEVERAL or not all(_is_article(part, is_markdown=is_markdown) for part in parts[1:]):
        return 0
    is_first = _is_article(parts[0], is_markdown=is_markdown)
    count = len(parts) if is_first else len(parts) - 1
    return count if count >= SEVERAL else 0


def _is_article(part: str, *, is_markdown: bool) -> bool:
    if len(letters(part[: 2 * HEAD])) < LEAST_LETTERS:
        return False
    head = part[:HEAD]
    heading = first_heading(head) if is_markdown else None
    fields = head_fields(heading[1], heading[0]) if heading else read_plain(head)[1]
    titles = _values(fields, "title")
    return bool(_values(fields, "published")) and any(len(each.split()) >= LEAST_WORDS for each in titles)


def _values(fields: Iterable[Field], name: str) -> list[str]:
    return [field.value for field in fields if field.name == name]


def _doubt(count: int) -> tuple[Problem, ...]:
    return (
        Problem(
            stage="normalize",
            code="several-articles",
            message=f"This looks like {count} articles in one file, which are read as one.",
            hint="Give each a file of its own, or begin each with the lines `Title: …` and `Date: …`.",
        ),
    )
