"""Rebuild the list of what other languages call countries and large cities.

Run `python -m ingest.enrich.lists.build_abroad` with the package `babel` installed. Names come from
the Unicode Common Locale Data Repository: of territories, and of the cities that time zones are
named for. `curated_abroad.tsv` beside this script, written by hand, adds to them and wins.
"""

from __future__ import annotations

import importlib
from pathlib import Path
from typing import Any

from ingest.enrich.word_lists import known_as, word_lists

HERE = Path(__file__).resolve().parent
LANGUAGES = (
    *(
        "de",
        "fr",
        "es",
        "pt",
        "pt_PT",
        "it",
        "nl",
        "sv",
        "da",
        "nb",
        "fi",
        "pl",
        "cs",
        "hu",
        "ro",
        "hr",
        "ca",
    ),
    *("ru", "uk", "bg", "el", "tr", "ar", "fa", "he", "zh", "zh_Hant", "ja", "ko", "th"),
)
HEAD = """\
# From the Unicode CLDR (Unicode License V3, Copyright 1991-2025 Unicode, Inc.) through babel 2.19.0,
# changed by selection, and from curated_abroad.tsv (Apache-2.0).
# name, canonical, kind
"""
LEAST_LETTERS = 2
# These are mostly other words, or parts of them, where they stand in a text.
OTHER_WORDS = frozenset(
    ("Man", "Fas", "Lao", "海地", "马里", "馬里", "中非", "مالي", "수단", "ลาว", "จีน", "ไทย")
)


def build() -> str:
    """Return the list; a name that two languages give to two places is left out."""
    found: dict[str, set[tuple[str, str]]] = {}
    english = _names("en")
    listed = word_lists()
    for language in LANGUAGES:
        for key, name in _names(language).items():
            place = known_as(english[key]) if key in english else None
            if name in OTHER_WORDS or name in listed.phrases or name in listed.ambiguous:
                continue
            if place and place.kind in {"GPE", "LOC"} and len(name) >= LEAST_LETTERS:
                found.setdefault(name, set()).add((place.name, place.kind))
    rows: dict[str, tuple[str, str]] = {
        name: next(iter(places)) for name, places in found.items() if len(places) == 1
    }
    for line in HERE.joinpath("curated_abroad.tsv").read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            kind, canonical, names = line.split("\t")
            known = known_as(canonical)
            where = (known.name, known.kind) if known else (canonical, kind)
            rows.update(dict.fromkeys(names.split("|"), where))
    plain = {name: place for name, place in rows.items() if name != place[0]}
    return HEAD + "".join(f"{name}\t{place}\t{kind}\n" for name, (place, kind) in sorted(plain.items()))


def _names(language: str) -> dict[str, str]:
    locale: Any = importlib.import_module("babel").Locale.parse(language)
    countries = {key: name for key, name in locale.territories.items() if key.isalpha()}
    cities = {zone: told["city"] for zone, told in locale.time_zones.items() if "city" in told}
    if language == "en":
        zones = importlib.import_module("babel.core").get_global("zone_territories")
        cities = {zone: zone.rpartition("/")[2].replace("_", " ") for zone in zones} | cities
    return {**countries, **cities}


if __name__ == "__main__":
    HERE.joinpath("abroad.tsv").write_text(build(), encoding="utf-8")
