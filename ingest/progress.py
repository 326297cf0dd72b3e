"""Draws how far a run is, for who waits at a terminal; elsewhere nothing."""

from __future__ import annotations

import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

from rich.progress import BarColumn, MofNCompleteColumn, Progress, ProgressColumn, Task, TextColumn
from rich.text import Text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from rich.console import Console

SOON, MINUTE, HOUR = 5.0, 60.0, 3600.0


class Left(ProgressColumn):
    """How long it will take from now on; nothing where nobody knows, or where it takes longer."""

    def render(self, task: Task) -> Text:
        """Return it in words."""
        ends: float | None = task.fields["ends"]
        left = 0.0 if ends is None else ends - time.monotonic()
        return Text(tell_seconds(left) if left > 0 else "")


@contextmanager
def drawn(
    console: Console, steps: Sequence[str]
) -> Iterator[tuple[Callable[[int, int], None], Callable[[str, float | None], None]]]:
    """Give what draws how many items of all are read, and what draws which step of building has begun.

    The second is told how many seconds are left too, None where nobody knows.
    """
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[rate]}"),
        Left(),
    )
    started = time.monotonic()
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as bar:
        task = bar.add_task("Reading", total=None, rate="", ends=None)

        def read(done: int, total: int) -> None:
            seconds = max(time.monotonic() - started, 0.001)
            left = reckon(done, total, seconds)
            ends = None if left is None else time.monotonic() + left
            bar.update(task, completed=done, total=total, rate=f"{done / seconds:,.0f}/s", ends=ends)

        def begin(step: str, left: float | None) -> None:
            ends = None if left is None else time.monotonic() + left
            told = f"Building collection.db: {step[:1].lower()}{step[1:]}"
            bar.update(
                task,
                description=told,
                completed=steps.index(step) + 1,
                total=len(steps),
                rate="",
                ends=ends,
                refresh=True,
            )

        yield read, begin


def reckon(done: int, total: int, seconds: float) -> float | None:
    """Return how many seconds the rest takes if it takes as long as what was done; None while nobody knows.

    By the whole of what was done, since items come mixed: the last half minute would tell less.
    """
    return seconds * (total - done) / done if seconds >= SOON and 0 < done < total else None


def tell_seconds(left: float) -> str:
    """Return how long is left, rounded to what a reckoning can say."""
    if left < MINUTE:
        return "under a minute left"
    if left < HOUR:
        return f"about {round(left / MINUTE)} min left"
    return f"about {left / HOUR:.1f} h left"
