"""Gives every article its place: row number, public key, and which items are copies.

Runs before all other passes, since they speak of articles by these numbers.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from ingest.model import Entry

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from ingest.model import Article, Finding, Move, Row

KEY_LENGTH = 12
OUTCOMES = ("article", "duplicate", "skipped", "problem")
LEAST_WORDS_TELLING = 60
KEY = re.compile(rf"[0-9a-f]{{{KEY_LENGTH}}}")
# Where an address may be cut so that what is left names a folder or a container that it lies in.
CUT = re.compile(r"!/|[#/]")
MOVES_FILE = "moved.csv"


@dataclass(frozen=True, kw_only=True)
class Catalogue:
    """Where each locator stands: the article it is, or the article it repeats.

    `unmoved` are the moves that fit nothing.
    """

    places: dict[str, tuple[int, str]] = field(default_factory=dict)
    originals: dict[str, int] = field(default_factory=dict)
    outcomes: Counter[str] = field(default_factory=Counter)
    unmoved: tuple[Move, ...] = ()

    def counts(self) -> dict[str, int]:
        """Return how many items were found, how many ended as what, and how many have doubts."""
        return {
            "found": sum(self.outcomes[outcome] for outcome in OUTCOMES),
            "articles": self.outcomes["article"],
            "duplicates": self.outcomes["duplicate"],
            "skipped": self.outcomes["skipped"],
            "problems": self.outcomes["problem"],
            "warnings": self.outcomes["warning"],
        }


def catalogue(findings: Iterable[Finding], moves: Iterable[Move] = ()) -> Catalogue:
    """Return the articles numbered in the order given; an item that repeats an earlier text is a copy.

    An article keeps the key that its place had before it was moved, though another lies there now.
    """
    result = Catalogue()
    moved = {move.now: move for move in moves}
    unmoved = dict(moved)
    seen: dict[bytes, int] = {}
    keys: set[str] = set()
    unmoved_keys: dict[str, tuple[str, str | None]] = {}
    for finding in findings:
        if finding.article is None:
            result.outcomes[finding.outcome] += 1
            continue
        move = move_of(finding.article.url or finding.locator, moved) if moved else None
        if move:
            unmoved.pop(move.now, None)
        number = len(result.places) + 1
        original = seen.setdefault(identity(finding.article), number)
        if original != number:
            result.originals[finding.locator] = original
            result.outcomes["duplicate"] += 1
            continue
        result.outcomes["article"] += 1
        result.outcomes["warning"] += len(finding.problems)
        part = f"\n{finding.article.part}" if finding.article.part > 1 else ""
        address = finding.article.url or finding.locator
        if move and move.now == address and KEY.fullmatch(move.before) and not (part and finding.article.url):
            key = move.before
        else:
            before = move.before + address.removeprefix(move.now) if move else address
            key = article_key(before + part)
        if move and key in unmoved_keys:
            # What came to the place that another left does not take its address over.
            locator, url = unmoved_keys.pop(key)
            keys.add(other := _key_beside(url, locator))
            result.places[locator] = (result.places[locator][0], other)
        elif key in keys:
            own = article_key(address + part)
            key = _key_beside(finding.article.url, finding.locator) if own in keys else own
        if moved and not move:
            unmoved_keys[key] = (finding.locator, finding.article.url)
        keys.add(key)
        result.places[finding.locator] = (number, key)
    return replace(result, unmoved=tuple(unmoved.values()))


def article_key(address: str) -> str:
    """Return the public identity for a canonical address: 12 digits of its SHA-256."""
    return hashlib.sha256(address.encode("utf-8", "surrogatepass")).hexdigest()[:KEY_LENGTH]


def _key_beside(url: str | None, locator: str) -> str:
    """Return the key of an article whose own address is another's key."""
    return article_key(f"{url}\n{locator}")


def stated_key(name: str) -> str:
    """Return the key of an article that is named by its key, its web address or its locator."""
    return name if KEY.fullmatch(name) else article_key(name)


def move_of(address: str, moved: dict[str, Move]) -> Move | None:
    """Return the move of an address, or of the nearest that it lies in."""
    if address in moved:
        return moved[address]
    within = (address[: cut.start()] for cut in reversed(list(CUT.finditer(address))))
    return next((moved[each] for each in within if each in moved), None)


def identity(article: Article) -> bytes:
    """Return what makes two items copies of one article: the words, and the day if stated.

    A text too short to tell (a caption, an empty post) must agree in title too.
    """
    words = article.text.split()
    day = article.published.value[:10] if article.published else ""
    title = article.title if len(words) < LEAST_WORDS_TELLING else ""
    return hashlib.sha256("\n".join((" ".join(words), day, title)).encode("utf-8", "replace")).digest()


def entries(findings: Iterable[Finding], places: Catalogue) -> Iterator[Entry]:
    """Yield the articles among the findings with their places."""
    for finding in findings:
        place = places.places.get(finding.locator)
        if place and finding.article:
            whole = places.places.get(finding.locator.rpartition("#part=")[0])
            yield Entry(
                id=place[0],
                key=place[1],
                article=finding.article,
                facts=finding.facts,
                part_of=whole[0] if whole and finding.article.part > 1 else None,
            )


def account(findings: Callable[[], Iterator[Finding]], places: Catalogue) -> Iterator[Row]:
    """Yield the rows of `files` and `problems`: one file for every finding, none left out."""
    yield from map(_unmoved, places.unmoved)
    for number, finding in enumerate(findings(), start=1):
        copy_of = places.originals.get(finding.locator)
        place = places.places.get(finding.locator)
        yield (
            "files",
            {
                "id": number,
                "locator": finding.locator,
                "sha256": finding.sha256,
                "bytes": finding.size,
                "media_type": finding.media_type,
                "reader": finding.reader,
                "outcome": "duplicate" if copy_of else finding.outcome,
                "reason": "same text as an earlier item" if copy_of else finding.reason,
                "article_id": copy_of or (place[0] if place else None),
            },
        )
        # A copy's own headline, by-line and address must not be lost with it.
        for stated in finding.article.fields if copy_of and finding.article else ():
            yield (
                "fields",
                {
                    "article_id": copy_of,
                    "field": stated.name,
                    "value": stated.value,
                    "origin": f"{stated.origin} of {finding.locator}",
                },
            )
        for problem in finding.problems:
            yield (
                "problems",
                {
                    "file_id": number,
                    "stage": problem.stage,
                    "code": problem.code,
                    "locator": finding.locator,
                    "message": problem.message,
                    "hint": problem.hint,
                },
            )


def _unmoved(move: Move) -> Row:
    return (
        "problems",
        {
            "stage": "decide",
            "code": "move-unmatched",
            "locator": f"{MOVES_FILE}, line {move.line}",
            "message": f"no article lies at {move.now}.",
            "hint": "Write where the file is now, as the table files has it, or take the line out.",
        },
    )
