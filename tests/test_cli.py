"""The command, as a newcomer meets it: what it prints, how it ends, what it leaves."""

import errno
import io
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from click.testing import CliRunner
from rich.console import Console

from ingest import swap
from ingest.cli import main
from ingest.errors import SettingsError
from ingest.model import Item
from ingest.pipeline import STEPS, ingest_collection, mix
from ingest.progress import drawn, reckon, tell_seconds
from ingest.serving import datasette_command
from ingest.settings import load_settings
from ingest.workspace import locked
from tests.conftest import ROOT, Room


def run(*arguments: object) -> object:
    """Run the command in this process."""
    return CliRunner().invoke(main, [str(argument) for argument in arguments])


@pytest.mark.parametrize("command", sorted(main.commands))
def test_help_has_an_example(command: str):
    """Every command says what it does and shows an example."""
    result = run(command, "--help")
    assert result.exit_code == 0
    assert "Example" in result.output
    assert f"readingroom {command}" in result.output


def test_from_nothing_to_a_collection(tmp_path: Path):
    """`new` and `ingest --into` make a collection that has everything it needs."""
    (tmp_path / "clippings").mkdir()
    (tmp_path / "clippings" / "a.txt").write_text(
        "Sputnik Rises\n\nThe ship rose at nine in Moscow.\nIt sang.\n"
    )
    result = run("ingest", tmp_path / "clippings", "--into", tmp_path / "room")
    assert result.exit_code == 0, result.output
    assert "1  articles" in result.output
    made = {path.name for path in (tmp_path / "room").iterdir()}
    assert made == {
        ".gitignore",
        ".readingroom",
        "README.md",
        "collection.db",
        "metadata.yml",
        "plugins",
        "sources",
    }
    again = run("ingest", tmp_path / "room")
    assert "nothing changed" in again.output


def test_problems_warn_and_strict_fails(room: Room):
    """What cannot be read is a warning; under --strict the command ends with 3."""
    room.put("empty.txt", b"")
    room.put("article.txt", "The harbour was closed.")
    result = run("ingest", room.folder)
    assert result.exit_code == 0
    assert "1 could not be read" in result.output
    assert run("ingest", room.folder, "--strict").exit_code == 3


def test_a_kind_of_problem_is_shown_once_and_hides_no_other(room: Room):
    """However many files have nothing in them, what ails another is shown beside them."""
    for number in range(9):
        room.put(f"empty {number}.txt", b"")
    room.put("zipped.zip", b"PK\x03\x04 and no more")
    printed = run("ingest", room.folder).output
    assert "empty 0.txt and 8 like it: The file is empty." in printed
    assert "empty 1.txt" not in printed
    assert "zipped.zip: " in printed


def test_doubts_are_counted_as_one_would_say_it(room: Room):
    """One doubt is told as one, several as several, and where they stand."""
    room.put("a.txt", "Die Fähre fährt nach Süden.".encode("cp1252"))
    assert "1 doubt is in the table problems" in run("ingest", room.folder).output
    room.put("b.txt", "Die Brücke ist für Fußgänger gesperrt.".encode("cp1252"))
    assert "2 doubts are in the table problems" in run("ingest", room.folder).output


def test_lines_for_moved_files_are_told_as_they_are_to_be_written(room: Room):
    """They are copied into moved.csv, so a name is printed as it is, whatever signs are in it."""
    room.put("shelf :book: 1/a.txt", "The harbour was closed.")
    run("ingest", room.folder)
    (room.folder / "sources" / "shelf :book: 1").rename(room.folder / "sources" / "[bold] 2, new")
    assert '\nshelf :book: 1,"[bold] 2, new"\n' in run("ingest", room.folder).output


def test_formats_that_nothing_reads_are_told(room: Room):
    """Who put in old Word files learns that they are not in, and what to do."""
    room.put("article.txt", "The harbour was closed.")
    assert "nothing reads" not in run("ingest", room.folder).output
    for name in ("letter.DOC", "will.doc", "sums.wk1", "winmail.dat"):
        room.put(name, b"\xd0\xcf\x11\xe0 of an office program")
    printed = run("ingest", room.folder).output
    assert (
        "Formats that nothing reads yet: doc (2), winmail.dat (1), wk1 (1). Documents among them" in printed
    )
    assert "  doc: save it as .docx, .odt or PDF.\n" in printed
    assert "  winmail.dat: what Outlook packs into a mail; unpack it" in printed
    assert room.rows("select reason from files where locator = 'will.doc'") == [
        ("no reader for this format (doc): save it as .docx, .odt or PDF",)
    ]


