"""Tells from the verbs around a place in English text whether it speaks of the past or the future."""

from __future__ import annotations

import re
from typing import Literal

from ingest.enrich.times.words import ZONE_LETTERS, ZONE_NAMES, listed
from ingest.personal_names import SHORT_TITLES

# `over` is past for certain: a day so near after the article is none.
# `always` is the tense of what is usual, `yearly` that of a date which itself is said to come again.
Tense = Literal["past", "future", "always", "yearly", "over"]

REACH = 100
WORD = re.compile(r"[A-Za-z]+(?:'(?:ll|t))?")
CAPITALS = "A-ZÀ-ÖØ-ÞĄĆČĎĘĚĞİŁŃŇŘŚŞŠŤŮŹŻŽΆ-ΏΑ-ΫА-ЯЁҐЄІЇ"
UNCASED = "\u0600-\u06ff\u0e00-\u0e7f"
# Full stops behind these end no sentence: `Sen. Mary Jones`, `J. Smith`, `10 a.m. Eastern`.
ABBREVIATED = "".join(rf"(?<!\b{title})" for title in SHORT_TITLES) + r"(?<!\b[A-Z])"
AFTER_HOUR = rf"(?!(?<=[ap]\.m\.\s)(?:GMT|UTC|{ZONE_LETTERS}|{ZONE_NAMES})\b)"
SENTENCE_END = re.compile(
    rf"(?:{ABBREVIATED}\.|[!?…؟])['\"”’»“)]*\s+{AFTER_HOUR}(?=[{CAPITALS}{UNCASED}\"“„«»‘'(–—])"
    r"|[。\uff01\uff1f]|\n"
)
HABITS = listed("annually regularly usually typically generally yearly always normally traditionally")
# What parts a clause from another: `she always loved the sea, and on May 1 she drowned`.
BREAK = re.compile(
    r"[,;:()–—]|\b(?:although|and|because|but|if|so|that|though|until|when|where|which|while|who)\b"
)
# Right before or after a day or month these tell that it comes again: `every May 1`, `May 1 of each year`.
EACH = r"(?:every|each|jede[mnrs]?|chaque|cada|ogni|elke?)"
SPELLS = r"(?:years?|season|spring|summer|autumn|fall|winter|Jahr(?:es)?|année|año|ano|anno|jaar)"
RECURRING_BEFORE = re.compile(
    rf"(?i:\b{EACH}\s(?:(?:single|{SPELLS}),?\s)?(?:(?:on|in|by|until|from|around)\s)?(?:the\s)?)\Z"
)
RECURRING_AFTER = re.compile(rf"(?i:,?\s(?:(?:of|in|de)\s)?{EACH}\s(?:single\s)?{SPELLS}\b)")
LONGEST_RECURRING = 40
FUTURE = listed(
    """will won't i'll he'll she'll it'll we'll you'll they'll shall shan't would going due expected
    expects scheduled planned plans planning slated upcoming forthcoming hopes intends
    intend may might can must should is are am begins starts opens closes meets ends takes runs
    continues leaves arrives returns hosts remains expires targeted tomorrow be"""
)
PAST = listed(
    """was were had did has have said told came went made took gave began fell rose won lost met left held
    saw sent spoke found got became led hit cut shot flew sold bought brought built broke wrote drew
    grew knew threw ran stood struck kept felt thought taught caught paid laid sat swore wore chose
    drove ate forgot hid rode shook stole sank sang swam since spent burst shut quit set yesterday ago died"""
)
PARTICIPLES = listed(
    """held sent shown met shot cut put sold bought built broken taken given paid led flown shut hit
    quit burst set"""
)
# With a capital these are a month and given names far oftener than verbs.
NAMES = listed("May Will Rose Drew")
# Before these "Will" asks of what is to come, and is nobody: "Will the bank open in March?"
ASKED_OF = listed(
    "the a an this that these those it he she they we you I there his her its their our my your"
)
NO_PARTICIPLES = listed("""need seed speed indeed hundred united feed weed breed exceed proceed red""")
PROMISED = listed(
    """advised agreed aimed allowed arranged asked chose committed decided demanded elected encouraged
    expected hoped instructed intended invited meant needed obliged offered opted ordered permitted planned
    pledged prepared promised proposed required resolved scheduled set sought supposed sworn threatened
    told urged
    volunteered voted vowed wanted wished"""
)
# "Is accused of" and the like tell of what has been.
OF_THE_PAST = listed("""accused alleged believed charged known reported said suspected thought understood""")
OWNED = listed("a an no")
# What was planned may only be what something else was done to.
PLANS = listed("expected planned scheduled slated targeted")
BEING = listed("is are was were be been being isn't wasn't aren't weren't still also now")
BEFORE_NOUNS = listed("a an the its their his her our this that these those")
AFTER_NOUNS = listed("along at by for from in near of with")
SAYING = listed("added announced confirmed said told warned")
NEARBY = 2
SETTLED = listed("scheduled set planned expected slated due")
# What was planned so has been overtaken: `originally scheduled for March 3, the launch slipped`.
AT_FIRST = listed("first initially originally previously")
# After these a form that may be of the past is not.
PRESENT = listed("is are be am to will would may might should must can shall")
PAST_TENSE: Tense = "past"
FUTURE_TENSE: Tense = "future"
TENSES = {**dict.fromkeys(PAST, PAST_TENSE), **dict.fromkeys(FUTURE, FUTURE_TENSE)}
SHORTEST_PARTICIPLE = 4


