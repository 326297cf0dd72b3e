"""Decides which mentions in one article are the same person, place or organisation."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from ingest.enrich.references import find_authors
from ingest.enrich.spans import PLACES
from ingest.enrich.word_lists import genders, known_as, word_lists
from ingest.model import Mention
from ingest.personal_names import is_full, is_same_person, surnames, without_generation

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from ingest.enrich.spans import Span

    Gendered = dict[str | None, list[str]]

BRACKETS = ("(", "[")
POSSESSIVE = re.compile(r"['’]s?$")
WORD = re.compile(r"\w+")
INVERTED = re.compile(r"(?P<surname>[^,]+), (?P<given>(?!(?i:jr|sr|iii)\b)[^,]+)")
LONE_LETTER = re.compile(r"\b[A-Z]\b(?![.'’])")
INITIALS = re.compile(r"(?:[A-Z]\.[ -]?)+")
LEAST_ACRONYM = 2
# An acronym so long may have one letter that its name lacks.
LEAST_LACKING = 5
LONGEST_STEM = 4
LEADING_ON = re.compile(r"\b(?:of|for|on)(?: the)? $")
LEAST_ACRONYM_APART = 3
# Shorter ones in capitals may be acronyms: USSR, UAE.
LEAST_SHOUTED = 5
PERSON = "PERSON"
PAIR = 2
# What a newspaper calls one of a couple, and whether it calls a man or a woman so.
HONORIFIC = re.compile(
    r"\b(?:(?P<m>Mr\.?|Sir|Herrn?|Monsieur|Senhor|Señor|Signor)"
    r"|(?P<f>Mrs\.?|Ms\.?|Miss|Dame|Frau|Madame|Mme|Mlle|Señora|Senhora|Signora))\s$"
)
LONGEST_HONORIFIC = 12
# Kinds of which `White House Office of Management and Budget` is one with what the acronym stands for.
NAMED_WITH_MORE = PLACES | {"ORG", "MISC"}


@dataclass(frozen=True, kw_only=True, slots=True)
class Told:
    """What a name stands for: its full form, its kind, and what told so.

    `own` is what the article itself explains, other than the word list.
    """

    name: str
    kind: str
    origin: str
    own: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class People:
    """The one full name that a form of a person's name can stand for, None for several.

    `sharing` has the several, by the form that they share and by the gender of their given names,
    `shared_by` the forms of each full name.
    """

    meant: dict[str, str | None]
    sharing: dict[str, Gendered]
    shared_by: dict[str, set[str]]


class Explained(NamedTuple):
    """What an acronym stands for, and whether only the end of a longer name tells so."""

    name: str
    by_end: bool


def resolve(text: str, spans: Sequence[Span]) -> tuple[Mention, ...]:
    """Return the spans as mentions, each with the fullest name that the article gives.

    A surname or given name goes to the person who bears it, if there is only one in the
    article; if there are several, to none of them, unless `Mr` or `Mrs` fits only one, or one is called so
    before another of the name comes in. An acronym goes to the name that it stands for in brackets, or
    whose initials it is.
    """
    authors = {author.span() for row in find_authors(text) for author in row}
    spans = [
        replace(span, author=True) if (span.start, span.end) in authors and span.kind == PERSON else span
        for span in spans
    ]
    people = _people(_name(span) for span in spans if span.kind == PERSON)
    followed = _followed(text, spans, people)
    defined = _definitions(text, spans)
    return tuple(_mention(text, span, people, followed, defined) for span in spans)


def clean(surface: str) -> str:
    """Return a name on one line, without `the` before it and a possessive ending."""
    name = POSSESSIVE.sub("", " ".join(surface.split()))
    return name[4:] if name.lower().startswith("the ") and len(name) > len("the ") else name


def _name(span: Span) -> str:
    """Return a name as it is written elsewhere, though a dateline or headline has it in capitals.

    A catalogue's `Weld, Ann B.` is `Ann B. Weld`, `Weld, A` is `A. Weld`, and a reference's `Weld AB` is
    `A. B. Weld`.
    """
    name = clean(span.surface)
    if span.author:
        surname, _, initials = name.rpartition(" ")
        return f"{' '.join(f'{initial}.' for initial in initials if initial.isalpha())} {surname}"
    if span.kind == PERSON and (match := INVERTED.fullmatch(name)):
        given = LONE_LETTER.sub(r"\g<0>.", match["given"])
        if INITIALS.match(given) or given.split()[0] in word_lists().given_anywhere:
            name = f"{given} {match['surname']}"
    if span.kind in {PERSON, "GPE", "LOC"} and name.isupper() and len(name) >= LEAST_SHOUTED:
        return name.title()
    return name


def _mention(
    text: str, span: Span, people: People, followed: dict[int, str], defined: dict[str, Told]
) -> Mention:
    name = _name(span)
    told = Told(name=name, kind=span.kind, origin="text")
    if span.known is not None and not (name in defined and defined[name].own):
        told = Told(name=span.known, kind=span.kind, origin="word list" if span.known != name else "text")
    elif span.kind in {PERSON, "MISC"} and name in people.meant:
        person = people.meant[name] or _addressed(text, span, people.sharing[name], followed.get(span.start))
        if person is not None:
            told = Told(name=person, kind=PERSON, origin="article" if person != name else "text")
        elif span.kind == PERSON:
            told = Told(name=name, kind=PERSON, origin="shared")
    if told.origin == "text":
        told = defined.get(name, told)
    return Mention(
        start=span.start,
        end=span.end,
        surface=span.surface,
        name=told.name,
        kind=told.kind,
        origin=told.origin,
        country=word_lists().countries.get(name) if told.kind == "NORP" else None,
    )


def _addressed(text: str, span: Span, sharing: Gendered, followed: str | None) -> str | None:
    """Return whom `Mr` or `Mrs` tells from the others that share a name: the only man, the only woman.

    Else it is the one whom the order of the text tells, unless such a word is known not to fit.
    """
    match = HONORIFIC.search(text, max(0, span.start - LONGEST_HONORIFIC), span.start)
    if match is None:
        return followed
    fitting = sharing.get(match.lastgroup, [])
    if len(fitting) == 1 and None not in sharing:
        return fitting[0]
    return followed if followed and _gender(followed) in {None, match.lastgroup} else None


def _followed(text: str, spans: Sequence[Span], people: People) -> dict[int, str]:
    """Return whom forms that several people share mean, by the places where the order of the text tells.

    Whoever is called so before another of the name comes in is called so to the end, but for what stands
    in one paragraph behind the full name of another.
    """
    followed: dict[int, str] = {}
    if None not in people.meant.values():
        return followed
    came: dict[str, set[str]] = defaultdict(set)
    called: dict[str, str] = {}
    last: dict[str, tuple[str, int]] = {}
    paragraph = end = 0
    for span in spans:
        paragraph = max(paragraph, text.rfind("\n", end, span.start))
        end = span.end
        name = _name(span)
        if span.kind == PERSON and name in people.shared_by:
            person = people.meant[name] or name
            for form in people.shared_by[name]:
                came[form].add(person)
                last[form] = person, span.start
        elif name in came and people.meant[name] is None:
            if len(came[name]) == 1:
                called[name] = next(iter(came[name]))
            named, place = last[name]
            if name in called and (named == called[name] or place < paragraph):
                followed[span.start] = called[name]
    return followed


def _people(names: Iterable[str]) -> People:
    """Return what people each form of a name in an article can stand for."""
    listed = {name for name in names if is_full(name)}
    short = {name: {*surnames(name), *_double_surnames(name, listed)} for name in listed}
    # `Van Allen` is what is left of `James Van Allen`, where he is named too.
    full = listed - {surname for surnames_of in short.values() for surname in surnames_of}
    one = {**_with_initials(full), **_with_middle_names(full)}
    bearers: dict[str, set[str]] = defaultdict(set)
    shared_by: dict[str, set[str]] = {}
    for name in full:
        words = without_generation(name).split()
        shared_by[name] = {*short[name], words[0], f"{words[0]} {words[-1]}"}
        for form in shared_by[name]:
            bearers[form].add(one.get(name, name))
    people: dict[str, str | None] = {}
    for form, found in bearers.items():
        longest = max(found, key=_length)
        people[form] = longest if all(is_same_person(name, longest) for name in found) else None
    for name in full:
        words = without_generation(name).split()
        longest = people.get(f"{words[0]} {words[-1]}") or name
        people[name] = longest if is_same_person(one.get(name, name), longest) else name
    sharing = {form: _by_gender(found) for form, found in bearers.items() if people[form] is None}
    return People(meant=people, sharing=sharing, shared_by=shared_by)


def _by_gender(names: Iterable[str]) -> Gendered:
    """Return full names by what is known of their given names; those of whom nothing is stand under None."""
    found: Gendered = defaultdict(list)
    for name in names:
        found[_gender(name)].append(name)
    return found


def _gender(name: str) -> str | None:
    return genders().get(name.split(maxsplit=1)[0])


def _with_middle_names(full: set[str]) -> dict[str, str]:
    """Return, for each name with a middle name in full, the one without that an article has as well.

    Of several who are called so without it, as `Mary Ann Weld` and `Mary Jane Weld` are, none is meant.
    """
    longer: dict[str, list[str]] = defaultdict(list)
    for name in full:
        words = without_generation(name).split()
        if len(words) > PAIR:
            longer[f"{words[0]} {words[-1]}{name.removeprefix(without_generation(name))}"].append(name)
    return {
        name: bare
        for bare, names in longer.items()
        if bare in full and all(is_same_person(name, max(names, key=_length)) for name in names)
        for name in names
        if not is_same_person(name, bare)
    }


def _with_initials(full: set[str]) -> dict[str, str]:
    """Return, for each name with initials alone before the surname, the only one that they can stand for.

    `A. Weld` among the references is `Ann Weld`, whom the article names in full.
    """
    spelt: dict[tuple[str, str], list[str]] = defaultdict(list)
    for name in full:
        given, _, surname = name.rpartition(" ")
        if not INITIALS.fullmatch(given):
            spelt[name[0], surname].append(name)
    one = {}
    for name in full:
        given, _, surname = name.rpartition(" ")
        bearers = spelt.get((name[0], surname), ())
        if INITIALS.fullmatch(given) and len(bearers) == 1 and _abbreviates(given, bearers[0]):
            one[name] = bearers[0]
    return one


def _abbreviates(initials: str, name: str) -> bool:
    """Tell whether each initial is that of a given name in its place: `A. B.` of `Ann B. Weld`."""
    letters, given = WORD.findall(initials), name.split()[:-1]
    return len(letters) <= len(given) and all(map(str.startswith, given, letters))


def _length(name: str) -> tuple[int, str]:
    return len(name), name


def _double_surnames(name: str, listed: set[str]) -> Iterator[str]:
    """Yield what else of a name stands alone as one: `García Márquez` of `Gabriel García Márquez`.

    What begins with a given name is a whole name, as `Ann Jones` is beside `Mary Ann Jones`.
    """
    words = without_generation(name).split()
    for place in range(1, len(words) - 1):
        rest = " ".join(words[place:])
        if rest in listed and words[place] not in word_lists().given_names:
            yield rest


def _definitions(text: str, spans: Sequence[Span]) -> dict[str, Told]:
    """Return what acronyms stand for, from `Atomic Energy Commission (AEC)` or the other way round.

    One that is nowhere explained goes to the only name in the article that has just its initials.
    """
    defined: dict[str, Told] = {}
    for first, second in pairwise(spans):
        if text[first.end : second.start].rstrip().endswith(BRACKETS):
            for long, short in ((first, second), (second, first)):
                explained = explain(clean(short.surface), clean(long.surface))
                if explained and not (explained.by_end and long.kind == PERSON):
                    _define(defined, long, short, explained)
    spelt: dict[str, Counter[str]] = defaultdict(Counter)
    longs = {}
    for span in spans:
        if " " in (name := clean(span.surface)) and span.kind not in {PERSON, "NORP"}:
            spelt[_initials(name)][name] += 1
            longs[name] = span
    for span in spans:
        acronym = clean(span.surface)
        names = spelt.get(acronym, Counter())
        if acronym not in defined and len(acronym) >= LEAST_ACRONYM_APART and len(names) == 1:
            long = longs[next(iter(names))]
            if span.known is None or _is_alike(span.known, long.known or clean(long.surface)):
                _define(defined, long, span, Explained(clean(long.surface), by_end=False))
    return defined


def _define(defined: dict[str, Told], long: Span, short: Span, explained: Explained) -> None:
    """Note that a short form and what it stands for are one name: that of a word list, if one knows it.

    A list that knows the short form as something else, such as another country's office, is not asked,
    where the whole name explains it; of `Court of the European Union (EU)` the end does.
    """
    surface = clean(long.surface)
    known = known_as(explained.name)
    spelt = known.name if known else explained.name
    if long.known and explained.name == surface:
        spelt = long.known
    own = short.known is not None and not _is_alike(short.known, spelt)
    if explained.by_end and short.known is not None and (own or explained.name == surface):
        return
    name = spelt if own else short.known or spelt
    kind = long.kind if long.kind != "MISC" else "ORG"
    told = Told(name=name, kind=kind, origin="definition", own=own)
    defined.setdefault(clean(short.surface), told)
    if name != surface and (explained.name == surface or long.kind in NAMED_WITH_MORE):
        defined.setdefault(surface, told)


def _is_alike(known: str, spelt: str) -> bool:
    """Tell whether a long form has half of the words of what a list knows its short form as."""
    if known == spelt:
        return True
    if " " not in known:
        return explain(known, spelt) is not None
    stems, wanted = (
        {word[:LONGEST_STEM].casefold() for word in WORD.findall(name) if word[0].isupper()}
        for name in (spelt, known)
    )
    return 2 * len(stems & wanted) >= len(wanted)


def explain(acronym: str, name: str) -> Explained | None:
    """Return what a word stands for that can be an acronym of a longer name, or of its end; else nothing.

    Its letters are among the initials of the name's capitalised words, with the first of them first; or
    they are all the initials of the name, as in `Department of Labor (DOL)`, or of its end. An end stands
    for itself where a list knows it, as in `Smithsonian National Air and Space Museum (NASM)`, else for
    the whole, as in `Department of Energy Chief Information Officer (CIO)`.
    """
    if " " in acronym or not acronym[:1].isupper() or sum(map(str.isupper, acronym)) < LEAST_ACRONYM:
        return None
    initials = _initials(name)
    lacking = (Counter(acronym) - Counter(initials)).total()
    if acronym.isupper() and initials[:1] == acronym[:1] and lacking <= (len(acronym) >= LEAST_LACKING):
        return Explained(name, by_end=False)
    words = list(WORD.finditer(name))
    for place, word in enumerate(words[:-1]):
        firsts = "".join(each[0][0] for each in words[place:])
        if firsts[0].isupper() and acronym.upper() in {firsts.upper(), _initials(" ".join(firsts))}:
            end = name[word.start() :]
            led = LEADING_ON.search(name, 0, word.start())
            return Explained(end if known_as(end) and not led else name, by_end=place > 0)
    return None


def _initials(name: str) -> str:
    return "".join(word[0] for word in WORD.findall(name) if word[0].isupper())
