"""What leaves the house: all that may be shown, and of the rest nothing, in no corner of the file."""

import csv
import hashlib
import json
import re
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from email.message import EmailMessage
from pathlib import Path
from tempfile import TemporaryDirectory
from zipfile import ZipFile

import pytest
from click.testing import CliRunner, Result
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ingest import schema
from ingest.cli import main
from ingest.collate.articles import STRICTNESS, strictest
from ingest.collate.catalogue import article_key
from ingest.collate.usages import fold
from ingest.editions.edition import make_edition
from ingest.editions.excerpts import as_body, count_words, find_excerpt_end, find_own_end
from ingest.editions.preflight import PHONE
from ingest.editions.privacy import shorten_locator, shorten_paths, shorten_statement
from ingest.editions.rows import RULES
from ingest.editions.takedowns import read_takedowns
from ingest.editions.verification import verify
from ingest.errors import LockedError, SettingsError, SurpriseError
from ingest.model import Publication
from ingest.normalize.markdown import plain_text
from ingest.settings import EditionSettings, load_settings
from ingest.swap import beside
from ingest.workspace import alone
from tests.conftest import NOW, Reader, Room

APPEAL = "Sign up for our newsletter, the {0}, and get the news in your inbox every morning."
# Every place of an article that may hold something; the words in capitals are planted there.
FRONT = """---
title: {TITLE} rises over the harbour
date: 1961-04-{day:02}
author: Ada {AUTHOR}
tags: [{TAG}]
section: {SECTION}
description: A standfirst about {DESCRIPTION}.
informant: call {FIELD} after dark
rights: {rights}
---

"""
BODY = """The harbour of {EARLY} was quiet on Monday. A ship came in before noon.

Ludmila {GIVEN} Vorontsova waited there with [a map](https://maps.example/{LINK}) of the coast. She had
come from {PLACE}, she said.

“We shall sail to {QUOTE} tomorrow,” said Ludmila {GIVEN} Vorontsova, the captain.

![The {ALT} at anchor](https://pictures.example/ship.png)

On 17 October 1913 the {LATE} had gone down with all hands, and nobody in the town had forgotten the night.
Vorontsova was the last to leave, and she never told anybody why she went out to the Çé{ACCENT} again.
"""
PLACES = (
    *("TITLE", "AUTHOR", "TAG", "SECTION", "DESCRIPTION", "FIELD", "EARLY", "GIVEN", "LINK"),
    *("PLACE", "QUOTE", "ALT", "LATE", "ACCENT"),
)
CATALOGUE = ("TITLE", "AUTHOR", "TAG", "SECTION")
TELLING = 7
NAMES = ("amber", "birch", "cedar", "dogwood", "elder", "fir")
KEEPER = """# The {0} of the lighthouse

{1} the lighthouse keeper polishes the Fresnel lens, trims the paraffin lamp and winds its clockwork. {2}
"""
LIGHTHOUSES = {
    "daily-amber/lens.md": KEEPER.format("lens", "Each dusk", "Moths gather on the gallery."),
    "daily-elder/lamp.md": KEEPER.format(
        "lamp",
        "In winter, while paraffin is dear,",
        "Gulls sleep below the clockwork of the lens, on ledges.",
    ),
}
CHINESE = "---\ntitle: 港口\nrights: metadata\n---\n\n龘靐的船在港口等了三天，没有人知道。齉麤没有回来。\n"


