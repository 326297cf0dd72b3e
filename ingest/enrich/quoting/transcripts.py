"""Finds the turns of an interview or debate printed as `Q:`, `A.`, `NAME:` or a line `NAME`, and no marks.

A text counts as a transcript only where at least two such labels come twice or more and take turns,
and one of them is a usual one or the name of a person whom the article names.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from ingest.enrich.quoting.cue_words import ABBREVIATIONS, FEMALE_ROLES, MALE_ROLES, NOTICES, ROLES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ingest.model import Mention

# `Mr. Brown`, `The Minister for Transport`; in brackets the seat, the party, or who the minister is.
WORDS = r"(?P<words>[^\W\d_a-z][\w.'’-]*(?:,?[ ](?:(?:and|for|of|the)[ ]){0,2}[^\W\d_a-z][\w.'’-]*){0,9})"
BRACKET = r"\([^()\s][^()\n]{0,59}\)"
LABEL = re.compile(
    rf"^[ \t]*(?:{WORDS}(?P<brackets>(?:[ ]?{BRACKET}){{0,2}})[ \t]*:[ \t]+|(?P<letter>[QA])\.[ \t]+)(?=\S)",
    re.MULTILINE,
)
# A list of so many points that it has a `Q.` has a `B.` too.
LETTERED = re.compile(r"^[ \t]*B\.[ \t]+\S", re.MULTILINE)
# A name on a line of its own; what stands in brackets may have the next.
LINE = re.compile(
    rf"^[ \t]*{WORDS}(?P<brackets>(?:[ ]{{0,3}}(?:\n[ ]{{0,3}})?{BRACKET}){{0,2}})[ \t]*\n\s*+(?=\S)",
    re.MULTILINE,
)
INNER = re.compile(r"\(([^()\n]+)\)")
# Entries of a live blog, which bear names and times, are no turns.
TIME_BESIDE = re.compile(r"\d{1,2}[:.]\d\d(?!\d)")
TALK = re.compile(r"\?|\b(?:I|[Ww]e|[Yy]ou|[Mm]y|[Oo]ur|[Yy]our|[Mm]e|[Uu]s)\b")
LONGEST_TIME = 40
USUAL = frozenset(("q", "a", "question", "answer", "interviewer", "interviewee", "moderator", "host"))
TITLES = ROLES | FEMALE_ROLES | MALE_ROLES | ABBREVIATIONS
LEAST_LABELS = 2
LEAST_TURNS = 2
LONGEST_LABEL = 60
# More than a word, as no `Host: example.org` among the lines of a protocol says.
SAYING = re.compile(r"\S+[^\S\n]\S")
BREAK = re.compile(r"\n[^\S\n]*\n")


@dataclass(frozen=True, kw_only=True, slots=True)
class Turn:
    """What one side says: its place, the label's place, and the mention that names the speaker.

    `vague` tells of a label that may name nobody: `Q`, or one that does not come again.
    """

    start: int
    end: int
    label_start: int
    label_end: int
    mention: Mention | None
    vague: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class _Label:
    """Who has a turn: where the words for them stand, where what they say begins, and what tells them."""

    start: int
    words: tuple[int, int]
    said: int
    key: str
    mention: Mention | None


def find_turns(text: str, mentions: Sequence[Mention]) -> list[Turn]:
    """Return the turns of a transcript in order; none where the text is no transcript.

    A turn reaches to the next label, the last one to the end of its paragraph. Between those who take
    turns somebody else may have one; labels of others in a row are a list. Names on lines of their own
    are labels where those who bear them ask, or say `I` and `you`.
    """
    bearers = _bearers(mentions)
    lettered = LETTERED.search(text) is not None
    matches = (match for match in LABEL.finditer(text) if not (lettered and match["letter"]))
    turns = _turns(text, [_label(match, bearers) for match in matches], bearers)
    if turns or not bearers:
        return turns
    lines = [label for match in LINE.finditer(text) if (label := _label(match, bearers)).mention]
    turns = _turns(text, [each for each in lines if not _is_timed(text, each)], bearers)
    talking = sum(TALK.search(text, turn.start, turn.end) is not None for turn in turns)
    return turns if 2 * talking >= len(turns) else []


def _label(match: re.Match[str], bearers: dict[str, Mention]) -> _Label:
    """Return a label, whose person may stand in its brackets: `The Minister (Dame Helen Cross)`."""
    words = match.span("words") if match["words"] else match.span("letter")
    mention = _bearer(match.string[slice(*words)].casefold(), bearers)
    for inner in INNER.finditer(match.string, *match.span("brackets")) if mention is None else ():
        mention = mention or _bearer(inner[1].casefold(), bearers)
        words = inner.span(1) if mention else words
    key = mention.name if mention else match.string[slice(*words)]
    return _Label(start=match.start(), words=words, said=match.end(), key=key.casefold(), mention=mention)


def _is_timed(text: str, label: _Label) -> bool:
    before = text[max(0, label.start - LONGEST_TIME) : label.start].rstrip()
    return bool(TIME_BESIDE.match(text, label.said) or TIME_BESIDE.match(before, before.rfind("\n") + 1))


def _turns(text: str, labels: Sequence[_Label], bearers: dict[str, Mention]) -> list[Turn]:
    labels = [
        each
        for each in labels
        if each.words[1] - each.words[0] <= LONGEST_LABEL and each.key.partition(" ")[0] not in NOTICES
    ]
    saying = {each.key for each in labels if SAYING.match(text, each.said)}
    sides = _sides([each.key for each in labels], bearers, saying)
    ours = [False, *(each.key in sides for each in labels), False]
    labels = [
        each
        for place, each in enumerate(labels, start=1)
        if ours[place] or (ours[place - 1] and ours[place + 1])
    ]
    certain = sides - USUAL
    turns = []
    for index, label in enumerate(labels):
        if index + 1 < len(labels):
            end = labels[index + 1].start
        else:
            following = BREAK.search(text, label.said)
            end = following.start() if following else len(text)
        end -= len(text[label.said : end]) - len(text[label.said : end].rstrip())
        if end > label.said:
            turns.append(
                Turn(
                    start=label.said,
                    end=end,
                    label_start=label.words[0],
                    label_end=label.words[1],
                    mention=label.mention,
                    vague=label.key not in certain,
                )
            )
    return turns


def _sides(labels: Sequence[str], bearers: dict[str, Mention], saying: set[str]) -> set[str]:
    """Return the labels of those who take turns; none where the text is no transcript.

    At least two labels come again beside each other, one of them a usual one or a person's that says more
    than a word. A letter that is neither, such as the `B` of a quiz, is no side.
    """
    counts = Counter(labels)
    named = {label for label in counts if label in USUAL or _bearer(label, bearers)}
    known = {label for label in named & saying if counts[label] >= LEAST_TURNS}
    beside = Counter(
        other for pair in pairwise(labels) for label, other in (pair, pair[::-1]) if label in known - {other}
    )
    others = {
        label
        for label, count in beside.items()
        if min(count, counts[label]) >= LEAST_TURNS and (label in named or len(label.rstrip(".")) > 1)
    }
    return named | others if known and len(known | others) >= LEAST_LABELS else set()


def _bearer(label: str, bearers: dict[str, Mention]) -> Mention | None:
    """Return whose name a label is, with or without a title: `Mary Jones`, `JONES`, `Dr. Jones`."""
    first, *rest = label.split()
    titled = rest and first.rstrip(".") in TITLES
    return bearers.get(label) or (bearers.get(rest[-1]) if titled else None)


def _bearers(mentions: Sequence[Mention]) -> dict[str, Mention]:
    """Return the people of an article by full name, surname and initials, those of just one."""
    found: dict[str, dict[str, Mention]] = {}
    for mention in mentions:
        words = mention.name.split()
        if mention.kind != "PERSON" or not words:
            continue
        initials = "".join(word[0] for word in words) if len(words) > 1 else words[0]
        for form in {mention.name, mention.surface, words[-1], initials}:
            found.setdefault(form.casefold(), {}).setdefault(mention.name, mention)
    return {form: next(iter(named.values())) for form, named in found.items() if len(named) == 1}
