"""Guesses which column of a table means what, unless the curator has said so."""

from __future__ import annotations

import json
import re
from ast import literal_eval
from collections import Counter
from difflib import get_close_matches
from functools import lru_cache
from html import unescape
from typing import TYPE_CHECKING, cast

from ingest.errors import ItemError, SettingsError
from ingest.field_names import LOCAL_NAMES, folded, with_rights
from ingest.model import Field, Problem, RawDocument

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

# What a column may be called, folded; the first that a table has is taken.
GUESSES = {
    "text": (
        *("text", "body", "content", "article", "articletext", "articlebody", "fulltext", "maintext"),
        *(
            "contenthtml",
            "bodyhtml",
            "html",
            "contenttext",
            "bodytext",
            "selftext",
            "contents",
            "story",
            "leadparagraph",
            *("textcontent", "highlight", "highlights", "selection"),
            "description",
            "summary",
            "abstract",
        ),
    ),
    "title": ("title", "headline", "webtitle", "heading", "subject", "name", "booktitle"),
    "published": (
        *("published", "date", "publisheddate", "publicationdate", "pubdate", "publishedat", "datepublished"),
        *("datepublish", "publishdate", "articledate", "postdate"),
        *("webpublicationdate", "issued", "datetime", "timestamp", "created", "createdat", "createdutc"),
        *("year", "savedat", "saveddate", "timeadded"),
    ),
    "author": ("author", "authors", "byline", "creator", "creators", "writer", "bookauthor"),
    "url": ("url", "link", "weburl", "canonicalurl", "permalink", "articleurl", "originalurl", "resolvedurl"),
    "source": (
        *("source", "publication", "publicationtitle", "containertitle", "publisher", "outlet", "site"),
        *("sitename", "medianame", "newspaper", "domain"),
    ),
    "section": ("section", "sectionname", "category", "desk", "topic"),
    "tag": ("tags", "keywords", "labels", "topics", "subjects", "documenttags", "manualtags"),
    "language": ("language", "lang"),
    "description": ("description", "summary", "abstract", "abstractnote", "excerpt", "standfirst", "lead"),
}
MARKUP = re.compile(r"<(?:p|div|br|h[1-6]|ul|ol|a|span|article|strong|em)\b[^>]*>", re.IGNORECASE)
LIKE = 0.8  # of 1, of the letters of two words in their order: `txt` and `text` have 0.86
LONGEST_VALUE = 2000
LEAST_TEXT = 500
LEAST_WORDS = 8  # of a value that may be the text, though it is too short to be taken for it untold
UNBROKEN = re.compile(r"[!-~]{200}")  # a picture in letters, an address of many parts: no prose
# Under which of its keys an object says what it is; `rendered` is what WordPress answers with.
NAMED = (
    *("name", "rendered", "value", "title", "text", "main", "original", "html", "url", "literal", "raw"),
    "quote",
)
# How a text in parts is kept, as of scientific papers, and what each part has besides parts of its own.
PARTS = frozenset(("sections", "paragraphs", "chapters", "parts"))
WORDS_OF_PART = ("text", "content", "body", "paragraphs", "paragraph")
HEADING_OF_PART = ("heading", "title", "header", "section", "headline")
PARTS_OF_PART = ("sections", "subsections")
# How programs that keep literature write a person, and a day in numbers.
PERSON = (
    ("given", "dropping-particle", "non-dropping-particle", "family", "suffix"),
    ("firstName", "lastName"),
)
DAY = "date-parts"
# How Instapaper and Readwise write a list in a cell, and what parts keywords besides commas.
BRACKETED = re.compile(r"\[\s*[\"'].*[\"']\s*\]")
PARTED = re.compile(r"[;|]")
# Some programs export a text as it would stand in HTML, though it has no elements.
REFERENCE = re.compile(r"&(?:amp|quot|lt|gt|apos|nbsp|#\d{1,7}|#[xX][\da-fA-F]{1,6});")


def meaning_of(stated: str) -> str:
    """Return the meaning that a curator's word for it stands for: `headline` and `Titel` are `title`.

    Another word stays as it is: the column is then kept as a statement of that name. Raises
    `SettingsError` where it is but a slip of the pen away from a meaning, such as `txt`.
    """
    if stated in GUESSES:
        return stated
    name = folded(stated)
    for meaning in reversed(GUESSES):  # a summary describes; where there is no text it is one
        if name in GUESSES[meaning] or name in LOCAL_NAMES.get(meaning, ()):
            return meaning
    if meant := get_close_matches(name, GUESSES, n=1, cutoff=LIKE):
        message = f"columns has {stated}; {meant[0]} is perhaps meant. Known are {', '.join(GUESSES)}."
        raise SettingsError(message)
    return stated


