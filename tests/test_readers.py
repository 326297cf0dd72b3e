"""What each format gives: its documents with title, date, authors and text, and every leaf accounted for.

A case is a folder in `cases/readers/`: files of our own words, and `expected.json` with every
item that must come out of them.
"""

import gzip
import io
import json
import random
import tarfile
import zipfile
from collections.abc import Callable
from email.message import EmailMessage
from pathlib import Path

import pytest
from openpyxl import Workbook
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from ingest.errors import SettingsError
from ingest.model import Item
from ingest.registry import discover
from tests.conftest import Room

CASES = sorted(path for path in (Path(__file__).parent / "cases" / "readers").iterdir() if path.is_dir())
pytestmark = pytest.mark.xdist_group("readers")
OPENED = "opened; what is in it is listed on its own"
SELECT = """
    select locator, outcome, reason, title, published, url, description, section, text, articles.id,
        files.id as file_id
    from files left join articles on articles.id = article_id
    left join article_text on article_text.id = articles.id
    where locator like ? || '/%'
"""
SHORT = (
    "<html><head><title>{0}</title></head><body><article><h1>{0}</h1><p>The {0} stood by the water for"
    " a hundred years, and whoever came by boat saw it first of all the houses of the town, white and"
    " high above the quay.</p></article></body></html>"
)


@pytest.fixture(scope="module")
def read(tmp_path_factory: pytest.TempPathFactory) -> Room:
    """All cases in one collection, ingested once."""
    room = Room(tmp_path_factory.mktemp("readers") / "room")
    for case in CASES:
        for path in case.rglob("*"):
            if path.is_file() and path.name != "expected.json":
                room.put(f"{case.name}/{path.relative_to(case).as_posix()}", path.read_bytes())
    report = room.ingest()
    assert report.found == report.articles + report.duplicates + report.skipped + report.problems
    return room


def found_in(room: Room, folder: str) -> dict[str, dict[str, object]]:
    """Return what became of each item of a folder, by its locator below it."""
    names = (
        "locator",
        "outcome",
        "reason",
        "title",
        "published",
        "url",
        "description",
        "section",
        "text",
        "id",
    )
    rows = [dict(zip(names, row, strict=False)) for row in room.rows(SELECT, folder)]
    for row in rows:
        authors = (
            "select name from article_authors join authors on id = author_id"
            " where article_id = ? order by position"
        )
        row["authors"] = [name for (name,) in room.rows(authors, row["id"])]
        tags = "select name from article_tags join tags on id = tag_id where article_id = ? order by name"
        row["tags"] = [name for (name,) in room.rows(tags, row["id"])]
        row["fields"] = dict(room.rows("select field, value from fields where article_id = ?", row["id"]))
    return {str(row["locator"]).removeprefix(f"{folder}/"): row for row in rows}


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_format(read: Room, case: Path):
    """Each item comes out as expected, and no other does."""
    found = found_in(read, case.name)
    expected = json.loads((case / "expected.json").read_text(encoding="utf-8"))
    assert sorted(found) == sorted(each["locator"] for each in expected)
    for each in expected:
        row = found[each["locator"]]
        for words in each.pop("contains", []):
            assert words in str(row["text"])
        fields = each.pop("fields", {})
        assert {name: row["fields"].get(name) for name in fields} == fields
        assert {name: row[name] for name in each} | {"locator": each["locator"]} == each


def test_an_export_in_utf_16_is_read_as_one_in_utf_8(room: Room):
    """No byte of a letter that is two bytes wide is taken for a control character."""
    export = (CASES[0].parent / "wordpress" / "export.xml").read_text(encoding="utf-8")
    room.put(
        "a.wxr",
        export.replace('"UTF-8"', '"UTF-16"').replace("\x0b", "").replace("\x08", "").encode("utf-16"),
    )
    assert room.ingest().articles == 3
    assert room.rows("select text from article_text where text like '%nets%'") == [
        ("First paragraph on nets.\n\nSecond paragraph & more.",)
    ]


def test_a_note_is_told_once_in_an_archive_as_well(room: Room):
    """Of what Google Keep gives twice the JSON is read; a page of another folder stays."""
    case = CASES[0].parent / "keep"
    files = {
        path.relative_to(case).as_posix(): path.read_bytes() for path in sorted(case.rglob("Keep/*"))
    } | {
        "Pages/a.html": SHORT.format("mole").encode(),
        "Pages/a.json": b'{"title": "a", "text": "The mole."}',
    }
    room.put("w/takeout.zip", zipped(files))
    room.ingest()
    articles = room.rows("select locator from files where outcome = 'article' order by locator")
    assert [locator.partition("!/")[2] for (locator,) in articles] == [
        "Pages/a.html",
        "Pages/a.json",
        "Takeout/Keep/For the ferry.json",
        "Takeout/Keep/Old.html",
    ]


