"""Harvesting: what a harvester takes away is the catalogue, and every answer is one of the protocol's."""

import os
import re
import shutil
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
import requests
from datasette.plugins import pm
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree
from sickle import Sickle, oaiexceptions

from tests.conftest import NOW, Reader, Room
from tests.strangers import ask as request
from tests.strangers import serving

HOME = "http://localhost/oai"
SPACES = {"oai": "http://www.openarchives.org/OAI/2.0/", "dc": "http://purl.org/dc/elements/1.1/"}
RULES = etree.RelaxNG(etree.parse(Path(__file__).with_name("oai_pmh.rng")))
BUILT = NOW.replace("+00:00", "Z")
RECORDS = "verb=ListRecords&metadataPrefix=oai_dc"


LONG_AGO = datetime(1999, 1, 1, tzinfo=UTC)


@pytest.fixture(scope="module", autouse=True)
def came(reader: Reader) -> Iterator[Callable[[str], datetime]]:  # noqa: ARG001 - it brings the pages
    """Have files lie where they are since long ago, so that datestamps are known; give what tells true."""
    with pytest.MonkeyPatch.context() as patch:
        truly = pm.get_plugin("oai.py").came
        patch.setattr(pm.get_plugin("oai.py"), "came", lambda _: LONG_AGO)
        yield truly


@pytest.fixture(scope="module")
def tree(reader: Reader) -> Any:
    """Ask the sample, and have every answer checked against the rules of the protocol."""

    def ask(asked: str) -> Any:
        answer = reader.get(f"/oai?{asked}")
        assert answer.status_code == 200
        assert answer.headers["content-type"].startswith("text/xml")
        tree = etree.fromstring(answer.content)
        assert RULES.validate(tree), RULES.error_log
        return tree

    return ask


@pytest.fixture
def harvester(reader: Reader, monkeypatch: pytest.MonkeyPatch) -> Sickle:
    """A harvesting client, whose requests go to the sample."""

    def get(address: str, params: dict[str, str], **_: Any) -> Any:
        assert address == HOME
        return reader.get(f"/oai?{urlencode(params)}")

    def post(address: str, data: dict[str, str], **_: Any) -> Any:
        assert address == HOME
        return reader.runner.run(reader.datasette.client.post("/oai", data=data))

    monkeypatch.setattr(requests, "get", get)
    monkeypatch.setattr(requests, "post", post)
    return Sickle(HOME)


def code(tree: Any) -> str | None:
    """Return the code of an answer's error."""
    return next(iter(tree.xpath("oai:error/@code", namespaces=SPACES)), None)


def test_a_harvester_takes_the_whole_catalogue(
    harvester: Sickle, query: Any, monkeypatch: pytest.MonkeyPatch
):
    """Over several pages every article comes once, with what the catalogue says of it and its datestamp."""
    monkeypatch.setattr(pm.get_plugin("oai.py"), "PAGE", 7)
    records = list(harvester.ListRecords(metadataPrefix="oai_dc"))
    expected = query(
        "select articles.id, articles.key, title, published, sources.name as source,"
        " sources.key as source_key, url from articles"
        " left join sources on sources.id = source_id order by articles.key"
    )
    assert [record.header.identifier for record in records] == [
        f"oai:localhost:{row['key']}" for row in expected
    ]
    for record, row in zip(records, expected, strict=True):
        assert record.header.datestamp == BUILT
        assert record.header.setSpecs == [row["source_key"]]
        assert record.metadata["title"] == [row["title"]]
        assert record.metadata["publisher"] == [row["source"]]
        assert record.metadata.get("date", []) == ([row["published"]] if row["published"] else [])
        page = f"http://localhost/article/{row['key']}"
        assert record.metadata["identifier"] == ([row["url"], page] if row["url"] else [page])
        signed = query("select count(*) from article_authors where article_id = ?", row["id"])[0][0]
        assert len(record.metadata.get("creator", [])) == signed
    assert [header.identifier for header in harvester.ListIdentifiers(metadataPrefix="oai_dc")] == [
        record.header.identifier for record in records
    ]


