"""What a page states as linked data (JSON-LD): its objects, however sites nest them."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml.html import HtmlElement

Json = dict[str, object]

ARTICLE_TYPE = re.compile(r"(?:.*Article|.*Posting|Report|Review|Recipe|.*Episode|CreativeWork)$")
MOST_MEMBERS = 50
DEEPEST = 6
# Templates hide scripts from browsers that know none, and from XML.
OPENED = re.compile(r"<!--|(?://|/\*)?\s*<!\[CDATA\[(?:\s*\*/)?")
CLOSED = ("*/", "]]>", "-->", "/*", "//", ";")


def read_linked_data(tree: HtmlElement) -> list[Json]:
    """Return every object that the scripts of a page state, outer ones first; what is no JSON is left out."""
    return [node for script in _scripts(tree) for node in _nodes(_parse(script))]


def is_of_type(node: Json, pattern: re.Pattern[str]) -> bool:
    """Tell whether a pattern matches one of the types of an object, with or without `schema.org/`."""
    kinds = (kind for kind in members(node.get("@type")) if isinstance(kind, str))
    return any(pattern.match(kind.rpartition("/")[2]) for kind in kinds)


def members(value: object) -> list[object]:
    """Return the values of a property as a list, which a single value need not be."""
    return value if isinstance(value, list) else [value]


def _scripts(tree: HtmlElement) -> Iterator[str]:
    for script in tree.iter("script"):
        if "ld+json" in (script.get("type") or "").lower() and script.text:
            yield script.text


def _parse(script: str) -> object:
    script = script.strip()
    if opened := OPENED.match(script):
        script = script[opened.end() :]
    for mark in CLOSED:
        script = script.rstrip().removesuffix(mark)
    try:
        return cast("object", json.loads(script, strict=False))
    except (ValueError, RecursionError):
        return None


def _nodes(value: object, depth: int = DEEPEST) -> Iterator[Json]:
    if depth == 0:
        return
    if isinstance(value, list):
        for member in value[:MOST_MEMBERS]:
            yield from _nodes(member, depth - 1)
    elif isinstance(value, dict):
        yield value
        for key in ("@graph", "mainEntity", "mainEntityOfPage", "itemListElement"):
            yield from _nodes(value.get(key), depth - 1)
        for key, member in value.items():
            if isinstance(member, dict) and "@id" in member and key in {"author", "publisher"}:
                yield member