@pytest.mark.parametrize("case", ["zotero", "ris"])
def test_a_library_in_an_archive_tells_of_its_files(case: str, room: Room):
    """Zipped as it was exported, each entry is one article, as in the folder."""
    folder = CASES[0].parent / case
    files = {
        f"My library/{path.relative_to(folder)}": path.read_bytes()
        for path in sorted(folder.rglob("*.*"))
        if path.suffix != ".json"
    }
    room.put("w/library.zip", zipped(files))
    room.ingest()
    expected = json.loads((folder / "expected.json").read_text(encoding="utf-8"))
    rows = room.rows(
        "select files.locator, reason, title from files left join articles on file_id = files.id"
    )
    told = {locator.partition("My library/")[2]: (reason, title) for locator, reason, title in rows}
    for each in expected:
        assert told[each["locator"]] == (each.get("reason"), each.get("title"))


def test_keywords_that_are_parted_otherwise_keep_their_commas(room: Room):
    """`New York, NY; ferries`, as Zotero's table has it, are two; `quays, moles` are two as well."""
    room.put(
        "a.csv",
        "Title,Abstract Note,Manual Tags\n"
        'Crossing,The ferry left the mole today.,"New York, NY; ferries"\n'
        'Mooring,The ferry lay at the mole today.,"quays, moles"\n',
    )
    room.ingest()
    sql = "select title, name from article_tags join articles on articles.id = article_id"
    assert sorted(room.rows(f"{sql} join tags on tags.id = tag_id")) == [
        ("Crossing", "New York, NY"),
        ("Crossing", "ferries"),
        ("Mooring", "moles"),
        ("Mooring", "quays"),
    ]


def test_columns_named_by_the_curator(room: Room):
    """What metadata.yml says of columns wins over any guess."""
    (room.folder / "metadata.yml").write_text(
        "plugins:\n  readingroom:\n    columns: {text: Artikel, title: Kopf, published: Tag}\n"
    )
    room.put("a.csv", "Kopf,Tag,Artikel,summary\nSturm,5.4.1911,Der Sturm kam nachts.,kurz\n")
    assert room.ingest().articles == 1
    assert room.rows("select title, text, year from articles join article_text using (id)") == [
        ("Sturm", "Der Sturm kam nachts.", 1911)
    ]


def test_a_curator_may_call_a_meaning_by_another_name(room: Room):
    """`headline` and `Datum` mean what they would at the head of a table; a slip of the pen is told."""
    metadata = room.folder / "metadata.yml"
    metadata.write_text(
        "plugins: {readingroom: {columns: {headline: Kopf, Datum: Tag, body: Notiz, place: Ort}}}"
    )
    room.put("a.csv", "Kopf,Tag,Notiz,Ort\nSturm,5.4.1911,Der Sturm kam nachts.,Kiel\n")
    assert room.ingest().articles == 1
    assert room.rows("select title, text, year from articles join article_text using (id)") == [
        ("Sturm", "Der Sturm kam nachts.", 1911)
    ]
    assert room.rows("select value from fields where field = 'place'") == [("Kiel",)]
    metadata.write_text("plugins: {readingroom: {columns: {txt: Notiz}}}")
    with pytest.raises(SettingsError, match="columns has txt; text is perhaps meant"):
        room.ingest()


def test_a_column_that_is_not_there_is_told(room: Room):
    """A slip of the pen in the name of a column costs no text untold; its case does not matter.

    Where nothing is called alike, the column is that of another table.
    """
    metadata = room.folder / "metadata.yml"
    room.put("links.csv", "title,url,state\nThe harbour,https://planet.example/harbour,read\n")
    metadata.write_text("plugins: {readingroom: {columns: {text: Notitz, title: kopf}}}")
    room.put("a.csv", "Kopf,Notiz\nSturm,Er kam nachts.\nEbbe,Sie kam nicht.\n")
    assert room.ingest().warnings == 1
    assert room.rows("select code, message from problems") == [
        (
            "no-such-column",
            "metadata.yml names the column Notitz; Notiz is perhaps meant.",
        )
    ]
    assert room.rows("select title from articles order by id") == [("Sturm",), ("Ebbe",), ("The harbour",)]
    metadata.write_text("plugins: {readingroom: {columns: {text: NOTIZ, title: kopf}}}")
    assert room.ingest().warnings == 0