@pytest.mark.parametrize(
    ("arguments", "code", "says"),
    [
        (("ingest", "{empty}"), 1, "--into my-collection"),
        (("serve", "{empty}"), 1, "readingroom new"),
        (("serve", "{room}"), 1, "readingroom ingest"),
        (("new", "{room}"), 1, "is not empty"),
        (("ingest", "{empty}/nowhere"), 2, "does not exist"),
        (("ingest", "{room}/*/*.tixt", "--into", "{empty}/new"), 2, "nothing fits"),
        (("ingest", "{room}/README.md"), 1, "lies in one. Run: readingroom ingest"),
        (("ingest", "{room}", "--into", "{room}"), 1, "holds the collection itself"),
        (("serve", "{room}", "--port", "99999"), 2, "port"),
        (("new", "{room}/README.md/x"), 74, "Error: "),
        (("ingest",), 2, "PATH"),
    ],
)
def test_errors_name_the_next_step(
    arguments: tuple[str, ...], code: int, says: str, tmp_path: Path, room: Room
):
    """A mistake is answered with one line that says what to do, and a documented exit code."""
    (tmp_path / "empty").mkdir()
    places = {"empty": tmp_path / "empty", "room": room.folder}
    result = run(*(argument.format(**places) for argument in arguments))
    assert result.exit_code == code
    assert says in result.output
    assert "Traceback" not in result.output


def test_without_pages_nothing_is_served(room: Room):
    """A folder whose plugins/ were never made or not kept is no reading room; the way to one is told."""
    room.put("a.txt", "The harbour was closed.")
    room.ingest()
    shutil.rmtree(room.folder / "plugins")
    with pytest.raises(SettingsError, match="readingroom renew"):
        datasette_command(room.folder, host="127.0.0.1", port=8001)
    run("renew", room.folder)
    assert str(room.folder) in datasette_command(room.folder, host="127.0.0.1", port=8001)


def test_a_damaged_collection_is_told_in_one_line(room: Room):
    """A database that a copy cut short is no traceback; how to come by a sound one is told."""
    room.put("a.txt", "The harbour was closed.")
    room.ingest()
    database = room.folder / "collection.db"
    whole = database.read_bytes()
    for broken in (whole[:50_000], b"This is no database. " * 500):
        database.write_bytes(broken)
        with pytest.raises(SettingsError, match="cannot be read"):
            datasette_command(room.folder, host="127.0.0.1", port=8001)
        for command in (("entities", "export"), ("entities", "suggest")):
            answer = run(*command, room.folder)
            assert answer.exit_code == 1
            assert "collection.db cannot be read" in answer.output
            assert "readingroom ingest" in answer.output
    assert run("ingest", room.folder).exit_code == 0
    assert room.one("select count(*) from articles") == 1


def test_damage_within_a_collection_is_told_in_one_line(room: Room):
    """A database of which one part is no longer what was written is no traceback, and no failing disk."""
    room.put("a.txt", "The harbour was closed, said Ida Brandt.")
    room.ingest()
    database = room.folder / "collection.db"
    size, place = room.one("pragma page_size"), "select rootpage from sqlite_master where name = 'entities'"
    whole, start = database.read_bytes(), (room.one(place) - 1) * size
    database.write_bytes(whole[:start] + b"\xff" * size + whole[start + size :])
    edition = ("edition", room.folder.parent / "public.db")
    for command in (("entities", "export"), ("entities", "suggest"), edition):
        answer = run(*command, room.folder)
        assert answer.exit_code in {1, 74}
        assert "damaged (" in answer.output
        assert "Move the file away and make it anew" in answer.output


