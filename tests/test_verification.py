"""`verify` finds every kind of damage, says which it is in plain words, and touches nothing."""

import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from click.testing import CliRunner

from ingest.cli import main
from ingest.editions.edition import make_edition
from ingest.editions.verification import CHECKS, verify
from ingest.settings import load_settings
from tests.conftest import NOW, Room

ARTICLE = (
    "---\ntitle: {0}\ndate: 1961-04-1{1}\ntags: [moon]\nauthor: Ada Vale\n---\n\nYuri Gagarin left Moscow on"
    " 12 April 1961 for {0}.\n\n“We shall see the whole of it,” said Yuri Gagarin, the pilot.\n"
)
SOUND, TABLES, KEYS, SEARCH, COUNTS, OFFSETS, RIGHTS, CONTENT = (promise for promise, _ in CHECKS)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An edition of a small collection."""
    room = Room(tmp_path_factory.mktemp("verification") / "room")
    for number, name in enumerate(("Sputnik", "Vostok", "Luna")):
        room.put(f"daily/{name}.md", ARTICLE.format(name, number))
    room.ingest(workers=0)
    path = room.folder / "public.db"
    make_edition(load_settings(room.folder), path, now=NOW, accept=True)
    return path


def failing(path: Path) -> dict[str, str]:
    """Return what is wrong, by promise."""
    return {check.promise: "; ".join(check.wrong) for check in verify(path) if check.wrong}


def change(sql: str) -> Callable[[Path], None]:
    """Return the damage that a statement does."""

    def damage(path: Path) -> None:
        with closing(sqlite3.connect(path)) as connection, connection:
            connection.execute(sql)

    return damage


def overwrite(path: Path) -> None:
    """Put other bytes into the page where the articles begin."""
    with closing(sqlite3.connect(path)) as connection:
        page = connection.execute("select rootpage from sqlite_master where name = 'articles'").fetchone()[0]
    with path.open("r+b") as file:
        file.seek((page - 1) * 8192)
        file.write(b"\xff" * 4000)


def cut_off(path: Path) -> None:
    """Lose the end of the file."""
    with path.open("r+b") as file:
        file.truncate(path.stat().st_size // 2)


def leave_journal(path: Path) -> None:
    """Leave what a killed program leaves."""
    path.with_name(f"{path.name}-journal").write_bytes(b"half")


def empty_index(path: Path) -> None:
    """Let an index forget an article."""
    change("delete from articles_fts_docsize where id = 1")(path)


def test_a_sound_file_passes(made: Path):
    """An edition passes, and so does the collection it was made of."""
    assert failing(made) == {}
    assert failing(made.with_name("collection.db")) == {}


@pytest.mark.parametrize(
    ("damage", "promise", "says"),
    [
        (overwrite, SOUND, ""),
        (cut_off, SOUND, ""),
        (leave_journal, SOUND, "public.db-journal lies beside it"),
        (change("drop view article_list"), TABLES, "article_list is missing"),
        (change("alter table tags drop column article_count"), TABLES, "tags.article_count is missing"),
        (change("update runs set schema = '0'"), TABLES, "its version is 0"),
        (change("delete from runs"), TABLES, "its version is not told"),
        (change("insert into article_tags values (1, 99)"), KEYS, "article_tags"),
        (change("update article_text set text = 'Other words' where id = 1"), SEARCH, "articles_fts"),
        (change("update quotes set speaker = 'Somebody else'"), SEARCH, "quotes_fts"),
        (change("update entities set name = 'Somebody' where kind = 'PERSON'"), SEARCH, "articles_fts"),
        (empty_index, SEARCH, "articles_fts"),
        (change("update articles_fts_data set block = zeroblob(8) where id > 10"), SEARCH, "articles_fts"),
        (change("drop table articles_fts_postings"), TABLES, "articles_fts_postings is missing"),
        (
            change("insert into articles_fts_postings values ('moon', 1, x'01', x'01')"),
            SEARCH,
            "have the words as",
        ),
        (change("update runs set articles = 99"), COUNTS, "articles of runs"),
        (change("update runs set found = 99"), COUNTS, "files of runs"),
        (change("delete from article_text where id = 1"), COUNTS, "articles without their text"),
        (change("update tags set article_count = 99"), COUNTS, "articles of tags"),
        (change("update sources set article_count = 99"), COUNTS, "articles of sources"),
        (change("update authors set article_count = 99"), COUNTS, "articles of authors"),
        (change("update entities set article_count = 99"), COUNTS, "articles of entities"),
        (change("update entities set mention_count = 99"), COUNTS, "mentions of entities"),
        (change("update entity_aliases set mentions = 99"), COUNTS, "mentions of aliases"),
        (change("update article_entities set mentions = 99"), COUNTS, "mentions by article"),
        (change("insert into stories values (1, 2, 1)"), COUNTS, "sizes of stories"),
        (change("update articles_by_month set words = 1"), COUNTS, "articles by month"),
        (change("delete from articles_by_month"), COUNTS, "articles by month"),
        (change("update entities_by_year set mentions = 99"), COUNTS, "entities by year"),
        (
            change('update mentions set start = start + 1, "end" = "end" + 1'),
            OFFSETS,
            "mentions of article 1",
        ),
        (change("update quotes set start = start + 1"), OFFSETS, "quotes of article 1"),
        (change("update dates set surface = 'yesterday'"), OFFSETS, "dates of article 1"),
        (change("insert into pages values (1, 1, 0, 9999)"), OFFSETS, "page 1 of article 1"),
        (change("update articles set rights = 'metadata' where id = 1"), RIGHTS, "the text of an article"),
        (change("update articles set rights = 'excerpt' where id = 1"), RIGHTS, "fields of an article"),
        (change("update runs set excerpt_words = 1"), None, ""),
        (change("insert into tombstones select key, 'x', '2026-01-01' from articles"), RIGHTS, "taken down"),
        (change("update articles set section = 'Other'"), CONTENT, "changed since"),
        (change("update runs set content = 'other'"), CONTENT, "changed since"),
        (lambda path: path.write_text("Dear reader"), SOUND, "cannot be read"),
    ],
)
def test_damage_is_found_by_its_name(
    damage: Callable[[Path], None], promise: str | None, says: str, made: Path, tmp_path: Path
):
    """Each kind of damage fails the line that speaks of it; what is none fails nothing."""
    path = tmp_path / "public.db"
    shutil.copy(made, path)
    damage(path)
    found = failing(path)
    if promise is None:
        assert found == {}
    else:
        assert says in found[promise]
    result = CliRunner().invoke(main, ["verify", str(path)])
    assert result.exit_code == bool(found)
    assert ("move it away and make it anew" in result.stderr) == bool(found)
    lines = result.stdout.splitlines()
    assert [line.startswith("FAILED") for line in lines] == [name in found for name, _ in CHECKS]


def test_nothing_is_written(made: Path, tmp_path: Path):
    """The file and its folder are left as they are, and may be read-only."""
    path = tmp_path / "public.db"
    shutil.copy(made, path)
    path.chmod(0o444)
    tmp_path.chmod(0o555)
    before = (path.read_bytes(), path.stat().st_mtime_ns)
    try:
        assert failing(path) == {}
        assert [each.name for each in tmp_path.iterdir()] == ["public.db"]
    finally:
        tmp_path.chmod(0o755)
    assert (path.read_bytes(), path.stat().st_mtime_ns) == before
