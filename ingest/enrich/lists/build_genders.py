"""Write `given_name_genders.tsv`, which given names are borne by men or by women alone.

Run ``python -m ingest.enrich.lists.build_genders`` with the package ``names`` installed. A name is
listed where it is at least `CLEAR` times as frequent in one list of the U.S. Census 1990 (public
domain) as in the other. What stands in ``curated_name_genders.tsv`` (hand-written) wins.
"""

from __future__ import annotations

import importlib
from pathlib import Path
from typing import Any

from ingest.enrich.lists.build import data_lines, read_frequencies

HERE = Path(__file__).resolve().parent
CLEAR = 20
HEADER = """\
From the U.S. Census 1990 lists (public domain) through names 0.3.0, and from
curated_name_genders.tsv (Apache-2.0), by build_genders.py.
given name, m or f"""


def main() -> None:
    """Write the list and print how many names it has."""
    names: Any = importlib.import_module("names")
    census = Path(names.__file__).parent
    male = read_frequencies(census / "dist.male.first")
    female = read_frequencies(census / "dist.female.first")
    genders = {
        name: "m" if male.get(name, 0) > female.get(name, 0) else "f"
        for name in male.keys() | female.keys()
        if max(male.get(name, 0), female.get(name, 0)) >= CLEAR * min(male.get(name, 0), female.get(name, 0))
    }
    for line in data_lines(HERE / "curated_name_genders.tsv"):
        gender, _, listed = line.partition("\t")
        genders.update({name.lower(): gender for name in listed.split()})
    (f"{name.capitalize()}\t{gender}" for name, gender in genders.items() if gender in {"m", "f"})


if __name__ == "__main__":
    main()
