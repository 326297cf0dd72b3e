"""Second thoughts on what the model found, from the whole document and from word lists.

What is certain in one place settles what is doubtful in another: a surname goes with the full
name, an acronym with the name it stands for, and one surface has one class unless the model is
sure. Countries and nationalities are in the lists.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter, defaultdict
from functools import cache
from typing import TYPE_CHECKING

from ingest.enrich.recogniser.decoding import Found
from ingest.enrich.recogniser.founders import is_told_as_person
from ingest.enrich.recogniser.inverted import find_inverted
from ingest.enrich.recogniser.trimming import INITIAL, trim
from ingest.enrich.references import find_authors
from ingest.enrich.word_lists import countries, word_lists
from ingest.personal_names import GENERATION, without_generation

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

CAPITALISED = re.compile(r"\b[A-Z]\w*(?:\.[A-Z]\b\.?)*")
ACRONYM = re.compile(r"[A-Z]{3,}")
# `GitHub` or `eBay`; `McKinsey` may be a person.
INNER_CAPITAL = re.compile(r"(?!Mc)[^\W\d_]*[a-z][A-Z][^\W\d_]*")
NUMBERED = re.compile(r"[A-Z][a-z]+(?:[ -][A-Z][a-z]+)? \d{1,3}")
MODEL = re.compile(
    r"(?:[A-Z][\w-]+ ){1,3}[A-Z]{1,3}-?\d{1,4}[A-Za-z]{0,2}|[A-Z]{1,3}(?:-\d{1,4}|\d{3,4})[A-Z]?s?"
)
WORD = re.compile(r"\w+")
# A word in small letters, other than in an address.
SMALL = re.compile(r"(?<![\w./@-])[a-z]\w*+(?![./@]\w)")
DEFINED = re.compile(r"\s?\(\s?['\"“]?([A-Z][A-Z&.]{1,7})\b['\"”]?\s?[),;]")
# The rest of a web host's name, such as `USA.gov`; not a sentence that lacks its space.
HOST_END = re.compile(r"\.(?:com|org|net|edu|gov|mil|info|io)\b(?![\w@])")
# What stands around a part of a longer address.
ADDRESS_BEFORE = frozenset("./@")
GOES_ON = re.compile(r"[.:]\w|/[a-z0-9]")
# A state behind a town: `Austin, TX` or `Hartford, Conn.`; not `Lagos, OK?` or `London, OR so they said`.
WORDS_TOO = r"(?!(?:HI|ME|OH|OK|OR)\b(?! \d{5}|[.,;:)]|\s*(?:\n|\Z)))"
STATE_AFTER = re.compile(
    rf", ({WORDS_TOO}[A-Z]{{2}}\b(?![-'’]|\.\w)|(?:[A-Z][a-z]{{1,5}}|(?:[A-Z]\. ?)?[A-Z])\.)"
)
# What stands between two names that the model took for one.
BETWEEN = re.compile(r" (?:and|&) |, ")
VESSEL = re.compile(
    r"\b(?:aircraft(?:[ -]carrier)?|airship|battleship|boat|capsule|carrier|craft|cruiser|destroyer|ferry"
    r"|freighter|frigate|lander|liner|module|orbiter|probe|rocket|rover|satellite|schooner|ship|shuttle|spacecraft"
    r"|submarine|tanker|trawler|tugboat|vessel|yacht)(?:,? (?:named|called|the))?,? [\"“‘']?$"
)
# Behind a country it is none: `US$ 40 million`.
CURRENCIES = ("$", "€", "£", "¥", "₹")
MONTHS = frozenset(("January", "February", "March", "April", "May", "June", "July", "August", "September"))
MONTH_BEFORE = re.compile(
    r"(?i:\b(?:in|since|until|till|during|last|next|this|early|late|mid|every|\d\d?)[ -])\Z"
)
MONTH_AFTER = re.compile(r",? \d")
# Below these, names cost more precision than they add recall (development part of the corpora).
LIKELY, LIKELY_ALONE = 0.4, 0.58
SURE, CERTAIN = 0.6, 0.9
# Several places of one name must be so sure together, since what misleads in one may in all.
CERTAIN_TOGETHER = 0.98
LEAST_SURNAME, LEAST_REPEATED = 3, 4
LEAST_HOUSE = 6
SURNAMES_TOO = frozenset({"Church"})
# What is a name in no more of its places is none, if it has so many.
LEAST_SHARE, LEAST_PLACES = 0.25, 4
MOST_SURFACES_A_WORD = 40
MOST_WORDS = 4
LONGEST_VESSEL = 30
LONGEST_TITLE = 20
LONGEST_BREAK = 2
YEAR_AFTER = re.compile(r"\.?\s[12]\d{3}\b")  # behind a journal's name in a reference
LONGEST_REFERENCE = 400
LABELS = {"NORP": "MISC", "ORG": "ORG"}


def settle(text: str, found: Sequence[Found]) -> list[Found]:
    """Return the names of a document in order, not overlapping, after second thoughts."""
    names = [name for each in found if (name := trim(text, each)) is not None]
    authors = list(_authors(text, names))
    names = _apart([*authors, *names], authors)
    small = frozenset(SMALL.findall(text))
    names = _with_states(text, _listed(text, _meant(text, names, small)))
    names = _parted(text, _joined(text, _agreed(text, names)))
    names = _acronyms(text, names)
    names = _repeated(text, names, small)
    inverted = list(find_inverted(text, names))
    names = _apart([*names, *inverted], inverted)
    names = _hosts(text, _apart([*names, *_occurrences(text, *_unmistakable())], names))
    return [name for name in names if not (_is_month(text, name) or text.startswith(CURRENCIES, name.end))]


def _authors(text: str, names: Sequence[Found]) -> Iterator[Found]:
    """Yield the authors of references, and of what the model took for people there their journals.

    That it saw one of a reference's authors is enough, as it takes many for other names.
    """
    people = sorted(each for each in names if each.label == "PER")
    rows = list(find_authors(text)) if people else []
    starts = [each.start for each in people]
    following = [*(row[0].start() for row in rows[1:]), len(text)]
    for number, row in enumerate(rows):
        start, end = row[0].start(), row[-1].end()
        first, rest = max(bisect_left(starts, start) - 1, 0), bisect_left(starts, end)
        if any(each.end > start for each in people[first:rest]):
            yield from (Found(each.start(), each.end(), "PER", CERTAIN) for each in row)
            for each in people[rest : bisect_left(starts, min(following[number], end + LONGEST_REFERENCE))]:
                if YEAR_AFTER.match(text, each.end):
                    yield each._replace(label="ORG", confidence=CERTAIN)


def _meant(text: str, names: Sequence[Found], small: frozenset[str]) -> list[Found]:
    """Return the names without acronyms and everyday words that are names in few of their places.

    What a text has everywhere, such as `AI`, the model takes for a name in some sentences.
    """
    places = Counter(WORD.findall(text))
    alone: dict[str, list[float]] = defaultdict(list)
    for each in names:
        words = WORD.findall(text[each.start : each.end])
        if len(words) == 1:
            alone[words[0]].append(each.confidence)
        else:
            places.subtract(words)
    errors = set()
    for word in alone.keys() - word_lists().phrases.keys() - _surnames(text, names):
        sure = alone[word]
        if places[word] < LEAST_PLACES or len(sure) > LEAST_SHARE * places[word]:
            continue
        acronym = word.isupper() and len(word) > 1 and bool(small)
        everyday = word.lower() in word_lists().common or (word not in small and word.lower() in small)
        if acronym or (everyday and max(sure) < CERTAIN):
            errors.add(word)
    return [each for each in names if text[each.start : each.end] not in errors]


def _is_month(text: str, name: Found) -> bool:
    """Tell the month from people called so: `since May`, `May 3`."""
    if text[name.start : name.end] not in MONTHS:
        return False
    before = text[max(0, name.start - 12) : name.start]
    return bool(MONTH_BEFORE.search(before) or MONTH_AFTER.match(text, name.end))


def is_likely(text: str, name: Found) -> bool:
    """Tell whether the model was sure enough of a name; of a single word it must be surer.

    A listed organisation is known to be one, however little its sentence tells, and so is a person
    with `Jr.` behind the name, whose comma the model is never sure of.
    """
    surface = text[name.start : name.end]
    if name.label == "PER" and GENERATION.search(surface):
        return True
    known = word_lists().phrases.get(surface)
    expected = " " in surface or (known is not None and known.kind == "ORG")
    least = LIKELY if expected else LIKELY_ALONE
    return name.confidence >= least


def _listed(text: str, names: Sequence[Found]) -> list[Found]:
    """Return the names with countries and nationalities as the lists have them, also those missed.

    A listed organisation is whole where the model found a part of it: `Islamic Jihad`. A town that no
    person here is called after is none, however sure the model was: `Pyongyang warned`.
    """
    people = {word for words in _full_names(text, names) for word in words}
    # Whom the text tells as a person is no company that is called after one.
    founders = {text[each.start : each.end] for each in names if is_told_as_person(text, each)}
    settled = [
        each
        if each.label == "PER" and text[each.start : each.end] in founders
        else _as_town(text, _by_list(text, each), people)
        for each in names
    ]
    for match in CAPITALISED.finditer(text):
        label = _label_of(match[0])
        if label:
            settled.append(Found(match.start(), match.end(), label, CERTAIN))
    phrases = list(_occurrences(text, *_phrases()))
    listed = {place: phrase for phrase in phrases for place in range(phrase.start, phrase.end)}
    whole = [each for each in names if not _is_part(text, each, listed.get(each.start, each))]
    return _apart([*settled, *phrases], whole)


def _is_part(text: str, name: Found, whole: Found) -> bool:
    """Tell whether more than an article is missing from a name."""
    missing = text[whole.start : name.start], text[name.end : whole.end]
    return name.end <= whole.end and missing not in {("", ""), ("The ", ""), ("the ", "")}


def _as_town(text: str, name: Found, people: set[str]) -> Found:
    """Return a name as that of a place where the lists have it as one, and nobody is called so.

    Whom a title stands before is a person: `President Lagos`.
    """
    surface = text[name.start : name.end]
    lists = word_lists()
    known = lists.phrases.get(surface)
    if name.label != "PER" or known is None or known.kind != "GPE":
        return name
    before = text[max(name.start - LONGEST_TITLE, 0) : name.start].split()
    titled = bool(before) and before[-1] in lists.titles
    called = titled or surface in people or surface in lists.given_names
    return name if called else name._replace(label="LOC")


def _with_states(text: str, names: Sequence[Found]) -> list[Found]:
    """Return the names with abbreviated states that stand behind towns."""
    lists = word_lists()
    states = []
    for each in names:
        match = STATE_AFTER.match(text, each.end) if each.label == "LOC" else None
        known = match and (lists.phrases.get(match[1]) or lists.ambiguous.get(match[1]))
        if match and known and known.kind == "GPE" and match[1] not in countries():
            states.append(Found(match.start(1), match.end(1), "LOC", CERTAIN))
    return _apart([*names, *states], states)


def _joined(text: str, names: Sequence[Found]) -> list[Found]:
    """Return the names with neighbours that a list has as one: `Washington, DC`, `U.S. Census Bureau`."""
    joined: list[Found] = []
    for each in names:
        before = joined[-1] if joined else None
        if before and each.start - before.end <= LONGEST_BREAK:
            known = word_lists().phrases.get(text[before.start : each.end])
            if known:
                joined[-1] = Found(before.start, each.end, LABELS.get(known.kind, "LOC"), CERTAIN)
                continue
        joined.append(each)
    return joined


def _parted(text: str, names: Sequence[Found]) -> list[Found]:
    """Return the names with those cut that the document has apart: `Lufthansa and Ryanair`.

    Small letters before and behind go where it has the name without them: `Metal Workers union`.
    """
    alone = {text[each.start : each.end]: each.label for each in names}
    parted = []
    for each in names:
        surface = text[each.start : each.end]
        bare = _between_small_words(surface)
        if bare != surface and alone.get(bare) == each.label:
            start = each.start + surface.index(bare)
            parted.append(each._replace(start=start, end=start + len(bare)))
            continue
        for match in BETWEEN.finditer(surface):
            first, second = surface[: match.start()], surface[match.end() :]
            if first != second and surface not in word_lists().phrases and {first, second} <= alone.keys():
                parted.append(each._replace(end=each.start + match.start(), label=alone[first]))
                parted.append(each._replace(start=each.start + match.end(), label=alone[second]))
                break
        else:
            parted.append(each)
    return parted


def _between_small_words(surface: str) -> str:
    """Return a name without words in small letters before and behind; one in small letters as it is."""
    words = surface.split(" ")
    while words[-1].isalpha() and words[-1].islower() and not surface.islower():
        words.pop()
    while words[0].isalpha() and words[0].islower() and not surface.islower():
        words.pop(0)
    return " ".join(words)


@cache
def _phrases() -> tuple[dict[str, str], dict[str, list[str]]]:
    """Return listed organisations of several words, and acronyms, by name and by first word."""
    classes = {
        name: "ORG"
        for name, known in word_lists().phrases.items()
        if known.kind == "ORG" and (" " in name or ACRONYM.fullmatch(name))
    }
    return classes, _by_first_word(classes, len(classes))


@cache
def _unmistakable() -> tuple[dict[str, str], dict[str, list[str]]]:
    """Return listed organisations that no other word is written like, by name and by first word."""
    classes = {
        name: "ORG"
        for name, known in word_lists().phrases.items()
        if known.kind == "ORG" and INNER_CAPITAL.fullmatch(name)
    }
    return classes, _by_first_word(classes, len(classes))


def _by_list(text: str, name: Found) -> Found:
    """Return a name with the class that a list, a number or the word before gives it."""
    surface = text[name.start : name.end]
    vessel = VESSEL.search(text, max(name.start - LONGEST_VESSEL, 0), name.start)
    # A carrier without aircraft is an airline too.
    if vessel and not (name.label == "ORG" and vessel[0].startswith("carrier")):
        return name._replace(label="MISC", confidence=CERTAIN)
    label = _label_of(surface)
    known = word_lists().phrases.get(surface)
    words = surface.split()
    if label is None and known and known.kind == "ORG":
        label = "ORG"
    elif words and words[0] in word_lists().vessels and len(words) <= 2:  # noqa: PLR2004 - `Luna 2`
        label = "MISC"
    elif name.label == "LOC" and known is None and len(words) > 1 and words[-1] in _houses():
        label = "ORG"
    elif name.label == "PER" and _is_house(words):
        return name._replace(label="ORG")
    elif label is None and known and " " in surface:
        label = "LOC"
    elif label is None and _is_numbered(surface, name.label):
        label = "MISC"
    if label is None or (label == "LOC" and name.label == "PER"):
        return name
    return name._replace(label=label)


@cache
def _houses() -> frozenset[str]:
    """Return words for organisations that are no words for buildings."""
    lists = word_lists()
    return lists.organisation_heads - lists.facility_heads - lists.place_heads


def _is_house(words: Sequence[str]) -> bool:
    """Tell an organisation that is called after somebody: `Weld Gallery`, `Mary Weld Gallery`.

    Short words for organisations are surnames too, and behind a given name any may be one.
    """
    lists = word_lists()
    if len(words) < 2 or len(words[-1]) < LEAST_HOUSE or words[-1] not in _houses():  # noqa: PLR2004
        return False
    *before, head = words
    if head in SURNAMES_TOO and words[0] in lists.given_names:
        return False
    return any(word not in lists.given_names and not INITIAL.fullmatch(word) for word in before)


def _is_numbered(surface: str, label: str) -> bool:
    """Tell a ship or a model by its number: `Surveyor 1`, `C-17`, but no `Channel 4` or `Pad 34`."""
    if label == "PER":
        return False
    match = NUMBERED.fullmatch(surface) or (label == "ORG" and MODEL.fullmatch(surface))
    return bool(match) and not word_lists().heads.intersection(surface.split())


def _label_of(surface: str) -> str | None:
    known = word_lists().phrases.get(surface)
    if known is None:
        return None
    if known.kind == "NORP":
        return "MISC"
    return "LOC" if surface in countries() else None


def _apart(names: Iterable[Found], first: Sequence[Found]) -> list[Found]:
    """Return names in order without overlap; those that the model found come first."""
    own = {(each.start, each.end) for each in first}
    ordered = sorted(names, key=lambda each: ((each.start, each.end) not in own, each.start, -each.end))
    kept: list[Found] = []
    covered: set[int] = set()
    for each in ordered:
        places = range(each.start, each.end)
        if covered.isdisjoint(places):
            covered.update(places)
            kept.append(each)
    return sorted(kept)


def _agreed(text: str, names: Sequence[Found]) -> list[Found]:
    """Return the names with one class for each surface: that of full names, then the likeliest.

    Where a surname also begins a company's name, as with William Ford of the Ford Motor Company, both
    full names have a vote.
    """
    votes: dict[str, dict[str, float]] = defaultdict(lambda: defaultdict(float))
    people = _surnames(text, names)
    firms = [text[each.start : each.end].split() for each in names if each.label == "ORG"]
    companies = people & {words[0] for words in firms if len(words) > 1}
    for each in names:
        surface = text[each.start : each.end]
        votes[surface][each.label] += each.confidence
        words = without_generation(surface).split()
        short = words[-1] if each.label == "PER" else words[0]
        if short in companies and len(words) > 1 and each.label in {"PER", "ORG"}:
            votes[short][each.label] += each.confidence
    settled = []
    for each in names:
        surface = text[each.start : each.end]
        mine = votes[surface]
        best = max(sorted(mine), key=lambda label: mine[label])
        if surface in people - companies and _label_of(surface) is None and each.confidence < CERTAIN:
            best = "PER"
        settled.append(each._replace(label=best) if _label_of(surface) is None else each)
    return settled


def _surnames(text: str, names: Sequence[Found]) -> set[str]:
    """Return the last words of the full names of people."""
    return {words[-1] for words in _full_names(text, names) if len(words[-1]) >= LEAST_SURNAME}


def _full_names(text: str, names: Sequence[Found]) -> Iterator[list[str]]:
    """Yield the words of each name of a person that has several."""
    for each in names:
        if each.label == "PER" and each.confidence > SURE:
            words = without_generation(text[each.start : each.end]).split()
            if len(words) > 1:
                yield words


def _acronyms(text: str, names: Sequence[Found]) -> list[Found]:
    """Return the names with acronyms that stand in brackets after a name, there and elsewhere.

    An acronym is of the class of the name before it.
    """
    classes: dict[str, str] = {}
    for name in names:
        match = DEFINED.match(text, name.end)
        if match and name.label != "PER":
            acronym = match[1]
            initials = "".join(word[0] for word in WORD.findall(text[name.start : name.end])).upper()
            letters = acronym.replace(".", "").replace("&", "")
            if len(initials) > 1 and letters[0] == initials[0] and len(letters) <= len(initials) + 1:
                classes[acronym] = name.label
    settled = [
        each._replace(label=classes[surface]) if (surface := text[each.start : each.end]) in classes else each
        for each in names
    ]
    return _apart([*settled, *_occurrences(text, classes, _by_first_word(classes))], settled)


def _repeated(text: str, names: Sequence[Found], small: frozenset[str]) -> list[Found]:
    """Return the names with further places where the same words stand that were named before.

    One that is certain will do, or several that are certain together, where no word in small letters
    and no acronym may be meant.
    """
    wanted: dict[str, str] = {}
    common = word_lists().common
    doubts: dict[str, float] = defaultdict(lambda: 1.0)
    for each in names:
        doubts[text[each.start : each.end]] *= 1 - each.confidence
    for each in names:
        surface = text[each.start : each.end]
        words = surface.split()
        plain = surface.isupper() or surface.lower() in small or each.label == "LOC"
        together = not plain and 1 - doubts[surface] >= CERTAIN_TOGETHER
        if not (each.confidence >= CERTAIN or together):
            continue
        if len(words) > MOST_WORDS or len(surface) < LEAST_REPEATED:
            continue
        if len(words) > 1 or (surface.lower() not in common and surface != surface.lower()):
            wanted.setdefault(surface, each.label)
    for surname in _surnames(text, names):
        if surname.lower() not in common and surname[0].isupper():
            wanted.setdefault(surname, "PER")
    return _apart([*names, *_occurrences(text, wanted, _by_first_word(wanted))], names)


def _hosts(text: str, names: Sequence[Found]) -> list[Found]:
    """Return the names with those of web hosts whole: `USA.gov` is an organisation, and no country.

    What is part of a longer address is no name.
    """
    whole: list[Found] = []
    for each in names:
        dotted = each.end - 1 if text[each.end - 1] == "." else each.end
        match = HOST_END.match(text, dotted)
        if not match:
            whole.append(each)
        elif text[each.start - 1 : each.start] not in ADDRESS_BEFORE and not GOES_ON.match(text, match.end()):
            label = "MISC" if each.label == "MISC" else "ORG"
            whole.append(each._replace(end=match.end(), label=label))
    return _apart(whole, ())


def _by_first_word(surfaces: Iterable[str], most: int = MOST_SURFACES_A_WORD) -> dict[str, list[str]]:
    """Return the surfaces by their first words, long ones first, and not too many: a text may be hostile."""
    by_word: dict[str, list[str]] = defaultdict(list)
    for surface in sorted(surfaces, key=lambda each: (-len(each), each)):
        match = WORD.match(surface)
        if match and len(by_word[match[0]]) < most:
            by_word[match[0]].append(surface)
    return by_word


def _occurrences(text: str, classes: dict[str, str], by_word: dict[str, list[str]]) -> Iterator[Found]:
    """Yield every place where a surface stands as whole words, the longest at each place."""
    for match in WORD.finditer(text):
        for surface in by_word.get(match[0], ()):
            end = match.start() + len(surface)
            if text.startswith(surface, match.start()) and not text[end : end + 1].isalnum():
                yield Found(match.start(), end, classes[surface], SURE)
                break
