"""Quotations in an article: what stands between marks and was said, and who said it."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from dataclasses import dataclass, replace
from itertools import takewhile
from typing import TYPE_CHECKING

from ingest.enrich.quoting.attribution import (
    OWNERS,
    Attribution,
    look_after,
    look_before,
    look_below,
    look_within,
)
from ingest.enrich.quoting.confidence import SURE_OF_PLACE, SURE_OF_WORDS
from ingest.enrich.quoting.cue_words import CONJUNCTIONS, ENGLISH, LANGUAGES, SPEAKING
from ingest.enrich.quoting.dialogue import find_dialogue
from ingest.enrich.quoting.phrases import Source, first_sentence, last_sentence
from ingest.enrich.quoting.quotation_marks import find_marked, paragraphs
from ingest.enrich.quoting.speakers import Cast
from ingest.enrich.quoting.spoken import Marking, Place, kind_of
from ingest.enrich.quoting.subjects import LEAST_NAME
from ingest.enrich.quoting.transcripts import find_turns
from ingest.enrich.quoting.uncased import FINDERS, PRONOUNS, find_said
from ingest.model import Quote
from ingest.registry import enricher

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from ingest.enrich.quoting.quotation_marks import Marked
    from ingest.enrich.quoting.transcripts import Turn
    from ingest.model import Article, Fact, Facts, Mention

JOINING = re.compile(r"[\s,]*(?:(?:\.{3}|…)\s*)?(?:(?:and|or|but|und|et|y)\b)?[\s,]*(?:(?:then|to)\b)?[\s,]*")
SIGNED = re.compile(r"(?:[^\S\n]{0,9}\n){2}[^\S\n]{0,9}[-–—]{1,2}[^\S\n]?(?=\w)([^\n]{2,150})(?=\n|\Z)")
DASHED = re.compile(r"\s*[-–—]")
MOST_LINKED = 60
MOST_STRETCHES = 4
MOST_TURNS = 6
LONGEST_INTRODUCTION = 600
LONGEST_INTERLUDE = 600
NEAR = 1500
# A guess in a long exchange is right this often, however many guesses it rests on.
LEAST_SURE = 0.2
INVITING = frozenset((",", "!", "?", "—", "–", "-", "…"))
SENTENCE_STARTS = frozenset(("", "\n", ".", "!", "?", "…", ":", "("))
LONGEST_SPACE = 3
FIRST_PERSON = frozenset(("i", "we", "you", "who"))


@dataclass(frozen=True, kw_only=True, slots=True)
class _Speaker:
    """Who says a quotation: the words for it, the mention that names the person, and why."""

    words: tuple[int, int] | None = None
    mention: Mention | None = None
    cue: str | None = None
    rule: str = "none"
    confidence: float = 0.0


NOBODY = _Speaker()


@enricher(name="quotations", version="5", given=("text", "language"), requires=("names",))
def find_quotations(article: Article, facts: Facts) -> Iterator[Fact]:
    """Yield a quote for each quotation in marks, with its speaker as far as the text tells.

    `Quote.start` and `end` enclose the words without their marks. Titles, nicknames and words
    that are only held at a distance are none: without a cue, fewer than six words count only as
    a sentence of their own. The turns of a transcript are quotes of the kind `transcript`.
    """
    for quote, _ in attribute(article, facts):
        yield quote


def attribute(article: Article, facts: Facts) -> Iterator[tuple[Quote, str]]:
    """Yield each quote with the name of the rule that chose its speaker."""
    text = article.text
    if article.language in FINDERS:
        yield from _without_capitals(text, article.language)
        return
    reading = _Reading(article, facts)
    turns = find_turns(text, reading.source.mentions)
    first, last = (turns[0].start, turns[-1].end) if turns else (0, 0)
    found = [
        (place.span.start, place.span.end, *said)
        for place in reading.places
        if not first <= place.span.start < last and (said := reading.read(place))
    ]
    found += [(turn.start, turn.end, _of_turn(turn), "transcript") for turn in turns]
    for start, end, speaker, kind in sorted(found, key=lambda each: each[0]):
        yield _quote(text, start, end, speaker, kind), speaker.rule


def _without_capitals(text: str, language: str) -> Iterator[tuple[Quote, str]]:
    """Yield the quotes in a script without capitals, where words alone tell who speaks."""
    speaker, end = NOBODY, 0
    for said in find_said(text, language):
        if said.who:
            open_ended = text[slice(*said.who)] in PRONOUNS
            rule = "pronoun-open" if open_ended else "words"
            speaker = _Speaker(words=said.who, cue=said.cue, rule=rule, confidence=SURE_OF_WORDS[rule])
        elif not said.goes_on or "\n" in text[end : said.start]:
            speaker = NOBODY
        end = said.end
        yield _quote(text, said.start, said.end, speaker, said.kind), speaker.rule


def _quote(text: str, start: int, end: int, speaker: _Speaker, kind: str) -> Quote:
    whole = text[start:end]
    start, end = start + len(whole) - len(whole.lstrip()), end - len(whole) + len(whole.rstrip())
    words, mention = speaker.words, speaker.mention
    return Quote(
        start=start,
        end=end,
        quote=text[start:end],
        speaker=" ".join(text[words[0] : words[1]].split()) if words else None,
        cue=speaker.cue,
        confidence=round(speaker.confidence, 2),
        kind=kind,
        speaker_start=mention.start if mention else None,
        speaker_name=mention.name if mention else None,
    )


def _of_turn(turn: Turn) -> _Speaker:
    """Return who speaks in a transcript; `Q` and `A` are words that name nobody."""
    rule = "label" if turn.mention else "label-open" if turn.vague else "label-words"
    words = (turn.label_start, turn.label_end)
    return _Speaker(words=words, mention=turn.mention, rule=rule, confidence=SURE_OF_WORDS[rule])


def _places(text: str, spans: Sequence[Marked]) -> Iterator[Place]:
    """Yield each marked span with what surrounds it in its paragraph."""
    blocks = paragraphs(text)
    starts = [start for start, _ in blocks]
    for index, span in enumerate(spans):
        first = bisect_right(starts, span.outer_start) - 1
        last = bisect_right(starts, span.outer_end - 1) - 1
        earlier = spans[index - 1].outer_end if index else 0
        later = spans[index + 1].outer_start if index + 1 < len(spans) else len(text)
        before = max(blocks[first][0], earlier)
        yield Place(
            span=span,
            before=before,
            after=min(blocks[last][1], later),
            opens=before == blocks[first][0] and not text[before : span.outer_start].strip(),
            paragraph=first,
            index=index,
        )


def _apart(these: Iterable[Marked], spans: Sequence[Marked]) -> Iterator[Marked]:
    """Yield what overlaps none of the spans, which are in order and apart from one another."""
    starts = [each.outer_start for each in spans]
    for each in these:
        before = bisect_left(starts, each.outer_end) - 1
        if before < 0 or spans[before].outer_end <= each.outer_start:
            yield each


def _unless_nicknames(spans: Iterable[Marked], mentions: Sequence[Mention]) -> Iterator[Marked]:
    """Yield the spans that are no part of a name, as in `William "Bill" Smith`."""
    starts = [each.start for each in mentions]
    for span in spans:
        before = bisect_left(starts, span.outer_start) - 1
        if before < 0 or mentions[before].end <= span.outer_end:
            yield span


class _Reading:
    """One pass over an article's marked spans, remembering who spoke last."""

    def __init__(self, article: Article, facts: Facts) -> None:
        self.text = article.text
        self.words = LANGUAGES.get((article.language or "en")[:2], ENGLISH)
        mentions = sorted(facts.mentions, key=lambda each: (each.start, -each.end))
        self.source = Source(text=self.text, mentions=mentions, words=self.words)
        spans = list(_unless_nicknames(find_marked(self.text), mentions))
        if self.words is not ENGLISH:
            spoken = find_dialogue(self.text, self.words)
            spans = sorted((*spans, *_apart(spoken, spans)), key=lambda each: each.outer_start)
        self.places = list(_places(self.text, spans))
        quoted = [(each.outer_start, each.outer_end) for each in spans]
        self.cast = Cast(self.text, mentions, quoted, self.words)
        self.turns: list[tuple[Place, _Speaker]] = []
        self.used = -1
        self.example = -MOST_LINKED
        self.parted = len(paragraphs(self.text)) > 1

    def read(self, place: Place) -> tuple[_Speaker, str] | None:
        """Return who says what stands at a place and of what kind it is; None if nobody says it."""
        marking = Marking(text=self.text, place=place, words=self.words)
        attribution = self._attribution(marking)
        if attribution is None and (marking.is_example or self._adjoins(self.example, place)):
            self.example = place.span.outer_end
            return None
        kind = kind_of(marking, attribution, joined=self._joined(place))
        if kind is None:
            return None
        speaker = (
            self._without_cue(place, kind) if attribution is None else self._resolved(attribution, place)
        )
        self.turns.append((place, speaker))
        return speaker, kind

    def _attribution(self, marking: Marking) -> Attribution | None:
        """Choose between what stands before and what stands after."""
        place, inner = marking.place, marking.inner
        end = place.span.outer_end
        if within := look_within(self.source, place.span.start, place.span.end):
            return within
        before = look_before(self.source, self._stretches(place))
        if before is None and place.opens:
            before = self._introduced(place)
        following = self.text[end : end + 3].lstrip()[:1]
        if inner.endswith(".") and not inner.endswith("..") and following.isupper():
            return before
        after = look_after(self.source, end, first_sentence(self.text, end, place.after))
        if after is None:
            return self._signed(place) or before
        invites = inner[-1:] in INVITING or marking.comma_follows
        taken = before is None or before.start == self.used or marking.lead not in {",", ":"}
        signed = after.rule == "by" or (after.rule == "dash" and before is not None and before.cue is None)
        if before is None or signed or (invites and taken and marking.lead != ":"):
            self.used = after.start
            return after
        return before

    def _signed(self, place: Place) -> Attribution | None:
        """Return who has signed a quotation in the paragraph after its own: `- Mary Jones, director`."""
        if self.words is not ENGLISH or not (signed := SIGNED.match(self.text, place.span.outer_end)):
            return None
        begin = self.text.rfind("\n", 0, place.span.outer_start) + 1
        if self.text[begin : place.span.outer_start].strip(" ") or DASHED.match(self.text, signed.end()):
            return None
        return look_below(self.source, *signed.span(1))

    def _introduced(self, place: Place) -> Attribution | None:
        """Return the speaker from a paragraph that ends in a colon or comma right before this one."""
        least = max(0, place.span.outer_start - LONGEST_INTRODUCTION)
        stretch = self.text[least : place.span.outer_start].rstrip()
        if not stretch.endswith((":", ",")):
            return None
        end = least + len(stretch)
        cut = self.text.rfind("\n\n", least, end)
        begun = last_sentence(self.text, max(cut, least), end)
        return look_before(self.source, [(begun, end)])

    def _stretches(self, place: Place) -> list[tuple[int, int]]:
        """Return the words of the sentence before a quotation, without quotations within it."""
        text = self.text
        begun = last_sentence(text, place.before, place.span.outer_start)
        if text[begun : place.span.outer_start].rstrip()[-1:] in {".", "!", "?"}:
            return []
        stretches = [(begun, place.span.outer_start)]
        while begun == place.before and self._goes_on(place) and len(stretches) <= MOST_STRETCHES:
            place = self.places[place.index - 1]
            begun = last_sentence(text, place.before, place.span.outer_start)
            if text[begun : place.span.outer_start].rstrip()[-1:] in {".", "!", "?"}:
                begun = place.span.outer_start
            stretches.insert(0, (begun, place.span.outer_start))
        return stretches

    def _goes_on(self, place: Place) -> bool:
        """Tell whether a sentence runs from before the quotation before this one up to here."""
        if place.index == 0 or place.opens:
            return False
        earlier = self.places[place.index - 1]
        end = earlier.span.outer_end
        if earlier.paragraph != place.paragraph or place.before != end:
            return False
        following = self.text[end : end + 4].strip(" ,;")
        ended = self.text[earlier.span.start : earlier.span.end].rstrip()[-1:] in {".", "!", "?"}
        between = self.text[end : place.span.outer_start].strip()
        return bool(between) and not following[:1].isupper() and not (ended and not following)

    def _joined(self, place: Place) -> bool:
        """Tell whether a quotation only goes on with the one before: `"a" and "b"`."""
        return bool(self.turns) and self._adjoins(self.turns[-1][0].span.outer_end, place)

    def _adjoins(self, start: int, place: Place) -> bool:
        """Tell whether nothing but `and` or the like parts a quotation from what ended before it."""
        end = place.span.outer_start
        near = not place.opens and end - start < MOST_LINKED
        return near and JOINING.fullmatch(self.text, start, end) is not None

    def _resolved(self, attribution: Attribution, place: Place) -> _Speaker:
        """Return the speaker that an attribution's words stand for."""
        if attribution.kind == "implied":
            return self._implied(attribution)
        start, end = attribution.start, attribution.end
        mention, rule = attribution.mention, attribution.kind
        if mention is not None:
            rule = f"name-{mention.kind.lower()}" if mention.kind in {"PERSON", "ORG"} else "name-other"
        elif attribution.kind == "pronoun":
            if taken := self._taken_up(attribution) or self._unlisted(attribution, place):
                return taken
            spoke = (speaker.mention for _, speaker in reversed(self.turns[-3:]) if speaker.mention)
            mention, how = self.cast.pronoun(start, self._pronoun(attribution), next(spoke, None))
            rule = f"pronoun-{how}"
        elif attribution.kind == "description":
            mention, rule = self.cast.description(start, end)
        elif attribution.kind == "words":
            mention = self.cast.bearer(start, end)
            if mention is None and " " not in self.text[start:end] and self._opens_sentence(start):
                rule = "first-word"
        elif attribution.kind == "thing" and not self._may_speak(start, end):
            rule = "thing-other"
        return _Speaker(
            words=(start, end),
            mention=mention,
            cue=attribution.cue,
            rule=f"{rule} {attribution.rule}",
            confidence=SURE_OF_WORDS[rule] * SURE_OF_PLACE.get(attribution.rule, 1.0),
        )

    def _pronoun(self, attribution: Attribution) -> str:
        """Return the pronoun of an attribution as a subject has it: `he` for `in his words`."""
        low = self.text[attribution.start : attribution.end].lower()
        return OWNERS.get(low, low) if attribution.rule == "according" else low

    def _opens_sentence(self, start: int) -> bool:
        """Tell whether a word is the first of its sentence, where any word has a capital."""
        return self.text[max(0, start - LONGEST_SPACE) : start].rstrip(" ")[-1:] in SENTENCE_STARTS

    def _may_speak(self, start: int, end: int) -> bool:
        """Tell whether a thing is a writing or a body of people: `the report`, `the team from NASA`."""
        words = self.text[start:end].lower().split()
        before = takewhile(lambda word: word not in self.words.prepositions, words)
        return any(word in SPEAKING or word.removesuffix("s") in SPEAKING for word in before)

    def _implied(self, attribution: Attribution) -> _Speaker:
        """Return who says what a verb without a subject introduces, as in Spanish."""
        if self.turns:
            return _passed_on(self.turns[-1][1], "implied", attribution.cue)
        mention = self.cast.alone(attribution.start)
        if mention is None:
            return NOBODY
        words = (mention.start, mention.end)
        sure = SURE_OF_WORDS["pronoun-only"]
        return _Speaker(words=words, mention=mention, cue=attribution.cue, rule="implied", confidence=sure)

    def _taken_up(self, attribution: Attribution) -> _Speaker | None:
        """Return the last speaker for a pronoun where they are no person known by name.

        A group, or somebody known by words alone, is meant if nobody was named since.
        """
        pronoun = self._pronoun(attribution)
        last = self.turns[-1][1] if self.turns else NOBODY
        if last.words is None or pronoun in FIRST_PERSON or last.rule.startswith("pronoun-open"):
            return None
        personal = pronoun in self.words.he | self.words.she
        if last.mention is None:
            fits = pronoun != "they" and not (personal and last.rule.startswith("thing"))
        else:
            fits = last.mention.kind != "PERSON"
        near = attribution.start - last.words[0] < NEAR
        if not (fits and near) or self.cast.before(attribution.start, last.words[0]):
            return None
        taken = _passed_on(last, "pronoun-words", attribution.cue)
        return replace(taken, words=(attribution.start, attribution.end)) if last.mention else taken

    def _unlisted(self, attribution: Attribution, place: Place) -> _Speaker | None:
        """Return the name that opens the sentence before, for a pronoun after nobody else.

        It is one that the recogniser took for no person's, or missed; else its place would be left
        to somebody further off.
        """
        low = self._pronoun(attribution)
        start = place.span.outer_start
        units = self.source.units(last_sentence(self.text, place.before, start), start)
        personal = self.words.he | self.words.she
        if low not in personal or any(unit.is_person or unit.low in personal for unit in units):
            return None
        end = next((index for index, unit in enumerate(units) if unit.kind != "capital"), len(units))
        mention = units[0].mention if units else None
        if mention is not None and mention.kind == "MISC" and " " in mention.surface:
            words = (attribution.start, attribution.end)
        elif end >= LEAST_NAME:
            words = (units[0].start, units[end - 1].end)
        else:
            return None
        sure = SURE_OF_WORDS["pronoun-words"]
        return _Speaker(
            words=words, mention=mention, cue=attribution.cue, rule="pronoun-words", confidence=sure
        )

    def _without_cue(self, place: Place, kind: str) -> _Speaker:
        """Return who goes on speaking, or whom the sentences beside are about."""
        last, speaker = self.turns[-1] if self.turns else (place, NOBODY)
        start, end = last.span.outer_end, place.span.outer_start
        adjacent = bool(self.turns) and end - start < MOST_LINKED and not self.text[start:end].strip()
        if speaker.words is not None and last.paragraph == place.paragraph and not adjacent:
            if self._joined(place):
                return _passed_on(speaker, "joined")
            if speaker.cue and speaker.words[0] >= start and self._ends_at(start, end):
                return self._after_cue(place)
        if adjacent and kind == "direct":
            return self._alternate(place)
        beat = self._beat(place)
        near = place.paragraph - last.paragraph <= 1 and end - start < LONGEST_INTERLUDE
        if beat.words is None and kind == "direct" and near:
            return _passed_on(speaker, "carried")
        return beat

    def _ends_at(self, start: int, end: int) -> bool:
        """Tell whether a stretch is one sentence and nothing more."""
        return not self.text[first_sentence(self.text, start, end) : end].strip()

    def _after_cue(self, place: Place) -> _Speaker:
        """Return who speaks after `"…," said Smith.` in the same paragraph.

        Where paragraphs are known it is the same person. Where the text has none, a question is
        taken to be answered.
        """
        last, speaker = self.turns[-1]
        if self.parted:
            return _passed_on(speaker, "same paragraph")
        if self.text[last.span.start : last.span.end].rstrip().endswith("?"):
            return self._alternate(place)
        return _passed_on(speaker, "same passage")

    def _alternate(self, place: Place) -> _Speaker:
        """Return who spoke before the last, as people in talk take turns; else who spoke last."""
        last = self.turns[-1][1]
        for earlier, speaker in reversed(self.turns[-MOST_TURNS:-1]):
            if self.parted and earlier.paragraph < place.paragraph - 2:
                break
            if speaker.words is not None and self._identity(speaker) != self._identity(last):
                return _passed_on(speaker, "alternate")
        beat = self._beat(place)
        return _passed_on(last, "carried") if beat.words is None and self.parted else beat

    def _identity(self, speaker: _Speaker) -> str:
        if speaker.mention is not None:
            return speaker.mention.name
        return self.text[speaker.words[0] : speaker.words[1]].lower() if speaker.words else ""

    def _beat(self, place: Place) -> _Speaker:
        """Return whom the sentence right after or before in the paragraph is about."""
        start, end = place.span.outer_start, place.span.outer_end
        after = (end, first_sentence(self.text, end, place.after))
        before = (last_sentence(self.text, place.before, start), start)
        if found := self._subject(after, "beat after"):
            return self._resolved(found, place)
        if before[0] < before[1]:
            said = look_before(self.source, [before])
            if said is not None and said.kind != "thing":
                return self._resolved(replace(said, rule="said before", cue=None), place)
            if found := self._subject(before, "beat before"):
                return self._resolved(found, place)
        return NOBODY

    def _subject(self, stretch: tuple[int, int], rule: str) -> Attribution | None:
        """Return the person that a sentence begins with."""
        for unit in self.source.units(*stretch)[:3]:
            if unit.low in CONJUNCTIONS:
                return None
            if unit.is_person or unit.low in self.words.he | self.words.she:
                return Attribution(
                    start=unit.start,
                    end=unit.end,
                    kind=unit.kind,
                    rule=rule,
                    cue=None,
                    mention=unit.mention,
                )
            if unit.kind in {"name", "pronoun"}:
                return None
        return None


def _passed_on(speaker: _Speaker, rule: str, cue: str | None = None) -> _Speaker:
    """Return the speaker of one quotation as that of another, less sure than before."""
    if speaker.words is None:
        return NOBODY
    factor = SURE_OF_PLACE.get(rule, SURE_OF_WORDS.get(rule, 1.0))
    return replace(speaker, cue=cue, rule=rule, confidence=max(LEAST_SURE, speaker.confidence * factor))
