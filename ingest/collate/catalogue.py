"""Gives every article its place: row number, public key, and which items are copies.

Runs before all other passes, since they speak of articles by these numbers.
"""

from __future__ import annotations

import hashlib
import re
from array import array
from collections import Counter
from dataclasses import dataclass, field, replace
from itertools import count
from typing import TYPE_CHECKING

from ingest.model import Entry

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from ingest.model import Article, Finding, Move, Row

KEY_LENGTH = 12
OUTCOMES = ("article", "duplicate", "skipped", "problem")
LEAST_WORDS_TELLING = 60
KEY = re.compile(rf"[0-9a-f]{{{KEY_LENGTH}}}")
# The address of an article's page in a reading room, or in a static site, as copied from a browser.
PAGE = re.compile(
    rf"(?:[a-z]+://[^?#]*)?/article/(?P<key>{KEY.pattern})(?:/|/index\.html)?(?:[?#].*)?", re.IGNORECASE
)
# Where an address may be cut so that what is left names a folder or a container that it lies in.
CUT = re.compile(r"!/|[#/]")
MOVES_FILE = "moved.csv"


@dataclass(frozen=True, kw_only=True)
class Catalogue:
    """What became of every finding, in their order: a few bytes for each.

    `numbers` says which article a finding is; below zero, which one it repeats; and 0, that it is
    none. `keys` are those of the articles in their order, as numbers, `wholes` of which article
    another is a part. `former` are keys that copies would have and nobody else has, `leading` to which
    articles. `unmoved` are the moves that fit nothing, `unkept` those whose key another move gave.
    """

    numbers: array[int] = field(default_factory=lambda: array("i"))
    keys: array[int] = field(default_factory=lambda: array("Q"))
    wholes: dict[int, int] = field(default_factory=dict)
    former: array[int] = field(default_factory=lambda: array("Q"))
    leading: array[int] = field(default_factory=lambda: array("i"))
    outcomes: Counter[str] = field(default_factory=Counter)
    unmoved: tuple[Move, ...] = ()
    unkept: tuple[Move, ...] = ()

    def key(self, number: int) -> str:
        """Return the public identity of an article, by its number."""
        return f"{self.keys[number - 1]:0{KEY_LENGTH}x}"

    def leading_on(self) -> array[int]:
        """Return the keys, as numbers, that lead to an article: its own, and those of copies."""
        return self.keys + self.former

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

    An article keeps the key that its place had before it was moved, though another lies there now. The key
    of one that became a copy, since it was edited or another with its text came before it, leads to that.
    """
    keys = _Keys(moves)
    result = Catalogue(keys=keys.given)
    seen: dict[bytes, int] = {}
    whole = 0
    for finding in findings:
        article = finding.article
        if article is None:
            whole = 0
            result.numbers.append(0)
            result.outcomes[finding.outcome] += 1
            continue
        number = len(keys.given) + 1
        original = seen.setdefault(identity(article), number)
        if article.part == 1:
            whole = number if original == number else 0
        if original != number:
            keys.pass_over(article, finding.locator, original)
            result.numbers.append(-original)
            result.outcomes["duplicate"] += 1
            continue
        keys.give(article, finding.locator)
        result.numbers.append(number)
        if article.part > 1 and whole:
            result.wholes[number] = whole
        result.outcomes["article"] += 1
        result.outcomes["warning"] += len(finding.problems)
    former = keys.former()
    return replace(
        result,
        former=array("Q", former),
        leading=array("i", former.values()),
        unmoved=tuple(keys.unmoved.values()),
        unkept=tuple(keys.unkept.values()),
    )


class _Keys:
    """The keys `given` so far, in order, and the moves that fitted nothing yet."""

    def __init__(self, moves: Iterable[Move]) -> None:
        """Begin with none."""
        self.given = array("Q")
        self._moved = {move.now: move for move in moves}
        self.unmoved = dict(self._moved)
        self.unkept: dict[str, Move] = {}
        self._kept: dict[str, Move] = {}
        self._taken: set[str] = set()
        self._stated = {move.before for move in self._moved.values() if KEY.fullmatch(move.before)}
        self._at_home: dict[str, tuple[int, str, str | None]] = {}
        self._copies: dict[str, int] = {}

    def former(self) -> dict[int, int]:
        """Return the keys of copies that no article has, as numbers, each with the article it leads to."""
        return {int(key, 16): number for key, number in self._copies.items() if key not in self._taken}

    def pass_over(self, article: Article, locator: str, original: int) -> None:
        """Note which key a copy would have, and of which article it is one."""
        key, _ = self._named(article, locator)
        self._copies.setdefault(key, original)

    def fit(self, article: Article, locator: str) -> Move | None:
        """Return the move that an item's place fits, if one does; it is no longer one that fits nothing."""
        move = move_of(article.url or locator, self._moved) if self._moved else None
        if move:
            self.unmoved.pop(move.now, None)
        return move

    def give(self, article: Article, locator: str) -> None:
        """Give the next article its key."""
        key, move = self._named(article, locator)
        if move and self._kept.setdefault(key, move) != move:
            self.unkept[move.now] = move
        if move and key in self._at_home:
            # What came to the place that another left does not take its address over.
            number, its_locator, its_url = self._at_home.pop(key)
            self._taken.add(other := self._beside(its_url, its_locator))
            self.given[number - 1] = int(other, 16)
        elif key in self._taken:
            own = article_key((article.url or locator) + _part(article))
            key = self._beside(article.url, locator) if own in self._taken else own
        self.given.append(int(key, 16))
        self._taken.add(key)
        if self._moved and not move:
            self._at_home[key] = (len(self.given), locator, article.url)

    def _named(self, article: Article, locator: str) -> tuple[str, Move | None]:
        """Return the key that an item's place gives it, or gave before it was moved, and that move."""
        move = self.fit(article, locator)
        part, address = _part(article), article.url or locator
        if move and move.now == address and KEY.fullmatch(move.before) and not (part and article.url):
            return move.before, move
        before = move.before + address.removeprefix(move.now) if move else address
        return article_key(before + part), move

    def _beside(self, url: str | None, locator: str) -> str:
        """Return a key for an article whose own address is another's: one that nobody has or is to have."""
        for times in count(1):
            key = article_key(f"{url}\n{locator}" + (f"\n{times}" if times > 1 else ""))
            if key not in self._taken and key not in self._stated:
                break
        return key


