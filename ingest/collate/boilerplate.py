"""Moves what a publication repeats under its articles, and the classic appeals, out of the text.

Furniture is told from writing by where it stands and among what: in many articles that are
otherwise each their own, at the end of nearly all of them. A paragraph of a story that was
printed often stands among others that were printed as often, and proves nothing. Copies in
between, refrains, quotations, notices and introductions stay.

The look at the collection is two passes with bounded memory: fingerprints of all blocks go to a file
and are counted by one byte each, then exactly those alone that repeat near an end.
"""

from __future__ import annotations

import hashlib
import re
from array import array
from bisect import bisect_left
from collections import Counter
from dataclasses import dataclass, replace
from functools import partial
from itertools import accumulate, chain
from typing import TYPE_CHECKING

from ingest.collate.appeals import (
    CUED,
    MORE,
    UNSEEN,
    find_appeals,
    is_notice,
    is_signature,
    name_furniture,
    name_line,
)
from ingest.collate.articles import name_sources
from ingest.collate.cuts import cut_blocks
from ingest.collate.page_furniture import find_page_furniture
from ingest.normalize.language import READ_FROM, detect_language, language_code
from ingest.registry import collation, revision

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import BinaryIO

    from ingest.model import Article, Block, Corpus, Entry, Row

    Names = dict[tuple[str | None, str | None], str]

LEAST_SLOTS, MOST_SLOTS = 1 << 16, 1 << 27
SLOTS_AN_ARTICLE = 64
MOST_COUNTED = 255
LEAST_ARTICLES = 3
LEAST_BETWEEN, LONGEST_BETWEEN = 5, 40
# How many articles, and which share of the publication's, must tell that something is furniture.
ENOUGH_FOR_PROSE = ((10, 0.25), (5, 0.8))
ENOUGH_FOR_SHORT = ((12, 0.5),)
SHORT = 8
LEAST_AT_END, LEAST_AT_END_NAMED = 0.9, 0.5
MOST_TWICE = 0.1
LONGEST_NUMBERED = 160
DIGITS = re.compile(r"\d+")
OPENING_QUOTES, CLOSING_QUOTES = frozenset("\"'“„«‘‚"), frozenset("\"'”“»’‘")


@dataclass(slots=True)
class Tally:
    """In how many articles a block stands, how many of those tell, and where it stands in them.

    `at_end` with nothing below but what repeats too, `beside` something that does, `twice` not
    once only.
    `named` is what its words say that it is; what is `fixed` stays, whatever the numbers.
    """

    named: str | None
    signature: bool
    fixed: bool
    words: int
    articles: int = 0
    telling: int = 0
    at_end: int = 0
    beside: int = 0
    twice: int = 0


@dataclass(frozen=True, kw_only=True)
class Repetition:
    """What the collection as a whole tells: the reason for each repeated block, by fingerprint.

    What is in `ends` may go at the end of an article, in `starts` at its start, in `anywhere`
    in between too.
    """

    names: Names
    ends: dict[int, str]
    starts: dict[int, str]
    anywhere: dict[int, str]


class Furniture:
    """What is furniture in the articles looked at so far: 8 bytes for each, and 8 for each block of it."""

    def __init__(self) -> None:
        """Begin with none."""
        self._begins = array("Q")
        self._codes = array("I", [0, 0])  # how many blocks, which language, then each block and why
        self._numbers: dict[str | None, int] = {None: 0}
        self._said: list[str | None] = [None]

    def keep(self, article: int, found: dict[int, str], language: str | None) -> None:
        """Keep what was found in an article, by numbers of blocks, and the language of what is left."""
        self._begins.extend([0] * (article + 1 - len(self._begins)))
        # Most articles have none, and share the one place that says so.
        self._begins[article] = len(self._codes) + 1 if found else 1
        if found:
            codes = [(block, self._number(why)) for block, why in found.items()]
            self._codes.extend((len(found), self._number(language), *chain.from_iterable(codes)))

    def told(self, article: int) -> tuple[dict[int, str], str | None] | None:
        """Return what was kept of an article; None where it was not looked at."""
        begin = self._begins[article] - 1 if article < len(self._begins) else -1
        if begin < 0:
            return None
        blocks, language = self._codes[begin : begin + 2]
        codes = self._codes[begin + 2 : begin + 2 + 2 * blocks]
        found = {block: self._said[why] or "" for block, why in zip(codes[::2], codes[1::2], strict=True)}
        return found, self._said[language]

    def _number(self, said: str | None) -> int:
        if said not in self._numbers:
            self._numbers[said] = len(self._said)
            self._said.append(said)
        return self._numbers[said]


