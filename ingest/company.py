"""Finds in whose company each name is: the names that share more articles with it than chance would have.

A pair scores the number of articles it shares, times the logarithm of how many times more that is than
if both were spread by chance: its own term of the log-likelihood ratio (Dunning 1993).
"""

from __future__ import annotations

import math
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from array import array
    from collections.abc import Iterator

    from numpy.typing import NDArray

    Numbers = NDArray[np.int64]

MOST_COMPANIONS = 20
# Pairs that are counted at once, some hundred bytes each.
AT_ONCE = 500_000

Pair = tuple[int, int, int, float]


def find_company(naming: array[int], named: array[int], total: int) -> Iterator[Pair]:
    """Yield each name's companions, the best first: the name, the other, the articles of both, the score.

    The article `naming[n]` names `named[n]`, each of its names once and all one after the other, as
    numbers of 32 bits; there are `total` articles. A companion scores above 0, and of equals the one
    comes first that shares more articles, then that with the lower number.
    """
    if not named:
        return
    articles, names = (np.frombuffer(each, dtype=np.int32) for each in (naming, named))
    begins = np.flatnonzero(np.diff(articles, prepend=articles[0] - 1))
    sizes = np.diff(begins, append=len(articles))
    first, size = (np.repeat(each.astype(np.int32), sizes) for each in (begins, sizes))
    counted = np.bincount(names)
    by_name = np.argsort(names, kind="stable")
    ends = np.cumsum(counted)[counted > 0]
    # All pairs of one name are counted together, those of as many names at once as there is room for.
    reached = np.cumsum(size[by_name], dtype=np.int64)[ends - 1]
    last = np.flatnonzero(np.diff(reached // AT_ONCE, append=-1))
    for start, end in pairwise([0, *ends[last].tolist()]):
        yield from _score(*_count(names, by_name[start:end], first, size), counted, total)


def _count(
    names: NDArray[np.int32], places: Numbers, first: NDArray[np.int32], size: NDArray[np.int32]
) -> tuple[Numbers, Numbers, Numbers]:
    """Return the pairs of the names at these places, rising, and how many articles each has."""
    many = size[places].astype(np.int64)
    others = names[np.repeat(first[places] - np.cumsum(many) + many, many) + np.arange(many.sum())]
    ones = np.repeat(names[places].astype(np.int64), many)
    apart = ones != others
    width = int(names.max()) + 1
    pairs, shared = np.unique(ones[apart] * width + others[apart], return_counts=True)
    return pairs // width, pairs % width, shared


def _score(ones: Numbers, others: Numbers, shared: Numbers, counted: Numbers, total: int) -> Iterator[Pair]:
    ratios = shared * total / (counted[ones] * counted[others])
    likely = ratios > 1
    ones, others, shared, ratios = (each[likely] for each in (ones, others, shared, ratios))
    # numpy's own logarithm differs in the last digit from one processor to the next.
    distinct, which = np.unique(ratios, return_inverse=True)
    scores = shared * np.fromiter(map(math.log, distinct.tolist()), dtype=np.float64)[which]
    ranked = np.lexsort((others, -shared, -scores, ones))
    places = np.arange(len(ranked)) - np.searchsorted(ones, ones)
    best = ranked[places < MOST_COMPANIONS]
    yield from zip(*(each[best].tolist() for each in (ones, others, shared, scores)), strict=True)
