"""Stories: near-copies of one text, as agencies and partners pass it on, brought together.

Two texts are versions of one story when at least three in five runs of four words of the
shorter stand in the longer, and make up at least a quarter of it. A brief within a round-up is
therefore no version of it. Texts that tell other numbers (this year's notice and last year's)
are not versions either; successive states of one page (a live blog) are.

The fullest version stands for its story, and every other is compared with it itself, so that
no chain of likenesses can bring different stories together.
"""

from __future__ import annotations

import os
from array import array
from contextlib import ExitStack
from datetime import UTC, datetime
from functools import lru_cache, partial
from typing import TYPE_CHECKING, BinaryIO

import numpy as np

from ingest.collate.wording import count_common, count_common_at_most, hash_words, shingle, split_words
from ingest.registry import collation

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from numpy.typing import NDArray

    from ingest.collate.wording import Hashes, Numbers
    from ingest.model import Corpus, Row

    Suspect = tuple[int, int, str, Hashes]  # article, what it is a part of, date, and what `_version` told

LEAST_RUNS = 20
LEAST_CONTAINED = 0.6
LEAST_COVERED = 1 / 4
LEAST_COMMON = 1 / 3
# Numbers: how many, and which share of the shorter text's, may be missing in the longer.
MOST_OTHER_NUMBERS = 1
MOST_OTHER_SHARE = 0.25
# Of texts that are versions, at least a quarter of the longer one's sample is expected in the other's.
SAMPLE = 48
LEAST_SAMPLED = 5
# In how many stories a run may stand before it is known for a phrase; how far suspicion looks.
MOST_STORIES = 64
NEIGHBOURS = 4
RUNS_A_SHARE = 1_000_000
SUSPECT = b"\1"
# Where the time zone stands in a date and time.
ZONE = len("1969-07-20T20:17")
WHOLE, HALF, LOWER = np.uint64(64), np.uint64(32), np.uint64(0xFFFFFFFF)
WORD = 8  # bytes
PART_BITS = 4


class Versions:
    """Texts that may be versions of others, known by their places, the fullest first.

    What is compared of them, runs of words and numbers, both rising, lies in a file, which the system
    keeps in memory as far as there is room.
    """

    def __init__(self, suspects: Iterable[Suspect], file: BinaryIO) -> None:
        """Take in what is known of each suspect."""
        self._articles, self._wholes = array("I"), array("I")
        self._published: list[str] = []
        self._begins, self._middles, written = array("Q"), array("Q"), 0
        dates: dict[str, str] = {}
        for article, whole, published, told in suspects:
            runs = told[1 : int(told[0]) + 1] >> np.uint64(32)
            file.write(runs.astype(np.uint32).tobytes())
            file.write(told[len(runs) + 1 :].astype(np.uint32).tobytes())
            self._articles.append(article)
            self._wholes.append(whole)
            self._published.append(dates.setdefault(published, published))
            self._begins.append(written)
            self._middles.append(written + len(runs))
            written += len(told) - 1
        self._begins.append(written)
        file.flush()
        self._file = file
        self._order = array("I", sorted(range(len(self._articles)), key=self._fullest_first))

    def __len__(self) -> int:
        """Return how many there are."""
        return len(self._articles)

    def article(self, place: int) -> int:
        """Return the article that one is."""
        return self._articles[self._order[place]]

    def whole(self, place: int) -> int:
        """Return of which article one is a part; itself where it is none."""
        return self._wholes[self._order[place]]

    def published(self, place: int) -> str:
        """Return its date as one to compare; empty where it has none."""
        return self._published[self._order[place]]

    def runs(self, place: int) -> NDArray[np.uint32]:
        """Return its runs of words."""
        at = self._order[place]
        return self._between(self._begins[at], self._middles[at])

    def sample(self, place: int) -> NDArray[np.uint32]:
        """Return the lowest of its runs."""
        at = self._order[place]
        return self._between(self._begins[at], min(self._begins[at] + SAMPLE, self._middles[at]))

    def numbers(self, place: int) -> NDArray[np.uint32]:
        """Return the numbers that it tells."""
        at = self._order[place]
        return self._between(self._middles[at], self._begins[at + 1])

    def _between(self, begin: int, end: int) -> NDArray[np.uint32]:
        return np.frombuffer(os.pread(self._file.fileno(), (end - begin) * 4, begin * 4), np.uint32)

    def _fullest_first(self, at: int) -> tuple[int, str, int]:
        return self._begins[at] - self._middles[at], self._published[at], self._articles[at]


