"""Stories: near-copies of one text, as agencies and partners pass it on, brought together.

Two texts are versions of one story when at least three in five runs of four words of the
shorter stand in the longer, and make up at least a quarter of it. A brief within a round-up is
therefore no version of it. Texts that tell other numbers (this year's notice and last year's)
are not versions either; successive states of one page (a live blog) are.

The fullest version stands for its story, and every other is compared with it itself, so that
no chain of likenesses can bring different stories together.
"""

from __future__ import annotations

from array import array
from dataclasses import dataclass
from functools import lru_cache, partial
from typing import TYPE_CHECKING

import numpy as np

from ingest.collate.wording import count_common, count_common_at_most, hash_words, shingle, split_words
from ingest.registry import collation

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from numpy.typing import NDArray

    from ingest.collate.wording import Hashes, Numbers
    from ingest.model import Corpus, Row

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
HALF, LOWER = np.uint64(32), np.uint64(0xFFFFFFFF)


@dataclass(frozen=True, kw_only=True, slots=True)
class Version:
    """A text that may be a version of another: its runs of words and its numbers, both rising."""

    id: int
    whole: int
    published: str
    runs: NDArray[np.uint32]
    numbers: NDArray[np.uint32]

    @property
    def sample(self) -> NDArray[np.uint32]:
        """The lowest runs."""
        return self.runs[:SAMPLE]


class Versions:
    """Texts that may be versions of others, the fullest first; all their numbers lie in one array."""

    def __init__(self, told: Iterable[tuple[int, int, str, Hashes]]) -> None:
        """Take in, for each text, its article, what that is a part of, its date, and what `_version` told."""
        self._articles, self._wholes = array("I"), array("I")
        self._published: list[str] = []
        self._flat, self._begins, self._numbers = array("I"), array("Q"), array("Q")
        dates: dict[str, str] = {}
        for article, whole, published, told_here in told:
            count = int(told_here[0])
            self._articles.append(article)
            self._wholes.append(whole)
            self._published.append(dates.setdefault(published, published))
            self._begins.append(len(self._flat))
            self._numbers.append(len(self._flat) + count)
            runs = told_here[1 : count + 1] >> np.uint64(32)
            self._flat.frombytes(runs.astype(np.uint32).tobytes())
            self._flat.frombytes(told_here[count + 1 :].astype(np.uint32).tobytes())
        self._begins.append(len(self._flat))
        self._order = array("I", sorted(range(len(self._articles)), key=self._fullest_first))

    def __len__(self) -> int:
        """Return how many there are."""
        return len(self._articles)

    def __getitem__(self, place: int) -> Version:
        """Return one by its place among the fullest."""
        if place >= len(self):
            raise IndexError(place)
        at = self._order[place]
        begin, middle, end = self._begins[at], self._numbers[at], self._begins[at + 1]
        return Version(
            id=self._articles[at],
            whole=self.whole(place),
            published=self._published[at],
            runs=np.frombuffer(self._flat, np.uint32, middle - begin, begin * self._flat.itemsize),
            numbers=np.frombuffer(self._flat, np.uint32, end - middle, middle * self._flat.itemsize),
        )

    def whole(self, place: int) -> int:
        """Return of which article one is a part, by its place; itself where it is none."""
        return self._wholes[self._order[place]]

    def _fullest_first(self, at: int) -> tuple[int, str, int]:
        return self._begins[at] - self._numbers[at], self._published[at], self._articles[at]


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
    versions = read_versions(corpus, find_suspects(corpus))
    listed = []
    for story in group_versions(versions):
        told = [versions[place] for place in story]
        told.sort(key=lambda version: (not version.published, version.published, version.id))
        listed.append(tuple(version.id for version in told))
    return tuple(sorted(listed))


def find_suspects(corpus: Corpus) -> set[int]:
    """Return the articles whose sample of runs has enough in common with that of another.

    Holds 8 bytes for each of at most 48 runs an article, and 100 megabytes at most for pairs of articles.
    """
    sampled = _recurring(_sampled_runs(corpus))
    suspects = [np.empty(0, dtype=np.uint64)]
    # A share of the articles at a time, since all pairs of a collection full of copies are many.
    shares = 1 + len(sampled) // RUNS_A_SHARE
    for share in range(shares):
        # A text copied a thousand times has its nearest copies among these neighbours too.
        pairs = [
            _pairs(sampled[begin : begin + RUNS_A_SHARE + distance], distance, share, shares)
            for distance in range(1, NEIGHBOURS + 1)
            for begin in range(0, len(sampled) - distance, RUNS_A_SHARE)
        ]
        pair, times = np.unique(np.concatenate([suspects[0], *pairs]), return_counts=True)
        found = pair[times >= LEAST_SAMPLED]
        suspects += [np.unique(found >> HALF), np.unique(found & LOWER)]
    return set(np.unique(np.concatenate(suspects)).tolist())


def _sampled_runs(corpus: Corpus) -> Hashes:
    """Return the runs of the samples of all articles, rising: a run's last 32 bits, then its article's."""
    sampled = array("Q")
    for entry in corpus.entries():
        text = entry.article.text
        runs = np.frombuffer(corpus.recall("sample", text, partial(_sample, text)), dtype=np.uint64)
        sampled.frombytes(((runs << HALF) | np.uint64(entry.id)).tobytes())
    together = np.frombuffer(sampled, dtype=np.uint64)
    together.sort()
    return together


