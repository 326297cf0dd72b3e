"""Stories: how well versions of one text are brought together, on pairs of the gold collection."""

from __future__ import annotations

from collections import Counter
from itertools import combinations
from typing import TYPE_CHECKING

from benchmarks.quality.measure import Measure, f1
from ingest.collate.stories import find_stories
from tests.gold.stories.versions import as_corpus, make_versions

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.gold.stories.versions import Version


def measure(_data: Path) -> Iterator[Measure]:
    """Yield precision, recall and F1 over pairs of articles, for each part of the gold."""
    gold = make_versions()
    for part, held_out in (("development", False), ("held out", True)):
        versions = [version for version in gold if version.held_out is held_out]
        right, found, wanted = count_pairs(versions)
        for name, value in (
            ("precision", right / found),
            ("recall", right / wanted),
            ("F1", f1(right, found, wanted)),
        ):
            yield Measure(name=f"stories, pairs, {part}, {name}", value=value, count=wanted)


def count_pairs(versions: list[Version]) -> tuple[int, int, int]:
    """Return how many pairs of one story were found rightly, found at all, and are there to find."""
    found = found_pairs(versions)
    wanted = {
        (one.name, other.name)
        for one, other in combinations(sorted(versions, key=lambda each: each.name), 2)
        if one.story == other.story
    }
    return len(found & wanted), len(found), len(wanted)


def found_pairs(versions: list[Version]) -> set[tuple[str, str]]:
    """Return the names of each two articles that were put into one story."""
    stories = find_stories(as_corpus(versions))
    return {
        pair
        for story in stories
        for pair in combinations(sorted(versions[number - 1].name for number in story), 2)
    }


def list_errors(versions: list[Version]) -> Counter[str]:
    """Return by kind of version how many pairs were missed or wrongly found."""
    story = {version.name: version.story for version in versions}
    found = found_pairs(versions)
    errors: Counter[str] = Counter()
    for one, other in combinations(sorted(story), 2):
        if (story[one] == story[other]) != ((one, other) in found):
            errors[f"{'missed' if story[one] == story[other] else 'wrong'}: {one} + {other}"] += 1
    return errors


if __name__ == "__main__":
    for each in list_errors([version for version in make_versions() if not version.held_out]):
        print(each)
