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
from dataclasses import dataclass, field
from functools import lru_cache, partial
from typing import TYPE_CHECKING

import numpy as np

from ingest.collate.wording import count_common, count_common_at_most, hash_words, shingle, split_words
from ingest.registry import collation

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from ingest.collate.wording import Hashes
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
RUNS_A_SHARE = 2_000_000


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


@dataclass(kw_only=True, slots=True)
class _Story:
    fullest: Version
    others: list[Version] = field(default_factory=list)


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
    stories = group_versions(read_versions(corpus, find_suspects(corpus)))
    listed = [
        tuple(
            version.id
            for version in sorted(versions, key=lambda each: (not each.published, each.published, each.id))
        )
        for versions in stories
    ]
    return tuple(sorted(listed))


def find_suspects(corpus: Corpus) -> set[int]:
    """Return the articles whose sample of runs has enough in common with that of another.

    Holds 32 bytes for each of at most 48 runs an article while it sorts them, and 200 megabytes at most
    for pairs of articles.
    """
    runs, owner = _sampled_runs(corpus)
    suspects = [np.empty(0, dtype=np.uint64)]
    # A share of the articles at a time, since all pairs of a collection full of copies are many.
    shares = 1 + len(runs) // RUNS_A_SHARE
    for share in range(shares):
        mine = owner % shares == share
        pairs = []
        # A text copied a thousand times has its nearest copies among these neighbours too.
        for distance in range(1, NEIGHBOURS + 1):
            same = np.flatnonzero((runs[distance:] == runs[:-distance]) & mine[:-distance])
            pairs.append((owner[same].astype(np.uint64) << np.uint64(32)) | owner[same + distance])
        pair, times = np.unique(np.concatenate(pairs), return_counts=True)
        found = pair[times >= LEAST_SAMPLED]
        suspects += [np.unique(found >> np.uint64(32)), np.unique(found & np.uint64(0xFFFFFFFF))]
    return set(np.unique(np.concatenate(suspects)).tolist())


def _sampled_runs(corpus: Corpus) -> tuple[Hashes, NDArray[np.uint32]]:
    """Return the runs of the samples of all articles, rising, and the article of each."""
    samples = array("Q")
    owners = array("I")
    for entry in corpus.entries():
        text = entry.article.text
        sample = corpus.recall("sample", text, partial(_sample, text))
        samples.frombytes(sample)
        owners.extend([entry.id] * (len(sample) // samples.itemsize))
    runs, owner = np.frombuffer(samples, dtype=np.uint64), np.frombuffer(owners, dtype=np.uint32)
    order = np.lexsort((owner, runs))
    return runs[order], owner[order]


def read_versions(corpus: Corpus, suspects: set[int]) -> list[Version]:
    """Return what is to be compared of each suspect, the fullest first."""
    versions = []
    for entry in corpus.entries():
        if entry.id not in suspects:
            continue
        text = entry.article.text
        told = np.frombuffer(corpus.recall("version", text, partial(_version, text)), np.uint64)
        count = int(told[0])
        runs = told[1 : count + 1]
        versions.append(
            Version(
                id=entry.id,
                whole=entry.part_of or entry.id,
                published=entry.article.published.value if entry.article.published else "",
                runs=(runs >> np.uint64(32)).astype(np.uint32),
                numbers=told[count + 1 :].astype(np.uint32),
            )
        )
    return sorted(versions, key=lambda each: (-len(each.runs), each.published, each.id))


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


def group_versions(versions: Sequence[Version]) -> list[list[Version]]:
    """Return the stories of more than one version; the fullest versions must come first.

    Holds some 500 bytes for each version, and two kilobytes while it makes room for them.
    """
    stories: list[_Story] = []
    index = _SampleIndex(versions)
    for place, version in enumerate(versions):
        likely = _with_enough(version, [stories[number] for number in index.alike(place)])
        fitting = [story for story in likely if belongs(version, story.fullest, story.others)]
        if fitting:
            max(fitting, key=lambda story: count_common(version.runs, story.fullest.runs)).others.append(
                version
            )
            continue
        index.add(place, len(stories))
        stories.append(_Story(fullest=version))
    return [[story.fullest, *story.others] for story in stories if story.others]


def _with_enough(version: Version, stories: list[_Story]) -> list[_Story]:
    """Return the stories that may have as many runs of a version as it takes to be one of theirs."""
    if not stories:
        return stories
    most = count_common_at_most(version.runs, [story.fullest.runs for story in stories])
    enough = most >= LEAST_CONTAINED * len(version.runs)
    return [stories[number] for number in np.flatnonzero(enough).tolist()]


class _SampleIndex:
    """Which stories have which runs in their samples, versions and stories known by their numbers."""

    def __init__(self, versions: Sequence[Version]) -> None:
        """Make room for the stories of every run that stands in a sample."""
        self._starts = np.cumsum([0, *(len(version.sample) for version in versions)])
        _, runs, spread = np.unique(
            np.concatenate([np.empty(0, dtype=np.uint32), *(version.sample for version in versions)]),
            return_inverse=True,
            return_counts=True,
        )
        self._runs = runs.astype(np.int32)
        room = np.minimum(spread, MOST_STORIES)
        self._begins = np.cumsum(room) - room
        self._known = np.zeros(len(room), dtype=np.int64)
        self._stories = np.empty(room.sum(), dtype=np.int32)

    def alike(self, version: int) -> list[int]:
        """Return the stories whose samples have enough in common with that of a version."""
        runs = self._telling(version)
        known = self._known[runs]
        places = np.repeat(self._begins[runs] - np.cumsum(known) + known, known) + np.arange(known.sum())
        stories, times = np.unique(self._stories[places], return_counts=True)
        alike: list[int] = stories[times >= LEAST_SAMPLED].tolist()
        return alike

    def add(self, version: int, story: int) -> None:
        """Take in a story that a version stands for."""
        runs = self._telling(version)
        self._stories[self._begins[runs] + self._known[runs]] = story
        self._known[runs] += 1

    def _telling(self, version: int) -> NDArray[np.int32]:
        """Return the runs of a version's sample that are no mere phrase."""
        runs = self._runs[self._starts[version] : self._starts[version + 1]]
        return runs[self._known[runs] < MOST_STORIES]


def belongs(version: Version, fullest: Version, others: list[Version]) -> bool:
    """Tell whether a text is a version of the story that the fullest and other versions tell.

    It must also have a third of its words in common with the second fullest: two articles that
    a digest prints one after the other are both in the digest, and not the same story.
    """
    shared = count_common(version.runs, fullest.runs)
    return (
        shared >= LEAST_CONTAINED * len(version.runs)
        and shared >= LEAST_COVERED * len(fullest.runs)
        and version.whole not in {fullest.whole, *(each.whole for each in others)}
        and not _tells_other_numbers(version, fullest)
        and (not others or count_common(version.runs, others[0].runs) >= LEAST_COMMON * len(version.runs))
    )


def _tells_other_numbers(version: Version, fullest: Version) -> bool:
    numbers = version.numbers
    other = len(numbers) - (count_common(numbers, fullest.numbers) if len(fullest.numbers) else 0)
    return other > MOST_OTHER_NUMBERS and other > MOST_OTHER_SHARE * len(numbers)
