"""Where a name begins and ends: what the model took with it and does not belong to it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ingest.enrich.recogniser.windows import is_opener
from ingest.enrich.word_lists import word_lists

if TYPE_CHECKING:
    from ingest.enrich.recogniser.decoding import Found

INITIAL = re.compile(r"[A-Z]\.")
# The rest of a name that has an apostrophe within: Mata'afa, Xi'an; no possessive or contraction.
GLUED = re.compile(r"['’](?!(?:s|re|ve|ll)\b)[^\W\d_]{2,20}\b")
# What tells a son from his father: `Sammy Davis, Jr.`
GENERATION_AFTER = re.compile(r",? (?:(?:Jr|Sr)\b\.?|III\b)|(?<= [JS]r)\.")
# Honours and offices behind a name: `Anthony Weld KC`.
LETTERS_AFTER = re.compile(r"(?:,? (?:KC|QC|MBE|OBE|CBE))+\Z")
TRIMMED = " \t\n\"'“”‘’«»,;:!?()[]{}*_`|<>#–—-"
ARTICLE = "the "
LEADING_ON = frozenset(("of", "the", "for", "and", "in", "at", "by", "to", "on", "from", "&"))
# Small words that tell what an organisation is, whose name is whole without them: `the Teamsters union`.
ADDED = frozenset(("administration", "alliance", "coalition", "group", "union"))
# Small words that stand behind in other languages, or belong to the name: `Rassemblement national`.
ADJECTIVES = frozenset(
    ("central", "civil", "federal", "general", "international", "national", "popular", "regional", "social")
)
POSSESSIVES = ("'s", "’s", "'S", "’S")


def trim(text: str, name: Found) -> Found | None:  # noqa: C901 - a chain of rules
    """Return a name without article, title, possessive and loose marks; nothing if no name is left."""
    start, end = name.start, name.end
    while start < end and text[start] in TRIMMED:
        start += 1
    end = _before_loose_end(text, start, end)
    if start >= end:
        return None
    surface = text[start:end]
    listed = name.label == "ORG" and surface in word_lists().phrases  # Sainsbury's
    if surface.endswith(POSSESSIVES) and name.label != "MISC" and not listed:
        end -= 2
    if name.label != "MISC" and surface.startswith(ARTICLE):
        start += len(ARTICLE)
    if name.label == "ORG" and _is_officer(text[start:end]):
        name = name._replace(label="PER")
    if name.label == "PER":
        start, end = _of_person(text, start, end)
    if name.label == "LOC" and text[start].isupper():
        end = _before_common_head(text, start, end)
    if name.label == "ORG":
        end = _before_small_words(text, start, end)
    if match := GLUED.match(text, end):
        end = match.end()
    surface = text[start:end].strip()
    if not any(each.isalpha() for each in surface) or is_opener(surface):
        return None
    if _is_bare(surface, name.label):
        return None
    if text[end : end + 1] == "." and f"{surface}." in word_lists().phrases:
        end += 1
    return name._replace(start=start, end=end)


def _of_person(text: str, start: int, end: int) -> tuple[int, int]:
    """Return where a person's name is without titles and honours, and with what tells a son."""
    start = _after_titles(text, start, end)
    if match := LETTERS_AFTER.search(text, start, end):
        end = match.start()
    if match := GENERATION_AFTER.match(text, end):
        end = match.end()
    return start, end


def _is_officer(surface: str) -> bool:
    """Tell an officer's title with a full name, which is no organisation: `CFO Mary Weld`."""
    title, _, rest = surface.partition(" ")
    words = rest.split()
    named = len(words) > 1 and words[0] in word_lists().given_anywhere
    return title.isupper() and title in word_lists().titles and named


def _before_loose_end(text: str, start: int, end: int) -> int:
    """Return where a name ends without loose marks and words that only lead on."""
    while start < end and text[end - 1] in TRIMMED:
        end -= 1
    while (space := text.rfind(" ", start, end)) > 0 and text[space + 1 : end] in LEADING_ON:
        end = space
    return end


def _before_common_head(text: str, start: int, end: int) -> int:
    """Return where a place's name ends before a head word in small letters: `Kremlin wall`."""
    lists = word_lists()
    space = text.rfind(" ", start, end)
    head = text[space + 1 : end]
    common = head.title() in lists.facility_heads or head.title() in lists.place_heads
    return space if space > 0 and head.islower() and common else end


def _before_small_words(text: str, start: int, end: int) -> int:
    """Return where an organisation's name ends before words of English in small letters: `Teamsters union`.

    What is an organisation only with them stays whole: `Leeds city council`, `the Justice department`,
    `European union`.
    """
    lists = word_lists()
    last = end
    while (space := text.rfind(" ", start, last)) > 0:
        word = text[space + 1 : last]
        if word not in ADDED:
            if word.islower() and word.title() in lists.heads:
                return end
            if word in ADJECTIVES or word not in lists.common:
                break
        last = space
    last = _before_loose_end(text, start, last)
    rest = text[start:last]
    return end if _tells_no_name(rest) or rest.islower() else last


def _tells_no_name(surface: str) -> bool:
    """Tell whether no word is of a name, but everyday words and nationalities: `Northern`, `European`."""
    lists = word_lists()
    known = lists.phrases.get(surface)
    if known and known.kind != "NORP":
        return False
    return all(word.lower() in lists.common or _is_nationality(word) for word in surface.split(" "))


def _is_nationality(word: str) -> bool:
    known = word_lists().phrases.get(word)
    return known is not None and known.kind == "NORP"


def _is_bare(surface: str, label: str) -> bool:
    """Tell a title without a name, and a word for places that stands for one: `the Cape`."""
    lists = word_lists()
    if label == "PER":
        return surface in lists.titles or surface.lower() in lists.titles
    if label == "ORG":
        office = surface.isupper() and surface in lists.titles
        return office or (surface in lists.organisation_heads and surface not in lists.phrases)
    return label == "LOC" and (surface in lists.place_heads or surface in lists.facility_heads)


def _after_titles(text: str, start: int, end: int) -> int:
    """Return where a person's name begins after titles that stand before it."""
    titles = word_lists().titles
    while (space := text.find(" ", start, end)) > 0:
        title = text[start:space]
        rest = text[space + 1 : end]
        named = title in word_lists().given_names and " " not in rest  # Dean Rusk
        if title not in titles or INITIAL.fullmatch(title) or rest[:1].islower() or named:
            break
        start = space + 1
    return start
