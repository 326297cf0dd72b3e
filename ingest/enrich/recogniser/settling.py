"""Second thoughts on what the model found, from the whole document and from word lists.

What is certain in one place settles what is doubtful in another: a surname goes with the full
name, an acronym with the name it stands for, and one surface has one class unless the model is
sure. Countries and nationalities are in the lists.
"""

from __future__ import annotations

import re
from collections import defaultdict
from typing import TYPE_CHECKING

from ingest.enrich.recogniser.decoding import Found
from ingest.enrich.recogniser.windows import is_opener
from ingest.enrich.word_lists import countries, word_lists

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

CAPITALISED = re.compile(r"\b[A-Z]\w*(?:\.[A-Z]\b\.?)*")
INITIAL = re.compile(r"[A-Z]\.")
# The rest of a name that has an apostrophe within: Mata'afa, Xi'an; no possessive or contraction.
GLUED = re.compile(r"['’](?!(?:s|re|ve|ll)\b)[^\W\d_]{2,20}\b")
WORD = re.compile(r"\w+")
DEFINED = re.compile(r"\s?\(\s?['\"“]?([A-Z][A-Z&.]{1,7})\b['\"”]?\s?[),;]")
TRIMMED = " \t\n\"'“”‘’«»,;:!?()[]{}*_`|<>#–—-"
ARTICLES = ("the ", "The ", "THE ")
POSSESSIVES = ("'s", "’s", "'S", "’S")
SURE, CERTAIN = 0.6, 0.9
LEAST_SURNAME, LEAST_REPEATED = 3, 4
MOST_SURFACES_A_WORD = 8
MOST_WORDS = 4


def settle(text: str, found: Sequence[Found]) -> list[Found]:
    """Return the names of a document in order, not overlapping, after second thoughts."""
    names = [name for each in found if (name := _trim(text, each)) is not None]
    names = _listed(text, names)
    names = _agreed(text, names)
    names = _acronyms(text, names)
    return _repeated(text, names)


def _trim(text: str, name: Found) -> Found | None:
    """Return a name without article, title, possessive and loose marks; nothing if no name is left."""
    start, end = name.start, name.end
    while start < end and text[start] in TRIMMED:
        start += 1
    while start < end and text[end - 1] in TRIMMED:
        end -= 1
    surface = text[start:end]
    if surface.endswith(POSSESSIVES) and name.label != "MISC":
        end -= 2
    if name.label != "MISC" and surface.startswith(ARTICLES[0]):
        start += len(ARTICLES[0])
    if name.label == "PER":
        start = _after_titles(text, start, end)
    if match := GLUED.match(text, end):
        end = match.end()
    surface = text[start:end].strip()
    if not any(each.isalpha() for each in surface) or is_opener(surface):
        return None
    if name.label == "PER" and (surface in word_lists().titles or surface.lower() in word_lists().titles):
        return None
    if text[end : end + 1] == "." and f"{surface}." in word_lists().phrases:
        end += 1
    return name._replace(start=start, end=end)


def _after_titles(text: str, start: int, end: int) -> int:
    """Return where a person's name begins after titles that stand before it."""
    titles = word_lists().titles
    while (space := text.find(" ", start, end)) > 0:
        title = text[start:space]
        if title not in titles or INITIAL.fullmatch(title) or text[space + 1 : space + 2].islower():
            break
        start = space + 1
    return start


def _listed(text: str, names: Sequence[Found]) -> list[Found]:
    """Return the names with countries and nationalities as the lists have them, also those missed."""
    settled = [_by_list(text, each) for each in names]
    for match in CAPITALISED.finditer(text):
        label = _label_of(match[0])
        if label:
            settled.append(Found(match.start(), match.end(), label, CERTAIN))
    return _apart(settled, names)


def _by_list(text: str, name: Found) -> Found:
    surface = text[name.start : name.end]
    label = _label_of(surface)
    if label is None:
        known = word_lists().phrases.get(surface)
        label = "ORG" if known and known.kind == "ORG" else None
    if label is None or (label == "LOC" and name.label == "PER"):
        return name
    return name._replace(label=label)


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
    """Return the names with one class for each surface: that of full names, then the likeliest."""
    votes: dict[str, dict[str, float]] = defaultdict(lambda: defaultdict(float))
    people = _surnames(text, names)
    for each in names:
        votes[text[each.start : each.end]][each.label] += each.confidence
    settled = []
    for each in names:
        surface = text[each.start : each.end]
        mine = votes[surface]
        best = max(sorted(mine), key=lambda label: mine[label])
        if surface in people and _label_of(surface) is None and each.confidence < CERTAIN:
            best = "PER"
        settled.append(each._replace(label=best) if _label_of(surface) is None else each)
    return settled


def _surnames(text: str, names: Sequence[Found]) -> set[str]:
    """Return the last words of the full names of people."""
    full = (
        text[each.start : each.end].split()
        for each in names
        if each.label == "PER" and each.confidence > SURE
    )
    return {words[-1] for words in full if len(words) > 1 and len(words[-1]) >= LEAST_SURNAME}


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
    return _apart([*settled, *_occurrences(text, classes)], settled)


def _repeated(text: str, names: Sequence[Found]) -> list[Found]:
    """Return the names with further places where the same words stand that were named before."""
    wanted: dict[str, str] = {}
    common = word_lists().common
    for each in names:
        surface = text[each.start : each.end]
        words = surface.split()
        if each.confidence < CERTAIN or len(words) > MOST_WORDS or len(surface) < LEAST_REPEATED:
            continue
        if len(words) > 1 or (surface.lower() not in common and surface != surface.lower()):
            wanted.setdefault(surface, each.label)
    for surname in _surnames(text, names):
        if surname.lower() not in common and surname[0].isupper():
            wanted.setdefault(surname, "PER")
    return _apart([*names, *_occurrences(text, wanted)], names)


def _occurrences(text: str, wanted: dict[str, str]) -> Iterator[Found]:
    """Yield every place where a surface stands as whole words, the longest at each place."""
    by_word: dict[str, list[str]] = defaultdict(list)
    for surface in wanted:
        if match := WORD.match(surface):
            by_word[match[0]].append(surface)
    for surfaces in by_word.values():
        surfaces.sort(key=lambda each: (-len(each), each))
        del surfaces[MOST_SURFACES_A_WORD:]
    for match in WORD.finditer(text):
        for surface in by_word.get(match[0], ()):
            end = match.start() + len(surface)
            if text.startswith(surface, match.start()) and not text[end : end + 1].isalnum():
                yield Found(match.start(), end, wanted[surface], SURE)
                break
