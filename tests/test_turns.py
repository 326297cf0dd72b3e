"""Pages that take long take turns, so that whoever reads an article waits for none of them."""

import asyncio
import sqlite3
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from datasette.app import Datasette
from datasette.database import QueryInterrupted
from datasette.plugins import pm

THREADS = 3


@pytest.fixture
def busy(sample: Path) -> Iterator[Datasette]:
    """A Datasette with as many threads as a server has."""
    datasette = Datasette(config_dir=sample, settings={"num_sql_threads": THREADS})
    yield datasette
    datasette.executor.shutdown()
    for database in datasette.databases.values():
        database.close()


@pytest.fixture
def held(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[], int]]:
    """Searches that end when the test does; called, it tells how many are at work."""
    release, lock, at_work = threading.Event(), threading.Lock(), []
    run = pm.get_plugin("search_run.py").execute

    def execute(*arguments: Any) -> Any:
        with lock:
            at_work.append(1)
        release.wait(30)
        return run(*arguments)

    monkeypatch.setattr(pm.get_plugin("search_run.py"), "execute", execute)
    execute.release = release  # type: ignore[attr-defined]
    yield lambda: len(at_work)
    release.set()


async def begin(datasette: Datasette, held: Callable[[], int], count: int) -> list[asyncio.Task[Any]]:
    """Send so many searches, and return them when those are at work that may be."""
    await datasette.invoke_startup()
    tasks = [asyncio.create_task(datasette.client.get(f"/search?q=moon{each}")) for each in range(count)]
    for _ in range(400):
        await asyncio.sleep(0.05)
        if held() >= THREADS - 1:
            break
    await asyncio.sleep(0.2)  # in which one too many would begin
    return tasks


def release() -> None:
    """Let the searches end."""
    pm.get_plugin("search_run.py").execute.release.set()


def test_an_article_waits_for_no_search(busy: Datasette, held: Callable[[], int]):
    """While eight search, an article and the first page are shown before any of them is answered."""

    async def visit() -> None:
        key = (await busy.client.get("/collection/articles.json?_shape=objects")).json()["rows"][0]["key"]
        tasks = await begin(busy, held, 8)
        pages = [
            await asyncio.wait_for(busy.client.get(path), 10)
            for path in (f"/article/{key}", f"/article/{key}.bib", "/", "/robots.txt")
        ]
        assert held() == THREADS - 1
        release()
        answers = [*pages, *await asyncio.gather(*tasks)]
        assert {answer.status_code for answer in answers} == {200}

    asyncio.run(visit())


def test_a_very_long_article_takes_its_turn(
    busy: Datasette, held: Callable[[], int], monkeypatch: pytest.MonkeyPatch
):
    """Putting together what is as long as a book waits as a search does, and other articles pass it by."""
    monkeypatch.setattr(pm.get_plugin("article.py"), "LONG_TEXT", 1500)

    async def visit() -> None:
        await busy.invoke_startup()
        database = busy.get_database("collection")
        order = "select key from articles join article_text using (id) order by length(body) {} limit 1"
        longest, shortest = [
            (await database.execute(order.format(way))).first()["key"] for way in ("desc", "asc")
        ]
        tasks = await begin(busy, held, THREADS - 1)
        long = asyncio.create_task(busy.client.get(f"/article/{longest}"))
        short = await asyncio.wait_for(busy.client.get(f"/article/{shortest}"), 10)
        assert short.status_code == 200
        assert not long.done()
        release()
        assert (await long).status_code == 200
        await asyncio.gather(*tasks)

    asyncio.run(visit())


def test_a_long_text_is_read_when_its_turn_has_come(
    busy: Datasette, held: Callable[[], int], monkeypatch: pytest.MonkeyPatch
):
    """However many ask for it at once, those who wait hold none of it in memory."""
    article = pm.get_plugin("article.py")
    monkeypatch.setattr(article, "MANY_WORDS", 0)
    asked: list[str] = []

    async def visit() -> None:
        await busy.invoke_startup()
        database = busy.get_database("collection")
        key = (await database.execute("select key from articles")).first()["key"]
        tasks = await begin(busy, held, THREADS - 1)
        execute = database.execute

        async def noted(sql: str, *arguments: Any, **named: Any) -> Any:
            asked.append(sql)
            return await execute(sql, *arguments, **named)

        monkeypatch.setattr(database, "execute", noted)
        page = asyncio.create_task(busy.client.get(f"/article/{key}"))
        await asyncio.sleep(0.5)
        assert article.THERE in asked
        assert article.ARTICLE not in asked
        release()
        assert (await page).status_code == 200
        assert article.ARTICLE in asked
        await asyncio.gather(*tasks)

    asyncio.run(visit())