def test_quotation_marks_behind_backslashes(room: Room):
    """MySQL marks them so; where they are doubled, a backslash before one is an ordinary letter."""
    room.put(
        "a.csv",
        'title,text\n"The \\"Vostok\\", again","He said \\"go\\", and it rose, at nine."\nB,"C:\\\\"\n',
    )
    room.put("b.csv", 'title,text\n"In D:\\","The ""Vostok"", it rose at nine."\n')
    assert room.ingest().articles == 3
    assert room.rows("select title, text from articles join article_text using (id) order by 1") == [
        ("B", "C:\\\\"),
        ("In D:\\", 'The "Vostok", it rose at nine.'),
        ('The "Vostok", again', 'He said "go", and it rose, at nine.'),
    ]
    assert room.rows("select * from problems") == []


def test_a_row_with_more_cells_than_names_is_told(room: Room):
    """A comma that nobody put between quotation marks cuts a text in two."""
    room.put("a.csv", "title,text\nSputnik,It rose,at nine.\nVostok,It landed,,\nLaika,She rose,too.\n")
    assert room.ingest().articles == 3
    assert room.rows("select code, locator from problems") == [("surplus-cells", "a.csv#row=2")]


def test_columns_of_a_workbook_named_by_the_curator(room: Room):
    """A sheet that nobody would take for a list of articles is one when metadata.yml says so."""
    (room.folder / "metadata.yml").write_text("plugins:\n  readingroom:\n    columns: {text: Note}\n")
    workbook = Workbook()
    workbook.active.append(["Note", "Amount"])
    workbook.active.append(["The ferry_x000D_\nShe was painted white in spring.", 12])
    workbook.save(room.put("a.xlsx", b""))
    assert room.ingest().articles == 1
    assert room.rows("select title, text from articles join article_text using (id)") == [
        ("The ferry", "She was painted white in spring.")
    ]


def test_where_a_headline_of_a_workbook_leads(room: Room):
    """A headline that is a link states the address of its article, unless a column does."""
    workbook = Workbook()
    for name, head, row in (
        ("No addresses", ["Headline", "Date"], ["The ferry", "1999-03-04"]),
        ("Addresses", ["Headline", "URL"], ["The dock", "https://gazette.example/dock"]),
        ("Shown otherwise", ["Headline", "URL"], ["The mole", "read on"]),
    ):
        sheet = workbook.create_sheet(name)
        sheet.append(head)
        sheet.append(row)
    workbook["No addresses"]["A2"].hyperlink = "https://gazette.example/ferry"
    workbook["Addresses"]["A2"].hyperlink = "https://search.example/dock"
    workbook["Shown otherwise"]["B2"].hyperlink = "https://gazette.example/mole"
    workbook["Shown otherwise"]["B2"].value = "read on"
    workbook.save(room.put("a.xlsx", b""))
    assert room.ingest().articles == 3
    assert dict(room.rows("select title, url from articles")) == {
        "The ferry": "https://gazette.example/ferry",
        "The dock": "https://gazette.example/dock",
        "The mole": "https://gazette.example/mole",
    }


def test_a_workbook_of_today_with_the_suffix_of_before_is_read(room: Room):
    """What was renamed, or exported under the old suffix, is no damaged file."""
    workbook = Workbook()
    workbook.active.append(["Headline", "Text"])
    workbook.active.append(["The ferry", "The ferry lay at the quay."])
    workbook.save(room.put("a.xls", b""))
    assert room.ingest().articles == 1
    assert room.one("select title from articles") == "The ferry"


@pytest.mark.parametrize(
    ("name", "library", "file"),
    [
        ("outlook", "olefile.OleFileIO", "outlook/letter.msg"),
        ("spreadsheet", "openpyxl.load_workbook", "spreadsheet/clippings.xlsx"),
        ("xls", "xlrd.open_workbook", "xls/cuttings.xls"),
    ],
)
def test_too_little_memory_is_no_damage(name: str, library: str, file: str, monkeypatch: pytest.MonkeyPatch):
    """A file that is too large for the memory is not called damaged, but told with the limit to raise."""

    def too_much(*_given: object, **_named: object) -> None:
        raise MemoryError

    monkeypatch.setattr(library, too_much)
    reader = discover().readers[name]
    with pytest.raises(MemoryError), (CASES[0].parent / file).open("rb") as source:
        list(reader.read(Item(locator=file), source))


def test_columns_in_another_language(room: Room):
    """A table whose columns are named in another language is read without a word of its curator."""
    room.put("a.csv", "Título,Дата,正文\nFarol,5.4.1911,O farol apagou-se.\n")
    assert room.ingest().articles == 1
    assert room.rows("select title, text, published from articles join article_text using (id)") == [
        ("Farol", "O farol apagou-se.", "1911-04-05")
    ]


