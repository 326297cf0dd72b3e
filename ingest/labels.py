"""Labelled lines that state title, author and date above a text, without the marks of front matter."""

from __future__ import annotations

import re
from bisect import bisect
from typing import TYPE_CHECKING

from ingest.field_names import LOCAL_NAMES, folded
from ingest.model import Field

if TYPE_CHECKING:
    from collections.abc import Iterator

# The wide colon of Chinese and Japanese has its blank within it.
LINE = re.compile(r"([^\W_][\w -]{0,30})[:：](?:(?:[ \t]+|(?<=：))(.*))?")
EMPTY_LINE = re.compile(r"\n[ \t]*\n")
# Nothing here may match in two ways: a line of blanks without end is gone through once.
HEADING = re.compile(r"#[ \t]++[^\n]++\n[ \t]*+\n")
PANDOC = re.compile(
    r"%[ \t]++(?P<title>[^\n]++(?:\n[ \t]++\S[^\n]*+)*+)\n%(?P<author>[^\n]*+(?:\n[ \t]++\S[^\n]*+)*+)"
    r"\n(?:%(?P<date>[^\n]*+)\n)?[ \t]*+\n"
)
LONGEST_HEAD = 10_000
ENGLISH = {
    "title": ("title", "headline"),
    "author": ("author", "authors", "by", "byline"),
    "published": ("date", "published", "pubdate", "created"),
    "tag": ("tags", "keywords", "category", "categories"),
    "url": ("url", "link"),
    "source": ("source", "publication"),
}
MEANING = {
    label: meaning for meaning, labels in ENGLISH.items() for label in (*labels, *LOCAL_NAMES[meaning])
}
# Behind these stands the text, or who wrote it: `Text: Ida Brandt`.
OF_TEXT = frozenset({"text", "body", "content", "fulltext", *LOCAL_NAMES["text"]})
SENTENCE = re.compile(r".{80}|.*[.!?…。！？][\"'”’»)\]]*$")
LEAST = 2
LONGEST_RULE = 200
# A line that sets articles apart: `-----`, `=====`, `* * *`; an empty one does too.
RULE = re.compile(r"[ \t]*+(?:([-=_*~#])[ \t]*+(?:\1[ \t]*+){2,}+)?")
WANTED = frozenset({"title", "published"})


def read_labels(content: str) -> tuple[tuple[Field, ...], str]:
    """Return what labelled lines right above a text state, and the text without them.

    They reach to the first empty line, as in Pelican and MultiMarkdown: each has a label, or goes on
    with the one above where it is indented; a label such as `Text` may stand above the text as well.
    A title and something else that is told of articles must be among them; without both, all is text.
    """
    content = content.lstrip("\n")
    head, rest = _divide(content)
    fields = tuple(_fields(head))
    meanings = _meanings(fields)
    return (fields, rest) if "title" in meanings and len(meanings) >= LEAST else ((), content)


def divide_labelled(content: str, fence: re.Pattern[str] | None = None) -> list[str]:
    """Return the articles of which a text is made, each below labelled lines of its own; else the text alone.

    Title and date must be among them under the same labels each time: the card of a book that a text is
    about is none. Neither is what stands in a block of code, of which each `fence` is the beginning or end.
    """
    whole = content
    first, _, rest = content.lstrip("\n").partition("\n")
    content = rest.lstrip("\n") if len(first) < LONGEST_RULE and RULE.fullmatch(first) else f"{first}\n{rest}"
    stated = _title_and_date(content)
    if not stated:
        return [whole]
    label = re.compile(rf"^{re.escape(re.split('[:：]', content, maxsplit=1)[0])}[:：]", re.MULTILINE)
    code = [found.start() for found in fence.finditer(content)] if fence else []
    apart = [
        found.start()
        for found in label.finditer(content)
        if _is_set_apart(content, found.start()) and not bisect(code, found.start()) % 2
    ]
    # Each is looked at no further than to the next, or many would be a work without end.
    heads = (
        content[start : min(start + LONGEST_HEAD, end + 1)]
        for start, end in zip(apart, [*apart[1:], len(content)], strict=True)
    )
    places = [
        start
        for start, head in zip(apart, heads, strict=True)
        if start == 0 or _title_and_date(head) == stated
    ]
    parts = [content[start:end].rstrip() for start, end in zip(places, [*places[1:], None], strict=True)]
    return [*map(_without_rule, parts[:-1]), parts[-1]] if len(parts) >= LEAST else [whole]