def test_who_starts_in_the_folder_of_articles_is_led_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Each command that an error names works as it stands, and what is refused leaves nothing behind."""
    letters = tmp_path / "letters"
    letters.mkdir()
    (letters / "ada.txt").write_text("The ferry leaves at seven.")
    monkeypatch.chdir(letters)
    for command in (("ingest", "."), ("serve",), ("new", ".")):
        answer = run(*command)
        assert answer.exit_code == 1
        assert "readingroom ingest . --into ../my-collection" in answer.output
    assert "make the collection beside it" in run("ingest", ".", "--into", "room").output
    assert [path.name for path in letters.iterdir()] == ["ada.txt"]
    assert run("ingest", ".", "--into", "../my-collection").exit_code == 0
    monkeypatch.chdir(tmp_path)
    assert "run: readingroom ingest letters --into my-collection" in run("new", "letters").output
    assert "run: readingroom ingest my-collection\n" in run("new", "my-collection").output
    for command in (("verify",), ("publish", "check")):
        assert "such as my-collection/collection.db" in run(*command, "my-collection").output
    assert "such as my-collection/public.db" in run("edition", "my-collection").output


def test_a_run_that_could_read_nothing_is_no_success(room: Room):
    """Who has it run every night is told when all files fail alike; one article is enough to go on."""
    room.put("a.pdf", b"%PDF-1.4 broken")
    answer = run("ingest", room.folder)
    assert answer.exit_code == 1
    assert "nothing could be read" in answer.output
    room.put("a.txt", "The harbour was closed.")
    assert run("ingest", room.folder).exit_code == 0


def test_a_collection_is_not_emptied_since_nothing_can_be_read_any_more(room: Room):
    """After a broken update, or on a broken disk, the articles of before stay until its owner decides."""
    room.put("a.txt", "The harbour was closed.")
    assert run("ingest", room.folder).exit_code == 0
    room.put("a.txt", b"")
    room.put("b.pdf", b"%PDF-1.4 broken")
    answer = run("ingest", room.folder)
    assert answer.exit_code == 1
    assert "was left as it is. The first of the problems: a.txt:" in answer.output
    assert "delete that file, then run again" in answer.output
    assert room.one("select text from article_text") == "The harbour was closed."
    (room.folder / "collection.db").unlink()
    assert run("ingest", room.folder).exit_code == 1
    assert room.rows("select id from articles") == []


def test_a_pattern_that_fits_nothing_is_not_remembered(room: Room):
    """Who mistypes a pattern and types it again has lost nothing."""
    letters = room.folder.parent / "letters"
    letters.mkdir()
    (letters / "ada.txt").write_text("The ferry leaves at seven.")
    assert run("ingest", f"{letters}/*.tixt", "--into", room.folder).exit_code == 2
    assert run("ingest", f"{letters}/*.txt", "--into", room.folder).exit_code == 0
    assert room.one("select locator from files") == "letters/ada.txt"


def test_a_folder_whose_name_is_not_utf_8_is_refused_in_words(room: Room):
    """The settings are UTF-8; whoever unpacked an old archive is told what to do."""
    letters = Path(os.fsdecode(os.fsencode(room.folder.parent) + b"/l\xe9gumes"))
    letters.mkdir()
    result = run("ingest", letters, "--into", room.folder)
    assert result.exit_code == 1
    assert "l\\udce9gumes has a name that is not UTF-8" in " ".join(result.output.split())


@pytest.mark.parametrize(
    ("yaml", "says"),
    [
        ("plugins: {readingroom: {sources: here}}", "must be a list"),
        ("plugins: {readingroom: {sources: []}}", "names nothing, which would empty the collection"),
        ("plugins: {readingroom: {private_addresses: 'true'}}", "must be true or false, unquoted"),
        ("plugins: {readingroom: {publications: {a: {nmae: x}}}}", "known are name"),
        ("plugins: {readingroom: {publications: {a: {key: a}}}}", "publication a has a key but no name"),
        ("plugins: {readingroom: {publications: {a: {name: B, key: A b}}}}", "Write it as a-b"),
        (
            "plugins: {readingroom: {publications: {a: {name: A, key: x}, b: {name: B, key: x}}}}",
            "the key x, which is that of A",
        ),
        ("plugins: {readingroom: {publications: {a: {rights: some}}}}", "one of full, excerpt, metadata"),
        ("plugins: {readingroom: {contact: the librarian}}", "such as you@example.org"),
        ("plugins: [", "cannot be read"),
        ("plugins: 3", "expected a mapping"),
        ("plugins: {readingroom: {publications: [x]}}", "publications: expected a mapping, lines such as"),
        ("plugins: {readingroom: {publications: {a: [x]}}}", "publications.a: expected a mapping"),
        ("plugins: {readingroom: {source: [a]}}", "known are sources"),
        ("plugins: {readingroom: {limits: {seconds: fast}}}", "whole numbers"),
        ("places: {Georgia: [32.7, -83.4]}", "`places` belongs under `plugins: readingroom:`"),
        ("crawling: none\nplugins: {readingroom: {sources: [a]}}", "`crawling` belongs under"),
        ("readingroom: {publications: {a: {rights: metadata}}}", "`readingroom` belongs under `plugins:`"),
        ("plugin: {readingroom: {sources: [a]}}", "has `plugin:`, where `plugins:` is meant"),
        ("plugins: {reading-room: {sources: [a]}}", "has `reading-room:`, where `readingroom:` is meant"),
        ("plugins: {Readingroom: {sources: [a]}}", "has `Readingroom:`, where `readingroom:` is meant"),
        ("plugins:\n  readingroom:\n\t\tsources: [a]", "in line 3, column 1: a tab stands at the beginning"),
        ("title: A\n plugins: {}", "in line 2, column 9: mapping values are not allowed here. Compare"),
        ("title: A\x07", "unacceptable character"),
    ],
)
def test_wrong_settings_are_explained(yaml: str, says: str, room: Room):
    """A mistake in metadata.yml names the file and what would be right."""
    (room.folder / "metadata.yml").write_text(yaml)
    result = run("ingest", room.folder)
    assert result.exit_code == 1
    assert says in result.output
    assert "metadata.yml" in result.output


@pytest.mark.parametrize(
    ("here", "named", "instead"),
    [
        (".", "sources", "."),
        ("sources", ".", "{room}"),
        (".", "metadata.yml", "."),
        ("..", "{name}/sources", "{name}"),
        ("/", "{room}/sources/letters", "{below}"),
    ],
)
def test_who_names_a_folder_within_a_collection_is_told_its_own(
    here: str, named: str, instead: str, room: Room, monkeypatch: pytest.MonkeyPatch
):
    """No second collection is proposed to be made of the first one's articles."""
    room.put("letters/a.txt", "A letter")
    monkeypatch.chdir(room.folder / here)
    own = {"room": room.folder, "name": room.folder.name, "below": str(room.folder)[1:]}
    result = run("ingest", named.format(**own))
    assert result.exit_code == 1
    assert "but lies in one." in result.output
    assert result.output.strip().endswith(f"Run: readingroom ingest {instead.format(**own)}")