@collation(name="stories", version="1", long=True)
def collate_stories(corpus: Corpus) -> Iterator[Row]:
    """Yield a story for each set of versions, and its articles with the earliest first."""
    for number, articles in enumerate(find_stories(corpus), start=1):
        yield "stories", {"id": number, "size": len(articles), "first_article_id": articles[0]}
        for position, article in enumerate(articles, start=1):
            yield "story_articles", {"story_id": number, "position": position, "article_id": article}


@lru_cache(maxsize=1)
def find_stories(corpus: Corpus) -> tuple[tuple[int, ...], ...]:
    """Return the articles of every story of two or more versions, the earliest first.

    The last answer is kept, since other passes want it too. Undated versions come last.
    """
    suspects = find_suspects(corpus)
    with corpus.scratch() as file:
        versions = read_versions(corpus, suspects, file)
        stories = group_versions(versions)
    for story in stories:
        story.sort(key=lambda at: (not versions.published(at), versions.published(at), versions.article(at)))
    return tuple(sorted(tuple(map(versions.article, story)) for story in stories))


def find_suspects(corpus: Corpus) -> bytes:
    """Return a 1 for each article whose sample of runs has enough in common with that of another.

    The place of a byte is the article's number; there are no more bytes than up to the last 1.

    Writes 8 bytes for each of at most 48 runs an article into files, and holds 100 megabytes at most for
    pairs of articles.
    """
    suspects = bytearray()
    with corpus.scratch() as file:
        many = _write_recurring(corpus, file)
        # A share of the articles at a time, since all pairs of a collection full of copies are many.
        shares = 1 + many // RUNS_A_SHARE
        for share in range(shares):
            # A text copied a thousand times has its nearest copies among these neighbours too.
            pairs = [
                _pairs(_read_runs(file, begin, RUNS_A_SHARE + distance), distance, share, shares)
                for distance in range(1, NEIGHBOURS + 1)
                for begin in range(0, many - distance, RUNS_A_SHARE)
            ]
            pair, times = np.unique(np.concatenate([_read_runs(file, 0, 0), *pairs]), return_counts=True)
            found = pair[times >= LEAST_SAMPLED]
            if len(found):
                suspects.extend(bytes(max(0, int((found & LOWER).max()) + 1 - len(suspects))))
                marks = np.frombuffer(suspects, dtype=np.uint8)
                marks[found >> HALF] = marks[found & LOWER] = 1
                del marks  # it holds on to bytes that may have to move
    return bytes(suspects)


def _write_recurring(corpus: Corpus, file: BinaryIO) -> int:
    """Write the runs of all samples that another article has too, rising, and return how many they are.

    Of each the last 32 bits stand before the number of its article.
    """
    with ExitStack() as opened:
        # By their first bits, so that those of each part can be put in order by themselves.
        parts = [opened.enter_context(corpus.scratch()) for _ in range(1 << PART_BITS)]
        for sampled in _sampled_runs(corpus):
            sampled.sort()
            firsts = sampled >> (WHOLE - PART_BITS)
            begins = np.searchsorted(firsts, np.arange(1, len(parts), dtype=np.uint64))
            for part, piece in zip(parts, np.split(sampled, begins), strict=True):
                part.write(piece.tobytes())
        return sum(_write_those_recurring(part, file) for part in parts)


def _write_those_recurring(part: BinaryIO, file: BinaryIO) -> int:
    part.seek(0)
    sampled = np.sort(np.frombuffer(part.read(), dtype=np.uint64))
    like_next = np.zeros(len(sampled) + 1, dtype=np.bool_)
    like_next[1:-1] = sampled[1:] >> HALF == sampled[:-1] >> HALF
    recurring = sampled[like_next[1:] | like_next[:-1]]
    file.write(recurring.tobytes())
    return len(recurring)