def test_by_post_too(harvester: Sickle):
    """The protocol wants GET and POST alike."""
    harvester.http_method = "POST"
    assert harvester.Identify().adminEmail == "librarian@space-race.example"
    assert len(list(harvester.ListRecords(metadataPrefix="oai_dc"))) == 46


@pytest.mark.parametrize("large", [True, False])
def test_sets_are_the_publications(
    harvester: Sickle, query: Any, monkeypatch: pytest.MonkeyPatch, *, large: bool
):
    """Each publication is a set with just its articles, however the database goes about it."""
    oai = pm.get_plugin("oai.py")
    monkeypatch.setattr(oai, "PAGE", 3)
    monkeypatch.setattr(oai, "PAGE_OF_SETS", 3)
    monkeypatch.setattr(oai, "OF_SMALL" if large else "OF_LARGE", oai.OF_LARGE if large else oai.OF_SMALL)
    sets = list(harvester.ListSets())
    assert [(each.setSpec, each.setName) for each in sets] == [
        tuple(row) for row in query("select key, name from sources order by key")
    ]
    for each in sets:
        harvested = harvester.ListIdentifiers(metadataPrefix="oai_dc", set=each.setSpec)
        keys = (
            "select articles.key from articles join sources on sources.id = source_id where sources.key = ?"
        )
        assert [header.identifier.rpartition(":")[2] for header in harvested] == sorted(
            row["key"] for row in query(keys, each.setSpec)
        )


def test_a_page_of_a_set_reads_few_articles(sample: Path):
    """A large publication is walked by the key's index, a small one by its own; neither is scanned."""
    oai = pm.get_plugin("oai.py")
    connection = sqlite3.connect(sample / "collection.db")
    known = {"source": 1, "after": "", "limit": 101}
    plans = {
        name: " ".join(
            row[3] for row in connection.execute(f"explain query plan {getattr(oai, name)}", known)
        )
        for name in ("PAGE_OF_ALL", "OF_LARGE", "OF_SMALL")
    }
    connection.close()
    for name in ("PAGE_OF_ALL", "OF_LARGE"):
        assert "articles_key (key>?)" in plans[name]
        assert "TEMP B-TREE" not in plans[name]
    assert "idx_articles_source_id_published (source_id=?)" in plans["OF_SMALL"]


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ("", "badVerb"),
        ("verb=Steal", "badVerb"),
        ("verb=Identify&verb=Identify", "badVerb"),
        ("verb=Identify&set=a", "badArgument"),
        ("verb=ListRecords", "badArgument"),
        ("verb=ListRecords&metadataPrefix=", "badArgument"),
        ("verb=ListRecords&metadataPrefix=marc21", "cannotDisseminateFormat"),
        (f"{RECORDS}&resumptionToken=x", "badArgument"),
        (f"{RECORDS}&metadataPrefix=oai_dc", "badArgument"),
        (f"{RECORDS}&from=yesterday", "badArgument"),
        (f"{RECORDS}&from=", "badArgument"),
        (f"{RECORDS}&from=2026-13-01", "badArgument"),
        (f"{RECORDS}&from=2026-01", "badArgument"),
        (f"{RECORDS}&from=2026-01-01&until=2026-01-02T00:00:00Z", "badArgument"),
        (f"{RECORDS}&from=2026-01-02&until=2026-01-01", "badArgument"),
        (f"{RECORDS}&from=2026-01-02", "noRecordsMatch"),
        (f"{RECORDS}&until=2025-12-31", "noRecordsMatch"),
        (f"{RECORDS}&until=2025-12-31T23:59:59Z", "noRecordsMatch"),
        (f"{RECORDS}&set=nobody", "noRecordsMatch"),
        (f"{RECORDS}&set=no+body", "badArgument"),
        (f"{RECORDS}&from=2026-01-01", None),
        (f"{RECORDS}&from=2026-01-01T00:00:00Z&until=2026-01-01T00:00:00Z", None),
        (f"{RECORDS}&until=2026-01-01", None),
        ("verb=ListRecords&resumptionToken=x", "badResumptionToken"),
        ("verb=ListSets&resumptionToken=" + "A" * 3000, "badResumptionToken"),
        ("verb=ListIdentifiers&resumptionToken=dmVyYj1MaXN0UmVjb3Jkcw", "badResumptionToken"),
        ("verb=GetRecord&metadataPrefix=oai_dc", "badArgument"),
        ("verb=GetRecord&metadataPrefix=oai_dc&identifier=oai:localhost:ffffffffffff", "idDoesNotExist"),
        ("verb=GetRecord&metadataPrefix=oai_dc&identifier=nonsense", "idDoesNotExist"),
        ("verb=ListMetadataFormats&identifier=nonsense", "idDoesNotExist"),
        ("verb=ListMetadataFormats", None),
        ("verb=Identify&" + "a=1&" * 50, "badArgument"),
    ],
)
def test_errors_are_the_protocols(tree: Any, asked: str, expected: str | None):
    """What is asked wrongly is answered with the code that the protocol has for it, never by HTTP's."""
    answer = tree(asked)
    assert code(answer) == expected
    if expected in {"badVerb", "badArgument"}:
        assert not answer.find("oai:request", SPACES).attrib


