"""The map: places lie where they are, and what was guessed or is unknown is said."""

import html
import json
import re
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.errors import SettingsError
from ingest.settings import load_settings
from plugins.gazetteer import locate, places_called
from plugins.map import VIEWS, draw, frame_of
from tests.conftest import ROOT, Reader, Room


@pytest.mark.parametrize(
    ("name", "latitude", "longitude"),
    [
        ("Moscow", 55.8, 37.6),
        ("the Soviet Union", 60, 90),
        ("São Paulo", -23.5, -46.6),
        ("Sao Paulo", -23.5, -46.6),
        ("Cologne", 50.9, 7.0),
        ("Australia", -25.6, 134.4),
        ("Russia", 61.7, 99.7),
        ("Washington", 38.9, -77.0),
        ("Paris, Texas", 33.7, -95.6),
        ("Hawaii", 19.6, -155.5),
    ],
)
def test_places_lie_where_they_are(name: str, latitude: float, longitude: float):
    """Known places lie within a degree of where an atlas has them."""
    told = json.loads(locate(name, (), None) or "{}")
    assert abs(told["latitude"] - latitude) < 1
    assert abs(told["longitude"] - longitude) < 1


@pytest.mark.parametrize(
    ("name", "beside", "what"),
    [
        ("Birmingham", [], "city in the United Kingdom"),
        ("Birmingham", ["Alabama", "United States"], "city in Alabama"),
        ("Birmingham", ["United Kingdom", "Alabama"], "city in the United Kingdom"),
        ("Cambridge", ["Massachusetts"], "city in Massachusetts"),
        ("Paris", ["Texas", "United States"], "city in France"),
        ("Georgia", ["Russia"], "country"),
        ("Georgia", ["United States"], "country"),
        ("Georgia", ["Alabama", "Florida"], "state of the United States"),
        ("Washington", ["California", "United States"], "city in District of Columbia"),
        ("Pasadena", ["United States", "California"], "city in California"),
    ],
)
def test_company_tells_which_place_is_meant(name: str, beside: list[str], what: str):
    """The largest place of a name is meant, unless a country or state named beside it tells otherwise."""
    told = json.loads(locate(name, beside, None) or "{}")
    assert told["what"] == what
    assert told["choice"]


@pytest.mark.parametrize(
    ("name", "what"),
    {
        "Paris, Texas": "town in Texas",
        "Washington, D.C.": "city in District of Columbia",
        "Springfield, IL": "city in Illinois",
    }.items(),
)
def test_a_name_may_say_its_state(name: str, what: str):
    """A state behind the name decides, in full or by its letters."""
    assert json.loads(locate(name, [], None) or "{}")["what"] == what


def test_unknown_places_have_no_place():
    """What the gazetteer does not know lies nowhere."""
    assert locate("Jodrell Bank", (), None) is None
    assert locate("Paris, Nowhere", (), None) is None
    assert locate("", (), None) is None


@given(st.text(max_size=60), st.lists(st.text(max_size=20), max_size=5))
def test_any_name_has_one_place_or_none(name: str, beside: list[str]):
    """Whatever is asked, the answer is nothing or a point on Earth."""
    told = locate(name, beside, None)
    if told is not None:
        place = json.loads(told)
        assert -90 <= place["latitude"] <= 90
        assert -180 <= place["longitude"] <= 180


def test_countries_come_before_cities_and_large_before_small():
    """Places of one name are ranked by kind, then by people."""
    for name in ("Georgia", "Mexico", "London", "Springfield"):
        ranks = [place.rank for place in places_called(name)]
        assert len(ranks) > 1
        assert ranks == sorted(ranks)


@pytest.mark.parametrize("view", VIEWS)
def test_labels_hide_no_other_label(view: str):
    """The labels on a map stand apart."""
    west, south, east, north = VIEWS[view][1]
    rows = [
        {
            "name": f"Place number {number}",
            "article_count": 60 - number,
            "latitude": south + (north - south) * (number % 7) / 7,
            "longitude": west + (east - west) * (number % 11) / 11,
        }
        for number in range(60)
    ]
    boxes = [
        (circle["label"], circle["y"], circle["label"] + 8.2 * len(circle["row"]["name"]))
        for circle in draw(rows, frame_of(view))
        if circle["label"] is not None
    ]
    assert boxes
    for number, (left, y, right) in enumerate(boxes):
        for other_left, other_y, other_right in boxes[:number]:
            assert right <= other_left or other_right <= left or abs(y - other_y) >= 17


