"""Quotations in an article: what stands between marks and was said, and who said it."""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from ingest.enrich.attribution import Attribution, look_after, look_before
from ingest.enrich.cue_words import ENGLISH, LANGUAGES, NAMING
from ingest.enrich.phrases import Source, first_sentence, last_sentence
from ingest.enrich.quotation_marks import find_marked, paragraphs
from ingest.enrich.speakers import Cast
from ingest.model import Quote
from ingest.registry import enricher

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ingest.enrich.quotation_marks import Marked
    from ingest.model import Article, Fact, Facts, Mention

ENDING = frozenset(".!?…—–-")
FEWEST_WORDS = 6
LAST_WORD = re.compile(r"([\w-]+)[^\w]*$")
WORD = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")
SPACE = re.compile(r"[\s_*]*")
JOINING = re.compile(r"[\s,]*(?:(?:and|or|but|und|et|y|then|to)\b)?[\s,]*")
STATING = frozenset(("was", "is", "were", "are", "be", "being", "been", "as", "not", "too"))
SMALL_WORDS = frozenset(
    [
        "the",
        "a",
        "an",
        "of",
        "and",
        "or",
        "in",
        "on",
        "at",
        "to",
        "for",
        "from",
        "with",
        "by",
        "into",
        "over",
        "about",
        "as",
        "is",
        "but",
        "nor",
        "vs",
        "de",
        "la",
        "le",
        "les",
        "des",
        "der",
        "die",
        "das",
    ]
)
MOST_LINKED = 60
MOST_STRETCHES = 4
NEAR = 1500
# The probability that a speaker is right, by what the words for them are and by how they were
# found; counted on the development halves and rounded, see benchmarks/quality/quotations.py.
SURE_OF_WORDS = {
    "name-person": 0.97,
    "name-org": 0.85,
    "name-other": 0.9,
    "words": 0.85,
    "thing": 0.85,
    "described": 0.85,
    "office": 0.75,
    "pronoun-goes-on-known": 0.95,
    "pronoun-goes-on": 0.75,
    "pronoun-only-known": 0.85,
    "pronoun-only": 0.65,
    "pronoun-nearest-known": 0.9,
    "pronoun-nearest": 0.7,
    "pronoun-first-known": 0.65,
    "pronoun-words": 0.75,
    "pronoun-open": 0.3,
}
SURE_OF_PLACE = {
    "beat before": 0.55,
    "beat after": 0.55,
    "said before": 0.85,
    "joined": 0.95,
    "carried": 0.65,
    "alternate": 0.45,
    "same passage": 0.5,
    "implied": 0.85,
}


@dataclass(frozen=True, kw_only=True, slots=True)
class _Speaker:
    """Who says a quotation: the words for it, the mention that names the person, and why."""

    words: tuple[int, int] | None = None
    mention: Mention | None = None
    cue: str | None = None
    rule: str = "none"
    confidence: float = 0.0


NOBODY = _Speaker()


@dataclass(frozen=True, kw_only=True, slots=True)
class _Place:
    """A marked span with the stretches of its paragraph before and after it."""

    span: Marked
    before: int
    after: int
    opens: bool
    closes: bool
    paragraph: int
    index: int


@enricher(name="quotations", version="1", requires=("names",))
def find_quotations(article: Article, facts: Facts) -> Iterator[Fact]:
    """Yield a quote for each quotation in marks, with its speaker as far as the text tells.

    `Quote.start` and `end` enclose the words without their marks. Titles, nicknames and words
    that are only held at a distance are none: without a cue, fewer than six words count only as
    a sentence of their own.
    """
    for quote, _ in attribute(article, facts):
        yield quote


def attribute(article: Article, facts: Facts) -> Iterator[tuple[Quote, str]]:
    """Yield each quote with the name of the rule that chose its speaker."""
    reading = _Reading(article, facts)
    for place in reading.places:
        found = reading.read(place)
        if found is None:
            continue
        speaker, kind = found
        start, end = _trimmed(article.text, place.span.start, place.span.end)
        words, mention = speaker.words, speaker.mention
        yield (
            Quote(
                start=start,
                end=end,
                quote=article.text[start:end],
                speaker=" ".join(article.text[words[0] : words[1]].split()) if words else None,
                cue=speaker.cue,
                confidence=round(speaker.confidence, 2),
                kind=kind,
                speaker_start=mention.start if mention else None,
                speaker_name=mention.name if mention else None,
            ),
            speaker.rule,
        )