@revision(name="boilerplate", version="1")
def remove_boilerplate(corpus: Corpus) -> Corpus:
    """Return the corpus with each entry's furniture moved from its article to `removed`."""
    repetition: Repetition = corpus.once("repetition", lambda: find_repetition(corpus))
    known = Furniture()

    def entries() -> Iterator[Entry]:
        for entry in corpus.entries():
            told = known.told(entry.id)
            if told is None:
                found = find_furniture(entry.article, repetition)
                cut = cut_blocks(entry, found) if found else entry
                language = _language(cut) if cut.removed else None
                known.keep(entry.id, found if cut.removed else {}, language)
            else:
                found, language = told
                cut = cut_blocks(entry, found) if found else entry
            yield replace(cut, article=replace(cut.article, language=language)) if cut.removed else cut

    return replace(corpus, entries=entries)


@collation(name="removed_blocks", version="1")
def collate_removed_blocks(corpus: Corpus) -> Iterator[Row]:
    """Yield a row for each block that was removed from an article."""
    for entry in corpus.entries():
        for each in entry.removed:
            yield (
                "removed_blocks",
                {
                    "article_id": entry.id,
                    "position": each.position,
                    "text": each.text,
                    "body_position": each.body_position,
                    "body": each.body,
                    "reason": each.reason,
                },
            )


def find_repetition(corpus: Corpus) -> Repetition:
    """Return what the publications of a collection repeat; the order of the entries is no matter."""
    with corpus.scratch() as file:
        marks = Marks(corpus, file)
        names = name_sources(marks.sizes, {each.folder: each for each in corpus.publications})
        totals: Counter[str] = Counter()
        for key, size in marks.sizes.items():
            totals[names.get(key, "")] += size
        counters = _count(marks, names)
        tallies: dict[tuple[str, int], Tally] = {}
        for entry, named in zip(corpus.entries(), marks.under(names), strict=True):
            _tally(entry.article, *named, counters, tallies)
    result = Repetition(names=names, ends={}, starts={}, anywhere={})
    for (name, mark), tally in tallies.items():
        what = tally.named or ("author's line" if tally.signature else "repeated")
        reason = f"{what}; in {tally.articles} of {totals[name]} articles"
        if _is_end(tally, totals[name]):
            result.ends[mark] = reason
        if tally.named and not tally.fixed and tally.telling >= LEAST_ARTICLES:
            result.starts[mark] = reason
            if tally.telling >= LEAST_BETWEEN and tally.words <= LONGEST_BETWEEN:
                result.anywhere[mark] = reason
    return result


def find_furniture(article: Article, repetition: Repetition) -> dict[int, str]:
    """Return the numbers of the blocks of an article that are furniture, each with the reason."""
    found = find_page_furniture(article) | find_appeals(article)
    if not (repetition.ends or repetition.starts):
        return found
    name = repetition.names.get((article.publication, article.source), "")
    own = _mark_of(name)
    marks = [mark and mark ^ own for mark in map(partial(fingerprint, article), article.blocks)]
    if article.part == article.parts:
        _walk_in(article, marks, repetition.ends, found)
    if article.part == 1:
        for number, mark in enumerate(marks):
            if mark not in repetition.starts and number not in found:
                break
            found.setdefault(number, repetition.starts.get(mark, ""))
    for number, mark in enumerate(marks):
        if mark in repetition.anywhere:
            found.setdefault(number, repetition.anywhere[mark])
    return found


def _walk_in(article: Article, marks: list[int], ends: dict[int, str], found: dict[int, str]) -> None:
    """Add what is furniture from the end inwards, up to the first block that is not.

    Links below a repeated line, such as `Read more:`, go with it, though they differ each time.
    """
    for number in range(len(marks) - 1, 0, -1):
        block = article.blocks[number]
        if marks[number] in ends:
            found[number] = ends[marks[number]]
        elif block.linked and marks[number - 1] in ends:
            found.setdefault(number, MORE)
        elif number not in found and block.kind not in UNSEEN:
            break


class Marks:
    """The fingerprints of all blocks of a collection, in a file, and how many articles each source has.

    `sizes` counts the articles by folder and stated name; in memory an article takes 8 bytes.
    """

    def __init__(self, corpus: Corpus, file: BinaryIO) -> None:
        """Look at all articles."""
        self.sizes: Counter[tuple[str | None, str | None]] = Counter()
        self._file, self._blocks, self._sources = file, array("I"), array("I")
        numbers: dict[tuple[str | None, str | None], int] = {}
        for entry in corpus.entries():
            source = entry.article.publication, entry.article.source
            self.sizes[source] += 1
            self._sources.append(numbers.setdefault(source, len(numbers)))
            self._blocks.append(len(entry.article.blocks))
            file.write(array("Q", map(partial(fingerprint, entry.article), entry.article.blocks)).tobytes())
        self._stated = list(numbers)

    def under(self, names: Names) -> Iterator[tuple[str, list[int]]]:
        """Yield of each article the name of its source, and of each block what tells it within that."""
        self._file.seek(0)
        sources = [names.get(stated, "") for stated in self._stated]
        owned = list(map(_mark_of, sources))
        for source, blocks in zip(self._sources, self._blocks, strict=True):
            marks = array("Q", self._file.read(8 * blocks))
            yield sources[source], [mark and mark ^ owned[source] for mark in marks]