def test_a_harvester_meets_its_own_errors(harvester: Sickle):
    """The client tells the errors apart."""
    with pytest.raises(oaiexceptions.NoRecordsMatch):
        harvester.ListRecords(metadataPrefix="oai_dc", until="1999-01-01")
    with pytest.raises(oaiexceptions.IdDoesNotExist):
        harvester.GetRecord(metadataPrefix="oai_dc", identifier="oai:localhost:0")


def test_answers_follow_the_rules(tree: Any, query: Any, monkeypatch: pytest.MonkeyPatch):
    """Every verb's answer is made of what the protocol allows, in its order."""
    key = query("select key from articles")[0]["key"]
    one = f"identifier=oai:localhost:{key}"
    for asked in (
        *(
            "verb=Identify",
            "verb=ListMetadataFormats",
            f"verb=ListMetadataFormats&{one}",
            "verb=ListSets",
            RECORDS,
        ),
        *(f"{RECORDS}&set=the-cape-ledger", f"verb=GetRecord&metadataPrefix=oai_dc&{one}", "verb=nothing"),
        "verb=ListIdentifiers&metadataPrefix=oai_dc",
    ):
        tree(asked)
    said = tree("verb=Identify").find("oai:Identify", SPACES)
    assert said.findtext("oai:earliestDatestamp", namespaces=SPACES) == BUILT
    assert said.findtext("oai:repositoryName", namespaces=SPACES) == "The Space Race, 1957-1975"
    monkeypatch.setattr(pm.get_plugin("oai.py"), "PAGE", 40)
    token = tree(RECORDS).find(".//oai:resumptionToken", SPACES)
    assert dict(token.attrib) == {"cursor": "0", "completeListSize": "46"}
    last = tree("verb=ListRecords&" + urlencode({"resumptionToken": token.text}))
    end = last.find(".//oai:resumptionToken", SPACES)
    assert (end.text, end.get("cursor")) == (None, "40")
    wrong = tree("verb=ListIdentifiers&" + urlencode({"resumptionToken": token.text}))
    assert code(wrong) == "badResumptionToken"


@given(
    pairs=st.lists(
        st.tuples(st.sampled_from(["verb", "from", "set", "resumptionToken", "x"]), st.text()), max_size=4
    )
)
def test_no_request_is_a_failure(tree: Any, pairs: list[tuple[str, str]]):
    """Whatever is asked, the answer is well formed and says what was wrong."""
    pairs = [("verb", "ListRecords"), *pairs] if len(pairs) % 2 else pairs
    asked = urlencode([(name, value.encode("utf-8", "replace")) for name, value in pairs])
    assert code(tree(asked))


@given(text=st.text())
def test_tokens_of_others_are_refused(tree: Any, text: str):
    """Something that looks like a token and is none is answered as the protocol wants."""
    oai = pm.get_plugin("oai_requests.py")
    forged = oai.Listing(
        verb="ListRecords", chosen={"metadataPrefix": "oai_dc", "set": text}, after="0"
    ).token()
    answer = tree(urlencode({"verb": "ListRecords", "resumptionToken": forged}))
    assert code(answer) in {"badResumptionToken", "badArgument"}


