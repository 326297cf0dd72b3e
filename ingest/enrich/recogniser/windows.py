"""Plans what the model reads of a text: sentences, the units that may belong to names, windows.

Most words of an article are no part of any name, and most of those can be told by their small
letters. The lower half of the model reads every word of a sentence that has a candidate; the
upper half reads only candidates and their neighbours. Text without any capitals is read in full.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ingest.enrich.recogniser.pieces import CHUNK, END, MARK, SHAPES, START, UNKNOWN, Unit, units_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

LONGEST_WINDOW = 192
LONGEST_SENTENCE = 150
WIDEST_GAP = 3
OPENERS = frozenset(
    """a about above across after again against all almost along already also although always am amid among
    an and another any anyone anything are around as ask at away back be because been before behind being
    below beneath beside besides best better between beyond both but by can cannot certainly clearly could
    critics currently despite did do does doing don't down during each earlier early either else enough even
    eventually ever every everybody everyone everything experts few finally first five follow following for
    former formerly four from further get give given go had half has have having he he'd he'll he's hello
    hence her here here's hers herself him himself his how however i i'd i'll i'm i've if in indeed initially
    inside instead into is it it's it'll its itself just last late later least less let let's like likewise
    many maybe me meanwhile might mine more moreover most much my myself nearly neither never nevertheless
    next nine no nobody none nonetheless nor not nothing now nowhere of off often officials on once one only
    or other others our ours ourselves out outside over own people perhaps please police probably rather
    recently read reporters said same says second see seven several shall she she'd she'll she's should since
    six so some somebody someone something sometimes soon still such take ten than thank thanks that that's
    the their theirs them themselves then there there's thereafter therefore these they they'd they'll
    they're they've third this those though three through throughout thus to today together tomorrow too
    toward towards two under unfortunately unless unlike until up upon us use usually very was we we'd we'll
    we're we've well were what what's whatever when whenever where whereas wherever whether which while who
    who's whoever whom whose why will with within without would yes yesterday yet you you'd you'll you're
    you've your yours yourself""".split()  # noqa: SIM905 - a list of words reads best as a text
)
SELF = frozenset(("I", "I'm", "I've", "I'll", "I'd"))
ABBREVIATIONS = frozenset(
    """mr mrs ms dr prof gen col lt maj sgt capt sen rep gov st rev hon adm brig cmdr jr sr cpl fr msgr inc
    corp co ltd vs no jan feb mar apr jun jul aug sept sep oct nov dec mt ft pres supt det insp bros dept
    univ assn ave blvd rd u.s u.k u.n d.c e.g i.e a.m p.m""".split()  # noqa: SIM905 - as above
)
OPENING, CLOSING = "\"'“”‘’«»([{*_#>-–—", "\"'”’»)]}*_"
# What stands alone between names: a dash, a bullet, the border of a table's cell.
RULE = re.compile(r"[-–—|•·*/]+")
LETTER = re.compile(r"[^\W\d_]")
ADDRESS = re.compile(r"(?:https?|ftp)://|\bwww\.")
INITIALS = re.compile(r"(?:[^\W\d_]\.){1,4}")


@dataclass(frozen=True, kw_only=True, slots=True)
class Window:
    """What the model reads at once: pieces, their shapes, and the units to be judged.

    `keep` are the positions of the judged units' first pieces, in order; `breaks` says for each
    of these units whether a name may not go on from the one before.
    """

    pieces: list[int]
    shapes: list[int]
    keep: list[int]
    units: list[Unit]
    breaks: list[bool]


@dataclass(frozen=True, kw_only=True, slots=True)
class Sentence:
    """The units of a sentence, and which of them are judged; `ends` where its line does."""

    units: list[Unit]
    judged: list[bool]
    ends: bool


def windows_of(text: str) -> Iterator[Window]:
    """Yield windows over a text in order; each has at least one unit to be judged."""
    waiting: list[Sentence] = []
    length = 0
    for sentence in sentences_of(text):
        pieces = sum(len(unit.pieces) for unit in sentence.units) + 1
        if waiting and length + pieces > LONGEST_WINDOW:
            yield _window(waiting)
            waiting, length = [], 0
        waiting.append(sentence)
        length += pieces
    if waiting:
        yield _window(waiting)


