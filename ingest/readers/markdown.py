"""Markdown with YAML or TOML front matter, as Hugo, Jekyll and note-taking programs write it."""

from __future__ import annotations

import json
import re
import tomllib
from bisect import bisect
from dataclasses import dataclass
from datetime import date, datetime
from itertools import islice
from typing import TYPE_CHECKING, BinaryIO

import yaml

from ingest.charset import decode
from ingest.field_names import with_rights
from ingest.labels import divide_labelled, read_markdown_labels
from ingest.model import Field, Item, Problem, RawDocument
from ingest.registry import reader

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

FRONT_MATTER = re.compile(
    r"\s*(?P<fence>---|\+\+\+)[ \t]*\n(?P<matter>.*?\n|)"
    r"(?:(?P=fence)|(?<=\n)\.\.\.)[ \t]*(?:\n|$)(?P<body>.*)",
    re.DOTALL,
)
# Nothing here may match in two ways, since it is tried at every rule of a text.
FURTHER_MATTER = re.compile(
    r"^(?P<fence>---|\+\+\+)[ \t]*+\n"
    r"(?P<matter>(?:[A-Za-z_][\w.-]*+[ \t]*+[:=][^\n]*+\n|[ \t]++[^\n]*+\n|-[ \t][^\n]*+\n){2,99}+)"
    r"(?P=fence)[ \t]*+$",
    re.MULTILINE,
)
CODE_FENCE = re.compile(r"^[ \t]{0,3}(?:```|~~~)", re.MULTILINE)
JSON_MATTER = re.compile(r"\s*\{\s*\n?\s*\"[\w.-]+\"\s*:")
# With these MDX names the components that its text uses.
IMPORTS = re.compile(r"\s*(?:import\s[^\n;]*?[\"'][^\n\"']+[\"'];?[ \t]*(?:\n|$)\s*)+")
# JSON, which much front matter is written as, escapes an emoji as a pair; YAML has no such pairs.
ESCAPED_PAIR = re.compile(r"\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}")
LIST_ITEM = re.compile(r"\s*-\s+(.*)")
PLAIN_LINE = re.compile(r"([A-Za-z_][\w.-]*)\s*[:=]\s*(.*)")
# Below the title Omnivore wrote where it kept a page, and where the page was.
OF_OMNIVORE = "](https://omnivore.app/"
ORIGINAL = re.compile(r"^\[Read Original\]\((https?://\S{1,2000})\)[ \t]*$", re.MULTILINE)
LONGEST_HEAD = 5000
# What Joplin writes below a note, a notebook, a tag or a file, and last of which kind that is.
FOOTER = re.compile(r"\n?id: [0-9a-f]{32}\n(?:[a-z_]+:[^\n]*\n)+type_: (\d+)\s*")
A_NOTE = "1"
OF_JOPLIN = {"author": "author", "source_url": "url", "user_created_time": "created"}
# Where Jekyll, and who came after it, keeps what is not published yet.
DRAFTS = "_drafts"
MOST_VALUES = 1000
LONGEST_JSON = 20_000
# Characters of names and values. What is stated once grows little, as where `[a,b]` is written as JSON;
# aliases of YAML repeat what they stand for.
MOST_STATED, SWELLING = 200_000, 5
# A key of so many parts is none; tomllib goes through all before for each.
MOST_DOTS = 1000
KEY = re.compile(r"""(?<![\w-])(?:(?:[\w-]++|"[^"\n]*+"|'[^'\n]*+')[ \t]*+\.[ \t]*+)++""")


@reader(
    name="markdown",
    version="3",
    suffixes=(".md", ".markdown", ".mdown", ".mkd", ".mdx", ".qmd", ".rmd"),
    media_types=("text/markdown",),
    library="PyYAML, tomllib, markdown-it-py",
    keeps="the Markdown as written, of several posts in one file each; all front matter, drafts with rights:"
    " metadata; text of Hugo shortcodes; of Joplin's notes title, author, address and date",
    loses="Hugo shortcodes' own syntax, the imports of MDX, Obsidian's comments and marks of links",
)
def read_markdown(item: Item, source: BinaryIO) -> Iterator[RawDocument | Item]:
    """Yield the document with a field for every value of its front matter, or of lines that stand for it.

    Of several posts in one file each is a document of its own. Of a draft an edition may show a
    catalogue entry alone, unless its rights are stated.
    """
    content, problems = decode(source.read(), item.hint.charset)
    footer = FOOTER.fullmatch(content, max(content.rfind("\nid: "), 0))
    if footer and footer[1] != A_NOTE:
        yield Item(locator=f"{item.locator}#{footer[1]}", skip="what Joplin says of its notes, and no note")
        return
    if footer:
        yield _note(item.locator, content[: footer.start()], footer[0], problems)
        return
    parts = divide_posts(content)
    for number, part in enumerate(parts, start=1):
        locator = item.locator if len(parts) == 1 else f"{item.locator}#{number}"
        yield _document(item.locator, locator, part, problems)


