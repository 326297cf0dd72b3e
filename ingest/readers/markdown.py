"""Markdown with YAML or TOML front matter, as Hugo, Jekyll and note-taking programs write it."""

from __future__ import annotations

import re
import tomllib
from datetime import date, datetime
from itertools import islice
from typing import TYPE_CHECKING, BinaryIO

import yaml

from ingest.charset import decode
from ingest.model import Field, Item, Problem, RawDocument
from ingest.registry import reader

if TYPE_CHECKING:
    from collections.abc import Iterator

FRONT_MATTER = re.compile(
    r"\s*(?P<fence>---|\+\+\+)[ \t]*\n(?P<matter>.*?\n|)(?P=fence)[ \t]*(?:\n|$)(?P<body>.*)", re.DOTALL
)
PLAIN_LINE = re.compile(r"([A-Za-z_][\w.-]*)\s*[:=]\s*(.*)")
MOST_VALUES = 1000


@reader(
    name="markdown",
    version="1",
    suffixes=(".md", ".markdown", ".mdown", ".mkd"),
    media_types=("text/markdown",),
    library="PyYAML, tomllib, markdown-it-py",
    keeps="the Markdown as written; every front-matter value; text and captions of Hugo shortcodes",
    loses="Hugo shortcodes' own syntax",
)
def read_markdown(item: Item, source: BinaryIO) -> Iterator[RawDocument | Item]:
    """Yield the document with a field for every value of its front matter."""
    content, problems = decode(source.read(), item.hint.charset)
    matter = FRONT_MATTER.match(content)
    fields: tuple[Field, ...] = ()
    if matter:
        content = matter["body"]
        parse = parse_yaml if matter["fence"] == "---" else parse_toml
        try:
            values = parse(matter["matter"])
        except (yaml.YAMLError, tomllib.TOMLDecodeError, RecursionError) as error:
            lines = PLAIN_LINE.findall(matter["matter"])
            values = {key: value.strip(" \t\"'[]") for key, value in lines}
            problems += (_front_matter_problem(error),)
        fields = tuple(_fields(values))
    yield RawDocument(
        locator=item.locator,
        format="markdown",
        content=content,
        fields=fields,
        problems=problems,
    )


def parse_yaml(matter: str) -> dict[str, object]:
    """Return YAML front matter with every scalar as it was written; no date is re-formatted."""
    values = yaml.load(matter, Loader=_Loader)  # noqa: S506 - builds strings, lists and dicts only
    return values if isinstance(values, dict) else {}


def parse_toml(matter: str) -> dict[str, object]:
    """Return TOML front matter."""
    return tomllib.loads(matter)


_Loader = getattr(yaml, "CBaseLoader", yaml.BaseLoader)


def _fields(values: dict[str, object]) -> Iterator[Field]:
    """Yield a field for each value; those of a table are named `table.key`, two levels deep."""
    for name, value in islice(_flatten(values), MOST_VALUES):
        yield Field(name=name, value=value, origin="front-matter")


def _flatten(values: dict[str, object], prefix: str = "", depth: int = 2) -> Iterator[tuple[str, str]]:
    for key, value in values.items():
        name = f"{prefix}{key}"
        members = value if isinstance(value, list) else [value]
        for member in members:
            if isinstance(member, dict):
                if depth > 1:
                    yield from _flatten(member, f"{name}.", depth - 1)
            elif isinstance(member, datetime | date):
                yield name, member.isoformat()
            elif not isinstance(member, list) and str(member).strip():
                yield name, str(member).strip()


def _front_matter_problem(error: Exception) -> Problem:
    reason = str(error).splitlines()[0] if str(error) else type(error).__name__
    return Problem(
        stage="read",
        code="front-matter",
        message=f"The front matter is not valid ({reason}); its plain lines were used.",
        hint="Put values with a colon or a quote into quotation marks.",
    )
