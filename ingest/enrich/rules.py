"""Finds names by rules and word lists: capitals, titles, head words, and what stands beside.

Good enough to browse by, fast, and the same on every machine. A trained recogniser may stand
in its place; what names come to mean within an article is `resolve.py`'s matter.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ingest.calendars import ANY_MONTH
from ingest.enrich.abroad import OPENING, UNCASED, inflected, is_given_name, without_capitals
from ingest.enrich.spans import Span
from ingest.enrich.word_lists import WordLists, word_lists
from ingest.personal_names import PARTICLES

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

TOKEN = re.compile(
    r"""(?P<acronym>(?:[^\W\d_]\.){2,})
      | (?P<abbreviation>(?:Mr|Mrs|Ms|Dr|Prof|Gen|Col|Lt|Maj|Sgt|Capt|Sen|Rep|Gov|St|Rev|Hon|Adm|Brig
            |Cmdr|Jr|Sr|Cpl|Fr|Msgr|Inc|Corp|Co|Ltd)\.)
      | (?P<initial>[^\W\d_a-z]\.(?=\s?[^\W\d_a-z]))
      | (?P<elision>\b(?:[cdjlmnst]|qu|un|lorsqu|puisqu|quest|dell|nell|dall|sull|all|coll)['’](?=\w{2}))
      | (?P<word>\w+(?:[-‐'’](?!s\b)\w+)*)
      | (?P<mark>['’]s\b|[^\w\s])""",
    re.VERBOSE,
)
DOUBLE_PARTICLES = frozenset(
    (
        ("von", "der"),
        ("van", "der"),
        ("van", "den"),
        ("van", "de"),
        ("de", "la"),
        ("de", "los"),
        ("de", "las"),
    )
)
ARTICLE = re.compile(r"(?:[DL]|Un|Dell|Nell|Dall|Sull|All)['’](?=[^\W\d_a-z])")
TURKISH = re.compile(
    r"(?<=\w{4})['’](?:[dt][ae](?:n|ki)?|n?[ıiuü]n|[yn]?[aeıiuü]|y?l[ae]|nd[ae]n?)$|(?<=[A-ZÇĞİÖŞÜ]{2})['’]\w{1,4}$"
)
LEAST_DISTINCT, WORDS_EACH = 2, 40
ENGLISH = re.compile(r"\b(?:the|and|of|was|were|with|that|from|his|which|their|been)\b")
GERMAN = re.compile(r"\b(?:und|nicht|ist|sich|wurde|wird|eine|mit|auch|dass|für|zur|zum)\b")
INNER = frozenset(("of", "for", "the", "and", "&"))
SPEECH = frozenset(
    (
        "said",
        "says",
        "told",
        "added",
        "asked",
        "wrote",
        "replied",
        "warned",
        "noted",
        "explained",
        "announced",
        "argued",
        "insisted",
        "recalled",
        "declared",
    )
)
LOCATED = frozenset(
    ("in", "at", "from", "near", "outside", "around", "across", "through", "toward", "towards", "to", "into")
)
PLACED = frozenset(("in", "at", "near"))
AFTER_DATELINE = frozenset((",", "-", "–", "—", "("))
LONGEST_DATELINE = 3
SENTENCE_END = frozenset('.!?:;•"“”«»()[]{}—–…')
ROMAN = re.compile(r"[IVXLC]+$")
ACRONYM = re.compile(r"[A-Z][A-Z&]{1,6}s?$")
LEAST_TITLE_CASE = 0.6
MOST_WORDS_PERSON = 5
LONGEST_RUN = 40
LEAST_HEADLINE = 3


@dataclass(frozen=True, kw_only=True, slots=True)
class Token:
    """One word or mark of the text."""

    start: int
    end: int
    text: str
    kind: str
    begins: bool
    headline: bool

    @property
    def capital(self) -> bool:
        """Whether it begins with a capital letter."""
        return self.text[0].isupper()


def recognise(text: str) -> list[Span]:
    """Return the names in a text, in order, not overlapping."""
    spans: list[Span] = []
    german, english = _is_in(GERMAN, text), _is_in(ENGLISH, text)
    for line in re.finditer(r"[^\n]+", text):
        tokens = tokenize(line[0], line.start(), nouns=german)
        opening = frozenset() if english else OPENING
        spans += _Line(text, tokens, word_lists(), nouns=german, opening=opening).spans()
    if UNCASED.search(text):
        spans = sorted((*spans, *without_capitals(text)), key=lambda span: span.start)
    return _confirm(spans, nouns=german)


def _is_in(words: re.Pattern[str], text: str) -> bool:
    """Tell whether a text is in the language of these words, not only a name such as `Amt für Statistik`."""
    found = words.findall(text)
    return len(set(found)) >= LEAST_DISTINCT and len(found) * WORDS_EACH >= len(text.split())


def tokenize(line: str, offset: int, *, nouns: bool = False) -> list[Token]:
    """Return the words and marks of a line, with their places in the whole text.

    With `nouns`, a line full of capitals is no headline.
    """
    matches = list(TOKEN.finditer(line))
    words = [match[0] for match in matches if match.lastgroup == "word" and len(match[0]) > 3]  # noqa: PLR2004
    capitals = sum(word[0].isupper() for word in words)
    headline = not nouns and len(words) >= LEAST_HEADLINE and capitals >= LEAST_TITLE_CASE * len(words)
    tokens = []
    begins = True
    for match in matches:
        kind = "mark" if match.lastgroup == "elision" else match.lastgroup or "mark"
        start, end = (match.start(), match.end()) if kind != "word" else _bare(match, begins=begins)
        tokens.append(
            Token(
                start=offset + start,
                end=offset + end,
                text=line[start:end],
                kind=kind,
                begins=begins,
                headline=headline,
            )
        )
        begins = (kind == "mark" and match[0] in SENTENCE_END) or (begins and kind == "mark")
    return tokens


def _bare(match: re.Match[str], *, begins: bool) -> tuple[int, int]:
    """Return where a word is without an article before it, as in `L'Allemagne`, or a Turkish ending.

    Within a sentence a capital belongs to the name: `D'Alema`.
    """
    start, end = match.span()
    if begins and (article := ARTICLE.match(match[0])):
        start += article.end()
    if ending := TURKISH.search(match[0]):
        end -= len(ending[0])
    return start, end


class _Line:
    """One line of text on its way to spans.

    With `nouns`, all nouns have capitals, as in German: then a capital alone makes no name. No name
    begins with a word of `opening` that opens a sentence.
    """

    def __init__(
        self,
        text: str,
        tokens: Sequence[Token],
        lists: WordLists,
        *,
        nouns: bool = False,
        opening: frozenset[str] = frozenset(),
    ) -> None:
        self.text, self.tokens, self.lists, self.nouns = text, tokens, lists, nouns
        self.opening = opening

    def spans(self) -> Iterator[Span]:
        position = 0
        while position < len(self.tokens):
            token = self.tokens[position]
            if token.kind == "mark" or not (token.capital or token.text[0].isdigit()):
                position += 1
                continue
            end, span = self._known(position) or self._dateline(position) or self._run(position)
            if span:
                yield span
            position = max(end, position + 1)

    def _known(self, position: int) -> tuple[int, Span] | None:
        """Return the longest listed phrase that begins here and is not part of a longer name."""
        for end in range(min(len(self.tokens), position + self.lists.longest), position, -1):
            phrase = self._surface(position, end)
            known = self.lists.abroad.get(phrase) or self.lists.phrases.get(phrase) or inflected(phrase)
            if known is None or self._continues(position, end, known.kind):
                continue
            if known.kind == "NORP" and self._is_given(phrase) and self._named_at(end):
                continue
            if end - position == 1 and self.tokens[position].begins and phrase.lower() in self.lists.common:
                continue
            return end, self._span(position, end, known.kind, known.name)
        return None

    def _dateline(self, position: int) -> tuple[int, Span] | None:
        """Return the place in capitals that opens a report: `CAPE KENNEDY, Fla. -`."""
        if position > 0:
            return None
        end = position
        while (token := self._at(end)) is not None and token.kind == "word" and token.text.isupper():
            end += 1
        following = self._at(end)
        if (
            end == position
            or end > LONGEST_DATELINE
            or following is None
            or following.text not in AFTER_DATELINE
        ):
            return None
        name = self._surface(position, end).title()
        known = self.lists.phrases.get(name) or self.lists.abroad.get(name)
        return end, self._span(position, end, known.kind if known else "GPE", known.name if known else name)

    def _is_head(self, word: str) -> bool:
        """Tell a word that says what a name is of, an event among it."""
        return word in self.lists.heads or word in self.lists.event_heads

    def _continues(self, start: int, end: int, kind: str) -> bool:
        """Tell whether a listed phrase is only the beginning of a longer name."""
        following = self._at(end)
        if following is None or following.kind != "word" or not following.capital:
            return False
        if self.tokens[start].headline or kind == "NORP":
            return False
        run = self._run_end(end)
        if any(self._is_head(self.tokens[place].text) for place in range(end, run)):
            return True
        return kind != "ORG" and self._is_given(self.tokens[start].text) and run - end == 1

    def _run(self, position: int) -> tuple[int, Span | None]:
        """Return the end of the capitalised run that begins here, and the name in it, if any."""
        if not self.tokens[position].capital:
            return position + 1, None
        start, titled = self._skip_titles(position)
        if start > position and not self._named_at(start):
            return start, None
        end = self._run_end(start)
        first = self.tokens[start]
        if first.begins and not titled and first.text.lower() in self.opening:
            return start + 1, None
        opens = first.begins and not titled and first.text.lower() in self.lists.common
        if opens and end - start > 1 and not self._is_given(first.text):
            return start + 1, None
        kind = self._kind(start, end, titled=titled)
        if kind == "MISC" and (bearer := self._given_name(start, end)):
            start, kind = bearer, "PERSON"
        if kind is None:
            return end, None
        single = end - start == 1
        sure = titled or not (single and (first.begins or first.headline))
        known = self.lists.ambiguous.get(self._surface(start, end)) if kind == "GPE" else None
        return end, self._span(
            start, end, known.kind if known else kind, known.name if known else None, sure=sure
        )

    def _run_end(self, position: int) -> int:
        """Return the end of a run of capitalised words, particles and linking words within it."""
        end = position + 1
        while end - position < LONGEST_RUN and (token := self._at(end)) is not None:
            if token.kind != "mark" and token.capital:
                if self.lists.phrases.get(token.text, None) and self._is_norp(token.text):
                    break
                end += 1
            elif token.text.isdigit() and len(token.text) <= 3 and end - position <= 2:  # noqa: PLR2004 - Apollo 11
                return end if self._is_day(end) else end + 1
            elif self._links(position, end):
                end += 2 if self._at(end + 1) is not None and self.tokens[end + 1].capital else 3
            else:
                break
        return min(end, len(self.tokens))

    def _is_given(self, word: str) -> bool:
        return word in self.lists.given_names or is_given_name(word)

    def _is_day(self, place: int) -> bool:
        """Tell whether a number is the day of a month, as in `Pamuk 7 Haziran`."""
        following = [token.text.lower() for token in self.tokens[place + 1 : place + 3]]
        return any(word in ANY_MONTH for word in following)

    def _given_name(self, start: int, end: int) -> int | None:
        """Return where a person is named after what they are: `Umweltminister Norbert Röttgen`."""
        for place in range(start + 1, end - 1):
            token, before = self.tokens[place], self.tokens[place - 1].text
            if self._is_given(token.text) and before not in INNER and before not in PARTICLES:
                return place
        return None

    def _is_norp(self, word: str) -> bool:
        known = self.lists.phrases.get(word)
        return known is not None and known.kind == "NORP"

    def _links(self, position: int, end: int) -> bool:
        """Tell whether a small word holds a name together: `van`, or `of` after a head word."""
        word = self.tokens[end].text
        following = self._at(end + 1)
        if following is None:
            return False
        if word in {"d’", "d'"}:
            return following.capital and self._is_given(self.tokens[position].text)
        if word in PARTICLES:
            if self.nouns and (word in {"den", "der"} or not self._is_given(self.tokens[position].text)):
                return False
            after = self._at(end + 2)
            # `Ursula von der Leyen`, but not `Anna Weiß von der Universität`.
            alone = end - position == 1 or (word, following.text) == ("de", "la")
            double = (
                (word, following.text) in DOUBLE_PARTICLES
                and alone
                and after is not None
                and after.capital
                and not after.text.isupper()
            )
            if following.capital or double:
                return True
        if word not in INNER:
            return False
        run = [token.text for token in self.tokens[position:end]]
        if not any(map(self._is_head, run)):
            return False
        if word in {"and", "&"}:
            return following.capital and ("of" in run or "for" in run or word == "&")
        after = self._at(end + 2)
        return following.capital or (following.text == "the" and after is not None and after.capital)

    def _skip_titles(self, start: int) -> tuple[int, bool]:
        """Return where the name begins after titles such as `Prime Minister`, and if there were any."""
        titled = self._titled_before(start)
        moved = True
        while moved:
            moved = False
            for length in (4, 3, 2, 1):
                if (
                    start + length <= len(self.tokens)
                    and self._surface(start, start + length) in self.lists.titles
                ):
                    start, titled, moved = start + length, True, True
                    break
        return start, titled

    def _named_at(self, place: int) -> bool:
        token = self._at(place)
        return token is not None and token.kind != "mark" and token.capital

    def _titled_before(self, start: int) -> bool:
        before = self._at(start - 1)
        return (
            before is not None
            and before.kind == "word"
            and before.text in self.lists.titles
            and not before.capital
        )

    def _kind(self, start: int, end: int, *, titled: bool) -> str | None:
        words = [token.text for token in self.tokens[start:end]]
        lists = self.lists
        if len(words) == 1 and (words[0].lower() in lists.common and not titled):
            return None
        if kind := self._by_head(words):
            return kind
        if words[-1].isdigit():
            return "MISC" if len(words) > 1 and words[0].lower() not in lists.common else None
        if titled and len(words) <= MOST_WORDS_PERSON and self._may_be_person(words):
            return "PERSON"
        if len(words) > 1 and len(words) <= MOST_WORDS_PERSON and self._is_person(self.tokens[start], words):
            return "PERSON"
        if len(words) == 1:
            return self._kind_of_one(start, end, words[0])
        if self.tokens[start].headline:
            return None
        return "PERSON" if self._speaks(start, end) else "MISC"

    def _by_head(self, words: list[str]) -> str | None:
        """Return the kind that a head word gives: `University of Oslo`, `Jodrell Bank Observatory`."""
        if len(words) == 1:
            return None
        for heads, kind in (
            (self.lists.organisation_heads, "ORG"),
            (self.lists.facility_heads, "FAC"),
            (self.lists.event_heads, "EVENT"),
            (self.lists.place_heads, "LOC"),
        ):
            if words[-1] in heads or (words[0] in heads and len(words) > 2 and words[1] in INNER):  # noqa: PLR2004
                return kind
        return "LOC" if words[0] in {"Lake", "Mount", "Cape", "Fort", "Port", "Gulf"} else None

    def _may_be_person(self, words: list[str]) -> bool:
        """Tell whether words after a title may be a name: no acronym, not all everyday words."""
        return not ACRONYM.match(words[0]) and any(
            self._is_given(word) or word.lower() not in self.lists.common for word in words
        )

    def _is_person(self, first: Token, words: list[str]) -> bool:
        if self._is_given(words[0]) and not (first.begins or first.headline):
            return True
        if self._is_given(words[0]):
            return words[1].lower() not in self.lists.common or words[1].lower() in PARTICLES
        return any(re.fullmatch(r"[^\W\d_]\.", word) for word in words[:-1])

    def _kind_of_one(self, start: int, end: int, word: str) -> str | None:
        token = self.tokens[start]
        if ACRONYM.match(word) and not ROMAN.match(word) and len(word) > 1:
            return None if token.headline else "ORG"
        if self._speaks(start, end):
            return "PERSON"
        before = self._at(start - 1)
        located = before is not None and before.text in LOCATED
        if located and word in self.lists.ambiguous:
            return "GPE"
        if self._is_given(word):
            return None if self.nouns and word.lower() in ANY_MONTH else "PERSON"
        if before is not None and before.text in PLACED and not token.headline and not self.nouns:
            return "GPE"
        if token.headline or len(word) < 3:  # noqa: PLR2004 - an initial
            return None
        return "MISC"

    def _speaks(self, start: int, end: int) -> bool:
        before, after = self._at(start - 1), self._at(end)
        return (after is not None and after.text in SPEECH) or (
            before is not None and before.text in SPEECH and before.text != "told"
        )

    def _at(self, place: int) -> Token | None:
        return self.tokens[place] if 0 <= place < len(self.tokens) else None

    def _surface(self, start: int, end: int) -> str:
        return self.text[self.tokens[start].start : self.tokens[end - 1].end]

    def _span(self, start: int, end: int, kind: str, known: str | None = None, *, sure: bool = True) -> Span:
        first, last = self.tokens[start].start, self.tokens[end - 1].end
        return Span(start=first, end=last, surface=self.text[first:last], kind=kind, known=known, sure=sure)


def _confirm(spans: list[Span], *, nouns: bool) -> list[Span]:
    """Drop a lone word that began a sentence, or that nothing explains, unless it comes again.

    With `nouns`, a capital explains nothing, and only a person's name may come again.
    """
    times = Counter(span.surface for span in spans)
    sure = {span.surface for span in spans if span.sure}
    parts = {word for span in spans if span.sure and span.kind == "PERSON" for word in span.surface.split()}
    return [
        span
        for span in spans
        if span.surface in parts
        or (nouns and span.kind != "MISC" and span.surface in sure)
        or (
            not nouns
            and span.surface in sure
            and (span.kind != "MISC" or " " in span.surface or times[span.surface] > 1)
        )
    ]