def _note(locator: str, content: str, footer: str, problems: tuple[Problem, ...]) -> RawDocument:
    """Return a note that Joplin exported: a line that is its title, its text, and what stands below."""
    title, _, body = content.strip().partition("\n")
    stated = _plain_lines(footer)
    fields = [
        Field(name=name, value=value, origin="front-matter")
        for name, value in (("title", title), *((OF_JOPLIN[key], stated.get(key)) for key in OF_JOPLIN))
        if isinstance(value, str) and value.strip()
    ]
    return RawDocument(
        locator=locator, format="markdown", content=body, fields=tuple(fields), problems=problems
    )


def _document(name: str, locator: str, content: str, problems: tuple[Problem, ...]) -> RawDocument:
    matter, body = split_front_matter(content)
    fields: tuple[Field, ...] = ()
    if matter is not None:
        try:
            values = matter.parse(matter.text)
        except (yaml.YAMLError, tomllib.TOMLDecodeError, ValueError, RecursionError) as error:
            values = _plain_lines(matter.text)
            problems += (_front_matter_problem(error),) if values else ()
        # An opening rule or bracket that states nothing is the author's text.
        content = body if values else content
        fields, is_whole = _fields(values, MOST_STATED + SWELLING * len(matter.text))
        problems += () if is_whole else (_cut_problem(),)
    else:
        fields, content = read_markdown_labels(content)
    head = content[:LONGEST_HEAD]
    if OF_OMNIVORE in head and (original := ORIGINAL.search(head)):
        fields = (*fields, Field(name="url", value=original[1], origin="front-matter"))
    fields = with_rights(fields, "front-matter", is_draft=DRAFTS in name.split("/")[:-1])
    if name.lower().endswith(".mdx") and (imports := IMPORTS.match(content)):
        content = content[imports.end() :]
    return RawDocument(
        locator=locator,
        format="markdown",
        content=content,
        fields=fields,
        problems=problems,
    )


@dataclass(frozen=True, kw_only=True)
class Matter:
    """Front matter as it stands, and what parses it."""

    text: str
    parse: Callable[[str], dict[str, object]]


def divide_posts(content: str) -> list[str]:
    """Return the posts that were put below each other in one file; else the content alone.

    Each has front matter, or lines that stand for it, with a title and a name that the first has as well.
    What stands in a block of code, as where somebody writes of front matter, is none.
    """
    first = FRONT_MATTER.match(content)
    if not first:
        return divide_labelled(content, CODE_FENCE)
    names = _names(first["matter"])
    if "title" not in names:
        return [content]
    code = [found.start() for found in CODE_FENCE.finditer(content)]
    places = [
        found.start()
        for found in FURTHER_MATTER.finditer(content, first.start("body"))
        if "title" in _names(found["matter"])
        and len(names & _names(found["matter"])) > 1
        and found["fence"] == first["fence"]
        and not bisect(code, found.start()) % 2
    ]
    return [content[start:end] for start, end in zip([0, *places], [*places, None], strict=True)]


def _names(matter: str) -> set[str]:
    return {found[1].lower() for line in matter.split("\n") if (found := PLAIN_LINE.fullmatch(line.rstrip()))}


def split_front_matter(content: str) -> tuple[Matter | None, str]:
    """Return the front matter of a document, if it opens with one, and the body after it."""
    if fenced := FRONT_MATTER.match(content):
        parse = parse_yaml if fenced["fence"] == "---" else parse_toml
        return Matter(text=fenced["matter"], parse=parse), fenced["body"]
    if JSON_MATTER.match(content):
        try:
            _, end = json.JSONDecoder().raw_decode(content.lstrip())
        except (ValueError, RecursionError):
            return None, content
        stripped = content.lstrip()
        return Matter(text=stripped[:end], parse=parse_json), stripped[end:]
    return None, content


