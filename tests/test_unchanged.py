"""Whoever has an article's page already is told that it is unchanged, and never wrongly so."""

import asyncio
import re
from typing import Any

import pytest
from datasette.app import Datasette
from datasette.plugins import pm

from tests.conftest import Room

KEPT = "max-age=0, s-maxage=60"


@pytest.fixture
def harbour(room: Room) -> Room:
    """A collection of one article."""
    room.put("a.md", "# The ferry\n\nIt leaves at seven.\n")
    room.ingest()
    return room


def visit(datasette: Datasette, path: str, **headers: str) -> Any:
    """Return the answer to a request with some headers."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return datasette.client.get(path, headers=named)


def test_a_page_is_unchanged_until_the_collection_changes(harbour: Room):
    """A mark is good for every page of an article until another file takes the place, and then for none."""
    key = harbour.one("select key from articles")

    async def read() -> None:
        datasette = Datasette(config_dir=harbour.folder)
        await datasette.invoke_startup()
        for path in (f"/article/{key}", f"/article/{key}.bib", f"/article/{key}?from=a-search"):
            first = await visit(datasette, path)
            assert first.status_code == 200
            assert first.headers["cache-control"] == KEPT
            stamp = first.headers["etag"]
            for stated in (stamp, stamp.removeprefix("W/"), f'"other", {stamp}'):
                again = await visit(datasette, path, if_none_match=stated)
                assert (again.status_code, again.text) == (304, "")
                assert again.headers["etag"] == stamp
                assert again.headers["cache-control"] == KEPT
                assert {each.strip() for each in again.headers["vary"].split(",")} == {
                    "Cookie",
                    "Authorization",
                }
                assert "frame-ancestors" in again.headers["content-security-policy"]
        harbour.put("a.md", "# The ferry\n\nIt leaves at eight.\n")
        harbour.ingest()
        for path in (f"/article/{key}", f"/article/{key}.bib"):
            changed = await visit(datasette, path, if_none_match=stamp)
            assert changed.status_code == 200
            assert changed.headers["etag"] != stamp
        assert "leaves at eight" in (await visit(datasette, f"/article/{key}", if_none_match=stamp)).text

    asyncio.run(read())


def test_after_a_restart_nothing_is_taken_for_unchanged(harbour: Room, monkeypatch: pytest.MonkeyPatch):
    """Settings and pages may be others then."""
    key = harbour.one("select key from articles")

    async def read() -> None:
        stamp = (await visit(Datasette(config_dir=harbour.folder), f"/article/{key}")).headers["etag"]
        unchanged = pm.get_plugin("unchanged.py")
        assert re.fullmatch(r"[0-9a-f]{16}", unchanged.STARTED)
        monkeypatch.setattr(unchanged, "STARTED", "another")
        again = await visit(Datasette(config_dir=harbour.folder), f"/article/{key}", if_none_match=stamp)
        assert again.status_code == 200

    asyncio.run(read())


def test_what_may_differ_carries_no_mark(harbour: Room):
    """Nothing is said of searches and what is not there; what is one person's own, nobody may keep."""
    key = harbour.one("select key from articles")

    async def read() -> None:
        datasette = Datasette(config_dir=harbour.folder)
        await datasette.invoke_startup()
        for path in ("/", "/search?q=ferry", "/article/0123456789ab", "/collection/articles"):
            assert "etag" not in (await visit(datasette, path)).headers
        stamp = (await visit(datasette, f"/article/{key}")).headers["etag"]
        for named in ({"cookie": "a=b"}, {"authorization": "Basic YTpi"}):
            answer = await visit(datasette, f"/article/{key}", if_none_match=stamp, **named)
            assert answer.status_code == 200
            assert answer.headers["cache-control"] == "private, no-store"
            assert "etag" not in answer.headers

    asyncio.run(read())