def test_a_long_column_without_a_known_name_is_the_text(room: Room):
    """A table that calls its texts something nobody foresaw loses none of them; short notes stay fields."""
    text = "The lighthouse keeper wrote down every ship that passed. " * 50
    picture = "iVBORw0KGgo" * 300
    rows = f"The log,{picture},{text}\nThe lamp,,A short note.\n"
    room.put("a.csv", f"Title,Picture,Wording\n{rows}")
    assert room.ingest().articles == 2
    words = room.rows("select title, words from articles order by title")
    assert words == [("The lamp", 0), ("The log", 450)]
    assert room.rows("select value from fields where field = 'Wording'") == [("A short note.",)]


@pytest.mark.parametrize("charset", ["utf-16", "utf-8-sig", "cp1252"])
def test_a_table_that_a_spreadsheet_saved_as_text(charset: str, room: Room):
    """Its rows are articles, as in any other table; a text with tabs stays one."""
    head = "Überschrift\tAutor\tDatum\tText\r\n"
    rows = "Die Fähre\tIda Brandt\t3.5.1997\tSie fährt.\r\nDer Hafen\tOla Dahl\t4.5.1997\tEr ist zu.\r\n"
    room.put("table.txt", (head + rows).encode(charset))
    room.put("text.txt", "Ships\tTons\tMasts\tKeels\nThe ferry\t12\t0\t1\n")
    assert room.ingest().articles == 3
    assert room.rows("select title, published, text from articles join article_text using (id) limit 2") == [
        ("Die Fähre", "1997-05-03", "Sie fährt."),
        ("Der Hafen", "1997-05-04", "Er ist zu."),
    ]


def test_a_guessed_charset_of_a_table_is_told_once(room: Room):
    """Whoever exported a table in an old charset is asked to look at its letters, not for every row."""
    rows = "".join(f"Straße {number};Die Straße ist für Fußgänger gesperrt.\n" for number in range(9))
    room.put("a.csv", f"Titel;Volltext\n{rows}".encode("cp1252"))
    assert room.ingest().articles == 9
    assert room.rows("select code, locator from problems") == [("charset-guessed", "a.csv#row=2")]
    assert room.one("select count(*) from article_text where text like '%Fußgänger%'") == 9


def test_a_table_whose_text_is_taken_for_a_statement_is_told_once(room: Room):
    """Short texts under a name of their own are in no article; which column it may be is said."""
    rows = [
        ("headline", "date", "obituary"),
        ("Ada Marrow", "1901", "A miller."),
        ("Josiah Hale", "1902", "He was a carter of Mill Lane and died on Tuesday."),
        ("Mary Dunn", "1911", "She was a milliner of Mill Lane and died on Friday."),
    ]
    room.put("a.csv", "".join(";".join(row) + "\n" for row in rows))
    workbook = Workbook()
    for row in (rows[0], ("Ida Brandt", "1903", "She kept the ferry at Bridge Lane until she was sixty.")):
        workbook.active.append(row)
    workbook.save(room.put("b.xlsx", b""))
    room.put("links.csv", "title,url,status\nThe harbour,https://planet.example/harbour,read\n")
    assert room.ingest().warnings == 2
    told = room.rows("select code, locator from problems where message like '%obituary may be it%'")
    assert told == [("no-text-column", "a.csv#row=3"), ("no-text-column", "b.xlsx#sheet=Sheet&row=2")]
    (room.folder / "metadata.yml").write_text("plugins: {readingroom: {columns: {text: obituary}}}\n")
    assert room.ingest().warnings == 0
    assert room.one("select count(*) from article_text where text like '% Lane%'") == 3


def test_doubts_about_an_export_of_a_database(read: Room):
    """A document that came without its text, and a last one that breaks off, are told of."""
    told = read.rows("select code, locator from problems where locator like 'nexis/english%' order by 2")
    assert told == [("no-body", "nexis/english.txt#3"), ("torn", "nexis/english.txt#5")]
    told = read.rows("select code, locator from problems where locator like 'factiva/%'")
    assert told == [("torn", "factiva/alone.txt#2")]
    tags = "select name from tags join article_tags on tags.id = tag_id join files using (article_id)"
    assert read.rows(f"{tags} where locator = 'nexis/english.txt#2' order by 1") == [
        ("HARBORS & PORTS",),
        ("LIGHTHOUSES",),
    ]


