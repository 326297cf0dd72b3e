"""What was read is kept until it is stored, however much it is."""

import gc
import os
from tempfile import TemporaryFile
from typing import IO

import pytest
from hypothesis import given
from hypothesis import strategies as some

from ingest import workspace
from ingest.workspace import Found
from tests.conftest import Room


@given(some.lists(some.binary(max_size=9)), some.integers(1, 20))
def test_findings_come_as_they_went_in(findings: list[bytes], most: int):
    """Wherever they lie, all are there, in their order, as often as they are asked for."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(workspace, "MOST_HELD", most)
        found = Found(findings[:2])
        for each in findings[2:]:
            found.append(each)
        assert len(found) == len(findings)
        assert next(iter(found), b"") == b"".join(findings[:1])
        assert list(found) == list(found) == findings


def test_findings_of_a_large_item_are_not_held(monkeypatch: pytest.MonkeyPatch):
    """What a mailbox holds lies in a file, which is gone with it."""
    files: list[IO[bytes]] = []

    def made() -> IO[bytes]:
        files.append(TemporaryFile())  # noqa: SIM115 - what is tested closes it
        return files[0]

    monkeypatch.setattr(workspace, "MOST_HELD", 1000)
    monkeypatch.setattr(workspace, "TemporaryFile", made)
    found = Found(bytes(100) for _ in range(500))
    assert sum(map(len, found)) == 50_000
    (file,) = files
    assert file.seek(0, os.SEEK_END) > 49_000
    del found
    gc.collect()
    assert file.closed


def test_an_item_with_many_findings_is_stored_whole(room: Room, monkeypatch: pytest.MonkeyPatch):
    """A table of many rows is all there, and kept for the next run."""
    monkeypatch.setattr(workspace, "MOST_HELD", 1000)
    rows = "\n".join(f"Row {number},The tide reached mark {number}." for number in range(300))
    room.put("log.csv", f"title,text\n{rows}\n")
    report = room.ingest(workers=1)
    assert (report.articles, report.problems) == (300, 0)
    titles = [title for (title,) in room.rows("select title from articles order by id")]
    assert titles == [f"Row {number}" for number in range(300)]
    room.put("one.md", "# One more\n\nIt came later.\n")
    report = room.ingest(workers=1)
    assert (report.articles, report.read) == (301, 1)
