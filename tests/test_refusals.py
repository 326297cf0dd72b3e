"""What cannot be answered says so: a status that programs understand, and a sentence for people."""

import asyncio
from pathlib import Path

import pytest
from datasette.app import Datasette

from tests.conftest import Room


@pytest.mark.parametrize(
    ("address", "sentence"),
    [
        ("/collection.csv?sql=select+nonsense", "no such column: nonsense"),
        ("/collection.csv?sql=select+count(1,2,3)", "wrong number of arguments to function count()"),
        ("/collection.csv?sql=delete+from+articles", "Statement must be a SELECT"),
        ("/collection/articles.csv?_where=nonsense", "no such column: nonsense"),
        ("/collection.csv", "Name a table"),
        ("/collection.csv?sql=", "Name a table"),
    ],
)
def test_a_table_that_is_none_is_no_empty_file(
    sample: Path, address: str, sentence: str, capsys: pytest.CaptureFixture[str]
):
    """Wrong SQL is refused as CSV too, in plain words, and fills no log."""
    answer = asyncio.run(Datasette(config_dir=sample).client.get(address))
    assert answer.status_code == 400
    assert answer.headers["content-type"].startswith("text/plain")
    assert sentence in answer.text
    assert "<" not in answer.text
    assert "Traceback" not in capsys.readouterr().err


def test_a_table_without_rows_is_one(sample: Path):
    """Right SQL that finds nothing gives the names of its columns."""
    address = "/collection.csv?sql=select+1+as+one+where+0"
    answer = asyncio.run(Datasette(config_dir=sample).client.get(address))
    assert (answer.status_code, answer.text) == (200, "one\r\n")


def test_a_file_that_cannot_be_opened_is_told(room: Room, capsys: pytest.CaptureFixture[str]):
    """Strangers are told to come again, whoever runs the server why; then the same worker goes on."""
    room.put("a.md", "# A day\n\nIt rained.\n")
    room.ingest()
    database, away = room.folder / "collection.db", room.folder / "away"

    async def ask() -> None:
        datasette = Datasette(config_dir=room.folder)
        await datasette.invoke_startup()
        address = "/collection.json?sql=select+1&_shape=arrayfirst"
        assert (await datasette.client.get(address)).text == "[1]"
        database.rename(away)
        for _ in range(4):
            answer = await datasette.client.get(address)
            assert answer.status_code == 503
            assert answer.headers["retry-after"] == "30"
            assert answer.json()["error"] == "The collection cannot be read just now. Please try again later."
        away.rename(database)
        assert (await datasette.client.get(address)).text == "[1]"

    asyncio.run(ask())
    said = capsys.readouterr().err
    assert f"{database} cannot be read: [Errno 2]" in said
    assert "Traceback" not in said
