"""The map: the places that most articles name, on an outline of the world that is part of the page."""

import asyncio
import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from datasette import Response, hookimpl
from datasette.plugins import pm

LAND = Path(__file__).parent / "world" / "land.tsv"
MOST_PLACES = 300
# `placed` is the gazetteer's. The plus keeps SQLite to the index of article counts, so that it stops
# after so many places.
PLACES = f"""
    select key, name, kind, article_count, json_extract(place, '$.latitude') as latitude,
        json_extract(place, '$.longitude') as longitude, json_extract(place, '$.what') as what,
        json_extract(place, '$.choice') as choice
    from (
        select key, name, kind, article_count, placed(name, (
            select json_group_array(name) from (
                select other.name as name from entity_company
                join entities as other on other.id = other_id
                where entity_id = entities.id and other.kind = 'GPE' order by score desc limit 20
            )
        )) as place
        from entities where +kind in ('GPE', 'LOC') order by article_count desc, id limit {MOST_PLACES}
    )
"""
# West, south, east, north.
VIEWS = {
    "world": ("World", (-180, -58, 180, 84)),
    "africa": ("Africa", (-26, -37, 60, 39)),
    "asia": ("Asia", (25, -12, 150, 62)),
    "europe": ("Europe", (-26, 34, 62, 72)),
    "north-america": ("North America", (-172, 6, -50, 76)),
    "south-america": ("South America", (-93, -57, -30, 15)),
    "oceania": ("Oceania", (108, -50, 180, 6)),
}
WIDTH = 1000.0
LARGEST, SMALLEST = 26.0, 4.0
LETTER, LINE = 9.0, 21.0
MOST_LABELS = 24


@hookimpl
def prepare_connection(conn: Any, datasette: Any) -> None:
    """Give SQL the function `placed(name, beside)`."""
    settings = datasette.plugin_config("readingroom") or {}
    placed = pm.get_plugin("gazetteer.py").placing(settings.get("places") or {})
    conn.create_function("placed", 2, placed, deterministic=True)


@hookimpl
def register_routes() -> list[tuple[str, Any]]:
    """Serve the map."""
    return [(r"^/map$", map_page)]


@cache
def outline(view: str) -> str:
    """Return the land of a view as one SVG path in degrees, y growing southwards."""
    west, south, east, north = VIEWS[view][1]
    paths = []
    for line in LAND.read_text(encoding="utf-8").splitlines():
        if line.startswith("#"):
            continue
        *box, path = line.split("\t")
        left, bottom, right, top = map(float, box)
        inside = any(left + turn <= east and right + turn >= west for turn in (-360, 0, 360))
        if inside and bottom <= north and top >= south:
            paths.append(path)
    return "".join(paths)


@dataclass(frozen=True, kw_only=True)
class Frame:
    """How a view is drawn: degrees become units of the drawing, true to shape at its middle latitude."""

    west: float
    north: float
    across: float
    down: float
    height: float

    def point(self, latitude: float, longitude: float) -> tuple[float, float]:
        """Return where a place lies in the drawing."""
        return round((longitude - self.west) * self.across, 1), round((self.north - latitude) * self.down, 1)


def frame_of(view: str) -> Frame:
    """Return the frame of a view, in the equirectangular projection; the world is true at 36 degrees."""
    west, south, east, north = VIEWS[view][1]
    true = 36.0 if view == "world" else (south + north) / 2
    across = WIDTH / (east - west)
    down = across / math.cos(math.radians(true))
    return Frame(west=west, north=north, across=across, down=down, height=round((north - south) * down, 1))


def draw(rows: Sequence[Any], frame: Frame) -> list[dict[str, Any]]:
    """Return a circle for each place, the largest first; labels stand where they hide no other label.

    The area of a circle grows with the number of articles.
    """
    most = max((row["article_count"] for row in rows), default=1)
    circles: list[dict[str, Any]] = []
    taken: list[tuple[float, float, float, float]] = []
    for number, row in enumerate(rows):
        x, y = frame.point(row["latitude"], row["longitude"])
        radius = max(SMALLEST, round(LARGEST * math.sqrt(row["article_count"] / most), 1))
        width = LETTER * (len(row["name"]) + 1)
        left = x + radius + 4 if x + radius + 4 + width < WIDTH else x - radius - 4 - width
        box = (left, y - LINE / 2, left + width, y + LINE / 2)
        free = number < MOST_LABELS and left > 0 and not any(_overlap(box, each) for each in taken)
        if free:
            taken.append(box)
        circles.append(
            {"row": row, "x": x, "y": y, "radius": radius, "label": round(left, 1) if free else None}
        )
    return circles


def _overlap(one: Sequence[float], other: Sequence[float]) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


async def map_page(datasette: Any, request: Any) -> Response:
    """Return the map of a view, and all its places as a list."""
    layout = pm.get_plugin("layout.py")
    view = request.args.get("view") or "world"
    view = view if view in VIEWS else "world"
    await asyncio.to_thread(pm.get_plugin("gazetteer.py").gazetteer)  # read once, outside the limit of time
    rows = await layout.ask(datasette, PLACES, {})
    placed = [row for row in rows or [] if row["latitude"] is not None]
    west, south, east, north = VIEWS[view][1]
    seen = [row for row in placed if west <= row["longitude"] <= east and south <= row["latitude"] <= north]
    frame = frame_of(view)
    page = await datasette.render_template(
        "room_map.html",
        {
            "views": {name: title for name, (title, _) in VIEWS.items()},
            "view": view,
            "frame": frame,
            "land": outline(view),
            "circles": draw(seen, frame),
            "elsewhere": len(placed) - len(seen),
            "unplaced": [row for row in rows or [] if row["latitude"] is None],
            "late": rows is None,
            "full": len(rows or []) == MOST_PLACES,
            "most": MOST_PLACES,
            "formats": layout.as_data(datasette, PLACES, {}),
        },
        request=request,
    )
    return Response.html(page)
