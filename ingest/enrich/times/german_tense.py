"""Tells where German text speaks for certain of what has been on a day: `hatte am 3. Februar`.

German sets its verb second or last in a clause and its commas strictly, so a clause alone can tell. What
a noun stands right before may be the noun's own day: `das Konzert am 3. Februar wurde abgesagt`.
"""

from __future__ import annotations

import re

from ingest.enrich.times.words import listed

REACH = 150
CLAUSE_END = re.compile(r"[,;:!?…\n()–—\"“”„»«]|(?<!\d)\.(?=\s)")
WORD = re.compile(r"[^\W\d_]+")
AM = re.compile(r"\b[Aa]m\s\Z")
PAST = listed(
    """hatte hatten war waren wurde wurden kam kamen ging gingen gab gaben starb starben begann begannen fand
    fanden traf trafen trat traten schrieb schrieben rief riefen nahm nahmen verließ verließen fiel fielen
    stieg stiegen flog flogen fuhr fuhren zog zogen lief liefen brach brachen schloss schlossen erschien
    erschienen ließ ließen hielt hielten unterschrieb sprach sprachen verlor verloren gewann gewannen"""
)
WEAK = re.compile(r"[a-zäöü]{4,}te(?:n)?")
NO_VERBS = listed(
    """heute bitte letzte letzten nächsten zweite zweiten dritten ersten besten guten könnte könnten sollte
    sollten müsste müssten dürfte dürften möchte möchten wollte wollten hätte hätten seiten leuten"""
)
SUBORDINATE = listed("als nachdem der die das den dem dessen deren weil dass bevor wo nach")
# What was planned for a day may be still to come.
PLANS = re.compile(
    r"geplant|angesetzt|vorgesehen|terminiert|anberaumt|angekündigt|erwartet|verschoben|eingeladen|einberufen"
    r"|verlegt|vereinbart|beabsichtigt|zu\b|\w+zu\w+en\b"
)


def is_over(text: str, start: int, end: int) -> bool:
    """Tell whether the verb of a day's clause says that the day is past; at most 150 characters are read."""
    before = CLAUSE_END.split(text[max(0, start - REACH) : start])[-1]
    after = CLAUSE_END.split(text[end : end + REACH], maxsplit=1)[0]
    if not AM.search(before) or PLANS.search(before) or PLANS.search(after):
        return False
    led, following = WORD.findall(before)[:-1], WORD.findall(after)
    if not led:
        return bool(following) and _is_past(following[0])
    if led[-1][0].isupper():
        return False
    verb_second = any(word in PAST for word in led) or _is_past(led[-1])
    verb_last = led[0] in SUBORDINATE and bool(following) and _is_past(following[-1])
    return verb_second or verb_last


def _is_past(word: str) -> bool:
    return word in PAST or (word not in NO_VERBS and WEAK.fullmatch(word) is not None)
