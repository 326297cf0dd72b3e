"""SQL for people: the guide explains every table, its examples run, and every page shows its SQL."""

import re
from html import unescape
from importlib import util
from types import ModuleType
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

import pytest
from datasette.views.base import DatasetteError
from datasette.views.database import QueryView

from ingest import schema
from tests.conftest import ROOT, Reader, Room


def load(name: str) -> ModuleType:
    """Return one of the pages' files as a module."""
    spec = util.spec_from_file_location(name, ROOT / "plugins" / f"{name}.py")
    assert spec
    assert spec.loader
    module = util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


EXAMPLES = load("guide").EXAMPLES
PAGES = (
    "/",
    "/search?q=moon",
    "/entity/yuri-gagarin",
    "/entities?kind=person",
    "/quotations?q=moon",
    "/quotations?speaker=yuri-gagarin",
)


def test_every_example_finds_something(reader: Reader):
    """Each example runs as the guide offers it, with values of this collection, and finds rows."""
    addresses = sql_addresses(reader.get("/guide").text)
    assert len(addresses) == len(EXAMPLES)
    for address in addresses:
        answer = reader.get(address.replace("?", ".json?", 1))
        assert answer.status_code == 200, answer.text
        assert answer.json()["rows"], address


def test_the_guide_ranks_as_search_does():
    """Articles with words come in the order of the search page."""
    sql = next(example.sql for example in EXAMPLES if example.name == "articles_with_words")
    weights = [float(each) for each in re.findall(r"bm25\(articles_fts, ([^)]*)\)", sql)[0].split(",")]
    assert weights == [float(each) for each in load("search_sql").WEIGHTS.split(",")]


def test_a_story_of_several_publications_is_of_more_than_one(room: Room):
    """What one publication printed twice is no story that several printed."""
    lines = {
        "harbour": "The pilot counted boat {} at dawn.",
        "orchard": "Rain fell on apple tree {} all night.",
    }
    for paper, matter in (("courier", "harbour"), ("ledger", "harbour"), ("courier", "orchard")):
        text = " ".join(lines[matter].format(number) for number in range(40))
        for edition in ("morning", "evening"):
            room.put(f"{paper}/{matter}-{edition}.md", f"# {matter}\n\n{text} {paper}, {edition}.\n")
    room.ingest()
    sql = next(example.sql for example in EXAMPLES if example.name == "stories_by_size")
    assert room.rows("select count(*) from stories") == [(2,)]
    assert [row[-2:] for row in room.rows(sql)] == [(4, 2)]


def test_a_year_counts_all_its_articles_and_the_undated_come_last(room: Room):
    """An article of which only the year is stated counts in it; without a date it is the last in time."""
    for date in ("", "1970", "1970-05", "1970-05-02"):
        stated = f"date: {date}\n" if date else ""
        room.put(f"gazette/{date or 'none'}.md", f"---\n{stated}---\n\nThe {date} ferry sailed at dawn.\n")
    room.ingest()
    sql = {example.name: example.sql for example in EXAMPLES}
    assert room.rows(sql["articles_by_year"]) == [(1970, "Gazette", 3, 18)]
    rows = room.rows(sql["passages_with_words"].replace(":words", "'ferry'"))
    assert [row[0] for row in rows] == ["1970", "1970-05", "1970-05-02", None]


@pytest.mark.parametrize("name", [example.name for example in EXAMPLES])
def test_examples_have_addresses(reader: Reader, name: str):
    """Each example is also one of the collection's own queries, with boxes for its values."""
    assert reader.get(f"/collection/{name}").status_code == 200


def test_an_empty_collection_has_a_guide(room: Room):
    """Where there is nothing yet, the guide still explains the tables."""
    room.ingest()
    empty = Reader(room.folder)
    try:
        page = empty.get("/guide")
        assert page.status_code == 200
        assert all(empty.get(address).status_code == 200 for address in sql_addresses(page.text))
    finally:
        empty.close()


def test_a_dozen_examples():
    """There are a dozen questions to begin with, each in words of its own."""
    assert len(EXAMPLES) >= 12
    assert (
        len({example.title for example in EXAMPLES}) == len({each.name for each in EXAMPLES}) == len(EXAMPLES)
    )


def test_the_guide_explains_every_table(reader: Reader):
    """Every table and column of the schema stands there with its meaning, and no inner table of FTS5."""
    page = reader.get("/guide").text
    for table in schema.TABLES:
        assert f'id="{table.name}"' in page
        assert table.description in unescape(page)
        for column in table.columns:
            assert column.description in unescape(page)
    for view in schema.VIEWS:
        assert view.description in unescape(page)
    assert 'id="articles_fts' not in page
    assert '<a href="#articles">' in page


@pytest.mark.parametrize("page", PAGES)
def test_every_page_shows_its_sql(reader: Reader, page: str):
    """The SQL of a page is one click away, and runs with the values that the page used."""
    addresses = sql_addresses(reader.get(page).text)
    assert addresses
    for address in addresses:
        answer = reader.get(address.replace("/collection?", "/collection.json?", 1))
        assert answer.status_code == 200, answer.text
    assert any(reader.get(address.replace("?", ".json?", 1)).json()["rows"] for address in addresses)


def test_an_article_shows_its_sql(reader: Reader):
    """So does an article's page."""
    key = reader.get("/search.json?q=gagarin").json()["articles"][0]["key"]
    addresses = sql_addresses(reader.get(f"/article/{key}").text)
    assert len(addresses) > 5
    for address in addresses:
        assert dict(parse_qsl(urlsplit(address).query)).keys() <= {"sql", "key", "id"}
        assert reader.get(address.replace("?", ".json?", 1)).status_code == 200


def sql_addresses(page: str) -> list[str]:
    """Return the addresses on a page that lead to its SQL."""
    return [unescape(found) for found in re.findall(r'href="(/collection\?sql=[^"]+)"', page)]


@pytest.mark.parametrize(
    ("sql", "why"),
    [
        ("delete from articles where title = '</textarea>'", "Statement must be a SELECT"),
        ("select 'late'", "took too long"),
    ],
)
def test_a_query_that_cannot_run_is_not_lost(
    reader: Reader, monkeypatch: pytest.MonkeyPatch, sql: str, why: str
):
    """SQL that is refused or takes too long comes back to be put right, with why, and with a way on."""
    data = QueryView.data

    async def late(view: QueryView, request: Any, asked: str, *rest: Any, **more: Any) -> Any:
        if asked == "select 'late'":
            raise DatasetteError(
                "<p>took long</p>", title="SQL Interrupted", status=400, message_is_html=True
            )
        return await data(view, request, asked, *rest, **more)

    monkeypatch.setattr(QueryView, "data", late)
    # The command that serves has set this too: a trace with all values in it takes seconds.
    monkeypatch.setattr("datasette.handle_exception.rich", None)
    answer = reader.get(f"/collection?{urlencode({'sql': sql, 'year': '1969'})}")
    assert answer.status_code == 400
    assert why in answer.text.partition('<p class="note">')[2].partition("</p>")[0]
    assert unescape(answer.text.partition('spellcheck="false">')[2].partition("</textarea>")[0]) == sql
    assert '<input type="hidden" name="year" value="1969">' in answer.text
    assert 'href="/guide"' in answer.text
    told = reader.get(f"/collection.json?{urlencode({'sql': sql})}")
    assert told.status_code == 400
    assert told.json()["ok"] is False
