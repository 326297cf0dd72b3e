"""Finds the turns of an interview or hearing that is printed as `Q:`, `A:` or `NAME:` and no marks.

A text counts as a transcript only where at least two such labels come twice or more, and each is
a usual one or the name of a person whom the article names.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ingest.model import Mention

LABEL = re.compile(
    r"^[ \t]*((?:[^\W\d_a-z][\w.'’-]*)(?:[ ][^\W\d_a-z][\w.'’-]*){0,4})[ \t]*:[ \t]+(?=\S)", re.MULTILINE
)
USUAL = frozenset(("q", "a", "question", "answer", "interviewer", "interviewee", "moderator", "host"))
LEAST_LABELS = 2
LEAST_TURNS = 2
LONGEST_LABEL = 60
BREAK = re.compile(r"\n[^\S\n]*\n")


@dataclass(frozen=True, kw_only=True, slots=True)
class Turn:
    """What one side says: its place, the label's place, and the mention that names the speaker."""

    start: int
    end: int
    label_start: int
    label_end: int
    mention: Mention | None


def find_turns(text: str, mentions: Sequence[Mention]) -> list[Turn]:
    """Return the turns of a transcript in order; none where the text is no transcript.

    A turn reaches to the next label, the last one to the end of its paragraph.
    """
    bearers = _bearers(mentions)
    labels = [
        match
        for match in LABEL.finditer(text)
        if len(match[1]) <= LONGEST_LABEL and (match[1].lower() in USUAL or match[1].casefold() in bearers)
    ]
    counts = Counter(match[1].casefold() for match in labels)
    kept = {label for label, count in counts.items() if count >= LEAST_TURNS}
    if len(kept) < LEAST_LABELS:
        return []
    turns = []
    for index, match in enumerate(labels):
        if index + 1 < len(labels):
            end = labels[index + 1].start()
        else:
            following = BREAK.search(text, match.end())
            end = following.start() if following else len(text)
        end -= len(text[match.end() : end]) - len(text[match.end() : end].rstrip())
        if end > match.end():
            mention = bearers.get(match[1].casefold())
            turns.append(
                Turn(
                    start=match.end(),
                    end=end,
                    label_start=match.start(1),
                    label_end=match.end(1),
                    mention=mention,
                )
            )
    return turns


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