def test_without_a_contact_it_is_closed(room: Room):
    """The protocol wants an address for questions; none is made up, and the page says how to give one."""
    room.put("post/a.md", "---\ntitle: A\n---\n\nSome text.\n")
    room.ingest()
    reader = Reader(room.folder)
    answer = reader.get("/oai?verb=Identify")
    reader.close()
    assert answer.status_code == 404
    assert "contact: you@example.org" in answer.text


def test_what_was_taken_down_is_a_deleted_record(
    tmp_path: Path, sample: Path, monkeypatch: pytest.MonkeyPatch
):
    """A harvester that knows an article from before is told that it is gone, and takes nothing of it away."""
    monkeypatch.setattr(pm.get_plugin("oai.py"), "PAGE", 7)
    shutil.copytree(sample, tmp_path / "room")
    with closing(sqlite3.connect(tmp_path / "room" / "collection.db")) as connection, connection:
        keys = [key for (key,) in connection.execute("select key from articles order by key")]
        gone = [keys[3], "0" * 12, "f" * 12]
        connection.execute("delete from articles where key = ?", gone[:1])
        rows = [(key, "Withdrawn by its author.", "2026-02-03") for key in gone]
        connection.executemany("insert into tombstones (key, reason, date) values (?, ?, ?)", rows)
    reader = Reader(tmp_path / "room")
    told: dict[str, str | None] = {}
    asked = RECORDS
    while asked:
        tree = etree.fromstring(reader.get(f"/oai?{asked}").content)
        assert RULES.validate(tree), RULES.error_log
        for record in tree.findall(".//oai:record", SPACES):
            header = record.find("oai:header", SPACES)
            told[header.findtext("oai:identifier", namespaces=SPACES)[-12:]] = header.get("status")
            assert (record.find("oai:metadata", SPACES) is None) == (header.get("status") == "deleted")
        token = tree.findtext(".//oai:resumptionToken", namespaces=SPACES)
        asked = token and "verb=ListRecords&" + urlencode({"resumptionToken": token})
    one = "verb=GetRecord&metadataPrefix=oai_dc&identifier=oai:localhost:" + keys[3]
    found = etree.fromstring(reader.get(f"/oai?{one}").content)
    said = reader.get("/oai?verb=Identify").text
    reader.close()
    assert list(told) == sorted({*keys, *gone})
    assert {key for key, status in told.items() if status == "deleted"} == set(gone)
    assert RULES.validate(found), RULES.error_log
    assert found.find(".//oai:header", SPACES).get("status") == "deleted"
    assert "Withdrawn" not in etree.tostring(found, encoding="unicode")
    assert "<deletedRecord>transient<" in said


def test_no_change_is_missed_on_its_way_to_the_server(
    tmp_path: Path, sample: Path, monkeypatch: pytest.MonkeyPatch, came: Callable[[str], datetime]
):
    """A harvester that comes between a build and its arrival learns of it when it comes again."""
    monkeypatch.setattr(pm.get_plugin("oai.py"), "came", came)
    shutil.copytree(sample, tmp_path / "room")
    served, fresh = tmp_path / "room" / "collection.db", tmp_path / "fresh.db"
    shutil.copy2(served, fresh)
    with closing(sqlite3.connect(fresh)) as connection, connection:
        connection.execute("update articles set title = 'Changed' where id = 1")
    os.utime(fresh, (0, 0))
    reader = Reader(tmp_path / "room")
    before = etree.fromstring(reader.get(f"/oai?{RECORDS}").content)
    asked = before.findtext("oai:responseDate", namespaces=SPACES)
    later = (datetime.fromisoformat(asked) + timedelta(seconds=1)).strftime("%Y-%m-%dT%H:%M:%SZ")
    time.sleep(1.1)
    nothing = etree.fromstring(reader.get(f"/oai?{RECORDS}&from={later}").content)
    fresh.replace(served)
    after = etree.fromstring(reader.get(f"/oai?{RECORDS}&from={later}").content)
    reader.close()
    assert code(nothing) == "noRecordsMatch"
    assert "Changed" in after.xpath("//dc:title/text()", namespaces=SPACES)
    stamp = after.findtext(".//oai:datestamp", namespaces=SPACES)
    assert asked < stamp <= after.findtext("oai:responseDate", namespaces=SPACES)