@pytest.mark.parametrize("charset", ["utf-16", "utf-8-sig", "cp1252"])
def test_an_export_of_a_database_in_any_charset(charset: str, room: Room):
    """Its documents are told apart, however the letters of its labels are written."""
    head = "        Dokument {0} von 2\r\n\r\nHafenblatt\r\n\r\n{0}. März 1998\r\n\r\nFähre {0}\r\n\r\n"
    text = "LÄNGE: 9 Wörter\r\n\r\nSie fährt zum {0}. Mal.\r\n\r\n"
    room.put("a.txt", "".join((head + text).format(number) for number in (1, 2)).encode(charset))
    room.ingest()
    assert room.rows("select title, published, text from articles join article_text using (id)") == [
        ("Fähre 1", "1998-03-01", "Sie fährt zum 1. Mal."),
        ("Fähre 2", "1998-03-02", "Sie fährt zum 2. Mal."),
    ]


def archive_of_kinds(pictures: int = 0) -> bytes:
    """Return a web archive with a record of each kind, behind pictures of 300 kilobytes."""
    made = io.BytesIO()
    writer = WARCWriter(made, gzip=True)

    def answer(address: str, status: str, kind: str, body: bytes, record: str = "response") -> None:
        headers = StatusAndHeaders(status, [("Content-Type", kind)], protocol="HTTP/1.1")
        writer.write_record(
            writer.create_warc_record(
                address,
                record,
                payload=io.BytesIO(body),
                http_headers=headers,
                warc_headers_dict={"WARC-Date": "2020-02-03T04:05:06Z"},
            )
        )

    for number in range(pictures):
        grain = random.Random(number).randbytes(300_000)
        answer(f"https://a.example/picture-{number}", "200 OK", "image/png", b"\x89PNG" + grain)
    answer(
        "https://a.example/light", "200 OK", "text/html; charset=utf-8", SHORT.format("lighthouse").encode()
    )
    answer("https://a.example/old", "301 Moved", "text/html", b"<p>moved</p>")
    answer("https://a.example/gone", "404 Not Found", "text/html", b"<p>not here</p>")
    answer("https://a.example/light", "200 OK", "text/html", b"", "revisit")
    answer("https://a.example/picture", "200 OK", "image/png", b"\x89PNG\r\n\x1a\n")
    answer("https://a.example/empty", "200 OK", "text/html", b" ")
    answer("https://a.example/weather", "200 OK", "application/json; charset=utf-8", b'{"wind": 4}')
    answer("https://a.example/tides", "200 OK", "application/x-protobuf", b"tides of the coming week")
    answer("https://a.example/robots.txt", "200 OK", "text/plain", b"User-agent: *\nDisallow: /cellar/\n")
    entry = '{"id": "1", "title": "Harbour", "content_text": "The harbour froze over in the night."}'
    feed = f'{{"version": "https://jsonfeed.org/version/1.1", "title": "Notes", "items": [{entry}]}}'
    answer("https://a.example/feed", "200 OK", "application/feed+json", feed.encode())
    note = io.BytesIO(b"Fetched ten pages, and all of them are kept in this archive.\n")
    writer.write_record(writer.create_warc_record("metadata://a.example/wget.log", "resource", payload=note))
    return made.getvalue()


def warc_record(kind: str, address: str, media_type: str, block: str) -> bytes:
    """Return a record of a web archive."""
    head = (
        f"WARC/1.0\r\nWARC-Type: {kind}\r\nWARC-Target-URI: {address}\r\nWARC-Date: 2020-02-03T04:05:06Z\r\n"
        f"Content-Type: {media_type}\r\nContent-Length: {len(block.encode())}\r\n\r\n"
    )
    return f"{head}{block}\r\n\r\n".encode()


def test_a_page_that_stays_compressed_is_told(room: Room):
    """One in brotli says what to install; one that only says so is read, and a style skipped."""
    answer = "HTTP/1.1 200 OK\r\nContent-Type: {}\r\nContent-Encoding: br\r\n\r\n{}"
    address, kind = "https://a.example/{}", "application/http; msgtype=response"
    packed = "\x1b\x03\x00 packed"
    bodies = {
        "packed": ("text/html", packed),
        "plain": ("text/html", SHORT.format("mole")),
        "style": ("text/css", packed),
    }
    records = (
        warc_record("response", address.format(name), kind, answer.format(*body))
        for name, body in bodies.items()
    )
    room.put("w/a.warc", b"".join(records))
    room.ingest()
    found = {name.rpartition("/")[2]: row for name, row in found_in(room, "w").items()}
    assert {name: found[name]["outcome"] for name in bodies} == {
        "packed": "problem",
        "plain": "article",
        "style": "skipped",
    }
    hints = room.rows("select hint from problems where code = 'compressed'")
    assert hints == [
        ("Install the package brotli beside Reading Room (pip install brotli), then run again.",)
    ]


