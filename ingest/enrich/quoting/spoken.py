"""Tells words that somebody said from titles, nicknames and words held at a distance."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ingest.enrich.quoting.cue_words import (
    ACTING,
    ENGLISH,
    NAMING,
    SMALL_WORDS,
    STATING,
    TITLING,
    WRITING,
)

if TYPE_CHECKING:
    from ingest.enrich.quoting.attribution import Attribution
    from ingest.enrich.quoting.cue_words import CueWords
    from ingest.enrich.quoting.quotation_marks import Marked

WORD = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")
LAST_WORD = re.compile(r"([\w-]+)[^\w]*$")
# What stands before words that are only an example of what may be said, or the name of something.
EXAMPLE = re.compile(
    r"\b(?:(?:such|known|referred\sto)\sas|like|for\s(?:example|instance)|e\.?g\.?|includ(?:e|es|ing)"
    r"|ask(?:ing)?\syourself|quer(?:y|ies)|questions?(?:\s(?:is|was|are|were))?|search(?:es|ing)?(?:\sfor)?"
    r"|prompts?|headlines?|download|click)[,:]?\s?\(?\Z",
    re.IGNORECASE,
)
# What no one says: markup, code and addresses.
CODE = re.compile(r"[{}<>=]|\A\w+://")
# A straight mark behind these opens what a program or a machine reads.
OF_PROGRAM = re.compile(r"(?:\w\(|=|\s--?[a-z][\w-]*\s)\Z")
STRAIGHT = frozenset("\"'")
# The title of a work in a list of references stands behind its date, or before the day it was looked up.
REFERENCE = re.compile(r"\((?:[^()\n]{1,20}\s)?[12]\d{3}[a-z]?\)[.,]?\s?\Z")
LOOKED_UP = re.compile(r"[\s.,]{0,5}(?:[^\n.]{1,60}\.)?[^\S\n]?(?:Retrieved|Archived|Accessed)\b")
# Or before its date: `"Ports," May 1962.`
DATED = re.compile(r"\s(?:[A-Z][a-z]{2,8}\.?\s(?:\d{1,2},\s)?)?[12]\d{3}\b(?=[.,;)]|\s*(?:\n|\Z))")
LONGEST_REFERENCE = 40
DASH = re.compile(r",?\s?[–—]")
LONGEST_WORD = 30
ENDING = frozenset(".!?…—–-")
PAUSING = frozenset(",;")
BEGINNING = frozenset(".!?”\"’»—…)'“")
# Without a cue, fewer words than these are a quotation only as a sentence of their own.
FEWEST_WORDS = 6
FEWEST_NAMED = 8


@dataclass(frozen=True, kw_only=True, slots=True)
class Place:
    """A marked span with the stretches of its paragraph before and after it, up to its neighbours.

    `opens` tells that it begins its paragraph; `index` counts all marked spans of the text.
    """

    span: Marked
    before: int
    after: int
    opens: bool
    paragraph: int
    index: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Marking:
    """What decides whether marked words were said: the words and what surrounds them."""

    text: str
    place: Place
    words: CueWords

    @property
    def inner(self) -> str:
        """The words between the marks."""
        return self.text[self.place.span.start : self.place.span.end].strip()

    @property
    def lead(self) -> str:
        """The last character before the marks that is no space, on the same line or the one before."""
        start = self.place.span.outer_start
        return self.text[max(0, start - 4) : start].rstrip()[-1:]

    @property
    def last_word(self) -> str:
        """The last word before the marks, as it stands."""
        start = self.place.span.outer_start
        found = LAST_WORD.search(self.text, max(self.place.before, start - LONGEST_WORD), start)
        return found[1] if found else ""

    @property
    def is_example(self) -> bool:
        """Whether the words before the marks only lead to an example or a name: `such as`, `like`."""
        start = self.place.span.outer_start
        return EXAMPLE.search(self.text, max(self.place.before, start - LONGEST_WORD), start) is not None

    @property
    def is_program(self) -> bool:
        """Whether the marks are those of a program, as in `print("done")` and `commit -m "done"`."""
        start = self.place.span.outer_start
        straight = self.text[start] in STRAIGHT
        return straight and OF_PROGRAM.search(self.text, max(0, start - LONGEST_WORD), start) is not None

    @property
    def is_reference(self) -> bool:
        """Whether the words are a title in a list of references, which tells its date or retrieval."""
        start, end = self.place.span.outer_start, self.place.span.outer_end
        dated = REFERENCE.search(self.text, max(self.place.before, start - LONGEST_REFERENCE), start)
        before_date = self.inner[-1] in PAUSING | {"?"} and DATED.match(self.text, end) is not None
        return dated is not None or before_date or LOOKED_UP.match(self.text, end) is not None

    @property
    def comma_follows(self) -> bool:
        """Whether a comma stands right after the marks; a dash does as much in other languages."""
        end = self.place.span.outer_end
        dashed = self.words is not ENGLISH and DASH.match(self.text, end) is not None
        return dashed or self.text[end : end + 1] == ","

    def labels(self, attribution: Attribution) -> bool:
        """Tell whether the verb of an attribution names something, as `called` does."""
        return attribution.cue is not None and attribution.cue.lower() in self.words.labels

    def beside(self, attribution: Attribution) -> bool:
        """Tell whether only a comma or the like parts the words from their cue or speaker."""
        if attribution.start >= self.place.span.outer_end:
            return self.comma_follows or self.inner[-1:] in {",", "!", "?"}
        return self.lead in {",", ":"} or self.last_word == attribution.cue


def kind_of(marking: Marking, attribution: Attribution | None, *, joined: bool) -> str | None:
    """Return `direct`, `partial`, or None for words that nobody said.

    With a cue, whole sentences and words beside the cue are direct, other words partial; a single
    word needs a verb that names something. Without one, a sentence of its own is direct, other
    words are partial from `FEWEST_WORDS` on. `joined` says that a quotation goes on.
    """
    words = WORD.findall(marking.inner)
    if not words or marking.is_program:
        return None
    if (attribution is None or attribution.cue is None) and marking.is_reference:
        return None
    owned = (
        attribution is not None and (attribution.cue or "").lower() == marking.last_word.lower() == "words"
    )
    names = marking.last_word.lower() in NAMING and marking.lead != ":" and not owned
    if names and (len(words) < FEWEST_NAMED or marking.last_word.lower() in TITLING):
        return None
    if attribution is not None and _may_say(marking, attribution):
        return _with_cue(marking, words, attribution)
    if joined:
        return "direct" if _ends(marking) and len(words) >= FEWEST_WORDS else "partial"
    return _without_cue(marking, words)


def _with_cue(marking: Marking, words: list[str], attribution: Attribution) -> str | None:
    inner, capital = marking.inner, _begins(marking)
    whole = _ends(marking) or inner[-1] in PAUSING
    beside = marking.beside(attribution)
    alone = len(words) == 1 and not _ends(marking) and not inner[0].isupper()
    label = marking.labels(attribution) and attribution.kind != "thing"
    title = _is_title(words) and inner[-1] not in "!?" and not label
    if title and not _ends(marking) and _is_of_writer(marking, attribution):
        return None
    if (
        title
        and not whole
        and marking.lead not in {",", ":"}
        and attribution.start < marking.place.span.start
    ):
        return None
    if (whole or beside) and not alone:
        sentence = capital and (_ends(marking) or beside)
        return "direct" if sentence or (beside and (whole or marking.lead in {",", ":"})) else "partial"
    if title:
        return None
    if len(words) > 1 or label or marking.last_word.lower() in STATING:
        return "direct" if capital and marking.lead in {",", ":"} else "partial"
    return None


def _is_of_writer(marking: Marking, attribution: Attribution) -> bool:
    """Tell whether a title is that of what somebody wrote or made, as in `our "Focus on Topics,"`."""
    if attribution.rule == "by":
        return True
    ours = marking.text[attribution.start : attribution.end].lower() in {"i", "we"}
    return marking.lead != ":" and (ours or (attribution.cue or "").lower() in WRITING)


def _without_cue(marking: Marking, words: list[str]) -> str | None:
    inner, capital, lead = marking.inner, _begins(marking), marking.lead
    begins = marking.place.opens or lead in BEGINNING
    title = _is_title(words) and inner[-1] not in "!?"
    if CODE.search(inner) or (title and not (begins and _ends(marking))):
        return None
    if len(words) >= FEWEST_WORDS:
        return "direct" if capital and (_ends(marking) or inner[-1] == ",") else "partial"
    # What a comma ends goes on, so that a word before one is only a name: `"Relay," was made here`.
    sentence = begins and (_ends(marking) or (inner[-1] in PAUSING and len(words) > 1))
    led = lead in {":", ",", "-", ";"} and _ends(marking)
    return "direct" if capital and (sentence or led) else None


def _begins(marking: Marking) -> bool:
    first = marking.inner[:1]
    return first.isupper() or not first.isalpha()


def _ends(marking: Marking) -> bool:
    return marking.inner[-1:] in ENDING


def _may_say(marking: Marking, attribution: Attribution) -> bool:
    """Tell whether an attribution is one of speech, as `you might say it is` is not.

    Nor is `they continued a long walk`: such a verb tells what is said beside it, after `that` or `was`.
    """
    word = marking.text[attribution.start : attribution.end].lower()
    acts = (attribution.cue or "").lower() in ACTING and marking.last_word.lower() not in STATING | {"that"}
    named = attribution.kind == "thing" and marking.labels(attribution)
    doubtful = acts or named or word in {"you", "one"}
    return not doubtful or marking.beside(attribution)


def _is_title(words: list[str]) -> bool:
    """Tell whether all words but the small ones are capitalised, as in the title of a work."""
    longer = [word for word in words if word.lower() not in SMALL_WORDS]
    return len(words) > 1 and all(word[0].isupper() or word[0].isdigit() for word in longer)
