"""Changes training sentences so that the model learns what corpora seldom show.

Names of people and places from all over the world stand in for those of the corpora; text loses
its capitals; datelines, by-lines and credits are put before it; marks are written in other ways.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING

from ingest.enrich.training.corpora import Segment, Sentence
from ingest.enrich.word_lists import countries, word_lists

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from random import Random

# Locales of Faker (MIT) whose names are written in Latin letters.
LOCALES = tuple(
    """cs_CZ da_DK de_AT de_CH de_DE en_GB en_IE en_IN en_KE en_NG en_NZ en_PK en_TH en_US es_AR es_CA
    es_CL es_CO es_ES es_MX et_EE fi_FI fr_BE fr_CA fr_CH fr_FR ga_IE ha_NG hr_HR hu_HU id_ID ig_NG
    is_IS it_IT lt_LT lv_LV nl_BE nl_NL no_NO pl_PL pt_BR pt_PT ro_RO sk_SK sl_SI sq_AL sv_SE sw
    tr_TR tw_GH uz_UZ vi_VN yo_NG zu_ZA""".split()  # noqa: SIM905 - a list of words reads best as a text
)
LATIN = re.compile(r"[A-Za-zÀ-ɏḀ-ỿ'’ -]+")
SMALL = frozenset("a an and as at but by for from in of on or the to with".split())  # noqa: SIM905
AGENCIES = ("AP", "Reuters", "AFP", "Xinhua", "UPI", "ANI", "PTI", "Bloomberg", "dpa", "TASS", "EFE", "CNN")
MONTHS = ("Jan.", "February", "March", "April", "May", "June", "July", "Aug.", "Sept.", "October", "Nov.")
VARIANTS = (("U.S.", "US"), ("U.K.", "UK"), ("U.N.", "UN"), ("Mr.", "Mr"), ("Mrs.", "Mrs"), ("Dr.", "Dr"))
SWAPPED, ONE_CASE, ONE_CASE_SENTENCE, OPENED, RESPELLED = 0.35, 0.16, 0.08, 0.12, 0.3


@cache
def person_names() -> tuple[tuple[tuple[str, ...], tuple[str, ...]], ...]:
    """Return given names and surnames of each locale."""
    names = []
    for locale in LOCALES:
        try:
            provider = import_module(f"faker.providers.person.{locale}").Provider
        except ModuleNotFoundError:
            continue
        given = _latin(provider, "first_names", "first_names_female", "first_names_male")
        family = _latin(provider, "last_names", "last_names_female", "last_names_male")
        if given and family:
            names.append((given, family))
    return tuple(names)


def _latin(provider: type, *attributes: str) -> tuple[str, ...]:
    """Return the names in Latin letters of the first of a provider's lists that it has."""
    for attribute in attributes:
        names = getattr(provider, attribute, None)
        if isinstance(names, Iterable):
            return tuple(dict.fromkeys(name for name in names if LATIN.fullmatch(name)))
    return ()


@cache
def cities() -> tuple[str, ...]:
    """Return names of places all over the world."""
    phrases = word_lists().phrases
    return tuple(sorted(name for name, known in phrases.items() if known.kind == "GPE" and name[0].isupper()))


def augment(sentences: Sequence[Sentence], random: Random) -> list[Sentence]:
    """Return a document's sentences, changed at random or not."""
    changed = list(sentences)
    if random.random() < SWAPPED:
        changed = swap_names(changed, random)
    if random.random() < RESPELLED:
        changed = [_respell(each) for each in changed]
    if random.random() < OPENED:
        changed[0] = (*_opening(random), *changed[0])
    if random.random() < ONE_CASE:
        case = _case(random)
        return [_apply(each, case) for each in changed]
    return [_apply(each, _case(random)) if random.random() < ONE_CASE_SENTENCE else each for each in changed]


def swap_names(sentences: Sequence[Sentence], random: Random) -> list[Sentence]:
    """Return the sentences with half of the people and single-word places renamed, each consistently."""
    names: dict[str, str] = {}
    given, family = random.choice(person_names())
    places = random.sample(cities(), 12)
    segments = [each for sentence in sentences for each in sentence]
    for text, label in sorted(segments, key=lambda each: -len(each.text)):
        words = text.split(" ")
        if label == "PER" and text not in names and random.random() < 0.5:  # noqa: PLR2004 - half
            if len(words) == 1:
                names.setdefault(text, random.choice(family))
            elif all(word[:1].isupper() for word in words):
                first, last = random.choice(given), random.choice(family)
                names[text] = " ".join((first, *words[1:-1], last))
                names.setdefault(words[0], first)
                names.setdefault(words[-1], last)
        elif label == "LOC" and len(words) == 1 and text.isalpha() and random.random() < 0.5:  # noqa: PLR2004 - half
            names.setdefault(text, random.choice(places))
    renamed = []
    for sentence in sentences:
        parts = []
        for place, (text, label) in enumerate(sentence):
            after_the = label == "LOC" and place > 0 and sentence[place - 1].text.lower().endswith("the ")
            new = names.get(text, text) if label in {"PER", "LOC"} and not after_the else text
            parts.append(Segment(new, label))
        renamed.append(tuple(parts))
    return renamed


def _opening(random: Random) -> tuple[Segment, ...]:
    """Return what reports begin with: a dateline, a by-line, a credit."""
    given, family = random.choice(person_names())
    person = Segment(f"{random.choice(given)} {random.choice(family)}", "PER")
    city = random.choice(cities())
    city = city.upper() if random.random() < 0.5 else city  # noqa: PLR2004 - half
    place = Segment(city, "LOC")
    agency = Segment(random.choice(AGENCIES), "ORG")
    country = Segment(random.choice(sorted(countries())), "LOC")
    dash = random.choice((" — ", " - ", " – ", ": "))
    day = f"{random.choice(MONTHS)} {random.randint(1, 30)}"

    def between(text: str) -> Segment:
        return Segment(text, None)

    return random.choice(
        (
            (place, between(" ("), agency, between(f"){dash}")),
            (place, between(", "), country, between(" ("), agency, between(f"){dash}")),
            (place, between(", "), country, between(dash)),
            (place, between(f", {day} ("), agency, between(f"){dash}")),
            (place, between(f", {day}{dash}")),
            (place, between(dash)),
            (between("By "), person, between(", "), agency, between("\n")),
            (between("By "), person, between(" in "), Segment(city.title(), "LOC"), between("\n")),
            (between("Photo: "), person, between("/"), agency, between("\n")),
            (between("("), agency, between(f"){dash}")),
        )
    )


def _respell(sentence: Sentence) -> Sentence:
    segments = []
    for text, label in sentence:
        new = text.replace("'", "’")
        for old, other in VARIANTS:
            new = new.replace(old, other)
        segments.append(Segment(new, label))
    return tuple(segments)


def _case(random: Random) -> Callable[[str], str]:
    return random.choice((str.lower, str.lower, str.upper, _title))


def _title(text: str) -> str:
    return re.sub(
        r"\w[\w'’]*", lambda word: word[0] if word[0] in SMALL else word[0][0].upper() + word[0][1:], text
    )


def _apply(sentence: Sentence, case: Callable[[str], str]) -> Sentence:
    return tuple(Segment(case(text), label) for text, label in sentence)