def test_parts_of_pages_are_told(room: Room):
    """What a proxy changed is a page; a part is none, unless it is all; what was cut off is told."""
    kind, whole = "application/http; msgtype=response", SHORT.format("mole")
    head = "HTTP/1.1 {}\r\nContent-Type: text/html\r\nContent-Range: bytes 0-{}/{}\r\n\r\n"
    ranges = {
        "proxy": ("203 Non-Authoritative", 9, 99),
        "part": ("206 Partial Content", 9, 99),
        "all": ("206 Partial Content", 98, 99),
    }
    records = [
        warc_record("response", f"https://a.example/{name}", kind, head.format(*given) + whole)
        for name, given in ranges.items()
    ]
    cut = warc_record("response", "https://a.example/cut", kind, f"{head.format('200 OK', 98, 99)}{whole}")
    records.append(cut.replace(b"WARC-Date", b"WARC-Truncated: length\r\nWARC-Date"))
    records.append(warc_record("continuation", "https://a.example/long", "text/html", "<p>its end</p>"))
    room.put("w/a.warc", b"".join(records))
    room.ingest()
    rows = room.rows("select outcome, reason from files order by locator")
    by_name = {name.rpartition("/")[2]: row["outcome"] for name, row in found_in(room, "w").items()}
    assert by_name == {
        "proxy": "article",
        "part": "skipped",
        "all": "duplicate",
        "cut": "duplicate",
        "long": "skipped",
        "a.warc#rest": "problem",
    }
    assert ("skipped", "a part of a page: the server answered 206") in rows
    assert ("skipped", "the rest of a page kept in segments, which are not joined") in rows
    assert ("problem", "Of one page it has the beginning alone (https://a.example/cut).") in rows


def test_texts_that_were_made_from_pages_are_read_where_no_page_is(room: Room):
    """An archive of texts alone has articles; beside the pages themselves its texts are listed as skipped."""
    address, text = "https://a.example/light", "The light\n\nIt stood by the water for a hundred years.\n"
    answer = f"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n{SHORT.format('mole')}"
    page = warc_record("response", address, "application/http; msgtype=response", answer)
    made = warc_record("conversion", address, "text/plain", text)
    room.put("w/texts.warc", made)
    room.put("w/pages.warc", page + made)
    room.ingest()
    found = found_in(room, "w")
    own, other = found[f"texts.warc!/1/{address}"], found[f"pages.warc!/2/{address}"]
    assert (own["title"], own["text"], own["url"]) == (
        "The light",
        "It stood by the water for a hundred years.",
        address,
    )
    assert (other["outcome"], other["reason"]) == ("skipped", "another form of what the archive holds")
    assert found[f"pages.warc!/1/{address}"]["outcome"] == "article"


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")  # warcio closes no file
def test_a_web_archive(room: Room):
    """Pages become articles of their address; redirects, errors, revisits and data have reasons."""
    room.put("w/a.warc.gz", archive_of_kinds())
    room.ingest()
    found = {name.removeprefix("a.warc.gz"): row for name, row in found_in(room, "w").items()}
    assert {name: row["outcome"] for name, row in found.items()} == {
        "": "skipped",
        "!/1/https://a.example/light": "article",
        "!/2/https://a.example/old": "skipped",
        "!/3/https://a.example/gone": "skipped",
        "!/4/https://a.example/light": "skipped",
        "!/5/https://a.example/picture": "skipped",
        "!/6/https://a.example/empty": "problem",
        "!/7/https://a.example/weather": "skipped",
        "!/8/https://a.example/tides": "skipped",
        "!/9/https://a.example/robots.txt": "skipped",
        "!/10/https://a.example/feed#1": "article",
        "!/11/metadata://a.example/wget.log": "skipped",
    }
    assert found["!/1/https://a.example/light"]["url"] == "https://a.example/light"
    assert found["!/1/https://a.example/light"]["fields"]["captured"] == "2020-02-03T04:05:06Z"
    assert "301" in str(found["!/2/https://a.example/old"]["reason"])
    assert "data" in str(found["!/7/https://a.example/weather"]["reason"])
    assert "application/x-protobuf" in str(found["!/8/https://a.example/tides"]["reason"])


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")  # warcio closes no file
def test_a_zipped_web_archive(room: Room):
    """The pages of a WACZ are articles; its index is no loss, and one without pages says so."""
    pages = b'{"format": "json-pages-1.0", "id": "pages", "title": "All Pages"}\n'
    about = {"datapackage.json": b'{"profile": "data-package"}', "indexes/index.cdx.gz": gzip.compress(b"x")}
    archive = {"archive/data.warc.gz": archive_of_kinds(), "pages/pages.jsonl": pages}
    room.put("w/a.wacz", zipped(about | archive))
    room.put("w/b.wacz", zipped(about))
    room.ingest()
    found = found_in(room, "w")
    assert {name: row["outcome"] for name, row in found.items() if "archive/" not in name} == {
        "a.wacz": "skipped",
        "a.wacz!/datapackage.json": "skipped",
        "a.wacz!/indexes/index.cdx.gz": "skipped",
        "a.wacz!/pages/pages.jsonl": "skipped",
        "b.wacz#rest": "problem",
        "b.wacz!/datapackage.json": "skipped",
        "b.wacz!/indexes/index.cdx.gz": "skipped",
    }
    page = found["a.wacz!/archive/data.warc.gz!/1/https://a.example/light"]
    assert (page["outcome"], page["url"]) == ("article", "https://a.example/light")
    assert page["fields"]["captured"] == "2020-02-03T04:05:06Z"


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")  # warcio closes no file
def test_what_is_read_piece_by_piece_may_be_large_within_an_archive(room: Room):
    """A web archive larger than may be held in memory is read from a WACZ too, what is read whole is not."""
    settings = room.folder / "metadata.yml"
    text = settings.read_text(encoding="utf-8")
    settings.write_text(text.replace("  readingroom:\n", "  readingroom:\n    limits: {item_mib: 1}\n", 1))
    room.put("w/a.wacz", zipped({"archive/data.warc.gz": archive_of_kinds(pictures=6)}))
    room.put(
        "w/b.zip", zipped({"long.txt": b"The harbour froze over. " * 60_000, "short.txt": b"It thawed."})
    )
    room.ingest()
    found = found_in(room, "w")
    assert found["a.wacz!/archive/data.warc.gz!/7/https://a.example/light"]["outcome"] == "article"
    assert found["b.zip!/long.txt"]["outcome"] == "problem"
    assert found["b.zip!/short.txt"]["outcome"] == "article"
    assert not [name for name, row in found.items() if row["outcome"] == "problem" and "picture" in name]