def test_the_page_has_map_list_and_what_is_not_placed(reader: Reader):
    """Every circle is also in the list, with what the place was taken to be; others are named as unknown."""
    page = reader.get("/map").text
    circles = set(re.findall(r'<a href="/entity/([^"]+)" aria-label', page))
    listed = set(re.findall(r'<tr><td><a href="/entity/([^"]+)"', page))
    assert circles == listed
    assert {"moscow", "houston", "soviet-union"} <= circles
    assert "Not placed" in page
    assert "/entity/goldstone" in page.partition("Not placed")[2]
    assert "the largest of" in page


def test_a_continent_has_its_own_places_alone(reader: Reader):
    """Zoomed to Europe, Moscow is there, Houston is not, and the page says that there are others."""
    page = reader.get("/map?view=europe").text
    assert 'href="/entity/moscow" aria-label' in page
    assert 'href="/entity/houston"' not in page
    assert "outside this view" in page


def test_the_curator_has_the_last_word(room: Room):
    """A place set in metadata.yml lies there, whatever the gazetteer says; nonsense is told at ingest."""
    room.put("a.md", "---\ntitle: One\ndate: 1970-01-01\n---\nThey met in Georgia, and Georgia was cold.\n")
    path = room.folder / "metadata.yml"
    text = path.read_text(encoding="utf-8")
    path.write_text(
        text.replace("  readingroom:\n", "  readingroom:\n    places: {Georgia: [32.7, -83.4]}\n"),
        encoding="utf-8",
    )
    room.ingest(workers=0)
    reader = Reader(room.folder)
    try:
        assert "as the curator decided" in reader.get("/map").text
    finally:
        reader.close()
    for wrong in ("[132.7, -83.4]", "Atlanta", "[1, x]", "[1]"):
        path.write_text(
            text.replace("  readingroom:\n", f"  readingroom:\n    places: {{Georgia: {wrong}}}\n"),
            encoding="utf-8",
        )
        with pytest.raises(SettingsError, match="latitude and longitude"):
            load_settings(room.folder)


def test_the_map_is_also_data(reader: Reader):
    """JSON, CSV and SQL give the same places with their coordinates."""
    page = reader.get("/map").text
    links = {
        name: html.unescape(link)
        for link, name in re.findall(r'<a href="([^"]+)" rel="nofollow">(JSON|CSV|SQL)</a>', page)
    }
    rows = {row["key"]: row for row in reader.get(links["JSON"]).json()}
    assert abs(rows["moscow"]["latitude"] - 55.75) < 0.1
    assert rows["goldstone"]["latitude"] is None
    assert reader.get(links["CSV"]).text.startswith("key,name,kind")
    assert reader.get(links["SQL"]).status_code == 200


@pytest.mark.parametrize("beside", ["not json", "{}", "[1, null]", "[" * 5000, json.dumps(["Paris"] * 500)])
def test_the_sql_function_takes_anything(reader: Reader, beside: str):
    """`placed` answers odd arguments from a stranger as it does an empty list."""
    sql = "select placed('Moscow', :beside) as place"
    rows = reader.get(f"/collection.json?sql={quote(sql)}&beside={quote(beside)}&_shape=array").json()
    assert json.loads(rows[0]["place"])["what"] == "city in Russia"


@pytest.mark.parametrize(
    "value", ["-1", "9" * 30, "word", "EUROPE", "../x", "x" * 10_000], ids=lambda x: x[:9]
)
def test_hostile_parameters_are_answered(reader: Reader, value: str):
    """A view that there is not is the world."""
    assert reader.get(f"/map?view={quote(value)}").status_code in {200, 400, 404}


def test_the_outline_is_small_and_its_sources_are_named():
    """The outline stays under 100 kB, and NOTICE says where it and the places are from."""
    assert (ROOT / "plugins" / "world" / "land.tsv").stat().st_size < 100_000
    notice = (ROOT / "NOTICE").read_text(encoding="utf-8")
    assert "Natural Earth" in notice
    assert "plugins/world/" in notice