def _sampled_runs(corpus: Corpus) -> Iterator[Hashes]:
    """Yield the runs of the samples of all articles, a share of them at a time."""
    sampled = array("Q")
    for entry in corpus.entries():
        text = entry.article.text
        runs = np.frombuffer(corpus.recall("sample", text, partial(_sample, text)), dtype=np.uint64)
        sampled.frombytes(((runs << HALF) | np.uint64(entry.id)).tobytes())
        if len(sampled) >= RUNS_A_SHARE:
            yield np.frombuffer(sampled, dtype=np.uint64)
            sampled = array("Q")
    yield np.frombuffer(sampled, dtype=np.uint64)


def _read_runs(file: BinaryIO, begin: int, many: int) -> Hashes:
    """Return up to so many of the runs written, from one on."""
    file.seek(begin * WORD)
    return np.frombuffer(file.read(many * WORD), dtype=np.uint64)


def _pairs(sampled: Hashes, distance: int, share: int, shares: int) -> Hashes:
    """Return both articles, of a share of all, for each run that two have at this distance."""
    one, other = sampled[:-distance], sampled[distance:]
    same = np.flatnonzero((one >> HALF == other >> HALF) & ((one & LOWER) % np.uint64(shares) == share))
    return (one[same] << HALF) | (other[same] & LOWER)


def read_versions(corpus: Corpus, suspects: bytes, file: BinaryIO) -> Versions:
    """Return what is to be compared of each suspect; most of it is written into a file."""

    def told() -> Iterator[Suspect]:
        for entry in corpus.entries():
            if suspects[entry.id : entry.id + 1] == SUSPECT:
                text, published = entry.article.text, entry.article.published
                numbers = np.frombuffer(corpus.recall("version", text, partial(_version, text)), np.uint64)
                day = _to_compare(published.value) if published else ""
                yield entry.id, entry.part_of or entry.id, day, numbers

    return Versions(told(), file)


def _to_compare(published: str) -> str:
    """Return a date whose order among others is that of time: one with a time zone as that of UTC."""
    if len(published) <= ZONE:
        return published
    try:
        return datetime.fromisoformat(published).astimezone(UTC).isoformat()[:ZONE]
    except OverflowError:  # where UTC has another year than there are
        return published


def _sample(text: str) -> bytes:
    """Return the lowest runs of a text; nothing of one too short to tell."""
    runs = shingle(split_words(text))
    return runs[:SAMPLE].tobytes() if len(runs) >= LEAST_RUNS else b""


def _version(text: str) -> bytes:
    """Return how many runs a text has, then these, then its numbers, both rising."""
    words = split_words(text)
    runs = shingle(words)
    numbers = np.unique(hash_words(word for word in words if word.isdecimal()))
    return np.concatenate([np.array([len(runs)], dtype=np.uint64), runs, numbers]).tobytes()


def group_versions(versions: Versions) -> list[list[int]]:
    """Return the stories of more than one version, by their places, the fullest first.

    Holds some 450 bytes for each version beside the versions themselves.
    """
    stories: list[list[int]] = []
    # Of which articles the versions of a story are parts; the story is known by its fullest version.
    told: set[tuple[int, int]] = set()
    index = _SampleIndex(versions)
    for place in range(len(versions)):
        runs, sample = versions.runs(place), versions.sample(place)
        likely = _with_enough(runs, [stories[number] for number in index.alike(sample)], versions)
        whole = versions.whole(place)
        fitting = [
            story for story in likely if (story[0], whole) not in told and belongs(place, story, versions)
        ]
        if fitting:
            story = max(fitting, key=lambda story: count_common(runs, versions.runs(story[0])))
            story.append(place)
            told.add((story[0], whole))
            continue
        index.add(sample, len(stories))
        stories.append([place])
        told.add((place, whole))
    return [story for story in stories if len(story) > 1]


