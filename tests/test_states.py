"""A served room shows the new collection after an ingest, and never a page put together from two."""

import asyncio
import re
import shutil
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from contextvars import Context

from datasette.app import Datasette

from tests.browsers import served
from tests.conftest import ROOT, Room

PEOPLE = ("Ada Lovelace", "Grace Hopper", "Mary Somerville", "Emmy Noether", "Lise Meitner", "Rosa Luxemburg")
NAMED = re.compile(r'/entity/([a-z-]+)"')
TIMES = 24
PLUGINS = str(ROOT / "plugins")
COUNT = "select+count(*)+from+articles"


def write(room: Room, folder: str, person: str) -> None:
    """Write an article that names one person."""
    room.put(
        f"{folder}/{person.split()[1]}.md", f"# About {person}\n\n{person} spoke. {person} left early.\n"
    )


def get(address: str) -> str:
    """Return a page."""
    with urllib.request.urlopen(address, timeout=60) as answer:
        return str(answer.read().decode())


def names_on(page: str) -> set[str]:
    """Return whose pages a page leads to."""
    return set(NAMED.findall(page)) & {person.lower().replace(" ", "-") for person in PEOPLE}


def test_a_served_room_follows_its_file(room: Room):
    """Whatever thread answers, an article has its own names, though every row has another number now."""
    for person in PEOPLE[:3]:
        write(room, "later", person)
    room.ingest()
    keys = dict(room.rows("select title, key from articles"))
    with served(room.folder) as address, ThreadPoolExecutor(8) as readers:
        for person in PEOPLE[:3]:
            assert names_on(get(f"{address}/article/{keys[f'About {person}']}")) == {
                person.lower().replace(" ", "-")
            }
        for person in PEOPLE[3:]:
            write(room, "earlier", person)
        room.ingest()
        for person in PEOPLE[:3]:
            asked = [f"{address}/article/{keys[f'About {person}']}"] * TIMES
            for page in readers.map(get, asked):
                assert f"{person} spoke" in re.sub("<[^>]+>", "", page)
                assert names_on(page) == {person.lower().replace(" ", "-")}
        for page in readers.map(get, [f"{address}/"] * TIMES):
            assert "<b>6</b> articles" in page
        rows = get(f"{address}/collection.json?sql={COUNT}&_shape=arrayfirst")
        assert rows == "[6]"


def test_a_request_ends_with_the_state_that_it_began_with(room: Room):
    """A page that asks several times sees one file, and who comes meanwhile waits for the next."""
    write(room, "a", PEOPLE[0])
    room.ingest()

    async def read() -> tuple[list[int], int]:
        datasette = Datasette(config_dir=room.folder)
        await datasette.invoke_startup()
        database = datasette.get_database("collection")
        states = datasette.room_states

        async def count() -> int:
            return int((await database.execute("select count(*) from articles")).first()[0])

        async def come_later() -> int:
            async with states.held():
                return await count()

        async with states.held():
            found = [await count()]
            write(room, "b", PEOPLE[1])
            await asyncio.to_thread(room.ingest)
            later = asyncio.create_task(come_later(), context=Context())
            await asyncio.sleep(0.2)
            assert not later.done()
            async with states.held():  # what a page asks for within, in several threads
                found += await asyncio.gather(count(), count(), count())
        return found, await later

    assert asyncio.run(read()) == ([1, 1, 1, 1], 2)


def test_a_file_that_is_gone_keeps_no_other_from_its_readers(room: Room):
    """One database may be taken away while another is replaced."""
    write(room, "a", PEOPLE[0])
    room.ingest()
    other = room.folder / "other.db"
    shutil.copyfile(room.folder / "collection.db", other)

    async def read() -> list[int]:
        datasette = Datasette(files=[str(room.folder / "collection.db"), str(other)], plugins_dir=PLUGINS)
        await datasette.invoke_startup()
        counts = []
        for change in (lambda: None, other.unlink, lambda: (write(room, "b", PEOPLE[1]), room.ingest())):
            await asyncio.to_thread(change)
            found = await datasette.client.get(f"/collection.json?sql={COUNT}&_shape=arrayfirst")
            counts += found.json()
        return counts

    assert asyncio.run(read()) == [1, 1, 2]