def parse_json(matter: str) -> dict[str, object]:
    """Return JSON front matter, as Hugo allows it."""
    values = json.loads(matter)
    return values if isinstance(values, dict) else {}


def parse_yaml(matter: str) -> dict[str, object]:
    """Return YAML front matter with every scalar as it was written; no date is re-formatted."""
    matter = ESCAPED_PAIR.sub(lambda found: str(json.loads(f'"{found[0]}"')), matter)
    values = yaml.load(matter, Loader=_Loader)  # noqa: S506 - builds strings, lists and dicts only
    return values if isinstance(values, dict) else {}


def parse_toml(matter: str) -> dict[str, object]:
    """Return TOML front matter; raises `ValueError` for a key of very many parts."""
    if any(key[0].count(".") > MOST_DOTS for key in KEY.finditer(matter)):
        message = f"a key has more than {MOST_DOTS:,} parts"
        raise ValueError(message)
    return tomllib.loads(matter)


_Loader = getattr(yaml, "CBaseLoader", yaml.BaseLoader)


def _fields(values: dict[str, object], most: int) -> tuple[tuple[Field, ...], bool]:
    """Return a field for each value, and whether that is all that is stated.

    Those of a table are named `table.key`, and members of a list are marked. What is nested deeper, or
    beyond a thousand values, is kept as JSON under its name; what is beyond `most` characters is not.
    """
    kept: list[Field] = []
    for field in islice(_flatten(values), MOST_VALUES * 100):
        most -= len(field.name) + len(field.value)
        if most < 0:
            break
        kept.append(field)
    fields = kept[:MOST_VALUES]
    if rest := kept[MOST_VALUES:]:
        more = _as_json({field.name: field.value for field in rest})
        fields.append(Field(name="more", value=more, origin="front-matter"))
    return tuple(fields), most >= 0 and all(len(field.value) < LONGEST_JSON for field in fields)


def _flatten(
    values: dict[str, object], prefix: str = "", depth: int = 2, *, listed: bool = False
) -> Iterator[Field]:
    for key, value in values.items():
        name, of_list = f"{prefix}{key}", listed or isinstance(value, list)
        for member in value if isinstance(value, list) else [value]:
            if isinstance(member, dict) and depth > 1:
                yield from _flatten(member, f"{name}.", depth - 1, listed=of_list)
            elif said := _said(member):
                yield Field(name=name, value=said, origin="front-matter", listed=of_list)


def _said(value: object) -> str:
    """Return a value as text; nothing of none."""
    if isinstance(value, dict | list):
        return _as_json(value)
    if isinstance(value, datetime | date):
        return value.isoformat()
    return "" if value is None else str(value).strip()


def _as_json(value: object) -> str:
    """Return a value as JSON, cut where it is long; aliases can make a few lines endless."""
    written: list[str] = []
    size = 0
    try:
        for piece in json.JSONEncoder(ensure_ascii=False, default=str).iterencode(value):
            written.append(piece)
            size += len(piece)
            if size > LONGEST_JSON:
                break
    except (ValueError, RecursionError):
        pass  # it holds itself, or is deeper than can be written
    return "".join(written)[:LONGEST_JSON]


def _plain_lines(matter: str) -> dict[str, object]:
    """Return what lines such as `key: value` and the list items below a key say, as far as they do."""
    values: dict[str, object] = {}
    last: list[str] | None = None
    for line in matter.splitlines():
        if found := PLAIN_LINE.fullmatch(line.rstrip()):
            last = []
            values[found[1]] = found[2].strip(" \t\"'[]") or last
        elif last is not None and (item := LIST_ITEM.fullmatch(line)):
            last.append(item[1].strip(" \t\"'"))
    return values


def _cut_problem() -> Problem:
    return Problem(
        stage="read",
        code="front-matter",
        message=f"The front matter is too much to keep; values were cut to {LONGEST_JSON:,} characters.",
        hint="Move what is no metadata from the front matter into the text.",
    )


def _front_matter_problem(error: Exception) -> Problem:
    reason = str(error).splitlines()[0] if str(error) else type(error).__name__
    return Problem(
        stage="read",
        code="front-matter",
        message=f"The front matter is not valid ({reason}); its plain lines were used.",
        hint="Put values with a colon or a quote into quotation marks.",
    )