def test_no_change_is_missed_while_a_server_takes_it_in(tmp_path: Path, sample: Path):
    """Who is answered from the file before, while the next is opened already, learns of that one later."""
    shutil.copytree(sample, tmp_path / "room")
    served, fresh = tmp_path / "room" / "collection.db", tmp_path / "fresh.db"
    shutil.copy2(served, fresh)
    with closing(sqlite3.connect(fresh)) as connection, connection:
        connection.execute("update articles set title = 'Changed' where id = 1")
    last, shown = "", False
    with serving(served, tmp_path / "room" / "plugins") as (port, _):
        fresh.replace(served)
        until = time.monotonic() + 120
        while not shown and time.monotonic() < until:
            tree = etree.fromstring(request(port, f"/oai?{RECORDS}").body)
            shown = "Changed" in tree.xpath("//dc:title/text()", namespaces=SPACES)
            last = last if shown else tree.findtext("oai:responseDate", namespaces=SPACES)
            time.sleep(0.1)
        again = etree.fromstring(request(port, f"/oai?{RECORDS}&from={last}").body)
    assert last
    assert "Changed" in again.xpath("//dc:title/text()", namespaces=SPACES)


@pytest.mark.parametrize("publication", ["the-cape-ledger", "closed-since"])
def test_who_harvests_a_set_learns_what_was_taken_down(tmp_path: Path, sample: Path, publication: str):
    """A library that takes one publication alone is told of the deleted, though its last article was one."""
    shutil.copytree(sample, tmp_path / "room")
    with closing(sqlite3.connect(tmp_path / "room" / "collection.db")) as connection, connection:
        row = ("f" * 12, "Withdrawn by its author.", "2026-02-03")
        connection.execute("insert into tombstones (key, reason, date) values (?, ?, ?)", row)
        count = connection.execute(
            "select count(*) from articles join sources on sources.id = source_id where sources.key = ?",
            [publication],
        ).fetchone()[0]
    reader = Reader(tmp_path / "room")
    tree = etree.fromstring(reader.get(f"/oai?{RECORDS}&set={publication}").content)
    reader.close()
    assert RULES.validate(tree), RULES.error_log
    headers = tree.findall(".//oai:header", SPACES)
    assert [header.get("status") for header in headers] == [None] * count + ["deleted"]


def test_letters_of_all_scripts_and_rights(room: Room):
    """A set's name is spelt in the few letters allowed; rights are told, catalogue data given, no text."""
    settings = room.folder / "metadata.yml"
    text = settings.read_text(encoding="utf-8")
    settings.write_text(text.replace("  readingroom:\n", "  readingroom:\n    contact: a@b.example\n"))
    room.put(
        "правда/a.md",
        "---\ntitle: 'A & <B>\x0b'\nrights: excerpt\ndate: 1970-02\n---\n\nThe withheld words.\n",
    )
    room.ingest()
    reader = Reader(room.folder)
    tree = etree.fromstring(reader.get(f"/oai?{RECORDS}").content)
    assert RULES.validate(tree), RULES.error_log
    spec = tree.findtext(".//oai:setSpec", namespaces=SPACES)
    assert re.fullmatch(r"[A-Za-z0-9~-]+", spec)
    again = etree.fromstring(reader.get(f"/oai?{RECORDS}&set={spec}").content)
    reader.close()
    assert len(again.findall(".//oai:record", SPACES)) == 1
    assert tree.findtext(".//dc:date", namespaces=SPACES) == "1970-02"
    assert tree.findtext(".//dc:rights", namespaces=SPACES) == "Only an excerpt of the text may be shown."
    assert "withheld" not in etree.tostring(tree, encoding="unicode")