def _title_and_date(content: str) -> list[str]:
    """Return under what labels title and date stand above a text, in order; nothing without both."""
    fields, _ = read_labels(content)
    names = [field.name for field in fields if _meanings((field,)) & WANTED]
    return names if _meanings(fields) >= WANTED else []


def _is_set_apart(content: str, place: int) -> bool:
    before = content[max(0, place - LONGEST_RULE) : place].split("\n")
    return place == 0 or RULE.fullmatch(before[-2]) is not None


def _without_rule(text: str) -> str:
    """Return an article without the line that sets the next one apart."""
    above, _, last = text.rpartition("\n")
    return above.rstrip() if len(last) < LONGEST_RULE and RULE.fullmatch(last) else text


def read_markdown_labels(content: str) -> tuple[tuple[Field, ...], str]:
    """Return what is stated above Markdown, or below its first heading as Notion has it, and the rest.

    Pandoc's three lines of title, authors and date, each after `%`, are read as well. Below a heading
    two things that are told of articles are wanted: `Date` alone may be that of a concert. Another title
    than the heading is that of a book or film which the text is about, and all beside it.
    """
    content = content.lstrip("\n")
    if pandoc := PANDOC.match(content[:LONGEST_HEAD]):
        authors = re.split(r";|\n", pandoc["author"])
        named = [("author", author) for author in authors]
        stated = [("title", pandoc["title"]), *named, ("date", pandoc["date"])]
        return tuple(_field(name, value) for name, value in stated if value), content[pandoc.end() :]
    if heading := HEADING.match(content):
        head, rest = _divide(content[heading.end() :].lstrip("\n"))
        fields = tuple(_fields(head))
        own = folded(heading[0])
        of_another = any(_meanings((field,)) == {"title"} and folded(field.value) != own for field in fields)
        is_stated = len(_meanings(fields)) >= LEAST and not of_another
        return (fields, heading[0] + rest) if is_stated else ((), content)
    return read_labels(content)


def _divide(content: str) -> tuple[str, str]:
    """Return what stands above the first empty line and what stands below; all is below without either.

    What a label calls the text is below, though no empty line stands before it.
    """
    head = EMPTY_LINE.split(content[:LONGEST_HEAD], maxsplit=1)[0]
    place = 0
    for line in head.split("\n"):
        match = LINE.fullmatch(line.rstrip())
        if match and folded(match[1]) in OF_TEXT and (not match[2] or SENTENCE.match(match[2])):
            rest = content[place + (match.end(1) + 1) :].lstrip()
            return (content[:place].rstrip(), rest) if rest else ("", content)
        place += len(line) + 1
    rest = content[len(head) :].lstrip()
    return (head, rest) if rest and len(head) < LONGEST_HEAD else ("", content)


def _fields(head: str) -> Iterator[Field]:
    """Yield what each line states; nothing at all where one has no label."""
    stated: list[tuple[str, str]] = []
    for line in head.split("\n"):
        if stated and line[:1] in {" ", "\t"}:
            stated[-1] = (stated[-1][0], f"{stated[-1][1]} {line.strip()}")
        elif match := LINE.fullmatch(line.rstrip()):
            stated.append((match[1].strip(), match[2] or ""))
        else:
            return
    yield from (_field(name, value) for name, value in stated if value.strip())


def _field(name: str, value: str) -> Field:
    return Field(name=name, value=" ".join(value.split()), origin="front-matter")


def _meanings(fields: tuple[Field, ...]) -> set[str]:
    found = (MEANING.get(field.name.casefold()) or MEANING.get(folded(field.name)) for field in fields)
    return {meaning for meaning in found if meaning}