def test_who_waits_too_long_is_told(
    busy: Datasette, held: Callable[[], int], monkeypatch: pytest.MonkeyPatch
):
    """A page whose turn does not come is refused with a sentence and a time to come again."""
    monkeypatch.setattr(pm.get_plugin("guard.py"), "LONGEST_WAIT", 0.05)

    async def visit() -> None:
        tasks = await begin(busy, held, THREADS - 1)
        for path in ("/timeline", "/search.json?q=moon"):
            answer = await busy.client.get(path)
            assert answer.status_code == 429
            assert answer.headers["retry-after"] == "5"
            assert "Please try again in a few seconds." in answer.text
            assert "<" not in answer.text
        release()
        await asyncio.gather(*tasks)
        assert (await busy.client.get("/timeline")).status_code == 200

    asyncio.run(visit())


def test_the_question_whether_all_is_well_waits_for_nobody(busy: Datasette, held: Callable[[], int]):
    """While others search, what asks by the address of DEPLOY.md is answered in time."""

    async def visit() -> None:
        tasks = await begin(busy, held, THREADS)
        tasks.append(asyncio.create_task(busy.client.get("/search.json?size=1")))
        for _ in range(100):
            await asyncio.sleep(0.05)
            if held() == THREADS:
                break
        assert held() == THREADS
        release()
        assert {answer.status_code for answer in await asyncio.gather(*tasks)} == {200}

    asyncio.run(visit())


def test_what_strangers_bring_about_fills_no_log(
    busy: Datasette, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    """A page out of time, or a column that is none, is told to who asked and leaves no traceback."""

    async def late(*_arguments: object, **_named: object) -> None:
        raise QueryInterrupted(sqlite3.OperationalError("interrupted"), "select", {})

    async def visit() -> None:
        await busy.invoke_startup()
        answer = await busy.client.get("/collection/articles?_sort=nothing")
        assert answer.status_code == 400
        assert answer.text == "Cannot sort table by nothing.\n"
        monkeypatch.setattr(busy.get_database("collection"), "execute", late)
        assert (await busy.client.get("/entities?page=9")).status_code == 400

    asyncio.run(visit())
    assert "Traceback" not in capsys.readouterr().err


def test_a_turn_ends_where_the_answer_begins(busy: Datasette):
    """Who takes an answer slowly keeps nobody waiting; a turn is given back once, whatever follows."""
    guard = pm.get_plugin("guard.py")

    async def take() -> None:
        await busy.invoke_startup()
        places = asyncio.Semaphore(1)
        one, other = guard.Turn(places), guard.Turn(places)
        await one.begin()
        await one.begin()
        assert places.locked()
        one.end()
        await other.begin()
        await one.begin()
        one.end()
        assert places.locked()
        other.end()
        assert not places.locked()

    asyncio.run(take())


@pytest.mark.usefixtures("busy")
def test_a_page_that_asks_several_questions_at_once_has_one_turn():
    """It takes one place, and gives it back, also where it was answered before a question had its turn."""

    async def ask() -> None:
        guard, places = pm.get_plugin("guard.py"), asyncio.Semaphore(2)
        turn = guard.Turn(places)
        await asyncio.gather(turn.begin(), turn.begin(), turn.begin())
        await places.acquire()
        late = guard.Turn(places)
        waiting = asyncio.create_task(late.begin())
        await asyncio.sleep(0)
        late.end()
        turn.end()
        places.release()
        await waiting
        assert not late.held
        assert [await places.acquire(), await places.acquire()] == [True, True]
        assert places.locked()

    asyncio.run(asyncio.wait_for(ask(), 10))
