"""What one measurement says, for the table that `make quality` prints."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Measure:
    """One figure between 0 and 1, on `count` gold items; `published` is the best figure known elsewhere."""

    name: str
    value: float
    count: int
    published: str = ""


def f1(right: int, found: int, wanted: int) -> float:
    """Return the harmonic mean of precision and recall; 0 where nothing was right."""
    return 2 * right / (found + wanted) if right else 0.0