class _Reading:
    """One pass over an article's marked spans, remembering who spoke last."""

    def __init__(self, article: Article, facts: Facts) -> None:
        self.text = article.text
        self.words = LANGUAGES.get((article.language or "en")[:2], ENGLISH)
        mentions = sorted(facts.mentions, key=lambda each: (each.start, -each.end))
        self.source = Source(text=self.text, mentions=mentions, words=self.words)
        spans = find_marked(self.text)
        self.places = list(self._places(spans))
        self.cast = Cast(
            self.text, mentions, [(each.outer_start, each.outer_end) for each in spans], self.words
        )
        self.turns: list[tuple[_Place, _Speaker]] = []
        self.used = -1
        self.parted = len(paragraphs(self.text)) > 1

    def _places(self, spans: list[Marked]) -> Iterator[_Place]:
        blocks = paragraphs(self.text)
        starts = [start for start, _ in blocks]
        for index, span in enumerate(spans):
            first = bisect_right(starts, span.outer_start) - 1
            last = bisect_right(starts, span.outer_end - 1) - 1
            before, after = blocks[first][0], blocks[last][1]
            earlier = spans[index - 1].outer_end if index else 0
            later = spans[index + 1].outer_start if index + 1 < len(spans) else len(self.text)
            yield _Place(
                span=span,
                before=max(before, earlier),
                after=min(after, later),
                opens=not self.text[before : span.outer_start].strip(),
                closes=not self.text[span.outer_end : after].strip(),
                paragraph=first,
                index=index,
            )

    def read(self, place: _Place) -> tuple[_Speaker, str] | None:
        """Return who says what stands at a place and of what kind it is; None if nobody says it."""
        attribution = self._attribution(place)
        joined = self._joined(place)
        kind = self._kind(place, attribution, joined=joined)
        if kind is None:
            return None
        speaker = self._speaker(place, attribution, kind)
        self.turns.append((place, speaker))
        return speaker, kind

    def _attribution(self, place: _Place) -> Attribution | None:
        """Choose between what stands before and what stands after."""
        text, span = self.text, place.span
        inner = text[span.start : span.end].rstrip()
        before = look_before(self.source, self._stretches(place))
        if before is None and place.opens:
            before = self._introduced(place)
        stop = first_sentence(text, span.outer_end, place.after)
        after = None
        if not self._new_sentence(inner, span.outer_end):
            after = look_after(self.source, span.outer_end, stop)
        invites = (
            inner[-1:] in {",", "!", "?", "—", "–", "-", "…"}
            or text[span.outer_end : span.outer_end + 1] == ","
        )
        if after is not None and (
            before is None or after.rule == "by" or (invites and self._own(place, before))
        ):
            self.used = after.start
            return after
        return before

    def _own(self, place: _Place, before: Attribution) -> bool:
        """Tell whether the words after a quotation go before those in front of it."""
        leads = (
            self.text[: place.span.outer_start].rstrip()[-1:] == ":" if False else self._visible(place) == ":"
        )
        return not leads and (before.start == self.used or self._visible(place) not in {",", ":"})

    def _visible(self, place: _Place) -> str:
        stretch = self.text[max(0, place.span.outer_start - 4) : place.span.outer_start].rstrip()
        return stretch[-1:]

    def _introduced(self, place: _Place) -> Attribution | None:
        """Return the speaker from a paragraph that ends in a colon right before this one."""
        start = place.span.outer_start
        stretch = self.text[max(0, start - 600) : start].rstrip()
        if not stretch.endswith((":", ",")):
            return None
        end = max(0, start - 600) + len(stretch)
        cut = self.text.rfind("\n\n", max(0, start - 600), end)
        begun = last_sentence(self.text, cut + 2 if cut >= 0 else max(0, start - 600), end)
        return look_before(self.source, [(begun, end)])

    def _stretches(self, place: _Place) -> list[tuple[int, int]]:
        """Return the words of the sentence before a quotation, without quotations within it."""
        text = self.text
        begun = last_sentence(text, place.before, place.span.outer_start)
        if text[begun : place.span.outer_start].rstrip()[-1:] in {".", "!", "?"}:
            return []
        stretches = [(begun, place.span.outer_start)]
        index = place.index
        while index > 0 and len(stretches) <= MOST_STRETCHES and begun == place.before:
            earlier = self.places[index - 1]
            end = earlier.span.outer_end
            if (
                earlier.paragraph != place.paragraph
                or end != begun
                or not text[end : place.span.outer_start].strip()
            ):
                break
            ended = text[earlier.span.start : earlier.span.end].rstrip()[-1:] in {".", "!", "?"}
            following = text[end : end + 4].strip(" ,;")
            if following[:1].isupper() or (ended and not following) or place.opens:
                break
            index -= 1
            place = earlier
            begun = last_sentence(text, place.before, place.span.outer_start)
            stretches.insert(0, (begun, place.span.outer_start))
        return stretches

    def _new_sentence(self, inner: str, end: int) -> bool:
        """Tell whether what follows a quotation begins a sentence of its own."""
        following = self.text[end : end + 3].lstrip()
        return inner[-1:] == "." and not inner.endswith("..") and following[:1].isupper()

    def _joined(self, place: _Place) -> bool:
        """Tell whether a quotation only goes on with the one before: `"a" and "b"`."""
        if not self.turns:
            return False
        last = self.turns[-1][0]
        gap = place.span.outer_start - last.span.outer_end
        return (
            gap < MOST_LINKED
            and bool(JOINING.fullmatch(self.text, last.span.outer_end, place.span.outer_start))
            and not place.opens
        )

    def _kind(self, place: _Place, attribution: Attribution | None, *, joined: bool) -> str | None:
        """Return direct or partial; None for titles, nicknames and words held at a distance."""
        text, span = self.text, place.span
        inner = text[span.start : span.end].strip()
        words = WORD.findall(inner)
        if not words:
            return None
        ended = inner[-1] in ENDING
        capital = inner[0].isupper() or not inner[0].isalpha()
        title = _is_title(words) and inner[-1] not in "!?"
        before = LAST_WORD.search(text, max(place.before, span.outer_start - 30), span.outer_start)
        named = before is not None and before[1].lower() in NAMING
        lead = self._visible(place)
        sentence = place.opens or lead in {".", "!", "?", "”", '"', "’", "»", "—", "…", ")", "'", "“"}
        if named and len(words) < FEWEST_WORDS + 2 and lead != ":":
            return None
        if attribution is not None and (attribution.kind != "thing" or self._beside(place, attribution)):
            label = (
                attribution.cue is not None
                and attribution.cue.lower() in self.words.labels
                and attribution.kind != "thing"
            )
            near = self._beside(place, attribution)
            alone = len(words) == 1 and not ended and not inner[0].isupper()
            if (ended or inner[-1] in ",;" or near) and not alone:
                whole = ended or inner[-1] in ",;"
                return (
                    "direct"
                    if (capital and (ended or near)) or (near and (whole or lead in {",", ":"}))
                    else "partial"
                )
            if title and not label:
                return None
            if len(words) > 1 or label or (before is not None and before[1].lower() in STATING):
                return "direct" if capital and lead in {",", ":"} else "partial"
            return None
        if joined:
            return "direct" if ended and len(words) >= FEWEST_WORDS else "partial"
        if title and len(words) > 1 and not (sentence and ended):
            return None
        if len(words) >= FEWEST_WORDS:
            return "direct" if capital and (ended or inner[-1] == ",") else "partial"
        if capital and sentence and (ended or inner[-1] in ",;"):
            return "direct"
        if capital and lead in {":", ",", "-", ";"} and ended:
            return "direct"
        return None

    def _beside(self, place: _Place, attribution: Attribution) -> bool:
        """Tell whether only a comma or the like parts the quotation from its cue or speaker."""
        text, span = self.text, place.span
        if attribution.start >= span.outer_end:
            return (
                text[span.outer_end : span.outer_end + 1] == ","
                or text[span.start : span.end].rstrip()[-1:] in ",!?"
            )
        lead = self._visible(place)
        if lead in {",", ":"}:
            return True
        word = LAST_WORD.search(text, max(place.before, span.outer_start - 30), span.outer_start)
        return word is not None and word[1] == attribution.cue

    def _speaker(self, place: _Place, attribution: Attribution | None, kind: str) -> _Speaker:
        if attribution is not None:
            return self._resolved(attribution)
        return self._without_cue(place, kind)

    def _resolved(self, attribution: Attribution) -> _Speaker:
        """Return the speaker that an attribution's words stand for."""
        if attribution.kind == "implied":
            last_speaker = self.turns[-1][1] if self.turns else NOBODY
            return _passed_on(last_speaker, "implied", attribution.cue)
        words = (attribution.start, attribution.end)
        mention, rule = attribution.mention, attribution.kind
        if attribution.kind == "name" and mention is not None:
            rule = f"name-{mention.kind.lower()}" if mention.kind in {"PERSON", "ORG"} else "name-other"
        elif attribution.kind == "pronoun":
            if taken := self._taken_up(attribution):
                return taken
            last = next(
                (speaker.mention for _, speaker in reversed(self.turns[-3:]) if speaker.mention), None
            )
            mention, how = self.cast.pronoun(attribution.start, self.text[words[0] : words[1]], last)
            rule = f"pronoun-{how}"
        elif attribution.kind == "description":
            mention, rule = self.cast.description(*words)
        return _Speaker(
            words=words,
            mention=mention,
            cue=attribution.cue,
            rule=f"{rule} {attribution.rule}",
            confidence=SURE_OF_WORDS[rule] * SURE_OF_PLACE.get(attribution.rule, 1.0),
        )

    def _taken_up(self, attribution: Attribution) -> _Speaker | None:
        """Return the last speaker for a pronoun if they are known by words alone, and nobody came since."""
        pronoun = self.text[attribution.start : attribution.end].lower()
        if not self.turns or pronoun in {"i", "we", "you", "who"}:
            return None
        last = self.turns[-1][1]
        group = pronoun not in self.words.he | self.words.she
        if last.words is None or last.rule.startswith("pronoun-open"):
            return None
        person = last.mention is not None and last.mention.kind == "PERSON"
        if (
            person
            or (last.rule.startswith("thing") and not group)
            or (last.mention is None and pronoun == "they")
        ):
            return None
        near = attribution.start - last.words[0] < NEAR and not self.cast.before(
            attribution.start, last.words[0]
        )
        if not near:
            return None
        taken = _passed_on(last, "pronoun-words", attribution.cue)
        return replace(taken, words=(attribution.start, attribution.end)) if last.mention else taken

    def _without_cue(self, place: _Place, kind: str) -> _Speaker:
        """Return who goes on speaking, or whom the sentences beside are about."""
        if not self.turns:
            return self._beat(place)
        last, speaker = self.turns[-1]
        between = (
            self.text[last.span.outer_end : place.span.outer_start]
            if (place.span.outer_start - last.span.outer_end < 2 * FEWEST_WORDS * 100)
            else "x" * 2000
        )
        if speaker.words is not None and last.paragraph == place.paragraph:
            if self._joined(place) and between.strip():
                return _passed_on(speaker, "joined")
            stop = first_sentence(self.text, last.span.outer_end, place.span.outer_start)
            only_cue = not self.text[stop : place.span.outer_start].strip() and between.strip()
            if only_cue and speaker.cue and speaker.words[0] >= last.span.outer_end:
                if self.parted:
                    return _passed_on(speaker, "same paragraph")
                if self.text[last.span.start : last.span.end].rstrip()[-1:] == "?":
                    return self._alternate(place)
                return _passed_on(speaker, "same passage")
        if not between.strip() and (kind == "direct"):
            return self._alternate(place)
        beat = self._beat(place)
        if beat.words is not None:
            return beat
        if (
            kind == "direct"
            and speaker.words is not None
            and place.paragraph - last.paragraph <= 1
            and len(between) < 600
        ):
            return _passed_on(speaker, "carried")
        return NOBODY

    def _alternate(self, place: _Place) -> _Speaker:
        """Return the one who spoke before the last, as people in talk take turns."""
        last = self.turns[-1][1]
        for _, speaker in reversed(self.turns[-6:-1]):
            if speaker.words is not None and _identity(speaker, self.text) != _identity(last, self.text):
                return _passed_on(speaker, "alternate")
        beat = self._beat(place)
        if beat.words is not None:
            return beat
        return NOBODY

    def _beat(self, place: _Place) -> _Speaker:
        """Return whom the sentence right before or after in the paragraph is about."""
        span = place.span
        stop = first_sentence(self.text, span.outer_end, place.after)
        for start, end, rule in (
            (span.outer_end, stop, "beat after"),
            (last_sentence(self.text, place.before, span.outer_start), span.outer_start, "beat before"),
        ):
            if (
                rule == "beat before"
                and (said := look_before(self.source, [(start, end)]))
                and said.kind != "thing"
            ):
                return self._resolved(replace(said, rule="said before", cue=None))
            units = self.source.units(start, end)
            subject = next((unit for unit in units[:3] if unit.kind in {"name", "pronoun"}), None)
            if subject is None or (subject.mention is not None and subject.mention.kind != "PERSON"):
                continue
            kind = "name" if subject.mention else "pronoun"
            found = Attribution(
                start=subject.start, end=subject.end, kind=kind, rule=rule, cue=None, mention=subject.mention
            )
            if kind == "name" or subject.text.lower() in self.words.he | self.words.she:
                return self._resolved(found)
        return NOBODY


def _passed_on(speaker: _Speaker, rule: str, cue: str | None = None) -> _Speaker:
    """Return the speaker of one quotation as that of another, less sure than before."""
    if speaker.words is None:
        return NOBODY
    factor = SURE_OF_PLACE.get(rule, SURE_OF_WORDS.get(rule, 1.0))
    return replace(speaker, cue=cue, rule=rule, confidence=speaker.confidence * factor)


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    """Return a span without spaces at its ends."""
    whole = text[start:end]
    return start + len(whole) - len(whole.lstrip()), end - len(whole) + len(whole.rstrip())


def _identity(speaker: _Speaker, text: str) -> str:
    if speaker.mention is not None:
        return speaker.mention.name
    return text[speaker.words[0] : speaker.words[1]].lower() if speaker.words else ""


def _is_title(words: list[str]) -> bool:
    """Tell whether all longer words are capitalised, as in the title of a work."""
    longer = [word for word in words if word.lower() not in SMALL_WORDS]
    return len(words) > 1 and all(word[0].isupper() or word[0].isdigit() for word in longer)
