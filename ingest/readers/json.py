"""JSON and JSON Lines: an article for every object."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, BinaryIO, cast

from ingest.charset import decode
from ingest.columns import as_text, document_of, map_columns
from ingest.errors import ItemError
from ingest.exports import entries_of
from ingest.exports.reddit import as_post_of_reddit
from ingest.exports.values import A_NOTICE, WITHOUT_WORDS
from ingest.model import Item, RawDocument
from ingest.registry import reader

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ingest.model import Hint

    Row = dict[str, object]

LISTS = (
    "articles",
    "items",
    "posts",
    "entries",
    "results",
    "rows",
    "data",
    "docs",
    "documents",
    "stories",
    "list",
    "response",
    "hits",
    "messages",
    "edges",
    "db",
    "orderedItems",
)
# Under what names search engines and programming interfaces keep an article beside what they say of it.
HELD = ("_source", "attributes", "node", "fields", "object")
# An object with one of these is an article itself, whatever lists it holds besides.
TEXTS = ("text", "body", "content", "article_text", "articleBody", "full_text", "maintext")
# What answers of programs and exports of blogs wrap their articles in: `{"response": {"docs": [...]}}`.
DEEPEST = 5
LONGEST_NUMBER = 4000
LONGEST_LINE = 256 * 1024 * 1024
# What Discord itself gives to whoever asks for all that they wrote.
OF_DISCORD = {"ID", "Timestamp", "Contents"}
HINT = "Mend the JSON; a JSON checker shows the place."


@reader(
    name="json",
    version="2",
    suffixes=(".json",),
    media_types=("application/json", "application/ld+json"),
    keeps="each object of a list, or the one object; keys guessed or named as for tables; a text in parts"
    " with its headings; drafts with rights: metadata",
    loses="nothing; of chats from Telegram, Slack and Discord, notices and messages without words are listed"
    " as skipped, and of an archive from Mastodon what was only passed on; of a blog from Ghost what is no"
    " post, tag or author",
)
def read_json(item: Item, source: BinaryIO) -> Iterator[RawDocument | Item]:
    """Yield a document for each object of the list that the file holds or leads to."""
    content, _ = decode(source.read(), item.hint.charset or "utf-8")
    value = _parse(content)
    rows: Sequence[Row | str | None] = entries_of(value, item.locator, dict(item.hint.names)) or [
        row and as_post_of_reddit(_with_post(_opened(row))) for row in _rows(value)
    ]
    if not any(rows):
        raise ItemError("no-objects", "There is no object in it.", hint="Give a list of objects.")
    for number, row in enumerate(rows, start=1):
        locator = item.locator if len(rows) == 1 else f"{item.locator}#{number}"
        if row is None:
            yield Item(locator=locator, skip="neither an object nor a text")
            continue
        if reason := row if isinstance(row, str) else _said_nothing(row):
            yield Item(locator=locator, skip=reason)
            continue
        row = cast("Row", row)
        try:
            mapping = map_columns(row, item.hint.columns)
        except ItemError:
            if len(rows) == 1:
                raise
            # Alone, it is told what is wrong with it, and the others are read.
            yield Item(locator=locator, data=json.dumps(row).encode(), hint=_as_json(item.hint))
        else:
            yield document_of(locator, row, mapping)


@reader(
    name="json-lines",
    version="1",
    suffixes=(".jsonl", ".ndjson", ".jl"),
    media_types=("application/jsonl", "application/x-ndjson"),
    streams=True,
    keeps="each line's object; a line that is none is a problem of its own",
    loses="nothing",
)
def read_json_lines(item: Item, source: BinaryIO) -> Iterator[RawDocument | Item]:
    """Yield a document for each line; a damaged line does not end the file."""
    for number, line in enumerate(iter(lambda: source.readline(LONGEST_LINE), b""), start=1):
        if not line.strip():
            continue
        locator = f"{item.locator}#{number}"
        try:
            row = _parse(line.decode("utf-8-sig"))
            row = as_post_of_reddit(_opened(cast("Row", row))) if isinstance(row, dict) else row
            mapping = map_columns(cast("Row", row), item.hint.columns) if isinstance(row, dict) else None
        except (ItemError, UnicodeDecodeError):
            mapping = None
        if mapping is None:
            # The reader of single objects will say what is wrong with it.
            yield Item(locator=locator, data=line, hint=_as_json(item.hint))
        else:
            yield document_of(locator, cast("Row", row), mapping)


def _said_nothing(row: Row) -> str | None:
    """Return why an entry of a chat or a timeline has no words of its own; None for any other."""
    if row.get("type") == "Announce" and isinstance(row.get("object"), str):
        return "a post of somebody else that was passed on"
    if row.get("type") == "service" and isinstance(row.get("action"), str):
        return A_NOTICE
    is_chat = row.get("type") == "message" and "date_unixtime" in row
    if row.keys() >= OF_DISCORD and not as_text(row["Contents"]).strip():
        return WITHOUT_WORDS
    return WITHOUT_WORDS if is_chat and not as_text(row.get("text")).strip() else None


def _with_post(row: Row) -> Row:
    """Return an entry of a timeline that Facebook exported with the words of its post as its text."""
    data = row.get("data")
    entries = [each for each in data if isinstance(each, dict)] if isinstance(data, list) else []
    posts = [each["post"] for each in entries if isinstance(each.get("post"), str)]
    if not posts or not isinstance(row.get("timestamp"), int) or any(row.get(name) for name in TEXTS):
        return row
    rest = [{key: value for key, value in each.items() if key != "post"} for each in entries]
    others = [each for each in data if not isinstance(each, dict)] if isinstance(data, list) else []
    title = {"title": _as_written(row["title"])} if isinstance(row.get("title"), str) else {}
    text = "\n\n".join(map(_as_written, posts))
    return {**row, **title, "data": [*filter(None, rest), *others], "text": text}


def _as_written(text: object) -> str:
    """Return a text of which Facebook wrote every byte as a character of its own."""
    try:
        return str(text).encode("latin-1").decode("utf-8")
    except ValueError:
        return str(text)


def _parse(content: str) -> object:
    """Return parsed JSON; values of a repeated key are kept as a list."""
    try:
        return cast(
            "object",
            json.loads(content, object_pairs_hook=_keep_all, parse_int=_number, strict=False),
        )
    except RecursionError as error:
        raise ItemError("too-deep", "It is nested too deeply.", hint=HINT) from error
    except ValueError as error:
        raise ItemError("damaged", f"It is not valid JSON ({error}).", hint=HINT) from error


def _number(digits: str) -> int | str:
    """Return a whole number; one of more digits than Python will convert stays as written."""
    return int(digits) if len(digits) <= LONGEST_NUMBER else digits


def _as_json(hint: Hint) -> Hint:
    return replace(hint, media_type="application/json")


def _keep_all(pairs: list[tuple[str, object]]) -> Row:
    row: Row = {}
    repeated: set[str] = set()
    for key, value in pairs:
        if key in repeated:
            cast("list[object]", row[key]).append(value)
        elif key in row:
            row[key] = [row[key], value]
            repeated.add(key)
        else:
            row[key] = value
    return row


def _rows(value: object, depth: int = DEEPEST) -> Iterator[Row | None]:
    """Yield the objects of a list, or of the lists that an object holds under usual names.

    What stands in a list and is neither an object nor a text is given as None.
    """
    if isinstance(value, list):
        for member in value:
            yield from _member_rows(member, depth)
    elif isinstance(value, dict):
        own = any(isinstance(value.get(name), str) for name in TEXTS)
        held = [value[name] for name in LISTS if isinstance(value.get(name), list | dict) and value[name]]
        lists = [each for each in held if isinstance(each, list)] or held[:1]
        if lists and depth and not own:
            for each in lists:
                yield from _rows(each, depth - 1)
        elif value and all(isinstance(member, dict) for member in value.values()):
            yield from (cast("Row", member) for member in value.values())
        else:
            yield cast("Row", value)


def _opened(row: Row) -> Row:
    """Return an object with what it holds under a usual name as its own, unless it has a text itself."""
    name = next((name for name in HELD if isinstance(row.get(name), dict) and row[name]), None)
    if name is None or any(isinstance(row.get(text), str) for text in TEXTS):
        return row
    around = {key: value for key, value in row.items() if key != name}
    return {**cast("Row", row[name]), **around}


def _member_rows(member: object, depth: int) -> Iterator[Row | None]:
    """Yield the one object that stands in a list, or those that it only wraps."""
    if isinstance(member, dict) and not (depth and _only_wraps(member)):
        yield cast("Row", member)
    elif isinstance(member, dict | list) and depth:
        yield from _rows(member, depth - 1)
    elif isinstance(member, str) and member.strip():
        yield {"text": member}
    else:
        yield None


def _only_wraps(row: Row) -> bool:
    """Tell an object that says nothing itself and holds others under a usual name."""
    return all(isinstance(value, dict | list) for value in row.values()) and any(map(row.get, LISTS))
