"""The gazetteer: where a place of a name lies, for the map and for SQL. It imports nothing of Datasette."""

import json
import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

PLACES = Path(__file__).parent / "world" / "places.tsv"
# A name is moved from its largest place only to one that is at least this part as large.
WEIGHTY = 0.1
LARGE_CAPITAL = 500_000
CITY = 100_000
RANKS = {"country": 0, "other": 1, "capital": 2, "state": 3, "city": 4}
LONGEST_NAME = 200
MOST_BESIDE = 20


@dataclass(frozen=True, kw_only=True, slots=True)
class Place:
    """A place of the gazetteer; `where` is its country, `US-TX` its country and state, or what it is."""

    name: str
    kind: str
    where: str
    latitude: float
    longitude: float
    population: int

    @property
    def rank(self) -> tuple[int, int]:
        """How a place stands among those of its name: countries first, then the larger the earlier."""
        small = self.kind == "capital" and self.population < LARGE_CAPITAL
        return RANKS["city" if small else self.kind], -self.population


def placing(places: Mapping[str, Any]) -> Callable[[object, object], str | None]:
    """Return SQL's function `placed(name, beside)`: where a place lies, as JSON, or null.

    `beside` is a JSON list of names of places in the same articles; `places` are the curator's.
    """
    decided = {fold(str(name)): where for name, where in places.items()}

    def placed(name: object, beside: object) -> str | None:
        called = str(name or "")[:LONGEST_NAME]
        return locate(called, read_names(beside), decided.get(fold(called)))

    return placed


def read_names(beside: object) -> list[str]:
    """Return the first names of a JSON list; none of what is no such list, or too long to be one of ours."""
    if not isinstance(beside, str) or len(beside) > LONGEST_NAME * MOST_BESIDE:
        return []
    try:
        names = json.loads(beside)
    except (ValueError, RecursionError):
        return []
    listed = names if isinstance(names, list) else []
    return [name[:LONGEST_NAME] for name in listed[:MOST_BESIDE] if isinstance(name, str)]


def fold(name: str) -> str:
    """Return a name without accents and capitals, as it is looked up."""
    return without_accents(name).removeprefix("the ")


def without_accents(text: str) -> str:
    """Return a text in small letters without accents; no line is added or lost."""
    low = text.casefold()
    if low.isascii():
        return low
    low = unicodedata.normalize("NFKD", low)
    accents = "".join(each for each in set(low) if unicodedata.combining(each))
    return re.sub(f"[{re.escape(accents)}]", "", low) if accents else low


@cache
def gazetteer() -> dict[str, list[str]]:
    """Return the lines of the gazetteer by folded name; read once a process."""
    found: dict[str, list[str]] = {}
    text = PLACES.read_text(encoding="utf-8")
    # All at once, since the first to ask waits for it.
    for folded, line in zip(without_accents(text).split("\n"), text.split("\n"), strict=True):
        found.setdefault(folded.partition("\t")[0].removeprefix("the "), []).append(line)
    return found


@lru_cache(maxsize=4096)
def places_called(name: str) -> tuple[Place, ...]:
    """Return the places of a name, the one that it usually means first.

    `Paris, Texas` is the Paris of Texas alone, `Washington, D.C.` that of the state DC.
    """
    first, comma, region = name.partition(", ")
    places = []
    for line in gazetteer().get(fold(name)) or gazetteer().get(fold(first), []):
        if "\t" not in line:
            continue  # about the file
        called, kind, where, latitude, longitude, population = line.split("\t")
        place = Place(
            name=called,
            kind=kind,
            where=where,
            latitude=float(latitude),
            longitude=float(longitude),
            population=int(population),
        )
        places.append(place)
    if comma and fold(name) not in gazetteer():
        regions = {place.where for place in places_called(region) if place.kind in {"country", "state"}}
        regions.add(f"US-{region.replace('.', '').upper()}")
        places = [place for place in places if regions & {place.where, place.where[:2]}]
    return tuple(sorted(places, key=lambda place: place.rank))


def locate(name: str, beside: Sequence[str], decided: Any) -> str | None:
    """Return where a name lies and how that was told, as JSON; None where nothing is known of it.

    `decided` is what metadata.yml says: latitude and longitude.
    """
    if isinstance(decided, list) and len(decided) == 2 and all(isinstance(x, int | float) for x in decided):  # noqa: PLR2004 - latitude and longitude
        told = {"latitude": decided[0], "longitude": decided[1], "what": "", "choice": "decided"}
        return json.dumps(told)
    places = places_called(name)
    if not places:
        return None
    place, why = choose(places, beside)
    others = len({(each.where, each.kind == "city") for each in places}) - 1
    choice = why or (f"the largest of {others + 1} places of this name" if others else "")
    told = {"latitude": place.latitude, "longitude": place.longitude, "what": describe(place)}
    return json.dumps({**told, "choice": choice}, ensure_ascii=False)


def choose(places: Sequence[Place], beside: Iterable[str]) -> tuple[Place, str]:
    """Return which of the places is meant, and why it is not the first where it is another.

    A city is moved to the country or state that its articles name most closely together with it, if
    that has one of the name which is not much smaller; a country of the name of a state only to that
    state, and only if they name another one.
    """
    first = places[0]
    named = [(each, meant[0]) for each in beside if (meant := places_called(each))]
    for each, region in named if len(places) > 1 else []:
        if region.kind not in {"country", "state"} or region.name == first.name:
            continue
        if region.where == first.where:
            break
        for place in places[1:]:
            state = place.kind == "state" == region.kind and first.kind == "country"
            near = region.where in {place.where, place.where[:2]} and region.where != first.where[:2]
            weighty = first.kind != "country" and place.population >= WEIGHTY * first.population
            if state or (near and weighty and first.kind != "other"):
                return place, f"named together with {each}"
    return first, ""


def describe(place: Place) -> str:
    """Return what a place is, in words: `city in France`."""
    if place.kind in {"country", "other"}:
        return "country" if place.kind == "country" else place.where
    if place.kind == "state":
        return "state of the United States"
    names = names_of_regions()
    region = names.get(place.where) or names.get(place.where[:2], place.where)
    article = "the " if region.startswith(("United ", "Netherlands", "Philippines")) else ""
    return f"{'city' if place.population >= CITY else 'town'} in {article}{region}"


@cache
def names_of_regions() -> dict[str, str]:
    """Return the names of countries and states by their code."""
    found: dict[str, str] = {}
    for line in PLACES.read_text(encoding="utf-8").split("\n"):
        if "\tcountry\t" in line or "\tstate\t" in line:
            name, _, where, *_ = line.split("\t")
            found.setdefault(where, name)
    return found