def map_columns(names: Iterable[str], stated: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Return the column for each meaning; what the curator stated wins over a guess.

    Raises `ItemError` when there is neither a text nor a title among the columns.
    """
    columns = list(names)
    by_name = {folded(name): name for name in reversed(columns)}
    mapping: dict[str, str] = {}
    for meaning, guesses in GUESSES.items():
        known_as = (*guesses, *LOCAL_NAMES.get(meaning, ()))
        column = next((by_name[guess] for guess in known_as if guess in by_name), None)
        if column is not None and column not in mapping.values():
            mapping[meaning] = column
    known = {name.casefold(): name for name in reversed(columns)} | {name: name for name in columns}
    written = ((meaning, known.get(column, known.get(column.casefold()))) for meaning, column in stated)
    mapping.update({meaning: name for meaning, name in written if name is not None})
    if "text" not in mapping and "title" not in mapping:
        listed = ", ".join(sorted(set(columns))[:12])
        raise ItemError(
            "no-text-column",
            f"No column looks like a text or a title (there are: {listed}).",
            hint="Name it in metadata.yml under plugins.readingroom: columns: {text: NAME}.",
        )
    return mapping


def unique_names(head: Sequence[str]) -> list[str]:
    """Return column names, each once: a second `text` is called `text 2`."""
    names: dict[str, None] = {}
    times: Counter[str] = Counter()
    for place, stated in enumerate(head, start=1):
        base = name = stated.strip() or f"column {place}"
        while name in names:
            times[base] += 1
            name = f"{base} {times[base] + 1}"
        names[name] = None
    return list(names)


def named_cells(names: Sequence[str], row: Sequence[str]) -> dict[str, str]:
    """Return the cells of a row by column; those beyond the named columns get names of their own."""
    further = len(row) - len(names)
    named = unique_names([*names, *[""] * further]) if further > 0 else names
    return dict(zip(named, row, strict=False))


def document_of(locator: str, row: Mapping[str, object], mapping: Mapping[str, str]) -> RawDocument:
    """Return a row as a document; columns without a meaning are kept as fields of their name.

    Where no column is called a text, the longest value is the text if it is prose and no mere statement.
    Of what a row says is not published an edition may show a catalogue entry alone.
    """
    if "text" not in mapping and (longest := _longest(row, mapping)):
        mapping = {**mapping, "text": longest}
    content = as_body(row.get(mapping.get("text", "")))
    meanings = {column: meaning for meaning, column in mapping.items() if meaning != "text"}
    values = [
        (column, text)
        for column, value in row.items()
        if column != mapping.get("text")
        for each in (value if isinstance(value, list) else [value])
        for text in _values(as_text(each).strip(), meanings.get(column))
    ]
    cut = sorted({column for column, text in values if len(text) > LONGEST_VALUE})
    is_html = MARKUP.search(content) is not None
    if not is_html:
        content = REFERENCE.sub(lambda found: unescape(found[0]), content)
    return RawDocument(
        locator=locator,
        format="document" if is_html else "text",
        content=content,
        fields=with_rights(
            [
                Field(name=meanings.get(column, column), value=text[:LONGEST_VALUE], origin="column")
                for column, text in values
            ],
            "column",
        ),
        problems=(_cut(cut),) if cut else (),
    )


def _values(stated: str, meaning: str | None) -> list[str]:
    """Return what a cell states: one value, or each of the keywords that stand in it, however parted."""
    if meaning != "tag":
        return [stated] if stated else []
    try:
        listed = literal_eval(stated) if BRACKETED.fullmatch(stated) else None
    except (ValueError, SyntaxError, RecursionError, MemoryError):
        listed = None
    parts = listed if isinstance(listed, list) else PARTED.split(unescape(stated))
    return [text for part in parts if (text := str(part).strip())]


def _longest(row: Mapping[str, object], mapping: Mapping[str, str]) -> str | None:
    """Return the column without a meaning that holds the most: much for a statement, or a text in parts."""
    others = {column: value for column, value in row.items() if column not in mapping.values()}
    lengths = {
        column: len(value)
        for column, value in others.items()
        if isinstance(value, str) and len(value) >= LEAST_TEXT and not UNBROKEN.search(value)
    }
    lengths |= {
        column: len(as_body(value))
        for column, value in others.items()
        if folded(column) in PARTS and _is_in_parts(value)
    }
    return max(lengths, key=lengths.__getitem__, default=None)


@lru_cache(maxsize=64)
def _called_nearly(column: str, names: tuple[str, ...]) -> str | None:
    """Return which of these names is nearly that of a column; those of all rows of a table are the same."""
    folded_names = {name.casefold(): name for name in names}
    return next(
        (folded_names[near] for near in get_close_matches(column.casefold(), folded_names, 1, LIKE)), None
    )


def overlooked_text(
    row: Mapping[str, str], mapping: Mapping[str, str], stated: Iterable[tuple[str, str]]
) -> Problem | None:
    """Return the doubt that a row has a text which is kept as a mere statement, and no search finds.

    Where the curator names a column nearly as one is called here, that is the doubt; what is called
    otherwise may be a column of other tables.
    """
    unmet = [column for meaning, column in stated if meaning not in mapping]
    others = tuple(name for name in row if name not in mapping.values()) if unmet else ()
    for column in unmet:
        if meant := _called_nearly(column, others):
            return Problem(
                stage="read",
                code="no-such-column",
                message=f"metadata.yml names the column {column[:100]}; {meant[:100]} is perhaps meant.",
                hint="Write its name there as it stands in the table, then run again.",
            )
    if "text" in mapping or _longest(row, mapping):
        return None
    words = {name: len(value.split()) for name, value in row.items() if name not in mapping.values()}
    wordiest = max(words, key=words.__getitem__, default="")
    if words.get(wordiest, 0) < LEAST_WORDS:
        return None
    return Problem(
        stage="read",
        code="no-text-column",
        message=f"No column looks like the text, so that the article has none; {wordiest[:100]} may be it.",
        hint="Name it in metadata.yml under plugins.readingroom: columns: {text: NAME}.",
    )


def _cut(columns: list[str]) -> Problem:
    return Problem(
        stage="read",
        code="cut",
        message=f"Long values were cut to {LONGEST_VALUE} characters: {', '.join(columns[:12])[:500]}.",
        hint="If one is the article, name it in metadata.yml: columns: {text: NAME}.",
    )


def as_body(value: object) -> str:
    """Return what an article says, of one in parts the heading of each part and its words."""
    if not _is_in_parts(value):
        return as_text(value)
    paragraphs: list[str] = []
    above = ""
    for part in cast("list[dict[str, object]]", value):
        heading = next((str(part[name]) for name in HEADING_OF_PART if isinstance(part.get(name), str)), "")
        said = [as_body(part[name]) for name in (*WORDS_OF_PART, *PARTS_OF_PART) if part.get(name)]
        # Some repeat the heading with each paragraph below it.
        paragraphs += [heading if heading != above else "", *(said or [as_text(part)] * (not heading))]
        above = heading
    return "\n\n".join(filter(None, paragraphs))


def _is_in_parts(value: object) -> bool:
    """Tell a list of objects of which one at least has words of its own."""
    return (
        isinstance(value, list)
        and all(isinstance(part, dict) for part in value)
        and any(part.get(name) for part in value for name in WORDS_OF_PART)
    )


def as_text(value: object) -> str:
    """Return a value as it would be read: a name of an object, no `None`."""
    if value is None:
        return ""
    if isinstance(value, dict):
        return _as_named(value)
    if isinstance(value, list):
        # Words and what is marked among them, as chats are exported, are of one line.
        is_line = any(isinstance(each, str) for each in value) and any(
            isinstance(each, dict) and "text" in each for each in value
        )
        return ("" if is_line else "\n\n").join(as_text(each) for each in value)
    return str(value)


def _as_named(value: dict[str, object]) -> str:
    """Return what an object is called: its name, or the value where its name says what for."""
    if isinstance(value.get(DAY), list):
        return _as_day(value[DAY])
    for parts in PERSON:
        names = [each for part in parts if isinstance(each := value.get(part), str) and each]
        if names:
            return " ".join(names)
    if isinstance(value.get("name"), str) and isinstance(value.get("value"), str) and value["value"]:
        return str(value["value"])
    named = next((value[name] for name in NAMED if value.get(name)), None)
    return json.dumps(value, ensure_ascii=False, default=str) if named is None and value else as_text(named)


def _as_day(parts: object) -> str:
    """Return the first day of a list of years, months and days in numbers."""
    first = parts[0] if isinstance(parts, list) and parts else None
    if not isinstance(first, list) or not all(isinstance(each, int | str) for each in first):
        return ""
    return "-".join(f"{each:0>2}" for each in first[:3])