def recurs(text: str, start: int, end: int) -> bool:
    """Tell whether a day or month is named as one that comes every year: `every May 1`."""
    before = RECURRING_BEFORE.search(text, max(0, start - LONGEST_RECURRING), start)
    return before is not None or RECURRING_AFTER.match(text, end) is not None


def tense_at(text: str, start: int, end: int) -> Tense | None:
    """Return the tense of the verb nearest before a place in its sentence, else of the first after it.

    It is `always` where the clause speaks of what is usual or comes every year. At most 100
    characters to each side are looked at.
    """
    left = SENTENCE_END.split(text[max(0, start - REACH) : start])[-1].replace("’", "'")
    right = SENTENCE_END.split(text[end : end + REACH], maxsplit=1)[0].replace("’", "'")
    before, after = WORD.findall(left), WORD.findall(right)
    if not HABITS.isdisjoint(map(str.lower, (*before, *after))) and _is_usual(left, right):
        return "always"
    words = ["", *before, "", ""]
    for place in range(len(before), 0, -1):
        if _only_named(before, place - 1) or (words[place] in PLANS and words[place - 1] in AT_FIRST):
            continue
        if tense := _tense_of(words[place], words[place - 1], words[place + 1 : place + 3]):
            return tense
    words = ["", *after, "", ""]
    for place in range(1, len(after) + 1):
        if tense := _tense_of(words[place], words[place - 1], words[place + 1 : place + 3]):
            return tense
    return None


def _is_usual(left: str, right: str) -> bool:
    """Tell whether a word for what is usual, left or right of a place, speaks of that and of no other clause.

    It is of another where a break parts the two and the place's own tells what was done or will be.
    """
    habits = [match for match in WORD.finditer(left) if match[0].lower() in HABITS]
    if habits:
        clauses = BREAK.split(left[habits[-1].end() :])
        own = clauses[-1] + BREAK.split(right, maxsplit=1)[0]
        if len(clauses) == 1 or not _tells(own):
            return True
    habit = next((match for match in WORD.finditer(right) if match[0].lower() in HABITS), None)
    if habit is None:
        return False
    own, *others = BREAK.split(right[: habit.start()])
    return not others or not _tells(own)


def _tells(clause: str) -> bool:
    """Tell whether a clause says what was done or will be, and not what is so."""
    words = ["", *WORD.findall(clause), "", ""]
    return "will" in words or any(
        _tense_of(words[place], words[place - 1], words[place + 1 : place + 3]) == "past"
        for place in range(1, len(words) - 2)
    )


def _only_named(words: list[str], place: int) -> bool:
    """Tell whether a plan is only named on the way to a date: the council rejected the planned marina.

    It is not where the date is the plan's own: a march planned for Friday.
    """
    between = words[place + 1 :]
    if words[place] not in PLANS or place == 0 or between[-1:] == ["for"]:
        return False
    if words[place - 1] in BEFORE_NOUNS:
        return _happened(words[:place])
    if words[place - 1] in BEING or len(between) <= NEARBY or between[0] not in AFTER_NOUNS:
        return False
    return between[0] == "by" or _happened(words[:place])


def _happened(words: list[str]) -> bool:
    """Tell whether something was done, and not only said, in the words before a place."""
    for place in range(len(words) - 1, -1, -1):
        previous = words[place - 1] if place else ""
        if tense := _tense_of(words[place], previous, [*words[place + 1 : place + 3], "", ""]):
            return tense == "past" and words[place] not in SAYING
    return False


def _tense_of(word: str, previous: str, following: list[str]) -> Tense | None:
    named = word in NAMES and not (word == "Will" and following[0] in ASKED_OF)
    tense = None if named else TENSES.get(word) or TENSES.get(word.lower())
    participle = word in PARTICIPLES
    # A name such as Mohamed has no tense.
    if tense is None and word[-2:] == "ed" and word[0].islower() and len(word) >= SHORTEST_PARTICIPLE:
        tense = None if word in NO_PARTICIPLES else "past"
        participle = tense is not None and word not in OF_THE_PAST
    if participle and previous in PRESENT:
        return "future"
    # What one "has" tells of no time, and what "has been set" is to come.
    if word in {"has", "have"} and following[0] in OWNED:
        return None
    if word in {"has", "have"} and following[0] == "been" and following[1] in SETTLED:
        return "future"
    # What is "set for Friday", and who was "to have gone", is still to come.
    if (word == "set" and following[:1] == ["for"]) or (word == "have" and previous in {"to", "will"}):
        return "future"
    # Who "agreed to buy" had yet to do it; who "failed to" or "flew to" had not.
    return "future" if word in PROMISED and following[:1] == ["to"] else tense
