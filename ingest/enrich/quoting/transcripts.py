"""Finds the turns of an interview or hearing that is printed as `Q:`, `A:` or `NAME:` and no marks.

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

LABEL = re.compile(
    r"^[ \t]*((?:[^\W\d_a-z][\w.'’-]*)(?:[ ][^\W\d_a-z][\w.'’-]*){0,4})[ \t]*:[ \t]+(?=\S)", re.MULTILINE
)
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


def find_turns(text: str, mentions: Sequence[Mention]) -> list[Turn]:
    """Return the turns of a transcript in order; none where the text is no transcript.

    A turn reaches to the next label, the last one to the end of its paragraph. Between those who take
    turns somebody else may have one; labels of others in a row are a list.
    """
    bearers = _bearers(mentions)
    labels = [
        match
        for match in LABEL.finditer(text)
        if len(match[1]) <= LONGEST_LABEL and match[1].casefold().partition(" ")[0] not in NOTICES
    ]
    saying = {match[1].casefold() for match in labels if SAYING.match(text, match.end())}
    sides = _sides([match[1].casefold() for match in labels], bearers, saying)
    ours = [False, *(match[1].casefold() in sides for match in labels), False]
    labels = [
        match
        for place, match in enumerate(labels, start=1)
        if ours[place] or (ours[place - 1] and ours[place + 1])
    ]
    certain = sides - USUAL
    turns = []
    for index, match in enumerate(labels):
        if index + 1 < len(labels):
            end = labels[index + 1].start()
        else:
            following = BREAK.search(text, match.end())
            end = following.start() if following else len(text)
        end -= len(text[match.end() : end]) - len(text[match.end() : end].rstrip())
        if end > match.end():
            mention = _bearer(match[1].casefold(), bearers)
            turns.append(
                Turn(
                    start=match.end(),
                    end=end,
                    label_start=match.start(1),
                    label_end=match.end(1),
                    mention=mention,
                    vague=match[1].casefold() not in certain,
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
