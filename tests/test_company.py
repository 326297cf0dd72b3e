"""Who is named together with whom: pairs of the collection, and a drawing in which no label hides another."""

import html
import itertools
import re
import sqlite3
from collections.abc import Callable
from urllib.parse import quote, urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plugins.company import arrange, draw, naming
from tests.conftest import Reader

Query = Callable[..., list[sqlite3.Row]]
KEYS = st.lists(st.text("abcdefgh", min_size=1, max_size=4), min_size=1, max_size=18, unique=True)
PLACES = {"GPE", "LOC", "FAC"}


def rows_of(reader: Reader, address: str) -> list[dict[str, object]]:
    """Return what the first JSON link of a page gives."""
    link = re.search(r'<a href="([^"]+)" rel="nofollow">JSON</a>', reader.get(address).text)
    assert link
    rows: list[dict[str, object]] = reader.get(html.unescape(link[1])).json()
    return rows


def test_every_pair_is_there_once(reader: Reader, query: Query):
    """The pairs are those of the table, each once, the strongest first."""
    rows = rows_of(reader, "/company")
    pairs = [tuple(sorted((str(row["key"]), str(row["other_key"])))) for row in rows]
    assert len(set(pairs)) == len(pairs)
    expected = query(
        "select count(*) from (select distinct min(entity_id, other_id), max(entity_id, other_id)"
        " from entity_company)"
    )
    assert len(pairs) == min(expected[0][0], 1000)
    scores = [float(str(row["score"])) for row in rows]
    assert scores == sorted(scores, reverse=True)


def test_kinds_narrow_the_pairs(reader: Reader):
    """Asked for a person with a place, every pair is one, and the person stands first on the page."""
    rows = rows_of(reader, "/company?kind=person&with=place")
    assert rows
    for row in rows:
        kinds = {row["kind"], row["other_kind"]}
        assert "PERSON" in kinds
        assert kinds & PLACES
    page = reader.get("/company?kind=person&with=place").text
    firsts = re.findall(r'<tr><td><a href="/company/[^"]+">[^<]+</a> <span class="count">(\w+)</span>', page)
    assert set(firsts) == {"person"}


def test_a_pair_leads_to_its_articles(reader: Reader):
    """The search beside a pair finds at least as many articles as are about both."""
    page = reader.get("/company").text
    found = re.search(r'<td class="number">(\d+)</td><td><a href="([^"]+)"', page)
    assert found
    address = html.unescape(found[2]).replace("/search?", "/search.json?")
    assert reader.get(address).json()["total"] >= int(found[1])


def test_a_name_has_its_company_drawn_and_listed(reader: Reader, query: Query):
    """Every companion is in the drawing and in the list, with the lines among them."""
    page = reader.get("/company/yuri-gagarin").text
    drawn = re.findall(r'<a class="\w[^"]*" href="/company/([^"]+)"', page)
    listed = re.findall(r'<tr><td><a href="/company/([^"]+)"', page)
    expected = query(
        "select other.key from entity_company join entities as one on one.id = entity_id"
        " join entities as other on other.id = other_id where one.key = 'yuri-gagarin'"
        " order by score desc limit 18"
    )
    assert drawn == listed == [row[0] for row in expected]
    assert page.count("<line class") == len(drawn)
    assert page.count("<line x1") > 0
    assert "/company/yuri-gagarin" in reader.get("/entity/yuri-gagarin").text


@pytest.mark.parametrize("page", ["/company/yuri-gagarin", "/entity/yuri-gagarin"])
def test_of_each_companion_the_articles_of_both_are_a_click_away(reader: Reader, query: Query, page: str):
    """Who sees that two are named together can read where, and finds as many articles as the count says."""
    links = re.findall(
        r'href="(/search\?q=[^"]+)"[^>]*aria-label="[^"]+ and ([^"]+)">read', reader.get(page).text
    )
    expected = query(
        "select other.name, articles from entity_company join entities as one on one.id = entity_id"
        " join entities as other on other.id = other_id where one.key = 'yuri-gagarin'"
        " order by score desc limit 18"
    )
    assert [html.unescape(name) for _, name in links] == [row["name"] for row in expected]
    for (address, _), row in zip(links, expected, strict=True):
        found = reader.get(html.unescape(address).replace("/search?", "/search.json?")).json()
        assert found["total"] >= row["articles"]
        assert not found["notes"]


def test_names_with_quotation_marks_have_company(reader: Reader):
    """A mark within a name ends no phrase of the search for both."""
    reader.get("/company")
    ends = [{"kind": "ORG", "name": "Club „Mars“"}, {"kind": "LOC", "name": 'The "Gap"'}]
    assert naming(*ends) == urlencode({"q": 'org:"Club Mars" place:"The Gap"'})


@given(KEYS, st.data())
def test_labels_of_a_drawing_stand_apart(keys: list[str], data: st.DataObject):
    """On either side of the drawing every label has a height of its own, and all are within it."""
    ties = {("", key): 1 for key in keys}
    for one in keys:
        for other in keys:
            if one < other and data.draw(st.booleans()):
                ties[one, other] = 2
    companions = [{"key": key, "name": key * 20, "articles": 1} for key in keys]
    drawing = draw({"key": "", "name": "x"}, companions, ties)
    assert sorted(arrange(keys, ties)) == sorted(keys)
    for right in (True, False):
        heights = sorted(node["at"][1] for node in drawing["nodes"] if node["right"] == right)
        assert all(later - earlier >= 30 for earlier, later in itertools.pairwise(heights))
        assert all(0 < height < drawing["height"] for height in heights)
    assert draw({"key": "", "name": "x"}, companions, ties) == drawing


def test_nobody_has_no_company(reader: Reader):
    """A name that is not there is told as such; one without company has a page that says so."""
    assert reader.get("/company/nobody-at-all").status_code == 404


@pytest.mark.parametrize(
    "value", ["-1", "0", "9" * 30, "word", "' or 1 --", "x" * 10_000], ids=lambda x: x[:9]
)
def test_hostile_parameters_are_answered(reader: Reader, value: str):
    """A parameter that makes no sense is passed over."""
    for name in ("kind", "with", "page"):
        assert reader.get(f"/company?{name}={quote(value)}").status_code in {200, 400, 404}
    assert reader.get(f"/company/{quote(value)}").status_code in {200, 302, 400, 404}  # 302: spaces respelt