def zipped(members: dict[str, bytes]) -> bytes:
    """Return a ZIP archive."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return made.getvalue()


def tarred(members: dict[str, bytes], mode: str) -> bytes:
    """Return a TAR archive."""
    made = io.BytesIO()
    with tarfile.open(fileobj=made, mode=mode) as archive:
        for name, data in members.items():
            member = tarfile.TarInfo(name)
            member.size = len(data)
            archive.addfile(member, io.BytesIO(data))
    return made.getvalue()


def test_archives_within_archives(room: Room):
    """Each leaf is one item, named by the way to it; no level is lost."""
    page = {name: SHORT.format(name).encode() for name in ("mill", "barn", "church", "school", "inn")}
    inner = zipped({"deep/mill.html": page["mill"], "picture.jpg": b"\xff\xd8\xff"})
    room.put("x/a.zip", zipped({"barn.html": page["barn"], "inner.zip": inner, "folder/": b""}))
    room.put("x/b.tar.gz", tarred({"church.html": page["church"]}, "w:gz"))
    room.put("x/c.tar", tarred({"school.html": page["school"]}, "w"))
    room.put("x/inn.html.gz", gzip.compress(page["inn"]))
    report = room.ingest()
    assert {name: row["outcome"] for name, row in found_in(room, "x").items()} == {
        "a.zip": "skipped",
        "a.zip!/barn.html": "article",
        "a.zip!/inner.zip": "skipped",
        "a.zip!/inner.zip!/deep/mill.html": "article",
        "a.zip!/inner.zip!/picture.jpg": "skipped",
        "b.tar.gz": "skipped",
        "b.tar.gz!/church.html": "article",
        "c.tar": "skipped",
        "c.tar!/school.html": "article",
        "inn.html.gz": "skipped",
        "inn.html.gz!/inn.html": "article",
    }
    assert (report.found, report.articles, report.skipped) == (11, 5, 6)
    assert room.one("select reason from files where locator = 'x/a.zip!/inner.zip'") == OPENED


@pytest.mark.parametrize(
    ("kind", "pack"),
    [
        ("application/zip", zipped),
        ("application/x-tar", lambda members: tarred(members, "w")),
        ("application/gzip", lambda members: gzip.compress(*members.values())),
    ],
    ids=("zip", "tar", "gzip"),
)
def test_the_type_of_an_archive_says_nothing_of_what_is_in_it(
    room: Room, kind: str, pack: Callable[[dict[str, bytes]], bytes]
):
    """A letter in an archive that was attached to a mail, or served with its type, is read as a letter."""
    message = EmailMessage()
    message["Subject"], message["From"] = "The mill", "ann@example.org"
    message.set_content("Here are the letters of which we spoke, as they came from the mill.")
    letter = b"Dear Ann, the mill is closed.\n\nThe miller went away on Monday, and nobody knows where."
    main, _, sub = kind.partition("/")
    message.add_attachment(pack({"letter.txt": letter}), maintype=main, subtype=sub, filename="letter.txt.gz")
    room.put("x/a.eml", message.as_bytes())
    room.ingest()
    assert found_in(room, "x")["a.eml!/letter.txt.gz!/letter.txt"]["outcome"] == "article"


def test_a_chat_from_telegram_is_its_messages(room: Room):
    """Who made a chat or joined it, and pictures alone, are no messages, and are listed as skipped."""
    notice = {"id": 1, "type": "service", "date": "2024-03-01T10:00:00", "action": "create_channel"}
    message = {"type": "message", "date": "2024-03-05T10:00:00", "date_unixtime": "1709629200"}
    messages = [
        {**notice, "title": "Harbour news", "text": ""},
        {**message, "id": 2, "text": ["The ferry sails ", {"type": "bold", "text": "twice"}, " a day."]},
        {**message, "id": 3, "text": "", "photo": "photos/pier.jpg"},
        {**notice, "id": 4, "action": "pin_message", "text": ""},
    ]
    room.put("result.json", json.dumps({"name": "Harbour news", "type": "channel", "messages": messages}))
    report = room.ingest()
    assert (report.articles, report.skipped) == (1, 3)
    assert room.one("select text from article_text") == "The ferry sails twice a day."
    assert set(room.rows("select reason from files where outcome = 'skipped'")) == {
        ("a notice of a chat, such as who joined it",),
        ("a message of a chat without words",),
    }


@pytest.mark.parametrize(
    "history",
    ["", '<div class="message" id="message1">' * 3, "<div>" * 5_000 + '<div class="message">Gone.'],
    ids=["no message", "one within another", "too deep"],
)
def test_messages_that_cannot_be_told_apart_are_a_problem(room: Room, history: str):
    """No message of a chat is left out without a word."""
    page = (CASES[0].parent / "telegram" / "messages.html").read_text(encoding="utf-8")
    head = page.partition('<div class="history">')[0]
    room.put("messages.html", f'{head}<div class="history">{history}')
    report = room.ingest()
    assert (report.articles, report.problems) == (0, 1)
    assert room.one("select code from problems") == "damaged"


def test_a_collection_may_read_some_web_pages_in_its_own_way(room: Room):
    """What tells any web page stands back behind what tells some of them."""
    (room.folder / "plugins" / "minutes.py").write_text(
        "from ingest.model import RawDocument\nfrom ingest.registry import reader\n\n"
        "@reader(name='minutes', version='1', suffixes=(), media_types=('text/x-minutes',),\n"
        "        recognise=lambda head: b'class=minutes' in head)\n"
        "def read_minutes(item, source):\n"
        "    yield RawDocument(locator=item.locator, format='text', content='They shared the nets.')\n"
    )
    room.put("a.html", "<!DOCTYPE html><html><body class=minutes><p>Long ago.</p></body></html>")
    try:
        room.ingest()
        assert room.one("select reader from files") == "minutes"
    finally:
        discover().readers.pop("minutes", None)


def test_an_archive_of_joplin(tmp_path: Path):
    """A `.jex` file is opened like any other TAR archive."""
    note = (Path(__file__).parent / "cases" / "readers" / "joplin" / "note.md").read_bytes()
    written = io.BytesIO()
    with tarfile.open(fileobj=written, mode="w") as archive:
        member = tarfile.TarInfo("note.md")
        member.size = len(note)
        archive.addfile(member, io.BytesIO(note))
    room = Room(tmp_path / "room")
    room.put("export/notes.jex", written.getvalue())
    assert room.ingest().articles == 1
    assert found_in(room, "export")["notes.jex!/note.md"]["title"] == "The ferry stays"


@pytest.mark.parametrize("name", ["lamp.u.zip.html", "lamp.zip"])
def test_a_page_that_unpacks_itself(tmp_path: Path, name: str):
    """Of a page that SingleFile saved as a zip within a page, the page in the zip is read."""
    written = io.BytesIO(b"<!DOCTYPE html><html><head><title>lamp</title></head><body>Please wait<!--")
    written.seek(0, io.SEEK_END)
    with zipfile.ZipFile(written, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("index.html", SHORT.format("lamp"))
        archive.writestr("images/0.png", bytes(range(256)))
    room = Room(tmp_path / "room")
    room.put(name, written.getvalue() + b"--></body></html>")
    report = room.ingest()
    assert (report.articles, report.problems) == (1, 0)
    [(text,)] = room.rows("select text from article_text")
    assert "white and high above the quay" in text