def test_settings_in_another_charset_say_so(room: Room):
    """Of a metadata.yml that an old editor saved, the line is named and what to do in the editor."""
    (room.folder / "metadata.yml").write_bytes("title: a\ndescription: Café\n".encode("latin-1"))
    result = run("ingest", room.folder)
    assert result.exit_code == 1
    assert "metadata.yml is not in UTF-8 (line 2). Save it" in result.output


def test_help_is_quick():
    """Asking for help loads none of the heavy libraries."""
    code = "import sys; from ingest.cli import main; print([m for m in sys.modules if m in HEAVY])"
    heavy = "HEAVY = {'trafilatura', 'dateparser', 'numpy', 'datasette', 'sqlite_utils', 'lxml'}; "
    output = subprocess.run(
        [sys.executable, "-c", heavy + code], capture_output=True, text=True, check=True, cwd=ROOT
    ).stdout
    assert output.strip() == "[]"


@pytest.mark.parametrize("seconds", [0.1, 0.4, 0.8, 1.2, 1.6, 2.0])
def test_ctrl_c_at_any_moment_ends_a_run_in_plain_words(seconds: float, room: Room):
    """While it loads, starts its children or reads: no traceback, and the code of a stopped command."""
    for number in range(40):
        room.put(f"{number}.txt", f"Harbour {number}\n\nThe harbour was open, and {number} boats went out.\n")
    start = "from ingest.__main__ import run; print(flush=True); run()"
    with subprocess.Popen(
        [sys.executable, "-c", start, "ingest", str(room.folder)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=ROOT,
        start_new_session=True,  # as a terminal does, so that its children are told too
    ) as process:
        assert process.stdout
        process.stdout.readline()
        time.sleep(seconds)
        os.killpg(process.pid, signal.SIGINT)
        said = process.communicate(timeout=60)[1]
    assert "Traceback" not in said
    assert process.returncode == 0 or (process.returncode == 130 and said.startswith("Stopped.")), said


@pytest.mark.parametrize("left", [[], [".making"], [".making", "plugins", "sources"]])
def test_a_half_made_collection_is_completed(left: list[str], tmp_path: Path):
    """When `new` or `--into` was killed half-way, the same command does the rest."""
    (tmp_path / "clippings").mkdir()
    for name in left:
        (tmp_path / "room" / name).mkdir(parents=True)
    result = run("ingest", tmp_path / "clippings", "--into", tmp_path / "room")
    assert result.exit_code == 0, result.output
    assert (tmp_path / "room" / "plugins" / "search.py").is_file()
    assert not (tmp_path / "room" / ".making").exists()


def test_a_refused_run_changes_no_settings(room: Room, tmp_path: Path):
    """While another run is at work `--into` adds nothing to metadata.yml."""
    (tmp_path / "clippings").mkdir()
    before = (room.folder / "metadata.yml").read_text()
    with locked(room.folder / ".readingroom"):
        assert run("ingest", tmp_path / "clippings", "--into", room.folder).exit_code == 75
    assert (room.folder / "metadata.yml").read_text() == before


def test_a_full_disk_is_told_in_one_line(room: Room, monkeypatch: pytest.MonkeyPatch):
    """No traceback, but the next step and the documented exit code."""

    def refuse(path: Path) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(path))

    monkeypatch.setattr(swap, "swap_in", refuse)
    result = run("ingest", room.folder)
    assert result.exit_code == 74
    assert result.stderr.count("\n") == 1
    assert "Free some space, then run again" in result.stderr
    assert not list(room.folder.glob(".*building*"))