def _part(article: Article) -> str:
    """Return what the key of a part of a text follows from beside its address; nothing of the first."""
    return f"\n{article.part}" if article.part > 1 else ""


def article_key(address: str) -> str:
    """Return the public identity for a canonical address: 12 digits of its SHA-256."""
    return hashlib.sha256(address.encode("utf-8", "surrogatepass")).hexdigest()[:KEY_LENGTH]


def stated_key(name: str) -> str:
    """Return the key of an article that is named by its key, its page, its web address or its locator."""
    return page_key(name) or (name if KEY.fullmatch(name) else article_key(name))


def page_key(name: str) -> str:
    """Return the key of the article whose page has this address; empty for what is no such address."""
    page = PAGE.fullmatch(name)
    return page["key"].lower() if page else ""


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
    """Yield the articles among the findings with their places; the findings come as they were catalogued."""
    for number, finding in zip(places.numbers, findings, strict=True):
        if number > 0 and finding.article:
            yield Entry(
                id=number,
                key=places.key(number),
                article=finding.article,
                facts=finding.facts,
                part_of=places.wholes.get(number),
            )


def account(findings: Callable[[], Iterator[Finding]], places: Catalogue) -> Iterator[Row]:
    """Yield the rows of `files` and `problems`: one file for every finding, none left out.

    And those of `former_keys`, which copies would have.
    """
    yield from map(_unmoved, places.unmoved)
    yield from map(_unkept, places.unkept)
    for key, leads_to in zip(places.former, places.leading, strict=True):
        yield "former_keys", {"key": f"{key:0{KEY_LENGTH}x}", "article_id": leads_to}
    for number, (article, finding) in enumerate(zip(places.numbers, findings(), strict=True), start=1):
        copy_of = max(-article, 0)
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
                "article_id": abs(article) or None,
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


def _unkept(move: Move) -> Row:
    return (
        "problems",
        {
            "stage": "decide",
            "code": "key-taken",
            "locator": f"{MOVES_FILE}, line {move.line}",
            "message": f"{move.now} has another address, since the one of {move.before} is given already.",
            "hint": "Leave the line of the one that was there, and take the other out.",
        },
    )