def fingerprint(article: Article, block: Block) -> int:
    """Return 8 bytes that tell the words of a block, 0 for what is never furniture.

    Case and spaces are no matter. Digits are, except in a line that is furniture by its words,
    such as `© 2019`.
    """
    if block.kind not in CUED or block.text_end == block.text_start:
        return 0
    text = article.text[block.text_start : block.text_end]
    words = " ".join(text.casefold().split())
    if len(words) <= LONGEST_NUMBERED and DIGITS.search(words) and name_line(text, article.language):
        words = DIGITS.sub("0", words)
    return _mark_of(words)


def _mark_of(text: str) -> int:
    digest = hashlib.blake2b(text.encode("utf-8", "replace"), digest_size=8).digest()
    return int.from_bytes(digest, "big")


def _count(marks: Marks, names: Names) -> bytearray:
    """Return a byte for each slot of fingerprints: in how many articles such a block stands.

    Two fingerprints may share a slot, so a count may be too high, never too low; it ends at 255.
    """
    slots = LEAST_SLOTS
    while slots < MOST_SLOTS and slots < SLOTS_AN_ARTICLE * marks.sizes.total():
        slots *= 2
    counters = bytearray(slots)
    for _, found in marks.under(names):
        for slot in {mark % slots for mark in found if mark}:
            counters[slot] = min(counters[slot] + 1, MOST_COUNTED)
    return counters


def _tally(
    article: Article,
    name: str,
    marks: list[int],
    counters: bytearray,
    tallies: dict[tuple[str, int], Tally],
) -> None:
    """Add what one article tells of each of its blocks that repeat, under the name of its source.

    It tells something of a block if most of its words stand in blocks that are less than half as
    frequent: then the block was put under something of its own.
    """
    counts = [counters[mark % len(counters)] if mark else 1 for mark in marks]
    if not counts or max(counts) < LEAST_ARTICLES:
        return
    texts = [article.text[block.text_start : block.text_end] for block in article.blocks]
    words = [len(text.split()) for text in texts]
    by_count = sorted(zip(counts, words, strict=True))
    ordered = [count for count, _ in by_count]
    below = [0, *accumulate(number for _, number in by_count)]
    at_end = article.part == article.parts
    ending = set()
    for number in range(len(marks) - 1, -1, -1):
        block = article.blocks[number]
        at_end = at_end and (counts[number] >= LEAST_ARTICLES or block.linked or block.kind in UNSEEN)
        if at_end:
            ending.add(number)
    times = Counter(marks)
    for number, (mark, text) in enumerate(zip(marks, texts, strict=True)):
        if not mark or counts[number] < LEAST_ARTICLES or times[mark] == 0:
            continue
        tally = tallies.get((name, mark))
        if tally is None:
            tally = tallies[name, mark] = _new_tally(text, article.language)
        own = below[bisect_left(ordered, counts[number] / 2)]
        tally.articles += 1
        tally.telling += 2 * own >= below[-1]
        tally.at_end += number in ending and times[mark] == 1
        tally.beside += number - 1 in ending or number + 1 in ending
        tally.twice += times[mark] > 1
        times[mark] = 0


def _new_tally(text: str, language: str | None) -> Tally:
    return Tally(
        named=name_furniture(text, language),
        signature=is_signature(text, language),
        fixed=is_notice(text, language)
        or (text[:1] in OPENING_QUOTES and text.rstrip(".,")[-1:] in CLOSING_QUOTES),
        words=len(text.split()),
    )


def _is_end(tally: Tally, total: int) -> bool:
    """Tell whether a block that repeats is furniture where it stands at the end."""
    least = LEAST_AT_END_NAMED if tally.named else LEAST_AT_END
    if tally.fixed or tally.at_end < least * tally.articles or tally.twice > MOST_TWICE * tally.articles:
        return False
    if tally.named or tally.signature:
        return tally.telling >= LEAST_ARTICLES
    alone = tally.words <= SHORT and tally.beside < LEAST_AT_END * tally.articles
    enough = ENOUGH_FOR_SHORT if alone else ENOUGH_FOR_PROSE
    return any(tally.telling >= max(least, share * total) for least, share in enough)


def _language(entry: Entry) -> str | None:
    """Return the language of an article, told anew where the removed text had a say in it."""
    article = entry.article
    if entry.removed[0].position >= READ_FROM:
        return article.language
    stated = (language_code(field.value) for field in article.fields if field.name == "language")
    return detect_language(article.text) or next(filter(None, stated), None)