@pytest.mark.parametrize(
    ("done", "total", "seconds", "told"),
    [
        (10, 1000, 2.0, ""),
        (1000, 1000, 100.0, ""),
        (0, 1000, 60.0, ""),
        (500, 1000, 30.0, "under a minute left"),
        (100, 1000, 60.0, "about 9 min left"),
        (100, 100_000, 120.0, "about 33.3 h left"),
    ],
)
def test_time_left_is_told_no_finer_than_it_is_known(done: int, total: int, seconds: float, told: str):
    """Nothing is told in the first seconds, nor when reading is over; then minutes, then hours."""
    left = reckon(done, total, seconds)
    assert ("" if left is None else tell_seconds(left)) == told


def test_the_steps_of_building_are_told_with_what_is_left_of_them(room: Room):
    """The first build tells its steps; a later one also how long it takes if it takes as long as the last."""
    room.put("a.txt", "The Quay\n\nThe quay at Port Albert was opened on Monday by the mayor.")
    settings = load_settings(room.folder)
    told: list[tuple[str, float | None]] = []
    for number in range(2):
        room.put(f"{number}.txt", f"Ferry {number}\n\nThe ferry number {number} sails on Sundays only.")
        ingest_collection(settings, now="2026-01-01", workers=0, stage=lambda *each: told.append(each))
    steps = len(STEPS)
    assert [step for step, _ in told] == [*STEPS, *STEPS]
    assert [left for _, left in told[:steps]] == [None] * steps
    lefts = [left for _, left in told[steps:] if left is not None]
    assert len(lefts) == steps
    assert lefts[0] > 0
    assert lefts == sorted(lefts, reverse=True)


def test_a_terminal_shows_the_step_and_the_time_left():
    """What is drawn is how much is read, then which step of how many, and what is left of it."""
    file = io.StringIO()
    console = Console(file=file, force_terminal=True, width=120)
    with drawn(console, STEPS) as (read, begin):
        read(30, 120)
        time.sleep(0.3)  # it draws ten times a second
        begin(STEPS[2], 300.0)
        begin(STEPS[4], None)
    shown = file.getvalue()
    assert "30/120" in shown
    for told in ("indexing words", "3/6", "about 5 min left", "5/6"):
        assert told in shown


def test_time_left_does_not_jump_when_formats_change():
    """With one file in ten a hundred times as slow, each estimate is within a quarter of what comes."""
    names = [f"a/{number:05}.md" for number in range(9_000)] + [
        f"z/{number:05}.pdf" for number in range(1_000)
    ]
    mixed = mix([Item(locator=name) for name in names])
    costs = [2.0 if item.locator.endswith(".pdf") else 0.02 for item in mixed]
    total = sum(costs)
    for done in range(1_000, 9_000, 500):
        spent = sum(costs[:done])
        left = reckon(done, len(costs), spent)
        assert left is not None
        told = float(tell_seconds(left).split()[1]) * 60
        assert told == pytest.approx(total - spent, rel=0.25, abs=60)


def test_a_table_that_finds_no_room_is_told(sample: Path, tmp_path: Path):
    """Half a table of names, on a full disk, is never left as if it were the whole."""
    command = f"ulimit -f 4; exec {sys.executable} -m ingest entities export {sample} > {tmp_path}/names.csv"
    for unbuffered in ("", "1"):
        ended = subprocess.run(
            ["bash", "-c", command],
            env={**os.environ, "PYTHONUNBUFFERED": unbuffered},
            cwd=ROOT,
            capture_output=True,
            check=False,
        )
        assert ended.returncode == 1
        assert b"Error" in ended.stderr
        assert b"Traceback" not in ended.stderr


def test_whoever_reads_only_the_beginning_is_told_of_no_error(sample: Path):
    """`readingroom entities export | head -1` ends quietly once `head` has its line."""
    command = [sys.executable, "-m", "ingest", "entities", "export", str(sample)]
    read, write = os.pipe()
    os.close(read)
    ended = subprocess.run(command, stdout=write, stderr=subprocess.PIPE, text=True, cwd=ROOT, check=False)
    os.close(write)
    assert ended.stderr == ""
