"""The objects that a page hands to its own scripts as JSON, from which these build what is seen.

Saved before they ran, such a page prints little or nothing of its article. Known are what Next, Nuxt, Arc
and their like write: scripts that are JSON, and JSON to which a script gives a name.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml.html import HtmlElement

    from ingest.normalize.linked_data import Json

GIVEN_A_NAME = re.compile(
    r"""[\w$\]]\s{0,9}=\s{0,9}(?:JSON\.parse\(\s{0,9}(?:(?=")|'(?P<quoted>(?:[^'\\]|\\.)*+)')|(?=\{\s{0,99}"))"""
)
OF_SCRIPTS = re.compile(r"\\.|\"", re.DOTALL)
SHORTEST = 250
MOST_NAMES = 50
MOST_OBJECTS = 200_000


def read_page_data(tree: HtmlElement) -> Iterator[Json]:
    """Yield every object in the data that a page hands to its scripts; what is no JSON is left out."""
    for script in tree.iter("script"):
        text, kind = script.text or "", (script.get("type") or "").lower()
        if len(text) < SHORTEST or "ld+json" in kind:
            continue
        for value in [_parsed(text)] if "json" in kind else _given_a_name(text):
            objects = list(_objects(value))
            _fill_in(objects)
            yield from objects


def _given_a_name(script: str) -> Iterator[object]:
    """Yield the values that a script gives to names, as far as they are JSON or a text of JSON."""
    at = 0
    for _ in range(MOST_NAMES):
        if not (found := GIVEN_A_NAME.search(script, at)):
            return
        at = found.end()
        if found["quoted"]:
            value, length = _parsed(f'"{OF_SCRIPTS.sub(_as_json, found["quoted"])}"'), 0
        else:
            value, length = _begun(script[at:]) if len(script) - at >= SHORTEST else (None, 0)
        at += length
        yield _parsed(value) if isinstance(value, str) else value


def _as_json(found: re.Match[str]) -> str:
    """Return what stands for the same in a text between quotation marks."""
    return {'"': r"\"", r"\'": "'"}.get(found[0], found[0])


def _parsed(text: str) -> object:
    try:
        value = cast("object", json.loads(text, strict=False))
    except (ValueError, RecursionError):
        return None
    return _unflattened(value) if isinstance(value, list) else value


def _begun(text: str) -> tuple[object, int]:
    """Return the value with which a text begins, and how long it is."""
    try:
        return json.JSONDecoder(strict=False).raw_decode(text)
    except (ValueError, RecursionError):
        return None, 0


def _unflattened(values: list[object]) -> list[object]:
    """Return the values of a list, of which Nuxt makes each hold the places of others in place of them."""
    objects = [value for value in values if isinstance(value, dict)]
    if not objects or not all(isinstance(place, int) for each in objects for place in each.values()):
        return values
    made = [type(value)() if isinstance(value, dict | list) else value for value in values]
    for value, new in zip(values, made, strict=True):
        if isinstance(value, dict) and isinstance(new, dict):
            new.update((name, made[at]) for name, at in value.items() if 0 <= at < len(made))
        elif isinstance(value, list) and isinstance(new, list):
            new += [made[at] for at in value if isinstance(at, int) and 0 <= at < len(made)]
    return made


def _objects(value: object) -> Iterator[Json]:
    """Yield each object within a value once, outer ones first."""
    waiting, seen = [value], set[int]()
    while waiting and len(seen) < MOST_OBJECTS:
        value = waiting.pop()
        if not isinstance(value, dict | list) or id(value) in seen:
            continue
        seen.add(id(value))
        if isinstance(value, dict):
            yield value
        waiting += reversed(list(value.values() if isinstance(value, dict) else value))


def _fill_in(objects: list[Json]) -> None:
    """Put those in the place of references that Apollo keeps apart, each under its name."""
    if not any("__ref" in each for each in objects):
        return
    apart = {
        name: value
        for each in objects
        for name, value in each.items()
        if isinstance(value, dict) and "__typename" in value
    }
    for each in objects:
        for name, value in each.items():
            if isinstance(value, list):
                each[name] = [_referred(member, apart) for member in value]
            else:
                each[name] = _referred(value, apart)


def _referred(value: object, apart: dict[str, Json]) -> object:
    name = value.get("__ref") if isinstance(value, dict) else None
    return apart.get(name, value) if isinstance(name, str) else value
