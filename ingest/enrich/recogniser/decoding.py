"""Turns scores of units into names: the best legal sequence of labels, and its confidence."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ingest.enrich.recogniser.windows import Window

CLASSES = ("PER", "ORG", "LOC", "MISC")
LABELS = ("O", *(f"{place}-{name}" for name in CLASSES for place in "BI"))
INSIDE = np.array([label.startswith("I") for label in LABELS])
FORBIDDEN = np.array(
    [[after[0] == "I" and before[1:] != after[1:] for after in LABELS] for before in LABELS],
)
NEVER = -1e4


class Found(NamedTuple):
    """A name as the model sees it: place, class, and the least probability of its units' labels."""

    start: int
    end: int
    label: str
    confidence: float


def names_in(window: Window, scores: np.ndarray) -> Iterator[Found]:
    """Yield the names of a window from the scores (units, labels) of its judged units."""
    logs = scores - scores.max(axis=1, keepdims=True)
    logs = logs - np.log(np.exp(logs).sum(axis=1, keepdims=True))
    labels = best_labels(logs, window.breaks)
    units = window.units
    first = -1
    for place, label in enumerate([*labels, 0]):
        if first >= 0 and not (label and INSIDE[label]):
            confidence = float(np.exp(min(logs[each, labels[each]] for each in range(first, place))))
            name = LABELS[labels[first]][2:]
            yield Found(units[first].start, units[place - 1].end, name, confidence)
            first = -1
        if label and not INSIDE[label]:
            first = place


def best_labels(logs: np.ndarray, breaks: list[bool]) -> list[int]:
    """Return the likeliest legal labels (Viterbi); no name goes on where `breaks` says so."""
    greedy = logs.argmax(axis=1)
    if _is_legal(greedy.tolist(), breaks):
        return greedy.tolist()  # type: ignore[no-any-return]
    allowed = np.where(FORBIDDEN, NEVER, 0.0)
    best = logs[0] + np.where(INSIDE, NEVER, 0.0)
    steps = []
    for log, broken in zip(logs[1:], breaks[1:], strict=True):
        paths = best[:, None] + allowed
        steps.append(paths.argmax(axis=0))
        best = paths.max(axis=0) + log + (np.where(INSIDE, NEVER, 0.0) if broken else 0.0)
    labels = [int(best.argmax())]
    for step in reversed(steps):
        labels.append(int(step[labels[-1]]))
    return labels[::-1]


def _is_legal(labels: list[int], breaks: list[bool]) -> bool:
    before = 0
    for label, broken in zip(labels, breaks, strict=True):
        if FORBIDDEN[before, label] or (broken and INSIDE[label]):
            return False
        before = label
    return True