def _with_enough(runs: NDArray[np.uint32], stories: list[list[int]], versions: Versions) -> list[list[int]]:
    """Return the stories that may have as many of these runs as a version of theirs has."""
    if not stories:
        return stories
    enough = count_common_at_most(runs, [versions.runs(story[0]) for story in stories])
    return [stories[number] for number in np.flatnonzero(enough >= LEAST_CONTAINED * len(runs)).tolist()]


class _SampleIndex:
    """Which stories have which runs in their samples, stories known by their numbers."""

    def __init__(self, versions: Versions) -> None:
        """Make room for the stories of every run that stands in several samples."""
        sampled = array("I")
        for place in range(len(versions)):
            sampled.frombytes(versions.sample(place).tobytes())
        self._runs, room = _count_recurring(np.frombuffer(sampled, dtype=np.uint32))
        del sampled
        self._begins = np.cumsum(room, dtype=np.uint32) - room
        self._known = np.zeros(len(room), dtype=np.uint8)
        self._stories = np.empty(room.sum(), dtype=np.int32)

    def alike(self, sample: NDArray[np.uint32]) -> list[int]:
        """Return the stories whose samples have enough in common with this one."""
        runs = self._telling(sample)
        known = self._known[runs].astype(np.int64)
        places = np.repeat(self._begins[runs] - np.cumsum(known) + known, known) + np.arange(known.sum())
        stories, times = np.unique(self._stories[places], return_counts=True)
        alike: list[int] = stories[times >= LEAST_SAMPLED].tolist()
        return alike

    def add(self, sample: NDArray[np.uint32], story: int) -> None:
        """Take in the sample of the text that stands for a story."""
        runs = self._telling(sample)
        self._stories[self._begins[runs] + self._known[runs]] = story
        self._known[runs] += 1

    def _telling(self, sample: NDArray[np.uint32]) -> Numbers:
        """Return the places of the runs of a sample that others have too and that are no mere phrase."""
        places = self._runs.searchsorted(sample)
        within = places < len(self._runs)
        places = places[within]
        places = places[self._runs[places] == sample[within]]
        telling: Numbers = places[self._known[places] < MOST_STORIES]
        return telling


def _count_recurring(runs: NDArray[np.uint32]) -> tuple[NDArray[np.uint32], NDArray[np.uint8]]:
    """Return the runs that are there more than once, rising, and of each how many stories may have it.

    Puts those that are given in order, which may be hundreds of megabytes, and counts a share at a time.
    """
    runs.sort()
    kept, counts = [runs[:0]], [np.empty(0, dtype=np.uint8)]
    begin = 0
    while begin < len(runs):
        last = runs[min(begin + RUNS_A_SHARE, len(runs)) - 1]
        end = int(np.searchsorted(runs, last, side="right"))
        each, times = np.unique(runs[begin:end], return_counts=True)
        kept.append(each[times > 1])
        counts.append(np.minimum(times[times > 1], MOST_STORIES).astype(np.uint8))
        begin = end
    return np.concatenate(kept), np.concatenate(counts)


def belongs(place: int, story: list[int], versions: Versions) -> bool:
    """Tell whether a text is a version of the story that others tell, the fullest first.

    It must also have a third of its words in common with the second fullest: two articles that
    a digest prints one after the other are both in the digest, and not the same story.
    """
    runs, fullest = versions.runs(place), versions.runs(story[0])
    shared = count_common(runs, fullest)
    return (
        shared >= LEAST_CONTAINED * len(runs)
        and shared >= LEAST_COVERED * len(fullest)
        and not _tells_other_numbers(versions.numbers(place), versions.numbers(story[0]))
        and (len(story) == 1 or count_common(runs, versions.runs(story[1])) >= LEAST_COMMON * len(runs))
    )


def _tells_other_numbers(these: NDArray[np.uint32], those: NDArray[np.uint32]) -> bool:
    other = len(these) - (count_common(these, those) if len(those) else 0)
    return other > MOST_OTHER_NUMBERS and other > MOST_OTHER_SHARE * len(these)
