"""How languages besides English say a time by its distance from the article: `gestern`, `il y a deux ans`.

Only what says one day, week, month or year is listed, and none of the words where they mean something
else: `les modes d'hier`, `hoy en día`, `acht Tage` for a week.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ingest.calendars import numbered

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

GAP = r"(?:[^\S\n\t]{1,3}|\n(?!\n))"
# Where a week or two are meant and no exact days: `acht Tage`, `quinze jours`, `quindici giorni`.
ROUND = frozenset((8, 14, 15))
UNKNOWN = "several"
DEICTIC = {
    -2: {"word": "yesterday", "side": "before"},
    -1: {"word": "yesterday"},
    0: {"word": "today"},
    1: {"word": "tomorrow"},
    2: {"word": "tomorrow", "side": "after"},
}
PARTS = {"MO": "morning", "AF": "afternoon", "EV": "evening", "NI": "night"}
# After these a day is none, or no day of news: `bis heute`, `von gestern`, `d'hier`, `hasta hoy`.
NO_DAY_AFTER = (
    "von de di do d del dell van desde bis noch seit encore ancora hasta até ainda aún todavía nog tot"
)
NO_DAY_BEFORE = rf"(?!{GAP}(?i:nacht|nuit|notte|madrugada|noch|encore|come|en{GAP}d|em{GAP}d|nog)\b)"


@dataclass(frozen=True, kw_only=True)
class Nearness:
    """How a language counts from the article, in lower case.

    `days` are words with their distance in days, `parts` patterns of what may follow them by the part of
    the day that it says, and `whole` words that say both. `ago` has `{}` for a number and unit, and stands
    neither after the words `no_ago_after` nor before the pattern `no_ago_before`. `last` and `coming` are
    adjectives; those that `before` names stand before units, and all behind them where `behind` says so.
    After the words `no_day_after` there is no day; where `capital` is false, a capital makes another word.
    """

    days: Mapping[str, int]
    parts: Mapping[str, str]
    whole: Mapping[str, tuple[int, str]]
    numbers: Mapping[str, int]
    units: Mapping[str, str]
    ago: str
    no_ago_after: str = ""
    no_ago_before: str = ""
    last: Sequence[str]
    coming: Sequence[str]
    before: str = "last coming"
    behind: bool = False
    no_day_after: str = ""
    capital: bool = True


@dataclass(frozen=True, kw_only=True)
class Relative:
    """A form as `patterns.py` has them: `starts` are first words, or noughts for a number."""

    kind: str
    starts: Iterable[str]
    pattern: str
    not_after: Iterable[str] = ()
    not_beside: str = ""


def _units(days: str, weeks: str, months: str, years: str, decades: str = "") -> dict[str, str]:
    groups = {"day": days, "week": weeks, "month": months, "year": years, "decade": decades}
    return {word: unit for unit, words in groups.items() for word in words.split()}


def _ending(stems: str, endings: str) -> list[str]:
    return [stem + ending for stem in stems.split() for ending in endings.split()]


NEARNESS = {
    "de": Nearness(
        days={"vorgestern": -2, "gestern": -1, "heute": 0, "morgen": 1, "übermorgen": 2},
        parts={"MO": "morgen|früh|vormittag", "AF": "nachmittag", "EV": "abend"},
        whole={},
        numbers=numbered("einem|einer zwei drei vier fünf sechs sieben acht neun zehn elf zwölf"),
        units=_units(
            "tag tagen", "woche wochen", "monat monaten monats", "jahr jahren jahres", "jahrzehnten"
        ),
        ago="vor {}",
        last=_ending("letzt vergangen vorig", "e en er es"),
        coming=_ending("nächst kommend", "e en er es"),
        # `Morgen` is the morning.
        capital=False,
    ),
    "fr": Nearness(
        days={"avant-hier": -2, "hier": -1, "aujourd'hui": 0, "aujourd’hui": 0}
        | {"demain": 1, "après-demain": 2},
        parts={"MO": "matin", "AF": "après-midi", "EV": "soir"},
        whole={"ce matin": (0, "MO"), "cet après-midi": (0, "AF"), "ce soir": (0, "EV")},
        numbers=numbered("un|une deux trois quatre cinq six sept huit neuf dix onze douze"),
        units=_units("jour jours", "semaine semaines", "mois", "an ans année années"),
        ago="il y a {}",
        no_ago_before=r"(?:de|que|et)\b|d['’]|qu['’]",
        last=("dernier", "dernière", "passé", "passée"),
        coming=("prochain", "prochaine"),
        before="",
        behind=True,
    ),
    "es": Nearness(
        days={"anteayer": -2, "antes de ayer": -2, "ayer": -1, "hoy": 0, "mañana": 1, "pasado mañana": 2},
        parts={"MO": "por la mañana", "AF": "por la tarde", "NI": "por la noche"},
        whole={"anoche": (-1, "NI"), "esta mañana": (0, "MO")}
        | {"esta tarde": (0, "AF"), "esta noche": (0, "NI")},
        numbers=numbered("un|una dos tres cuatro cinco seis siete ocho nueve diez once doce"),
        units=_units("día días", "semana semanas", "mes meses", "año años", "décadas"),
        ago="hace {}",
        no_ago_after="desde",
        no_ago_before=r"(?:de|que|y)\b",
        last=_ending("pasad", "o a"),
        coming=_ending("próxim", "o a"),
        before="coming",
        behind=True,
        no_day_after="la una esta esa aquella cada toda media buena el un",
    ),
    "it": Nearness(
        days={"l'altro ieri": -2, "l’altro ieri": -2, "ieri": -1, "oggi": 0}
        | {"domani": 1, "dopodomani": 2, "dopo domani": 2},
        parts={"MO": "mattina", "AF": "pomeriggio", "EV": "sera"},
        whole={"stamattina": (0, "MO"), "stamani": (0, "MO"), "questa mattina": (0, "MO")}
        | {"questo pomeriggio": (0, "AF"), "stasera": (0, "EV"), "questa sera": (0, "EV")},
        numbers=numbered("un|una due tre quattro cinque sei sette otto nove dieci undici dodici"),
        units=_units("giorno giorni", "settimana settimane", "mese mesi", "anno anni"),
        ago="{} fa",
        no_ago_after="o e circa oltre quasi almeno di da",
        last=_ending("scors", "o a"),
        coming=_ending("prossim", "o a"),
        behind=True,
        no_day_after="il un al altro",
    ),
    "pt": Nearness(
        days={"anteontem": -2, "ontem": -1, "hoje": 0, "amanhã": 1, "depois de amanhã": 2},
        parts={"MO": "de manhã|pela manhã", "AF": "à tarde|de tarde", "NI": "à noite|de noite"},
        whole={"esta manhã": (0, "MO"), "esta tarde": (0, "AF"), "esta noite": (0, "NI")},
        numbers=numbered("um|uma dois|duas três quatro cinco seis sete oito nove dez onze doze"),
        units=_units("dia dias", "semana semanas", "mês meses", "ano anos", "décadas"),
        ago="{} atrás",
        no_ago_after="ou e de quase cerca",
        last=_ending("passad", "o a"),
        coming=_ending("próxim", "o a"),
        before="coming",
        behind=True,
        no_day_after="o um",
    ),
    "nl": Nearness(
        days={"eergisteren": -2, "gisteren": -1, "vandaag": 0, "morgen": 1, "overmorgen": 2},
        parts={"MO": "ochtend", "AF": "middag", "EV": "avond"},
        whole={"gisterochtend": (-1, "MO"), "gistermiddag": (-1, "AF"), "gisteravond": (-1, "EV")}
        | {
            "vanochtend": (0, "MO"),
            "vanmorgen": (0, "MO"),
            "vanmiddag": (0, "AF"),
            "vanavond": (0, "EV"),
        }
        | {"morgenochtend": (1, "MO"), "morgenmiddag": (1, "AF"), "morgenavond": (1, "EV")},
        numbers=numbered("een|één twee drie vier vijf zes zeven acht negen tien elf twaalf"),
        units=_units("dag dagen", "week weken", "maand maanden", "jaar", "decennia"),
        ago="{} geleden",
        no_ago_after="of tot à en ruim bijna ongeveer dan n circa",
        last=["vorig", "vorige"],
        coming=["volgende", "volgend"],
        no_day_after="de een deze die elke iedere goede",
    ),
}


def relative_forms(language: str) -> tuple[Relative, ...]:
    """Return the forms in which a language counts from the article's date; none for one not listed."""
    near = NEARNESS.get(language)
    if near is None:
        return ()
    day = f"(?P<day>{_either(near.days)})" if near.capital else f"(?!Morgen)(?P<day>{_either(near.days)})"
    parts = "|".join(f"(?P<{part}>(?i:{_gaps(words)}))" for part, words in near.parts.items())
    whole = f"|(?P<whole>{_either(near.whole)})" if near.whole else ""
    unit = f"(?P<unit>{_either(near.units)})"
    counted = rf"(?P<number>\d{{1,3}}|{_either(near.numbers)}){GAP}{unit}"
    ago = GAP.join(counted if word == "{}" else word for word in near.ago.split())
    never = rf"(?!{GAP}(?i:{near.no_ago_before}))" if near.no_ago_before else ""
    which = f"(?P<which>{_either([*near.last, *near.coming])})"
    before = [
        *(near.last if "last" in near.before else ()),
        *(near.coming if "coming" in near.before else ()),
    ]
    orders = [(before, f"(?P<which>{_either(before)}){GAP}{unit}")] if before else []
    orders += [(list(near.units), unit + GAP + which)] if near.behind else []
    return (
        Relative(
            kind="deictic",
            starts=(*near.days, *near.whole),
            pattern=rf"(?:{day}(?:{GAP}(?:{parts})(?!\w))?{whole})(?![-\w]){NO_DAY_BEFORE}",
            not_after=f"{NO_DAY_AFTER} {near.no_day_after}".split(),
            not_beside="-'’",
        ),
        Relative(
            kind="ago",
            starts=("0", "00", "000", *near.numbers) if near.ago[0] == "{" else near.ago.split()[:1],
            pattern=rf"(?i:{ago})(?![-\w]){never}",
            not_after=near.no_ago_after.split(),
            not_beside="._,/:$€£#@=&*+×-",
        ),
        *(
            Relative(
                kind="related",
                starts=starts,
                pattern=rf"{order}(?![-\w])(?!{GAP}(?i:de[srlni]?|di|du|vor|seine[sr]|ihre[sr])\b|{GAP}d['’])",
                not_beside="-",
            )
            for starts, order in orders
        ),
    )


def in_english(parts: Mapping[str, str], language: str) -> dict[str, str]:
    """Return the parts of an expression with the words that English has for them."""
    near = NEARNESS[language]
    said = {name: " ".join(value.lower().split()) for name, value in parts.items()}
    if "number" in said:
        number = int(said["number"]) if said["number"].isdecimal() else near.numbers[said["number"]]
        unit = near.units[said["unit"]]
        is_round = unit == "day" and number in ROUND
        return {"number": UNKNOWN if is_round else str(number), "unit": unit, "way": "ago"}
    if "which" in said:
        return {
            "which": "last" if said["which"] in near.last else "next",
            "unit": near.units[said["unit"]],
        }
    if "whole" in said:
        days, part = near.whole[said["whole"]]
    else:
        days, part = near.days[said["day"]], next((each for each in PARTS if each in said), "")
    return {**DEICTIC[days], **({"part": PARTS[part]} if part else {})}


def _either(words: Iterable[str]) -> str:
    """Return an alternation of words in any case, the longest first."""
    return f"(?i:{'|'.join(_gaps(word) for word in sorted(words, key=len, reverse=True))})"


def _gaps(words: str) -> str:
    return words.replace(" ", GAP)