def planted(article: str, place: str) -> str:
    """Return a word that stands nowhere else, and has no ending in common with another."""
    digits = hashlib.sha256(f"{article} {place}".encode()).digest()
    return "".join("bdgklmrt"[digit % 8] + "aeiou"[digit // 8 % 5] for digit in digits[:7]).title()


def written(article: str, rights: str, day: int) -> str:
    """Return an article with a planted word in every place that may hold one."""
    words = {place: planted(article, place) for place in PLACES}
    appeal = APPEAL.format(planted(article, "APPEAL"))
    return (FRONT + BODY).format(rights=rights, day=day, **words) + f"\n{appeal}\n"


class Shelf:
    """A collection of six articles with planted words, and the editions that are made of it."""

    def __init__(self, folder: Path) -> None:
        """Write the sources and ingest them, once for all tests."""
        self.room = Room(folder)
        for number, article in enumerate(NAMES, start=1):
            self.room.put(f"daily-{article}/{article}.md", written(article, "full", number))
        for locator, text in {**LIGHTHOUSES, "daily-fir/chinese.md": CHINESE}.items():
            self.room.put(locator, text)
        self.room.put("daily-amber/copy of birch.md", written("birch", "full", 2))
        self.room.put("daily-amber/salaries.txt", b"")
        self.room.ingest(workers=0)
        self.folder = folder
        self.database = folder / "collection.db"
        titles = {planted(article, "TITLE"): article for article in NAMES}
        rows = ask(self.database, "select title, key from articles")
        self.keys = {titles[title.split()[0]]: key for title, key in rows if title.split()[0] in titles}

    def edition(self, path: Path, takedowns: dict[str, str], **changes: object) -> Path:
        """Make an edition with these takedowns and settings."""
        with (self.folder / "takedowns.csv").open("w", newline="", encoding="utf-8") as file:
            rows = [
                ("article", "reason", "date"),
                *((name, why, "2026-02-03") for name, why in takedowns.items()),
            ]
            csv.writer(file).writerows(rows)
        try:
            make_edition(replace(load_settings(self.folder), **changes), path, now=NOW, accept=True)
        finally:
            (self.folder / "takedowns.csv").unlink()
        return path


@pytest.fixture(scope="module")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Shelf:
    """The collection with planted words."""
    return Shelf(tmp_path_factory.mktemp("shelf") / "room")


@pytest.fixture
def public(shelf: Shelf, tmp_path: Path) -> Path:
    """Amber in full, birch and cedar as excerpts, dogwood and elder as entries, fir taken down."""
    return shelf.edition(
        tmp_path / "public.db",
        {"daily-fir/fir.md": "Withdrawn by its author."},
        publications=tuple(
            Publication(folder=f"daily-{name}", rights=rights)
            for name, rights in (
                ("birch", "excerpt"),
                ("cedar", "excerpt"),
                ("dogwood", "metadata"),
                ("elder", "metadata"),
            )
        ),
        edition=EditionSettings(excerpt_words=16),
    )


def ask(path: Path, sql: str, *values: object) -> list[tuple[object, ...]]:
    """Return rows of a database."""
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute(sql, values).fetchall()


def vocabulary(path: Path) -> set[str]:
    """Return every term of every search index."""
    terms = set()
    with closing(sqlite3.connect(path)) as connection:
        for index in schema.SEARCH_INDEXES:
            connection.execute(
                f"create virtual table temp.v_{index.name} using fts5vocab(main, {index.name}, row)"
            )
            terms |= {row[0] for row in connection.execute(f"select term from temp.v_{index.name}")}
    return terms


def traces(path: Path, words: set[str]) -> set[str]:
    """Return the words of which a file has a trace: in any case, in UTF-8 or UTF-16, or as an index term.

    An index leaves out the beginning that a term shares with the one before it, so the ending of a
    word is looked for, which no other word has.
    """
    content = path.read_bytes().lower()
    terms = "\n".join(vocabulary(path))
    found = set()
    for word in words:
        ending = fold(word)[-TELLING:]
        encoded = [ending.encode(code) for code in ("utf-8", "utf-16-le", "utf-16-be")]
        if ending in terms or any(each in content for each in encoded):
            found.add(word)
    return found


def test_everything_planted_is_in_the_collection(shelf: Shelf):
    """The collection holds every planted word, so that a search for traces can find something."""
    words = {planted(article, place) for article in NAMES for place in (*PLACES, "APPEAL")}
    assert traces(shelf.database, words | {"龘靐"}) == words | {"龘靐"}
    for table in ("removed_blocks", "quotes", "dates", "fields", "mentions", "related", "stories"):
        assert ask(shelf.database, f"select 1 from {table}"), table
    for table, column, spot in (
        ("removed_blocks", "text", "APPEAL"),
        ("entities", "name", "GIVEN"),
        ("quotes", "quote", "QUOTE"),
        ("fields", "value", "FIELD"),
    ):
        found = str(ask(shelf.database, f"select {column} from {table}"))
        assert all(planted(article, spot) in found for article in NAMES), table


def test_what_is_withheld_leaves_no_trace(shelf: Shelf, public: Path):
    """Of an entry only the catalogue's words are there, of an excerpt its own, of a takedown none."""
    everything = {planted(article, place) for article in NAMES for place in (*PLACES, "APPEAL")}
    allowed = {planted("amber", place) for place in (*PLACES, "APPEAL")}
    allowed |= {
        planted(article, place) for article in ("birch", "cedar", "dogwood", "elder") for place in CATALOGUE
    }
    allowed |= {
        planted(article, place) for article in ("birch", "cedar") for place in ("EARLY", "DESCRIPTION")
    }
    assert traces(public, everything | {"龘靐", "齉麤"}) == allowed & traces(shelf.database, allowed)
    assert "copy of birch" not in str(ask(public, "select * from fields"))


def test_of_a_takedown_three_things_are_left(shelf: Shelf, public: Path):
    """Key, reason and date; neither its file nor its copies, neither its source nor its author."""
    key = shelf.keys["fir"]
    assert ask(public, "select * from tombstones") == [(key, "Withdrawn by its author.", "2026-02-03")]
    assert not ask(public, "select * from articles where key = ?", key)
    assert not ask(public, "select * from files where locator like '%fir.md'")


def test_an_excerpt_is_the_beginning_of_its_text(shelf: Shelf, public: Path):
    """It ends with a sentence, keeps to the number of words, and its facts stand where they stood."""
    whole = dict(ask(shelf.database, "select key, text from articles join article_text using (id)"))
    rows = ask(
        public, "select key, text, body from articles join article_text using (id) where rights = 'excerpt'"
    )
    assert len(rows) == 2
    for key, text, body in rows:
        assert whole[key].startswith(text)
        assert text.endswith("before noon.")
        assert plain_text(body) == text


def test_every_edition_passes_its_checks(public: Path):
    """What `verify` looks at holds for an edition with all there is: excerpts, entries and takedowns."""
    assert [str(check) for check in verify(public) if check.wrong] == []


def test_names_are_those_that_what_is_shown_uses(shelf: Shelf, tmp_path: Path):
    """Where the fullest form of a name stands in a withheld text only, the entity has another."""
    path = shelf.edition(
        tmp_path / "public.db",
        {f"daily-{name}/{name}.md": "x" for name in NAMES[1:]},
        publications=(Publication(folder="daily-amber", rights="full"),),
    )
    names = str(ask(path, "select name from entities"))
    assert planted("amber", "GIVEN") in names
    assert not any(planted(name, "GIVEN") in names for name in NAMES[1:])
    assert not ask(path, "select 1 from entities where id not in (select entity_id from entity_aliases)")


def test_all_in_full_is_the_collection(shelf: Shelf, tmp_path: Path):
    """With nothing withheld and all files told, the edition says what the collection says."""
    (shelf.folder / "sources").rename(shelf.folder / "elsewhere")
    try:
        full = tmp_path / "full.db"
        database = shelf.folder / "kept.db"
        shutil.copy(shelf.database, database)
        with closing(sqlite3.connect(shelf.database)) as connection, connection:
            connection.execute("update articles set rights = 'full'")
            connection.execute("update fields set value = 'full' where field = 'rights'")
        shelf.edition(full, {}, edition=EditionSettings(files="all"))
        for table in schema.TABLES:
            if table is not schema.RUNS:
                rows = f"select * from {table.name} order by rowid"
                assert ask(full, rows) == ask(shelf.database, rows), table.name
        for index in schema.SEARCH_INDEXES:
            rows = f"select * from {index.name}_data order by rowid"
            assert ask(full, rows) == ask(shelf.database, rows), index.name
        counts = "select found, articles, duplicates, skipped, problems, warnings from runs"
        assert ask(full, counts) == ask(shelf.database, counts)
    finally:
        database.replace(shelf.database)
        (shelf.folder / "elsewhere").rename(shelf.folder / "sources")


@settings(max_examples=12, suppress_health_check=list(HealthCheck))
@given(
    levels=st.tuples(*(st.sampled_from((*STRICTNESS, "taken down")) for _ in NAMES)),
    words=st.integers(0, 60),
    files=st.sampled_from(("all", "articles", "unnamed")),
)
def test_whatever_the_rights_nothing_withheld_is_there(
    shelf: Shelf, levels: tuple[str, ...], words: int, files: str
):
    """For any rights: the words shown are there, the others leave no trace, and the file is sound."""
    of = dict(zip(NAMES, levels, strict=True))
    with TemporaryDirectory() as place:
        path = shelf.edition(
            Path(place) / "public.db",
            {f"daily-{name}/{name}.md": "Gone." for name, level in of.items() if level == "taken down"},
            publications=tuple(
                Publication(folder=f"daily-{name}", rights=level)
                for name, level in of.items()
                if level in STRICTNESS
            ),
            edition=EditionSettings(excerpt_words=words, files=files),
        )
        # A copy of birch lies with amber, so it shows no more than amber does.
        effective = dict(of)
        if of["birch"] != "taken down":
            other = of["amber"] if of["amber"] in STRICTNESS else None
            effective["birch"] = strictest(of["birch"], other)
        texts = " ".join(str(row[0]) for row in ask(path, "select text from article_text"))
        texts += " ".join(str(row[0]) for row in ask(path, "select description from articles"))
        shown, hidden = set(), set()
        for name, level in effective.items():
            for spot in (*PLACES, "APPEAL"):
                word = planted(name, spot)
                visible = level == "full" or (level != "taken down" and spot in CATALOGUE) or word in texts
                (shown if visible else hidden).add(word)
                assert level not in {"metadata", "taken down"} or spot in CATALOGUE or not visible
        assert traces(path, hidden) == set()
        assert traces(path, shown) == traces(shelf.database, shown)
        assert [str(check) for check in verify(path) if check.wrong] == []


def test_every_table_has_a_rule():
    """A table that nobody has thought about cannot leave the house."""
    assert set(RULES) == {table.name for table in schema.TABLES}


def test_an_old_file_is_not_built_upon(shelf: Shelf, tmp_path: Path):
    """An edition in the place of an earlier one has nothing of it, not even in its free pages."""
    path = shelf.edition(tmp_path / "public.db", {})
    assert traces(path, {planted("elder", "LATE")})
    shelf.edition(path, {"daily-elder/elder.md": "x"})
    assert not traces(path, {planted("elder", "LATE")})
    assert ask(path, "pragma freelist_count") == [(0,)] or not traces(path, {planted("elder", "TITLE")})


@given(text=st.text(st.sampled_from("abc. \n!港。\t’”…"), max_size=200), most=st.integers(0, 40))
def test_an_excerpt_never_goes_too_far(text: str, most: int):
    """It has at most so many words, never more than half of the text, and never ends in a blank."""
    end = find_excerpt_end(text, most)
    assert count_words(text[:end]) <= min(most, count_words(text) / 2)
    assert text[:end] == text[:end].rstrip()


@pytest.mark.parametrize(
    ("standfirst", "shown"),
    [
        ("A ferry that nobody waited for any more.", "A ferry that nobody waited for any more."),
        ("The ferry came in late. Nobody was on the quay to see it.", ""),
        ("The ferry came in late…", "The ferry came in late…"),
        ("HARBOUR — The ferry came in late. Nobody was on the quay to see it.", "HARBOUR —"),
        ("The captain, who had been drunk since noon, fell overboard.", ""),
        ("", ""),
    ],
)
def test_a_standfirst_tells_nothing_that_the_excerpt_leaves_out(standfirst: str, shown: str):
    """Its own words are shown, and those of the excerpt, but none from where it goes on in the text."""
    text = (
        "The ferry came in late. Nobody was on the quay to see it."
        " The captain, who had been drunk since noon, fell overboard."
    )
    assert standfirst[: find_own_end(standfirst, text, len("The ferry came in late."))].rstrip() == shown


def test_a_summary_that_is_the_whole_text_is_no_way_around_an_excerpt(room: Room, tmp_path: Path):
    """A feed's summary often is the text; an excerpt shows half of it at most all the same."""
    words = (
        "The ferry came in late on Monday. Nobody was on the quay to see it come in, the harbour master said."
    )
    room.put("a.json", json.dumps([{"title": "Ferry", "rights": "excerpt", "text": words, "summary": words}]))
    room.ingest()
    make_edition(load_settings(room.folder), tmp_path / "public.db", now=NOW)
    ((description, text),) = ask(
        tmp_path / "public.db", "select description, text from articles join article_text using (id)"
    )
    assert text == "The ferry came in late on Monday."
    assert "quay" not in str(description)


@given(text=st.text(st.sampled_from("ab *_#-+>1.`[]<&|~\\\n"), max_size=60))
def test_the_body_of_an_excerpt_shows_its_words(text: str):
    """Whatever marks an excerpt has, its Markdown shows them as they stand."""
    shown = plain_text(as_body(text.strip()))
    assert shown.split() == text.split()


def test_the_strictest_word_counts(tmp_path: Path):
    """A publication in two folders, one of which shows less, shows no more than that in either."""
    room = Room(tmp_path / "room")
    text = (room.folder / "metadata.yml").read_text()
    publications = (
        "    publications: {a: {name: Planet, rights: metadata}, b: {name: Planet, rights: full}}\n"
    )
    (room.folder / "metadata.yml").write_text(text.replace("    # publications:\n", publications, 1))
    room.put("a/one.txt", "One Ship\n\nIt sailed away from the harbour in the early morning of that day.\n")
    room.put("b/two.txt", "Two Ships\n\nThey sailed into the harbour in the late evening of that day.\n")
    room.ingest(workers=0)
    assert room.rows("select rights from articles") == [("metadata",), ("metadata",)]
    assert room.rows("select rights from sources") == [("metadata",)]


def run(*arguments: object) -> Result:
    """Run the command in this process."""
    return CliRunner().invoke(main, [str(argument) for argument in arguments])


@pytest.fixture
def clean(shelf: Shelf) -> Iterator[Path]:
    """The collection's folder, its settings and takedowns put back afterwards."""
    before = (shelf.folder / "metadata.yml").read_text()
    yield shelf.folder
    (shelf.folder / "metadata.yml").write_text(before)
    for name in ("takedowns.csv", "public.db"):
        (shelf.folder / name).unlink(missing_ok=True)


def test_from_the_command_line(clean: Path, tmp_path: Path):
    """`edition`, `verify` and `publish check` lead from a collection to a file that may be published."""
    (clean / "takedowns.csv").write_text("article,reason,date\ndaily-fir/fir.md,Court order,2026-02-03\n")
    refused = run("edition", tmp_path / "public.db", clean)
    assert refused.exit_code == 4
    # Articles are told by what their owner knows them by; the key is for takedowns.csv.
    assert re.search(
        r"“[^”]+”, Daily Fir \([0-9a-f]{12}\) was taken down, but “[^”]+”, Daily \w+ \([0-9a-f]{12}\),"
        r" a version of the same story, is shown in full",
        refused.output,
    ), refused.output
    made = run("edition", tmp_path / "public.db", clean, "--yes")
    assert made.exit_code == 0, made.output
    assert "7 articles in full, 0 as excerpts, 1 as catalogue entries, 1 taken down" in made.output
    verified = run("verify", tmp_path / "public.db")
    assert verified.exit_code == 0
    assert verified.output.count("ok ") == len(verified.output.splitlines()) == 8
    checked = run("publish", "check", tmp_path / "public.db")
    assert checked.exit_code == 0, checked.output
    for words in ("7 articles in full", "1 catalogue entries", "GitHub Pages", "informant"):
        assert words in checked.output


def test_what_is_attached_goes_with_a_mail(room: Room, tmp_path: Path):
    """A mail that is taken down by its key takes the papers along that came with it."""
    mail = EmailMessage()
    mail["From"], mail["Subject"] = "jane@planet.example", "The quay"
    mail.set_content("The quay was shut on Monday.\n")
    mail.add_attachment("The plan of the quay, as it was drawn by the board.\n", filename="plan.txt")
    room.put("a.eml", mail.as_bytes())
    room.put("b.txt", "The ferry came in late, and nobody was there to see it.\n")
    room.ingest()
    key = room.one("select key from articles where title = 'The quay'")
    (room.folder / "takedowns.csv").write_text(f"article,reason,date\n{key},Order,2026-02-03\n")
    make_edition(load_settings(room.folder), tmp_path / "public.db", now=NOW)
    assert ask(tmp_path / "public.db", "select locator from files") == [("b.txt",)]
    assert len(ask(tmp_path / "public.db", "select key from tombstones")) == 2


def test_of_what_was_taken_down_no_picture_is_named(room: Room, tmp_path: Path):
    """Where an edition names all files, it names none that lay in a mail or an archive that is gone."""
    mail = EmailMessage()
    mail["From"], mail["Subject"] = "jane@planet.example", "The quay"
    mail.set_content("The quay was shut on Monday.\n")
    mail.add_attachment(b"\xff\xd8\xff\xe0", maintype="image", subtype="jpeg", filename="quay.jpg")
    for folder in ("gone", "here"):
        room.put(f"{folder}/a.eml", mail.as_bytes().replace(b"Monday", folder.encode()))
        path = room.put(f"{folder}/b.zip", b"")
        with ZipFile(path, "w") as archive:
            archive.writestr("ferry.txt", f"The ferry is {folder}.\n")
            archive.writestr("ferry.bin", b"\0")
    room.ingest()
    settings = (room.folder / "metadata.yml").read_text()
    own = "    edition: {files: all}\n"
    (room.folder / "metadata.yml").write_text(settings.replace("    # publications:\n", own, 1))
    lines = "gone/a.eml,Order,2026-02-03\ngone/b.zip,Order,2026-02-03\n"
    (room.folder / "takedowns.csv").write_text(f"article,reason,date\n{lines}")
    make_edition(load_settings(room.folder), tmp_path / "public.db", now=NOW)
    named = [name for (name,) in ask(tmp_path / "public.db", "select locator from files")]
    assert {"here/a.eml!/quay.jpg", "here/b.zip!/ferry.bin", "here/b.zip"} <= set(named)
    assert not [name for name in named if name.startswith("gone")]
    assert not ask(tmp_path / "public.db", "select 1 from problems where locator like 'gone%'")
    assert [str(check) for check in verify(tmp_path / "public.db") if check.wrong] == []


PAGES = (
    *(
        "/article/{}",
        "https://room.example/news/article/{}?from=mail#q12",
        "http://127.0.0.1:8001/article/{}",
    ),
    "https://site.example/article/{}/index.html",
)


@pytest.mark.parametrize("page", PAGES)
def test_an_article_is_taken_down_by_the_address_of_its_page(room: Room, tmp_path: Path, page: str):
    """What a curator copies from the browser names the article, and so does it when the file is gone."""
    room.put("letters/a.md", "# Sputnik\n\nThe ship rose at nine.")
    room.put("letters/b.md", "# Vostok\n\nThe pilot came down in a field.")
    room.ingest()
    key = room.one("select key from articles where title = 'Sputnik'")
    (room.folder / "takedowns.csv").write_text(
        f"article,reason,date\n{page.format(key)},Court order,2026-02-03\n"
    )
    make_edition(load_settings(room.folder), tmp_path / "public.db", now=NOW)
    assert ask(tmp_path / "public.db", "select title from articles") == [("Vostok",)]
    (room.folder / "sources" / "letters" / "a.md").unlink()
    room.ingest()
    make_edition(load_settings(room.folder), tmp_path / "public.db", now=NOW, accept=True)
    assert ask(tmp_path / "public.db", "select key from tombstones") == [(key,)]


WIDE = {
    "letters/": ("letters/a.md", "letters/box.zip!/in.md", "letters/old/b.md"),
    "letters/*": ("letters/a.md", "letters/box.zip!/in.md"),
    "letters/*/": ("letters/old/b.md",),
    "*/*.md": ("letter[s]/c.md", "letters-2/d.md", "letters/a.md"),
    "letter[s]/": ("letter[s]/c.md",),
    "letters/box.zip!/": ("letters/box.zip!/in.md",),
    "star*.md": ("star*.md",),
}


def test_a_folder_is_taken_down_and_nothing_beside_it(room: Room, tmp_path: Path):
    """A folder, or a pattern of files, takes down what lies in it, no more, and tells how many that are."""
    places = ("letters/a.md", "letters/old/b.md", "letter[s]/c.md", "letters-2/d.md", "star*.md", "starry.md")
    for place in places:
        room.put(place, f"# Of {place}\n\nThe ship of {place} rose at nine and was seen by all.")
    with ZipFile(room.put("letters/box.zip", b""), "w") as archive:
        archive.writestr("in.md", "# Boxed\n\nThe pilot came down in a field of rye.")
        archive.writestr("in.bin", b"\0")
    room.ingest()
    settings = (room.folder / "metadata.yml").read_text()
    own = "    edition: {files: all}\n"
    (room.folder / "metadata.yml").write_text(settings.replace("    # publications:\n", own, 1))
    articles = "select locator from files where outcome = 'article' order by locator"
    everything = [place for (place,) in ask(room.folder / "collection.db", articles)]
    for name, gone in WIDE.items():
        (room.folder / "takedowns.csv").write_text(f"article,reason,date\n{name},Court order,2026-02-03\n")
        report = make_edition(load_settings(room.folder), tmp_path / "public.db", now=NOW, accept=True)
        left = [place for (place,) in ask(tmp_path / "public.db", articles)]
        assert (name, left) == (name, [place for place in everything if place not in gone])
        assert len(ask(tmp_path / "public.db", "select key from tombstones")) == len(gone)
        many = "1 article." if len(gone) == 1 else f"{len(gone)} articles."
        told = (f"takedowns.csv, line 2: {name} takes down {many}",) if name != "star*.md" else ()
        assert report.told == told
        # Nor is what became no article named, where it lay in a place that is gone.
        binary = ask(tmp_path / "public.db", "select count(*) from files where locator like '%.bin'")
        assert (name, binary) == (name, [(int("letters/box.zip!/in.md" not in gone),)])


def test_a_folder_that_was_moved_stays_down(room: Room, tmp_path: Path):
    """What lay in a folder when it was taken down stays down where moved.csv says that it lies elsewhere."""
    room.put("archive/a.md", "# Sputnik\n\nThe ship rose at nine.")
    room.put("b.md", "# Vostok\n\nThe pilot came down in a field.")
    (room.folder / "moved.csv").write_text("before,now\nletters,archive\n3f0a9c1d77e2,b.md\n")
    room.ingest()
    for name in ("archive/", "letters/", "let*/*.md", "archive/*"):
        (room.folder / "takedowns.csv").write_text(f"article,reason,date\n{name},Court order,2026-02-03\n")
        make_edition(load_settings(room.folder), tmp_path / "public.db", now=NOW)
        assert ask(tmp_path / "public.db", "select title from articles") == [("Vostok",)]
    # A key that a file had before is no name of a file.
    (room.folder / "takedowns.csv").write_text("article,reason,date\n3f*,Court order,2026-02-03\n")
    with pytest.raises(SurpriseError, match="no article lies at 3f"):
        make_edition(load_settings(room.folder), tmp_path / "public.db", now=NOW)


def test_a_copy_elsewhere_goes_with_a_folder_and_is_told(room: Room, tmp_path: Path):
    """The text is what is withdrawn, so that a copy outside of the folder goes, which its owner is told."""
    for place in ("archive/a.md", "letters/a.md"):
        room.put(place, "# Sputnik\n\nThe ship rose at nine.")
    room.ingest()
    (room.folder / "takedowns.csv").write_text("article,reason,date\nletters/,Court order,2026-02-03\n")
    made = run("edition", tmp_path / "public.db", room.folder)
    told = "takedowns.csv, line 2: letters/ takes down 1 article. Copies elsewhere of 1 of them go, too."
    assert told in made.output


def test_a_folder_with_a_typing_error_is_told(room: Room, tmp_path: Path):
    """A folder that fits nothing, or lacks its stroke, withdraws nothing, and is told with what to do."""
    room.put("letters/a.md", "# Sputnik\n\nThe ship rose at nine.")
    room.ingest()
    told = {
        "lettres/": "no article lies at lettres/ here. Write the folder or the pattern",
        "lettres/*.md": "no article lies at lettres/*.md here. Write the folder or the pattern",
        "letters": "To take down the folder with 1 article, write letters/",
        "https://planet.example/*": "there is no article https://planet.example/* here",
    }
    for name, says in told.items():
        (room.folder / "takedowns.csv").write_text(f"article,reason,date\n{name},Court order,2026-02-03\n")
        with pytest.raises(SurpriseError, match=re.escape(says)):
            make_edition(load_settings(room.folder), tmp_path / "public.db", now=NOW)


@pytest.mark.parametrize("name", ["by its key", "letters/a.md"])
def test_a_takedown_holds_for_what_was_moved(room: Room, tmp_path: Path, name: str):
    """Who moves a file and says so brings nothing back that was taken down."""
    room.put("letters/a.md", "# Sputnik\n\nThe ship rose at nine.")
    room.put("letters/b.md", "# Vostok\n\nThe pilot came down in a field.")
    room.ingest()
    key = room.one("select key from articles where title = 'Sputnik'")
    stated = key if name == "by its key" else name
    (room.folder / "takedowns.csv").write_text(f"article,reason,date\n{stated},Court order,2026-02-03\n")
    (room.folder / "sources" / "letters").rename(room.folder / "sources" / "archive")
    (room.folder / "moved.csv").write_text("before,now\nletters,archive\n")
    room.ingest()
    make_edition(load_settings(room.folder), tmp_path / "public.db", now=NOW)
    assert ask(tmp_path / "public.db", "select title from articles") == [("Vostok",)]
    assert ask(tmp_path / "public.db", "select key from tombstones") == [(key,)]


DOWN = "article,reason,date,file\n"
ORDER = "Court order,2026-02-03"


def test_what_was_deleted_behind_its_takedown_is_asked_about_once(room: Room, tmp_path: Path):
    """A line may say that its files are gone: then no edition stops for it, and its page still says why."""
    room.put("letters/a.md", "---\nurl: https://planet.example/a\n---\n\n# Sputnik\n\nThe ship rose at nine.")
    room.put("letters/b.md", "# Vostok\n\nThe pilot came down in a field.")
    room.put("c.md", "# Mir\n\nNobody was left in the station.")
    takedowns, public = room.folder / "takedowns.csv", tmp_path / "public.db"
    takedowns.write_text(f"{DOWN}letters/a.md,{ORDER},\nletters/,{ORDER},\n")
    room.ingest()
    keys = set(ask(room.folder / "collection.db", "select key from articles where title != 'Mir'"))
    make_edition(load_settings(room.folder), public, now=NOW)
    shutil.rmtree(room.folder / "sources" / "letters")
    room.ingest()
    with pytest.raises(SurpriseError, match="write deleted behind the line, in a column file") as refused:
        make_edition(load_settings(room.folder), public, now=NOW)
    wanted = refused.value.surprises[-1].partition(f"{DOWN}")[2].splitlines()
    assert set(wanted) == {f"{key},{ORDER},deleted" for (key,) in keys}
    takedowns.write_text(DOWN + "\n".join((f"letters/,{ORDER},deleted", *wanted)) + "\n")
    for target in (public, tmp_path / "fresh.db"):
        report = make_edition(load_settings(room.folder), target, now=NOW)
        assert report.lines() == ()
        assert set(ask(target, "select key from tombstones")) == keys
    takedowns.write_text(f"{DOWN}letters/a.md,{ORDER},lost\n")
    with pytest.raises(SettingsError, match="Write deleted where it is here no more"):
        read_takedowns(takedowns)


@pytest.mark.parametrize("url", ["https://planet.example/a", ""])
def test_what_left_a_folder_that_is_down_is_not_shown_in_silence(room: Room, tmp_path: Path, url: str):
    """Who moves a file out of a folder that was taken down is asked, though others lie there still."""
    room.put("letters/a.md", f"---\nurl: {url}\n---\n\n# Sputnik\n\nThe ship rose at nine.")
    room.put("letters/b.md", "# Vostok\n\nThe pilot came down in a field.")
    (room.folder / "takedowns.csv").write_text(f"{DOWN}letters/,{ORDER},\n")
    room.ingest()
    key = room.one("select key from articles where title = 'Sputnik'")
    make_edition(load_settings(room.folder), tmp_path / "public.db", now=NOW)
    (room.folder / "sources" / "letters" / "a.md").rename(room.folder / "sources" / "a.md")
    room.ingest()
    says = "1 article that takedowns.csv took down" if url else "Of 1 article taken down before, nothing is"
    with pytest.raises(SurpriseError, match=says) as refused:
        make_edition(load_settings(room.folder), tmp_path / "public.db", now=NOW)
    assert f"{key},{ORDER}," in str(refused.value)
    # What is no more in the list is meant to be shown.
    (room.folder / "takedowns.csv").write_text(DOWN)
    make_edition(load_settings(room.folder), tmp_path / "public.db", now=NOW)
    assert ask(tmp_path / "public.db", "select count(*) from articles") == [(2,)]


def test_a_title_taken_from_the_text_tells_no_more_than_the_text(room: Room, tmp_path: Path):
    """Where nobody gave a title, the words that stand for one are those that are shown of the text."""
    settings = (room.folder / "metadata.yml").read_text()
    publications = "    publications: {letters: {rights: metadata}, notes: {rights: excerpt}}\n"
    (room.folder / "metadata.yml").write_text(settings.replace("    # publications:\n", publications, 1))
    mills = {folder: planted(folder, "LATE") for folder in ("letters", "notes", "papers")}
    for folder, mill in mills.items():
        room.put(f"{folder}/a.txt", f"In {folder} we hid the silver below the mill of {mill}.\n")
    room.ingest()
    make_edition(load_settings(room.folder), tmp_path / "public.db", now=NOW)
    shown = ask(tmp_path / "public.db", "select title from articles order by id")
    whole = f"In papers we hid the silver below the mill of {mills['papers']}."
    assert shown == [("Untitled",), ("In notes we hid the",), (whole,)]
    assert traces(tmp_path / "public.db", set(mills.values())) == {mills["papers"]}


@pytest.mark.parametrize("kept", ["in a folder", "in an archive"])
def test_a_table_of_posts_says_what_of_them_is_not_public(room: Room, tmp_path: Path, kept: str):
    """Of an export of Substack drafts and posts for payers are entries; pages beside have their texts."""
    table = "post_id,post_date,is_published,audience,title\n"
    posts = {"1.quay": "true,everyone,Quay", "2.slip": "false,everyone,Slip", "3.shed": "true,only_paid,Shed"}
    table += "".join(f"{post},2021-01-01T00:00:00.000Z,{said}\n" for post, said in posts.items())
    pages = {f"posts/{post}.html": f"<p>What we know of {post[2:]}.</p>" for post in (*posts, "4.yard")}
    files = {"posts.csv": table, **pages}
    if kept == "in an archive":
        with ZipFile(room.put("export.zip", b""), "w") as archive:
            for name, content in files.items():
                archive.writestr(name, content)
    else:
        for name, content in files.items():
            room.put(name, content)
    room.put("others/posts/5.html", "<p>What nobody knows of the harbour.</p>")
    room.ingest()
    make_edition(load_settings(room.folder), tmp_path / "public.db", now=NOW)
    shown = ask(tmp_path / "public.db", "select text from article_text where text != ''")
    assert sorted(text for (text,) in shown) == ["What nobody knows of the harbour.", "What we know of quay."]
    assert [str(check) for check in verify(tmp_path / "public.db") if check.wrong] == []


def test_what_was_moved_shows_no_more_than_before(room: Room, tmp_path: Path):
    """The rights of the publication that an article lay in hold where it lies now."""
    room.put("letters/a.md", "# Sputnik\n\nThe ship rose at nine.")
    room.put("archive/b.md", "# Vostok\n\nThe pilot came down in a field.")
    settings = (room.folder / "metadata.yml").read_text()
    publications = "    publications: {letters: {rights: metadata}}\n"
    (room.folder / "metadata.yml").write_text(settings.replace("    # publications:\n", publications, 1))
    (room.folder / "moved.csv").write_text("before,now\nletters,archive/letters-1961\n")
    (room.folder / "sources" / "letters").rename(room.folder / "sources" / "archive" / "letters-1961")
    room.ingest()
    make_edition(load_settings(room.folder), tmp_path / "public.db", now=NOW)
    shown = ask(tmp_path / "public.db", "select title, rights from articles order by title")
    assert shown == [("Sputnik", "metadata"), ("Vostok", "full")]


def test_a_typing_error_withholds_nothing_in_silence(clean: Path, tmp_path: Path):
    """A takedown or a publication that fits nothing is told, and no edition is made before --yes."""
    (clean / "takedowns.csv").write_text("article,reason,date\ndaily-fir/fri.md,Court order,2026-02-03\n")
    settings = (clean / "metadata.yml").read_text()
    publications = "    publications: {dayly-elder: {rights: metadata}}\n"
    (clean / "metadata.yml").write_text(settings.replace("    # publications:\n", publications, 1))
    refused = run("edition", tmp_path / "public.db", clean)
    assert refused.exit_code == 4
    assert "there is no article daily-fir/fri.md" in refused.output
    assert "by its page's address" in " ".join(refused.output.split())
    assert "dayly-elder" in refused.output
    assert not (tmp_path / "public.db").exists()
    assert run("edition", tmp_path / "public.db", clean, "--yes").exit_code == 0


@pytest.mark.parametrize(
    ("table", "says"),
    [
        ("article,reason\na,b\n", "has no column date"),
        ("article,reason,date\na,,2026-01-01\n", "line 2: reason is empty"),
        ("article,reason,date\na,b,tomorrow\n", "is no date"),
        (
            "article,reason,date\na,b,tomorrow\na,,2026-01-01\n",
            r"(?s)line 2: tomorrow.*line 3: reason is empty",
        ),
    ],
)
def test_a_wrong_takedown_is_explained(table: str, says: str, tmp_path: Path):
    """A line that makes no sense stops the edition and is named."""
    (tmp_path / "takedowns.csv").write_text(table)
    with pytest.raises(SettingsError, match=says):
        read_takedowns(tmp_path / "takedowns.csv")


def test_the_day_of_a_takedown_is_told_in_one_form(tmp_path: Path):
    """A date without hyphens is the same day."""
    (tmp_path / "takedowns.csv").write_text("article,reason,date\na,b,20260203\n")
    assert read_takedowns(tmp_path / "takedowns.csv")[0].date == "2026-02-03"


def test_an_article_is_taken_down_by_any_of_its_names(shelf: Shelf, tmp_path: Path):
    """By its key, or by the file of one of its copies; whose own key says so, too."""
    copied = "daily-amber/copy of birch.md"
    names = {shelf.keys["elder"]: "a", copied: "b"}
    path = shelf.edition(tmp_path / "public.db", names)
    assert not {shelf.keys["elder"], shelf.keys["birch"]} & {
        key for (key,) in ask(path, "select key from articles")
    }
    gone = {shelf.keys["elder"], *map(article_key, (copied, "daily-birch/birch.md"))}
    assert {key for (key,) in ask(path, "select key from tombstones")} == gone
    assert not ask(path, "select key from former_keys")


def test_an_edition_takes_nobodys_place(clean: Path, tmp_path: Path):
    """Neither the collection nor a file that is no edition is written over."""
    (tmp_path / "letter.txt").write_text("Dear reader")
    before = (clean / "collection.db").read_bytes()
    for target in (clean / "collection.db", tmp_path / "letter.txt", tmp_path / "nowhere" / "public.db"):
        result = run("edition", target, clean)
        assert result.exit_code == 1, result.output
        assert result.stderr.startswith("Error: ")
    assert (tmp_path / "letter.txt").read_text() == "Dear reader"
    assert (clean / "collection.db").read_bytes() == before
    assert run("edition", clean / "public.db", clean).exit_code == 0
    assert run("edition", clean / "public.db", clean).exit_code == 0


def test_private_names_of_files_stay_at_home(public: Path, shelf: Shelf, tmp_path: Path):
    """By default only files of articles shown are named, and on wish not even those."""
    assert "salaries" in str(ask(shelf.database, "select locator from files"))
    assert "salaries" not in str(ask(public, "select * from files")) + str(
        ask(public, "select * from problems")
    )
    unnamed = shelf.edition(tmp_path / "unnamed.db", {}, edition=EditionSettings(files="unnamed"))
    assert not ask(unnamed, "select 1 from files where locator like '%daily%'")
    assert not ask(unnamed, "select 1 from fields where origin like '%daily%'")


@pytest.mark.parametrize(
    ("locator", "shortened"),
    [
        ("daily/one.txt", "daily/one.txt"),
        ("/home/jane/one.txt", "one.txt"),
        ("C:\\Users\\jane\\one.txt", "one.txt"),
        ("backup/Users/jane/one.txt", "one.txt"),
        ("a.zip!/Users/jane/one.txt", "a.zip!/one.txt"),
        ("https://jane:secret@news.example/one", "https://news.example/one"),
        ("https://news.example/one?X-Amz-Signature=1", "https://news.example/one"),
        ("https://news.example/one?page=2", "https://news.example/one?page=2"),
        ("https://news.example/one?design=2&keyword=x", "https://news.example/one?design=2&keyword=x"),
        ("jane:secret@news.example/one.html", "news.example/one.html"),
        ("jane@news.example/one.eml", "jane@news.example/one.eml"),
    ],
)
def test_paths_tell_of_no_machine(locator: str, shortened: str):
    """A path through somebody's own folder becomes a file name; what is public stays."""
    assert shorten_locator(locator) == shortened


def test_messages_tell_of_no_machine():
    """A path within a sentence is shortened, an address is none."""
    said = shorten_paths("Cannot read /home/jane/papers/one.txt, see https://news.example/home/x/ for more.")
    assert said == "Cannot read one.txt, see https://news.example/home/x/ for more."


@pytest.mark.parametrize(
    ("value", "shortened"),
    [
        ("file:///home/jane/my papers/one.html", "one.html"),
        ("C:\\Users\\jane\\one.doc", "one.doc"),
        ("/Users/jane/one.pdf", "one.pdf"),
        ("/news/one.html", "/news/one.html"),
        ("Kept in /home/jane/papers", "Kept in /home/jane/papers"),
        ("https://news.example/home/one", "https://news.example/home/one"),
        ("https://jane:secret@news.example/one?a=1", "https://news.example/one?a=1"),
        ("https://news.example/one?a=1&token=secret", "https://news.example/one"),
    ],
)
def test_a_statement_that_is_a_path_becomes_a_file_name(value: str, shortened: str):
    """What stands within a sentence or is an address stays as it was stated."""
    assert shorten_statement(value) == shortened


def test_where_a_page_was_saved_stays_at_home(room: Room, tmp_path: Path):
    """A page that states the path it was saved under tells an edition no more than the file's name."""
    saved = '<link rel="canonical" href="file:///home/jane/papers/quay.html">'
    words = "<p>The quay was shut on Monday, and nobody in the town knew for how long it would be.</p>"
    room.put("quay.html", f"<html><head><title>The quay</title>{saved}</head><body>{words * 3}</body></html>")
    room.ingest()
    assert "/home/jane" in str(room.rows("select value from fields"))
    make_edition(load_settings(room.folder), tmp_path / "public.db", now=NOW)
    assert b"/home/jane" not in (tmp_path / "public.db").read_bytes()


def test_an_address_opens_nothing_to_strangers(room: Room, tmp_path: Path):
    """Neither the password nor the signature of the address that a page was fetched from leaves the house."""
    words = "<p>The quay was shut on Monday, and nobody in the town knew for how long it would be.</p>"
    for name, address in (
        ("a", "https://jane:hush@news.example/a"),
        ("b", "https://news.example/b?sig=hush"),
    ):
        text = f"<html><head><title>The quay {name}</title></head><body>{words * 3}</body></html>"
        room.put(f"{name}.html", f"<!-- saved from url=(0030){address} -->\n{text}")
    room.ingest()
    assert len(room.rows("select url from articles where url like '%hush%'")) == 2
    make_edition(load_settings(room.folder), tmp_path / "public.db", now=NOW)
    addresses = ask(tmp_path / "public.db", "select url from articles order by url")
    assert addresses == [("https://news.example/a",), ("https://news.example/b",)]
    assert b"hush" not in (tmp_path / "public.db").read_bytes()


def test_strangers_are_foreseen(shelf: Shelf, tmp_path: Path):
    """The collection itself, a path, an e-mail address or a telephone number asks for a second look."""
    assert "the collection itself" in run("publish", "check", shelf.database).output
    path = shelf.edition(tmp_path / "public.db", {}, edition=EditionSettings(files="all"))
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("update fields set value = '/home/jane/notes.txt' where id = 1")
        connection.execute(
            "update articles set description = 'jane@planet.example, +44 20 7946 0123' where id = 1"
        )
        ((key,),) = connection.execute("select key from articles where id = 1")
    result = run("publish", "check", path)
    assert result.exit_code == 4
    for what in ("E-mail addresses", "Telephone numbers"):
        assert f"{what} stand in the article {key}: " in result.output, "where to look is told"
    for words in (
        "/home/jane/notes.txt",
        "jane@planet.example",
        "+44 20 7946 0123",
        "--yes",
        "changed since",
    ):
        assert words in result.output
    assert run("publish", "check", path, "--yes").exit_code == 0


@pytest.mark.parametrize(
    "written",
    [
        *("ring me on 01632 960123", "Ring (01632) 960123.", "call 020 7946 0123 after six"),
        *("Anruf: 030 12345678", "08191/12345", "appelez le 01 42 34 56 78", "01.42.34.56.78"),
        *("+49 30 12345678", "555-010-1234", "Tel. 1234567"),
    ],
)
def test_telephone_numbers_are_seen_as_they_are_written_at_home(written: str):
    """Within a country nobody writes its code."""
    assert PHONE.search(written)


@pytest.mark.parametrize(
    "written",
    [
        *("on 03 11 1958 at noon", "01/02/2019", "03.11.1958", "in 2019 100 200 people", "0.5 1234 of them"),
        *("ISBN 0 19 852663 6", "lot 007 1958", "in 1958 and 1959", "from 09 30 to 10 15"),
    ],
)
def test_dates_and_counts_are_no_telephone_numbers(written: str):
    """A warning that is wrong too often is read by nobody."""
    assert not PHONE.search(written)


def test_pages_of_an_edition(shelf: Shelf, public: Path, tmp_path: Path):
    """What was taken down answers 410, an excerpt says that it is one, and search finds entries."""
    shutil.copytree(shelf.folder / "plugins", tmp_path / "site" / "plugins")
    shutil.copy(public, tmp_path / "site" / "public.db")
    keys = shelf.keys
    reader = Reader(tmp_path / "site")
    try:
        gone = reader.get(f"/article/{keys['fir']}")
        assert gone.status_code == 410
        assert "3 February 2026: Withdrawn by its author." in gone.text
        assert "script-src" not in gone.headers["content-security-policy"]
        assert reader.get(f"/article/{keys['fir']}.json").json()["status"] == 410
        assert reader.get("/article/000000000000").status_code == 404
        assert keys["fir"] not in reader.get("/sitemap-articles-1.xml").text
        excerpt, entry = (reader.get(f"/article/{keys[name]}").text for name in ("birch", "dogwood"))
        assert "This is an excerpt" in excerpt
        assert "before noon." in re.sub("<[^>]+>", "", excerpt)
        assert "Only the catalogue entry" in entry
        assert "SHA-256" not in entry
        found = reader.get(f"/search.json?q={planted('dogwood', 'TITLE')}").json()
        assert [article["key"] for article in found["articles"]] == [keys["dogwood"]]
        assert reader.get(f"/search.json?q={planted('dogwood', 'LATE')}").json()["total"] == 0
    finally:
        reader.close()


def test_two_runs_write_no_edition_at_once(room: Room, tmp_path: Path):
    """The second is told to wait, wherever the edition lies, and leaves alone what the first writes."""
    room.put("a.md", "# A day\n\nIt rained.\n")
    room.ingest()
    target = tmp_path / "out" / "public.db"
    target.parent.mkdir()
    with alone(target.parent):
        beside(target).write_text("half of the first")
        with pytest.raises(LockedError, match="Wait until it has ended"):
            make_edition(load_settings(room.folder), target, now=NOW)
        assert beside(target).read_text() == "half of the first"
    make_edition(load_settings(room.folder), target, now=NOW)
    assert [path.name for path in target.parent.iterdir()] == ["public.db"]
