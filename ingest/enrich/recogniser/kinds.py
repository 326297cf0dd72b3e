"""Tells kinds within the model's classes: places apart, and what the class of all else holds.

The model knows people, organisations, places and other names. Which place is a building and
which other name a law is told by word lists and by what stands beside, for as many as they tell;
what they do not tell is a GPE or MISC.
"""

from __future__ import annotations

import re

from ingest.enrich.spans import PLACES
from ingest.enrich.word_lists import word_lists

KINDS = {"PER": "PERSON", "ORG": "ORG"}
LAW = re.compile(
    r"\b(?:Act|Acts|Treaty|Constitution|Amendment|Accords?|Convention|Code|Directive|Protocol|Pact|Bill"
    r"|Agreement|Charter|Declaration|Law|Ordinance|Statute|Regulation|Resolution|Decree|Proclamation)\b"
    r"(?!.*\b(?:War|Day|Award)\b)"
    r"|^(?:Article|Chapter|Proposition|Section|Title) (?:\d+|[IVXL]+)$"
)
# What is called after its day: `September 11`.
DAY = re.compile(
    r"(?:January|February|March|April|May|June|July|August|September|October|November|December) \d\d?"
)
GROUP = re.compile(
    r"(?:[A-Z][^\W\d_A-Z]+[- ])?[A-Z][^\W\d_A-Z]+"
    r"(?:ians?|ese|ish|ists?|(?<!Su)(?<!El)ites?|cans?|crats?|ims?)"
)
MODEL_NUMBER = re.compile(
    r"\b(?=\w*\d)(?=\w*[A-Za-z])\w[\w-]+\b|\b[A-Z]{1,3}-\d{1,4}[A-Za-z]?\b|\b[A-Z][a-z]\w+ \d{1,3}\b(?!-)"
)
# What a building is comes before these: `Museum of Fine Arts`.
OF = re.compile(r" (?:of|for|de|d['’]|du|des|der|für|voor) ?")
YEAR = re.compile(r"\b(?:1[5-9]|20)\d\d\b")
WORK_BEFORE = re.compile(
    r"\b(?:film|movie|novel|book|album|song|single|show|series|play|poem|painting|opera|musical|memoir|essay"
    r"|documentary|drama|comedy|sitcom|trilogy|sequel|game|comic|EP|record|anthology|story|titled|entitled"
    r"|called)s?,?\s+[\"“‘']?$"
)
WORK_AFTER = re.compile(
    r"[\"”’']?\s*(?:\((?:19|20)\d\d\)|(?:film|movie|novel|album|song|series|trilogy|franchise|soundtrack)\b)"
)
EVENT_AFTER = re.compile(r"\s+(?:war|festival|tournament|championships?|conference|summit|games|season)\b")
QUOTES = {'"': '"', "“": "”", "‘": "’", "'": "'", "«": "»"}
GOVERNED = frozenset(
    """City County Province State States District Township Town Village Municipality Borough Prefecture Oblast
    Republic Kingdom Commonwealth Emirate Empire Colony Canton Governorate Territory Territories Voivodeship
    Parish Krai Okrug Raion Sultanate Principality Duchy Hamlet Suburb San Saint St St. Santa Los Las El Fort
    Port Union Federation Confederation""".split()  # noqa: SIM905 - a list of words reads best as a text
)
STREETS = frozenset(
    ("Street", "Road", "Avenue", "Boulevard", "Highway", "Lane", "Parkway", "Plaza", "Square")
)
BEFORE, AFTER = 40, 24


def kind_of(text: str, start: int, end: int, label: str) -> str:
    """Return the kind of the name at `start` to `end` that the model gave a class."""
    if label == "LOC":
        return _place_kind(text[start:end])
    return KINDS.get(label) or _other_kind(text, start, end)


def _place_kind(surface: str) -> str:
    lists = word_lists()
    words = surface.split()
    known = lists.phrases.get(surface) or lists.ambiguous.get(surface)
    if known and known.kind in PLACES and words[-1] not in STREETS:
        return known.kind
    if len(words) == 1:
        return "GPE"
    if words[-1] in lists.facility_heads | STREETS or words[0] in lists.facility_heads:
        return "FAC"
    natural = lists.place_heads - GOVERNED
    if words[-1] in natural or words[0] in natural:
        return "LOC"
    # A place that is called like an organisation is where that has its house: a museum, a church.
    head = OF.split(surface, 1)[0].split()[-1]
    return "FAC" if head in lists.organisation_heads - GOVERNED else "GPE"


def _other_kind(text: str, start: int, end: int) -> str:
    surface = text[start:end]
    lists = word_lists()
    known = lists.phrases.get(surface)
    if known and known.kind == "NORP":
        return "NORP"
    words = surface.split()
    before, after = text[max(start - BEFORE, 0) : start], text[end : end + AFTER]
    if _is_work(before, after):
        return "WORK"
    if LAW.search(surface):
        return "LAW"
    if any(word in lists.event_heads for word in words) or EVENT_AFTER.match(after):
        return "EVENT"
    if DAY.fullmatch(surface) or (YEAR.search(surface) and len(words) > 1):
        return "EVENT"
    if GROUP.fullmatch(surface):
        return "NORP"
    if words[0] in lists.vessels:
        return "PRODUCT"
    return "PRODUCT" if MODEL_NUMBER.search(surface) else "MISC"


def _is_work(before: str, after: str) -> bool:
    quoted = before[-1:] in QUOTES and after.lstrip(",.!?")[:1] == QUOTES[before[-1:]]
    return bool(quoted or WORK_BEFORE.search(before) or WORK_AFTER.match(after))