def sentences_of(text: str) -> Iterator[Sentence]:
    """Yield the sentences that may have a name, each no longer than a window."""
    chunks: list[tuple[int, str]] = []
    end = 0
    for match in CHUNK.finditer(text):
        if chunks:
            ends = "\n" in text[end : match.start()]
            if ends or _ends_sentence(chunks[-1][1], match[0]):
                yield from _sentences(chunks, ends=ends)
                chunks = []
        chunks.append((match.start(), match[0]))
        end = match.end()
    if chunks:
        yield from _sentences(chunks, ends=True)


def _ends_sentence(chunk: str, following: str) -> bool:
    bare = chunk.rstrip(CLOSING)
    if not bare or bare[-1] not in ".!?…" or following[:1].islower():
        return False
    if bare[-1] != ".":
        return True
    word = bare[:-1].lstrip(OPENING)
    return word.lower() not in ABBREVIATIONS and not INITIALS.fullmatch(f"{word}.")


def _sentences(chunks: Sequence[tuple[int, str]], *, ends: bool) -> Iterator[Sentence]:
    """Yield a sentence if it may have a name, in several pieces if it is very long."""
    candidates = [_is_candidate(chunk, first=place == 0) for place, (_, chunk) in enumerate(chunks)]
    if any(candidates):
        judged = _with_neighbours(candidates)
    elif any(chunk != chunk.lower() for _, chunk in chunks):
        return
    else:
        judged = [bool(LETTER.search(chunk)) and not ADDRESS.search(chunk) for _, chunk in chunks]
    judged = [flag and not RULE.fullmatch(chunk) for flag, (_, chunk) in zip(judged, chunks, strict=True)]
    units: list[Unit] = []
    flags: list[bool] = []
    length = 0
    for (start, chunk), flag in zip(chunks, judged, strict=True):
        for unit in _units(chunk, start):
            if length + len(unit.pieces) > LONGEST_SENTENCE:
                if any(flags):
                    yield Sentence(units=units, judged=flags, ends=False)
                units, flags, length = [], [], 0
            units.append(unit)
            flags.append(flag)
            length += len(unit.pieces)
    if any(flags):
        yield Sentence(units=units, judged=flags, ends=ends)


def _units(chunk: str, start: int) -> list[Unit]:
    """Return the units of a chunk; an address on the web is one, whose parts say nothing."""
    if ADDRESS.search(chunk):
        return [Unit(start, start + len(chunk), (UNKNOWN,), MARK)]
    return units_of(chunk, start)


def _is_candidate(chunk: str, *, first: bool) -> bool:
    """Tell whether something may be part of a name: capitals, or letters that know no case."""
    if ADDRESS.search(chunk):
        return False
    if chunk == chunk.lower():
        return not chunk.isascii() and any(unicodedata.category(each) == "Lo" for each in chunk)
    return chunk not in SELF and not (first and is_opener(chunk))


def is_opener(chunk: str) -> bool:
    """Tell whether a word is one that begins sentences, and no acronym like `US` or `WHO`."""
    word = chunk.strip(".,:;!?…" + OPENING).replace("’", "'")
    return word.lower() in OPENERS and not (word.isupper() and len(word) > 1)


def _with_neighbours(candidates: Sequence[bool]) -> list[bool]:
    """Return the flags with one neighbour at each side, and short gaps closed."""
    judged = list(candidates)
    last = -WIDEST_GAP - 1
    for place, candidate in enumerate(candidates):
        if not candidate:
            continue
        first = last + 1 if place - last <= WIDEST_GAP else max(place - 1, 0)
        for each in range(first, min(place + 2, len(judged))):
            judged[each] = True
        last = place
    return judged


def _window(sentences: Sequence[Sentence]) -> Window:
    window = Window(pieces=[START], shapes=[0], keep=[], units=[], breaks=[])
    for sentence in sentences:
        broken = True
        for unit, judged in zip(sentence.units, sentence.judged, strict=True):
            if judged:
                window.keep.append(len(window.pieces))
                window.units.append(unit)
                window.breaks.append(broken)
            broken = not judged
            window.pieces.extend(unit.pieces)
            window.shapes.append(unit.shape)
            window.shapes.extend([unit.shape + SHAPES] * (len(unit.pieces) - 1))
        if sentence.ends:
            window.pieces.append(END)
            window.shapes.append(0)
    if window.pieces[-1] != END:
        window.pieces.append(END)
        window.shapes.append(0)
    return window
