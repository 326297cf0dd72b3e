"""What was worked out of a text is kept, counts only for that text and code, and goes when unused."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from ingest.collate import related, stories
from ingest.memory import Memory
from tests.conftest import Room

TEXT = "The {0} left the harbour of {0} on the first day of May, and came back on the last of {0}. "


class Worker:
    """Turns texts into bytes and counts how often it was asked."""

    def __init__(self) -> None:
        """Begin with nothing done."""
        self.done: list[str] = []

    def ask(self, folder: Path, *texts: str, code: str = "1", task: str = "upper") -> list[bytes]:
        """Return what is recalled of these texts in a run of its own, which forgets all others."""
        with closing(Memory(folder, code)) as memory:
            told = [memory.recall(task, text, lambda text=text: self.work(text)) for text in texts]
            memory.forget_unused()
        return told

    def work(self, text: str) -> bytes:
        """Return the text in capitals."""
        self.done.append(text)
        return text.upper().encode()


def test_nothing_is_worked_out_twice(tmp_path: Path):
    """Neither in one run nor in the next."""
    worker = Worker()
    assert worker.ask(tmp_path, "a", "b", "a") == [b"A", b"B", b"A"]
    assert worker.ask(tmp_path, "b", "c", "a") == [b"B", b"C", b"A"]
    assert worker.done == ["a", "b", "c"]


@pytest.mark.parametrize("other", [{"code": "2"}, {"task": "lower"}])
def test_another_task_or_other_code_recalls_nothing(other: dict[str, str], tmp_path: Path):
    """A value counts for the code and the task that it was made by."""
    worker = Worker()
    worker.ask(tmp_path, "a")
    worker.ask(tmp_path, "a", **other)
    assert worker.done == ["a", "a"]


def test_what_is_not_asked_for_is_forgotten(tmp_path: Path):
    """The memory does not grow with texts that are gone."""
    worker = Worker()
    worker.ask(tmp_path, *map(str, range(1200)))
    worker.ask(tmp_path, "7", "new")
    with closing(sqlite3.connect(tmp_path / "memory.db")) as connection:
        assert connection.execute("select count(*) from worked_out").fetchone() == (2,)


def test_a_value_that_was_changed_on_the_disk_is_worked_out_again(tmp_path: Path):
    """A flipped bit is no reason for a wrong answer."""
    worker = Worker()
    worker.ask(tmp_path, "a", "b")
    with closing(sqlite3.connect(tmp_path / "memory.db")) as connection, connection:
        connection.execute("update worked_out set value = x'00' where id = 1")
    assert worker.ask(tmp_path, "a", "b") == [b"A", b"B"]
    assert worker.done == ["a", "b", "a"]


def test_a_run_works_out_only_what_is_new(room: Room, monkeypatch: pytest.MonkeyPatch):
    """One article more leaves the words of the others alone, and the content is as if made at once."""
    for name in ("Argo", "Beagle", "Calypso"):
        room.put(f"{name}.txt", f"{name}\n\n{TEXT.format(name) * 3}")
    room.ingest()
    split: list[str] = []
    for module in (related, stories):
        plain = module.split_words
        monkeypatch.setattr(
            module, "split_words", lambda text, plain=plain: split.append(text) or plain(text)
        )
    room.put("Discovery.txt", f"Discovery\n\n{TEXT.format('Discovery') * 3}")
    room.ingest()
    assert any("Discovery" in text for text in split)
    assert not any("Argo" in text for text in split)
    content = room.rows("select content from runs")
    for path in (room.folder / ".readingroom").glob("*.db"):
        path.unlink()
    (room.folder / "collection.db").unlink()
    room.ingest()
    assert room.rows("select content from runs") == content
