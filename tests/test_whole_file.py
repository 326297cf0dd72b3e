"""The whole database, where visitors may take it."""

import asyncio
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from datasette.app import Datasette
from datasette.plugins import pm

from tests.conftest import ROOT


@pytest.fixture
def giving(sample: Path) -> Iterator[Datasette]:
    """A Datasette that gives the sample's file."""
    files = [str(sample / "collection.db")]
    datasette = Datasette(immutables=files, plugins_dir=str(ROOT / "plugins"))
    yield datasette
    datasette.executor.shutdown()


@pytest.mark.parametrize(
    ("asked", "part"),
    [
        ("bytes=100-199", slice(100, 200)),
        ("bytes=100-", slice(100, None)),
        ("bytes=-100", slice(-100, None)),
        ("bytes=100-99999999999", slice(100, None)),
        ("bytes=0-0", slice(0, 1)),
        ("bytes=99999999999-", None),
        ("bytes=-", None),
        ("bytes=5-2", None),
        ("bytes=0-1,4-5", None),
        ("\u00ff", None),
        ("", None),
    ],
)
def test_a_part_is_given_where_one_is_asked_for(
    giving: Datasette, sample: Path, asked: str, part: slice | None
):
    """A download that broke off goes on where it ended; whoever asks for what there is not gets the whole."""
    whole = (sample / "collection.db").read_bytes()
    answer = asyncio.run(giving.client.get("/collection.db", headers={"Range": asked.encode("latin-1")}))
    assert answer.status_code == (206 if part else 200)
    assert answer.content == (whole[part] if part else whole)
    assert answer.headers["content-length"] == str(len(answer.content))
    assert answer.headers["content-disposition"].startswith("attachment")


def test_a_part_of_another_file_is_not_given(giving: Datasette, sample: Path):
    """Where a new collection came meanwhile, its whole file is sent, never a patchwork of two."""
    headers = {"Range": "bytes=100-199", "If-Range": '"another"'}
    answer = asyncio.run(giving.client.get("/collection.db", headers=headers))
    assert (answer.status_code, len(answer.content)) == (200, (sample / "collection.db").stat().st_size)
    same = asyncio.run(
        giving.client.get("/collection.db", headers={**headers, "If-Range": answer.headers["etag"]})
    )
    assert same.status_code == 206
    head = asyncio.run(giving.client.head("/collection.db"))
    assert (head.status_code, head.content) == (200, b"")


def test_a_few_take_the_file_at_once(giving: Datasette, monkeypatch: pytest.MonkeyPatch):
    """Whoever comes when all places are taken is told to come again."""
    monkeypatch.setattr(pm.get_plugin("whole_file.py"), "MOST", 0)
    answer = asyncio.run(giving.client.get("/collection.db"))
    assert (answer.status_code, "try again later" in answer.text) == (429, True)


def test_who_takes_next_to_nothing_gives_way(giving: Datasette, monkeypatch: pytest.MonkeyPatch):
    """Visitors who hold all places and hardly take anything keep nobody out; who has just come stays."""
    plugin = pm.get_plugin("whole_file.py")
    monkeypatch.setattr(plugin, "MOST", 2)
    scope = {"type": "http", "method": "GET", "path": "/collection.db", "raw_path": b"/collection.db"}
    scope |= {"query_string": b"", "headers": [], "scheme": "http", "http_version": "1.1"}

    begun = asyncio.Semaphore(0)

    async def never() -> Any:
        await asyncio.Event().wait()

    async def take_nothing(event: Any) -> None:
        assert event["status"] == 200
        begun.release()
        await asyncio.Event().wait()

    async def visit() -> None:
        await giving.invoke_startup()
        app = giving.app()
        slow = [asyncio.create_task(app(scope, never, take_nothing)) for _ in range(2)]
        for _ in slow:
            await begun.acquire()

        async def ask() -> int:
            said: list[int] = []

            async def send(event: Any) -> None:
                said.extend([event["status"]] if "status" in event else [])

            await app(scope, never, send)
            return said[0]

        assert await ask() == 429
        monkeypatch.setattr(plugin, "LEAST_SECONDS", 0)
        assert [await ask(), await ask()] == [200, 200]
        assert sum(task.done() for task in slow) == 1
        for task in slow:
            task.cancel()
        await asyncio.gather(*slow, return_exceptions=True)

    asyncio.run(visit())


def test_nothing_is_sent_to_who_has_left(giving: Datasette, monkeypatch: pytest.MonkeyPatch):
    """A visitor who asks for the file and goes costs the server no reading of it to the end."""
    monkeypatch.setattr(pm.get_plugin("whole_file.py"), "PIECE", 1000)
    sent: list[int] = []

    async def visit() -> None:
        await giving.invoke_startup()

        begun = asyncio.Event()

        async def receive() -> Any:
            await begun.wait()
            return {"type": "http.disconnect"}

        async def send(event: Any) -> None:
            sent.append(len(event.get("body", b"")))
            begun.set()

        scope = {"type": "http", "method": "GET", "path": "/collection.db", "raw_path": b"/collection.db"}
        scope |= {"query_string": b"", "headers": [], "scheme": "http", "http_version": "1.1"}
        await giving.app()(scope, receive, send)

    asyncio.run(visit())
    assert sum(sent) < 100_000


def test_what_the_owner_keeps_is_not_given(sample: Path):
    """Where downloads are not allowed, no part of the file is sent either."""
    files = [str(sample / "collection.db")]
    kept = Datasette(immutables=files, plugins_dir=str(ROOT / "plugins"), settings={"allow_download": False})
    answer = asyncio.run(kept.client.get("/collection.db", headers={"Range": "bytes=0-99"}))
    assert answer.status_code == 403
    kept.executor.shutdown()


@pytest.mark.usefixtures("giving")
def test_a_file_that_is_cut_short_meanwhile_ends_the_answer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Where a smaller file is copied over the one that is sent, nobody waits for the rest without end."""
    plugin = pm.get_plugin("whole_file.py")
    monkeypatch.setattr(plugin, "PIECE", 1000)
    file = tmp_path / "collection.db"
    file.write_bytes(bytes(5000))

    async def receive() -> Any:
        await asyncio.Event().wait()

    async def send(_event: Any) -> None:
        file.write_bytes(bytes(10))

    async def visit() -> None:
        async with asyncio.timeout(5):
            await plugin.send_file(str(file), [], {"method": "GET", "headers": []}, receive, send)

    asyncio.run(visit())