def _recurring(sampled: Hashes) -> Hashes:
    """Return those whose run another article has too, moved to the front of the array in place."""
    kept = 0
    edge = np.zeros(1, dtype=np.bool_)
    for begin in range(0, len(sampled), RUNS_A_SHARE):
        piece = sampled[begin : begin + RUNS_A_SHARE]
        runs = sampled[max(begin - 1, 0) : begin + RUNS_A_SHARE + 1] >> HALF
        like_next = np.concatenate([edge[begin:], runs[1:] == runs[:-1], edge])
        recurring = piece[like_next[: len(piece)] | like_next[1 : len(piece) + 1]]
        sampled[kept : kept + len(recurring)] = recurring
        kept += len(recurring)
    return sampled[:kept]


def _pairs(sampled: Hashes, distance: int, share: int, shares: int) -> Hashes:
    """Return both articles, of a share of all, for each run that two have at this distance."""
    one, other = sampled[:-distance], sampled[distance:]
    same = np.flatnonzero((one >> HALF == other >> HALF) & ((one & LOWER) % np.uint64(shares) == share))
    return (one[same] << HALF) | (other[same] & LOWER)


def read_versions(corpus: Corpus, suspects: set[int]) -> Versions:
    """Return what is to be compared of each suspect."""

    def told() -> Iterator[tuple[int, int, str, Hashes]]:
        for entry in corpus.entries():
            if entry.id in suspects:
                text, published = entry.article.text, entry.article.published
                numbers = np.frombuffer(corpus.recall("version", text, partial(_version, text)), np.uint64)
                yield entry.id, entry.part_of or entry.id, published.value if published else "", numbers

    return Versions(told())


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

    Holds some 300 bytes for each version beside the versions themselves.
    """
    stories: list[list[int]] = []
    index = _SampleIndex(versions)
    for place in range(len(versions)):
        version = versions[place]
        likely = _with_enough(version, [stories[number] for number in index.alike(version)], versions)
        fitting = [story for story in likely if belongs(version, story, versions)]
        if fitting:
            max(fitting, key=lambda story: count_common(version.runs, versions[story[0]].runs)).append(place)
            continue
        index.add(version, len(stories))
        stories.append([place])
    return [story for story in stories if len(story) > 1]


def _with_enough(version: Version, stories: list[list[int]], versions: Versions) -> list[list[int]]:
    """Return the stories that may have as many runs of a version as it takes to be one of theirs."""
    if not stories:
        return stories
    most = count_common_at_most(version.runs, [versions[story[0]].runs for story in stories])
    enough = most >= LEAST_CONTAINED * len(version.runs)
    return [stories[number] for number in np.flatnonzero(enough).tolist()]


class _SampleIndex:
    """Which stories have which runs in their samples, stories known by their numbers."""

    def __init__(self, versions: Versions) -> None:
        """Make room for the stories of every run that stands in several samples."""
        samples = (version.sample for version in map(versions.__getitem__, range(len(versions))))
        runs, spread = np.unique(np.concatenate([np.empty(0, dtype=np.uint32), *samples]), return_counts=True)
        self._runs = runs[spread > 1]
        room = np.minimum(spread[spread > 1], MOST_STORIES)
        self._begins = np.cumsum(room) - room
        self._known = np.zeros(len(room), dtype=np.uint8)
        self._stories = np.empty(room.sum(), dtype=np.int32)

    def alike(self, version: Version) -> list[int]:
        """Return the stories whose samples have enough in common with that of a version."""
        runs = self._telling(version)
        known = self._known[runs].astype(np.int64)
        places = np.repeat(self._begins[runs] - np.cumsum(known) + known, known) + np.arange(known.sum())
        stories, times = np.unique(self._stories[places], return_counts=True)
        alike: list[int] = stories[times >= LEAST_SAMPLED].tolist()
        return alike

    def add(self, version: Version, story: int) -> None:
        """Take in a story that a version stands for."""
        runs = self._telling(version)
        self._stories[self._begins[runs] + self._known[runs]] = story
        self._known[runs] += 1

    def _telling(self, version: Version) -> Numbers:
        """Return the places of the runs of a sample that others have too and that are no mere phrase."""
        places = self._runs.searchsorted(version.sample)
        within = places < len(self._runs)
        places = places[within]
        places = places[self._runs[places] == version.sample[within]]
        telling: Numbers = places[self._known[places] < MOST_STORIES]
        return telling


def belongs(version: Version, story: list[int], versions: Versions) -> bool:
    """Tell whether a text is a version of the story that other versions tell, given by their places.

    It must also have a third of its words in common with the second fullest: two articles that
    a digest prints one after the other are both in the digest, and not the same story.
    """
    fullest = versions[story[0]]
    shared = count_common(version.runs, fullest.runs)
    return (
        shared >= LEAST_CONTAINED * len(version.runs)
        and shared >= LEAST_COVERED * len(fullest.runs)
        and not _tells_other_numbers(version, fullest)
        and (
            len(story) == 1
            or count_common(version.runs, versions[story[1]].runs) >= LEAST_COMMON * len(version.runs)
        )
        and all(version.whole != versions.whole(place) for place in story)
    )


def _tells_other_numbers(version: Version, fullest: Version) -> bool:
    numbers = version.numbers
    other = len(numbers) - (count_common(numbers, fullest.numbers) if len(fullest.numbers) else 0)
    return other > MOST_OTHER_NUMBERS and other > MOST_OTHER_SHARE * len(numbers)
