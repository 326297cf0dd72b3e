"""Where articles were before, kept in `moved.csv` beside metadata.yml, so that their addresses stay.

    before,now
    letters/a.txt,archive/1969/a.txt
    wikinews,wikinews-2009
    https://paper.example/a,https://archive.example/a
    3f0a9c1d77e2,letters/b.txt

An article's key, and with it its page, follows from its web address or else from the locator of its
file. One that lies elsewhere now, or is a folder or a file of them, keeps the keys of the place
before; a key may be named itself, or by the address of its page.
"""

from __future__ import annotations

import csv
import io
import re
from collections import Counter, defaultdict
from itertools import chain
from typing import TYPE_CHECKING

from ingest.collate.catalogue import CUT, MOVES_FILE, article_key, move_of, page_key
from ingest.decisions import as_cell, read_lines
from ingest.errors import SettingsError
from ingest.model import Move

if TYPE_CHECKING:
    from collections.abc import Callable, Container, Iterable, Iterator, Sequence
    from pathlib import Path

    from ingest.model import Keyed

COLUMNS = ("before", "now")
PART = re.compile(r"#part=(\d+)$")
WITHIN = re.compile(r"(?:#[\w=]+)*$")


def read_moves(path: Path) -> tuple[Move, ...]:
    """Return the moves in a file, none where there is no file.

    Raises `SettingsError` naming the lines that lack something, repeat a place or move nothing.
    """
    lines: dict[str, int] = {}

    def read(line: int, row: dict[str, str]) -> Move:
        before, now = (row.get(name, "").rstrip("/") for name in COLUMNS)
        if not before or not now:
            message = f"a move needs both, {' and '.join(COLUMNS)}."
            raise SettingsError(message)
        before = page_key(before) or before
        if before == now:
            message = f"{now} is where it was before. Take the line out, or write where it lay."
            raise SettingsError(message)
        if lines.setdefault(now, line) != line:
            message = f"line {lines[now]} says already what was at {now} before."
            raise SettingsError(message)
        return Move(before=before, now=now, line=line)

    return read_lines(path, read, required=COLUMNS) if path.exists() else ()


def find_moves(
    lost: Iterable[Keyed],
    new: Container[int],
    after: Callable[[], Iterable[Keyed]],
    moves: Iterable[Move],
    exchanged: Sequence[Keyed],
) -> tuple[Move, ...]:
    """Return the lines that `moved.csv` lacks for articles whose files lie elsewhere, so that keys change.

    `after` gives all articles, `lost` are those of before whose keys are gone, `new` the keys, as
    numbers, that came. A folder, or a file of many articles, stands for all in it, where all in it came
    from one place. The keys of those `exchanged` stayed, and are others' now. No article is given
    another's key. A line that is there already, by its number, is told where what it says of a place
    holds no longer.
    """
    arrived: dict[tuple[str, str], list[str]] = defaultdict(list)
    left = {key for key, *_ in exchanged}
    for key, address, locator, sha256 in after() if new or left else ():
        if key in left or (int(key, 16) in new and key == _key_at(address)):
            arrived[sha256, _within(locator)].append(address)
    listed = {move.now: move for move in moves}
    pairs = []
    for key, address, locator, sha256 in chain(lost, exchanged):
        found = arrived.get((sha256, _within(locator))) if sha256 else None
        if found:
            name = address.rpartition("/")[2]
            now = next((each for each in found if each.rpartition("/")[2] == name), found[0])
            found.remove(now)
            pairs.append((_place_of(key, address, listed), now))
    agreeing = Counter(each for pair in pairs for each in _wider(*pair))
    told = {place for places in agreeing for place in places}
    within = (_wider(address, address) for _, address, *_ in (after() if pairs else ()))
    holding = Counter(place for _, place in chain.from_iterable(within) if place in told)
    widest: dict[str, str] = {}
    for pair in pairs:
        fit = [
            (now, was)
            for was, now in _wider(*pair)
            if (was, now) == pair or (agreeing[was, now] == holding[now] and not holding[was])
        ]
        widest.update(fit[-1:])
    return tuple(
        Move(before=was, now=now, line=listed[now].line if now in listed else 0)
        for now, was in widest.items()
    )


def find_unknown(
    lost: Iterable[Keyed],
    new: Container[int],
    after: Callable[[], Iterable[Keyed]],
    moves: Iterable[Move],
    left: set[str],
) -> tuple[tuple[Move, str], ...]:
    """Return the lines of `moved.csv` that gave only keys that no article had, and where it may have been.

    Articles are given as to `find_moves`; `left` are keys of earlier builds than the last. One key that was
    known shows that a line is meant so: others may be of files that came to the folder since.
    """
    listed = {move.now: move for move in moves}
    if not listed:
        return ()
    places = {(sha256, _within(at)): address for _, address, at, sha256 in lost}
    given: dict[Move, bool] = {}
    meant: dict[Move, str] = {}
    for key, address, locator, sha256 in after():
        move = move_of(address, listed)
        if move and key != _key_at(address):
            given[move] = given.get(move, False) or key in left or int(key, 16) not in new
            rest, was = address.removeprefix(move.now), places.get((sha256, _within(locator)), "")
            if was != address and was.endswith(rest):
                meant.setdefault(move, was.removesuffix(rest))
    return tuple((move, meant.get(move, "")) for move, is_known in given.items() if not is_known)


def _key_at(address: str) -> str:
    """Return the key that follows from an address."""
    part = PART.search(address)
    return article_key(f"{address}\n{part[1]}" if part else address)


def _within(locator: str) -> str:
    """Return where in its file an article lies: `#row=3`, empty where it is all of it."""
    return "".join(WITHIN.findall(locator))


def _place_of(key: str, address: str, listed: dict[str, Move]) -> str:
    """Return the place that gave a key: the one that the article had, or an earlier one, else the key."""
    move = move_of(address, listed)
    earlier = [move.before + address.removeprefix(move.now)] if move else []
    return next((each for each in (address, *earlier) if _key_at(each) == key), key)


def _wider(before: str, now: str) -> Iterator[tuple[str, str]]:
    """Yield two places and what both lie in, the narrowest first, as long as they lie there alike."""
    yield before, now
    for cut in reversed(list(CUT.finditer(now))):
        rest = now[cut.start() :]
        if not before.endswith(rest):
            return
        yield before.removesuffix(rest), now.removesuffix(rest)


def tell_moves(moves: Sequence[Move]) -> str:
    """Tell that articles have new addresses, and the lines of moved.csv that keep the old ones.

    None is left out: the next run knows nothing of where the files were.
    """
    old = ", ".join(str(move.line) for move in sorted(moves, key=lambda move: move.line) if move.line)
    instead = f" in place of what stands there in line {old}" if old else ""
    lines = io.StringIO()
    writer = csv.writer(lines, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows((as_cell(each.before), as_cell(each.now)) for each in moves)
    return (
        "articles whose files were moved have new addresses, and the old ones lead nowhere, or to what lies"
        f" there now. To keep those, write into {MOVES_FILE}{instead} and ingest again:"
        f"\n{lines.getvalue()}".rstrip()
    )


def tell_unknown(unknown: Sequence[tuple[Move, str]]) -> str:
    """Tell which lines of moved.csv name what was never known here, and what may be meant."""
    lines = "".join(
        f"\n  line {move.line}: {move.before}" + (f", perhaps {meant}" if meant else "")
        for move, meant in unknown
    )
    return (
        f"{MOVES_FILE} names places at which nothing is known to have been, so that it keeps no address."
        f" If they are mistyped, write them as they were and ingest again:{lines}"
    )
