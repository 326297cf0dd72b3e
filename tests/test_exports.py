"""What programs and news services export as JSON and tables: found where they put it, read as meant."""

import errno
import io
import json
import os
import time
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from ingest.exports.beside import TELLING
from ingest.model import Article, Finding, Item
from ingest.reading import read_item, tools_of
from ingest.registry import discover
from ingest.sources import find_items, plan_roots

TEXT = "The harbour board met on Tuesday to talk about the old lamp."
ARTICLE = {"title": "The lamp", "body": TEXT}


def read(name: str, content: str) -> list[Finding]:
    """Return the findings of one file in memory."""
    return list(read_item(Item(locator=name, data=content.encode()), tools_of(discover())))


def article(name: str, content: object) -> Article:
    """Return the one article in a file, of which nothing is doubtful."""
    [finding] = read(name, content if isinstance(content, str) else json.dumps(content))
    assert finding.article is not None, finding.reason
    assert not finding.problems
    return finding.article


@pytest.mark.parametrize(
    "content",
    [
        {"hits": {"total": 1, "hits": [{"_index": "a", "_source": ARTICLE}]}},
        {"data": [{"type": "article", "attributes": ARTICLE}]},
        {"data": {"posts": {"edges": [{"node": ARTICLE}]}}},
        {"response": {"results": [{"webTitle": "The lamp", "fields": {"bodyText": TEXT}}]}},
        {
            "messages": [
                {"title": "The lamp", "text": ["The harbour board ", {"type": "bold", "text": TEXT[18:]}]}
            ]
        },
    ],
)
def test_articles_are_found_where_services_put_them(content: object):
    """What is said of an article beside it does not hide the article."""
    found = article("a.json", content)
    assert (found.title, found.text) == ("The lamp", TEXT)


def test_names_and_days_of_programs_that_keep_literature():
    """A name has its particles; what is written as a whole, a body's name or a day, is read as it stands."""
    people = [
        {"given": "Jan", "family": "Berg", "non-dropping-particle": "van den", "suffix": "Jr"},
        {"literal": "Harbour Board"},
    ]
    found = article("a.json", [{**ARTICLE, "author": people, "issued": {"raw": "March 2020"}}])
    assert found.authors == ("Jan van den Berg Jr", "Harbour Board")
    assert found.published is not None
    assert found.published.value == "2020-03"


def test_an_answer_of_a_newspaper_s_archive():
    """A headline, a by-line and subjects that are objects are read as words."""
    document = {
        "headline": {"main": "The lamp", "kicker": None},
        "byline": {"original": "By Ida Brandt", "person": []},
        "lead_paragraph": TEXT,
        "abstract": "On a lamp.",
        "keywords": [{"name": "subject", "value": "Lamps"}],
        "web_url": "https://news.example/lamp",
    }
    found = article("a.json", {"response": {"docs": [document]}})
    assert (found.title, found.authors, found.text) == ("The lamp", ("Ida Brandt",), TEXT)
    assert (found.tags, found.description, found.url) == (
        ("Lamps",),
        "On a lamp.",
        "https://news.example/lamp",
    )


@pytest.mark.parametrize(
    "item",
    [
        {
            "creators": [{"firstName": "Ida", "lastName": "Brandt"}],
            "date": "2021-03-05",
            "publicationTitle": "G",
        },
        {
            "author": [{"family": "Brandt", "given": "Ida"}],
            "issued": {"date-parts": [[2021, 3, 5]]},
            "source": "G",
        },
    ],
)
def test_what_literature_programs_export(item: dict[str, object]):
    """People and days in parts are people and days."""
    found = article("a.json", [{"title": "The lamp", "text": TEXT, **item}])
    assert (found.authors, found.source) == (("Ida Brandt",), "G")
    assert found.published is not None
    assert found.published.value == "2021-03-05"


@pytest.mark.parametrize("moment", ["1614938400", "1614938400000", "1614938400.0"])
def test_a_count_of_seconds_is_a_date(moment: str):
    """A moment as programs count it is the minute in universal time; in a text such digits are none."""
    found = article("a.csv", f"title,text,time_added\nThe lamp,{TEXT},{moment}\n")
    assert found.published is not None
    assert found.published.value == "2021-03-05T10:00+00:00"
    assert article("a.txt", f"The lamp\n\n{moment}\n\n{TEXT}").published is None


def test_references_to_characters_are_the_characters():
    """A text that was written for HTML, though without elements, is read as it was meant; line ends stay."""
    found = article(
        "a.csv", 'title,text\nA &amp; B,"He said &quot;no&quot; &#8211; and left?a=1&copy=2.\n\nSo did I."\n'
    )
    assert (found.title, found.text) == ("A & B", 'He said "no" – and left?a=1&copy=2.\n\nSo did I.')


@pytest.mark.parametrize(
    ("above", "row"),
    [
        ("sep=;\n", 3),
        ("\n\n", 4),
        ("Export of 5 March\n\n", 4),
        ("Export, of 5 March;;\n;;\n", 4),
    ],
)
def test_lines_above_the_names_of_columns(above: str, row: int):
    """What stands above a table, for Excel or for people, is no part of it; rows keep their numbers."""
    [finding] = read("a.csv", f"{above}Titel;Text;Datum\nDie Lampe;{TEXT}, sagt Ida;5.3.2021\n")
    assert finding.locator == f"a.csv#row={row}"
    assert finding.article is not None
    assert finding.article.text == f"{TEXT}, sagt Ida"


def test_a_table_without_names_of_columns_says_so():
    """Rows in which nothing is a title or a text are told by the names in the first."""
    [finding] = read("a.csv", "Amount,Sum\n1,2\n3,4\n")
    assert finding.outcome == "problem"
    assert "Amount, Sum" in finding.problems[0].message
    [finding] = read("a.csv", ",,\n,,\n")
    assert finding.problems[0].code == "no-text-column"


def test_a_feed_without_summaries_states_none():
    """The text of an entry is not given as its summary as well; words of two paragraphs stay apart."""
    entry = (
        "<id>tag:1</id><title>The lamp</title>{}"
        '<content type="html">&lt;p&gt;It is out.&lt;/p&gt;&lt;p&gt;So they say.&lt;/p&gt;</content>'
    )
    summary = '<summary type="html">&lt;p&gt;On a lamp.&lt;/p&gt;&lt;p&gt;Read on.&lt;/p&gt;</summary>'
    described = []
    for stated in ("", summary):
        feed = f'<feed xmlns="http://www.w3.org/2005/Atom"><entry>{entry.format(stated)}</entry></feed>'
        described.append(article("a.atom", feed).description)
    assert described == [None, "On a lamp. Read on."]


def test_what_a_feed_says_of_a_picture_is_not_its_text():
    """The longer text of an entry is the article, be it called a description."""
    item = f"<title>The lamp</title><description>{TEXT}</description><m:description>A lamp</m:description>"
    space = 'xmlns:m="http://search.yahoo.com/mrss/"'
    found = article("a.rss", f'<rss version="2.0" {space}><channel><item>{item}</item></channel></rss>')
    assert (found.text, found.description) == (TEXT, None)


def test_a_timeline_of_facebook_has_its_posts():
    """The words of each post are its text, with the letters that Facebook took apart."""
    entries = [
        {"timestamp": 1707207970, "data": [{"post": TEXT}], "title": "Ida Brandt updated her status."},
        {
            "timestamp": 1707207990,
            "attachments": [{"data": [{"external_context": {"url": "https://news.example/m"}}]}],
            "data": [
                {"post": "L\u00c3\u00a6s om lampen p\u00c3\u00a5 molen."},
                {"update_timestamp": 1707208000},
            ],
            "title": "Ida Br\u00c3\u00a6nd shared a link.",
        },
        {"timestamp": 1707209000, "data": [{"post": "Déjà vu on the mole."}]},
    ]
    found = [finding.article for finding in read("your_posts_1.json", json.dumps(entries)) if finding.article]
    assert [each.text for each in found] == [TEXT, "Læs om lampen på molen.", "Déjà vu on the mole."]
    assert found[1].title == "Ida Brænd shared a link."
    assert {each.published.value[:10] for each in found if each.published} == {"2024-02-06"}
    assert any("1707208000" in field.value for field in found[1].fields)


@pytest.mark.parametrize("is_whole", [False, True])
def test_a_chat_from_telegram_has_who_wrote_what(*, is_whole: bool):
    """People are authors and a channel is none, unless a post is signed; a poll's words are its text.

    So it is in the export of one chat, and in that of all that somebody has.
    """
    message = {"type": "message", "date": "2024-03-05T10:00:00", "date_unixtime": "1709629200"}
    poll = {"question": "Which lamp?", "answers": [{"text": "The red one", "voters": 2}]}
    group = [
        {
            **message,
            "id": 1,
            "from": "Ida Brandt",
            "from_id": "user1",
            "text": ["The ", {"text": "lamp"}, "."],
        },
        {**message, "id": 2, "from": "Ola Dahl", "from_id": "user2", "text": "", "poll": poll},
        {**message, "id": 3, "from": "Ola Dahl", "from_id": "user2", "text": "", "photo": "a.jpg"},
    ]
    channel = [
        {**message, "id": 1, "from": "News", "from_id": "channel3", "text": "It is lit."},
        {
            **message,
            "id": 2,
            "from": "News",
            "from_id": "channel3",
            "author": "Nils Lund",
            "text": "It is out.",
        },
    ]
    chats = [
        {"name": "Harbour", "type": "private_group", "messages": group},
        {"name": "News", "type": "public_channel", "messages": channel},
    ]
    exports = [{"about": "All.", "chats": {"about": "Chats.", "list": chats}}] if is_whole else chats
    found = [each for export in exports for each in read("result.json", json.dumps(export))]
    written = [each.article for each in found if each.article]
    assert [(each.text, each.authors, each.source) for each in written] == [
        ("The lamp.", ("Ida Brandt",), "Harbour"),
        ("The red one", ("Ola Dahl",), "Harbour"),
        ("It is lit.", (), "News"),
        ("It is out.", ("Nils Lund",), "News"),
    ]
    assert [each.reason for each in found if each.outcome == "skipped"] == [
        "a message of a chat without words"
    ]


def test_an_archive_of_mastodon_has_its_posts():
    """What somebody wrote is read; what was only passed on is listed as skipped."""
    note = {"type": "Note", "url": "https://m.example/@ida/1", "content": f"<p>{TEXT}</p>", "summary": None}
    activities = [
        {"type": "Create", "published": "2024-02-06T09:06:10Z", "object": note},
        {"type": "Announce", "published": "2024-02-07T09:06:10Z", "object": "https://m.example/@ola/7"},
    ]
    outbox = {"id": "outbox.json", "type": "OrderedCollection", "orderedItems": activities}
    written, passed = (each for each in read("outbox.json", json.dumps(outbox)) if each.outcome != "opened")
    assert written.article is not None
    assert (written.article.text, written.article.url) == (TEXT, "https://m.example/@ida/1")
    assert (passed.outcome, passed.reason) == ("skipped", "a post of somebody else that was passed on")


@pytest.mark.parametrize("above", ["", "---\ntitle: The lamp\n---\n\n"])
def test_a_page_that_omnivore_kept_has_its_address(above: str):
    """The address of the original is the article's, whatever brackets it has."""
    links = "[Read on Omnivore](https://omnivore.app/me/x)\n[Read Original](https://news.example/lamp_(old))"
    written = f"{above}# The lamp\n#Omnivore\n\n{links}\n\n{TEXT}\n"
    assert article("lamp.md", written).url == "https://news.example/lamp_(old)"
    other = written.replace("omnivore.app", "reader.example")
    assert article("lamp.md", other).url is None


@pytest.mark.parametrize(
    ("first", "second", "dates"),
    [
        ("13/03/2024, 14:05", "01/04/2024, 9:00", ["2024-03-13T14:05", "2024-04-01T09:00"]),
        ("3/13/24, 2:05 PM", "4/1/24, 12:00 AM", ["2024-03-13T14:05", "2024-04-01"]),
        ("11/04/2024 14.05", "01/05/2024 9.00", ["2024-04-11T14:05", "2024-05-01T09:00"]),
        ("03.04.24, 14:05", "04.04.24, 9:00", ["2024-04-03T14:05", "2024-04-04T09:00"]),
        ("2024/3/4 下午2:05", "2024/3/5 上午9:00", ["2024-03-04T14:05", "2024-03-05T09:00"]),
        ("03/04/2024, 14:05", "04/04/2024, 9:00", ["2024", "2024-04-04T09:00"]),
        ("13/03/2024, 14:05", "03/13/2024, 9:00", ["2024", "2024"]),
    ],
)
def test_the_order_of_days_and_months_in_a_chat(first: str, second: str, dates: list[str]):
    """The whole chat shows which number is the day; where nothing does, none is stated, and that is told."""
    found = read("_chat.txt", f"{first} - Ada: The lamp is out.\n{second} - Ida: It burns.\n")
    articles = [each.article for each in found if each.article]
    assert [each.published and each.published.value for each in articles] == dates
    told = [problem.code for each in found for problem in each.problems]
    assert told == (["day-or-month"] if "2024" in dates else [])


@pytest.mark.parametrize("mark", ["<", "[", ":", "\u200e", "<a:00000000-", "a.b (", "12/03/2024, "])
def test_a_chat_of_one_mark_is_read_at_once(mark: str):
    """No pattern goes through a message again and again."""
    content = f"12/03/2024, 14:05 - Ada: On\n12/03/2024, 14:06 - Ada: {mark * 100_000}"
    began = time.process_time()
    documents = list(discover().readers["whatsapp"].read(Item(locator="a.txt"), io.BytesIO(content.encode())))
    assert len(documents) == 2
    assert time.process_time() - began < 5


SIGNS = {
    "de": (
        "<Medien ausgeschlossen>",
        "Diese Nachricht wurde gelöscht.",
        "<Diese Nachricht wurde bearbeitet.>",
    ),
    "fr": ("<Médias omis>", "Ce message a été supprimé", "<Ce message a été modifié>"),
    "es": ("<Multimedia omitido>", "Se eliminó este mensaje.", "<Se editó este mensaje.>"),
    "it": ("<Media omessi>", "Questo messaggio è stato eliminato.", "<Questo messaggio è stato modificato>"),
    "pt": ("<Mídia oculta>", "Mensagem apagada", "<Mensagem editada>"),
    "nl": ("<Media weggelaten>", "Dit bericht is verwijderd", "<Dit bericht is bewerkt>"),
    "iPhone": ("Bild weggelassen", "Du hast diese Nachricht gelöscht.", "<Diese Nachricht wurde bearbeitet>"),
}


@pytest.mark.parametrize("signs", SIGNS.values(), ids=SIGNS)
def test_what_whatsapp_says_in_place_of_words(signs: tuple[str, str, str]):
    """Pictures left out and messages taken back are no articles, in whatever language; a quotation is one."""
    picture, deleted, edited = signs
    said = (picture, deleted, f"The lamp is lit. {edited}", f"It says {picture} here")
    lines = [f"12/03/2024, 14:0{at} - Ada: {each}" for at, each in enumerate(said)]
    found = read("WhatsApp Chat with Ada.txt", "\n".join(lines))
    assert [each.outcome for each in found] == ["skipped", "skipped", "article", "article"]
    assert [each.article.text for each in found if each.article] == ["The lamp is lit.", said[3]]


def newsletters(pages: list[str]) -> dict[str, Finding]:
    """Return what is found in an export of Substack with some pages, by locator."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr(
            "posts.csv",
            "post_id,post_date,is_published,email_sent_at,type,audience,title,subtitle,podcast_url\n"
            "7.the-lamp,2024-03-10T12:00:00.000Z,true,,newsletter,everyone,The lamp,It burns again,\n"
            "8.the-quay,2024-03-11T12:00:00.000Z,false,,newsletter,everyone,The quay,,\n",
        )
        for page in pages:
            archive.writestr(f"posts/{page}.html", f"<p>{TEXT} So much of {page}.</p>")
    item = Item(locator="export.zip", data=content.getvalue())
    return {each.locator: each for each in read_item(item, tools_of(discover()))}


def test_what_substack_says_of_a_page():
    """Title, subtitle and day of a post stand with its page; of what is not published only the entry may."""
    found = newsletters(["7.the-lamp", "8.the-quay"])
    lamp, quay = (found[f"export.zip!/posts/{name}.html"].article for name in ("7.the-lamp", "8.the-quay"))
    assert lamp is not None
    assert quay is not None
    assert (lamp.title, lamp.description, lamp.rights) == ("The lamp", "It burns again", None)
    assert lamp.published is not None
    assert lamp.published.value == "2024-03-10T12:00+00:00"
    assert lamp.text == f"{TEXT} So much of 7.the-lamp."
    assert (quay.title, quay.rights) == ("The quay", "metadata")
    assert found["export.zip!/posts.csv"].outcome == "skipped"


def test_a_post_of_substack_without_a_page():
    """A table that states something of a post without a page is read as any other: nothing of it is lost."""
    found = newsletters(["7.the-lamp"])
    row = found["export.zip!/posts.csv#row=3"].article
    assert row is not None
    assert row.published is not None
    assert (row.title, row.published.value) == ("The quay", "2024-03-11T12:00+00:00")


def test_who_people_are_in_a_packed_export():
    """In an archive the list of people above the channels, and the account beside the posts, say it too."""
    people = [{"id": "U1", "team_id": "T1", "profile": {"real_name": "Ida Brandt"}}]
    messages = [{"type": "message", "ts": "1615028400.000100", "user": "U1", "text": f"<@U1> here. {TEXT}"}]
    account = [{"account": {"username": "lamp_ida", "accountDisplayName": "Ida of the lamp"}}]
    posts = [{"tweet": {"id_str": "7", "full_text": TEXT}}]
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr("chats/users.json", json.dumps(people))
        archive.writestr("chats/general/2021-03-06.json", json.dumps(messages))
        archive.writestr("data/account.js", f"window.YTD.account.part0 = {json.dumps(account)}")
        archive.writestr("data/tweets.js", f"window.YTD.tweets.part0 = {json.dumps(posts)}")
    item = Item(locator="export.zip", data=content.getvalue())
    found = [each.article for each in read_item(item, tools_of(discover())) if each.article]
    assert [(each.authors, each.text) for each in found] == [
        (("Ida Brandt",), f"@Ida Brandt here. {TEXT}"),
        (("Ida of the lamp",), TEXT),
    ]


@pytest.mark.parametrize(
    "damage", [b"", b"{", b"\xff\xfe", b"[1]", b"[[", b"window.YTD.account.part0 = [{}]"]
)
def test_a_list_of_people_that_is_none(damage: bytes):
    """What stands beside is read without it."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        for name in ("users.json", "account.js", "posts.csv"):
            archive.writestr(name, damage)
        archive.writestr(
            "tweets.js", "window.YTD.tweets.part0 = " + json.dumps([{"tweet": {"full_text": TEXT}}])
        )
    found = read_item(Item(locator="a.zip", data=content.getvalue()), tools_of(discover()))
    assert [each.article.text for each in found if each.article and "tweets" in each.locator] == [TEXT]


@pytest.mark.parametrize("kind", [zipfile.ZIP_LZMA, zipfile.ZIP_BZIP2, zipfile.ZIP_DEFLATED])
def test_a_damaged_list_of_people_costs_no_other_member(kind: int):
    """However it was packed, what lies beside it is read."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", kind) as archive:
        people = [{"id": f"U{each}", "profile": {"real_name": f"n{each * 7919}"}} for each in range(3000)]
        archive.writestr("users.json", json.dumps(people))
        archive.writestr("a.md", "# The mill\n\nIt is sold.\n")
    damaged = bytearray(packed.getvalue())
    damaged[300:5000:7] = bytes(byte ^ 0xFF for byte in damaged[300:5000:7])
    found = read_item(Item(locator="export.zip", data=bytes(damaged)), tools_of(discover()))
    outcomes = {finding.locator: finding.outcome for finding in found}
    assert outcomes["export.zip!/users.json"] == "problem"
    assert outcomes["export.zip!/a.md"] == "article"


@pytest.fixture
def substack(tmp_path: Path) -> Path:
    """Give an unpacked export of Substack with two posts."""
    (tmp_path / "posts").mkdir()
    rows = ("post_id,post_date,is_published,title,subtitle", "1.a,2020-01-01,true,Mill,", "2.b,,true,Kiln,")
    (tmp_path / "posts.csv").write_text("\n".join(rows), encoding="utf-8")
    for page in ("1.a", "2.b"):
        (tmp_path / "posts" / f"{page}.html").write_text("<p>It is sold.</p>", encoding="utf-8")
    return tmp_path


def tables(place: Path) -> list[str]:
    """Return of which kind each table is that is found in a place."""
    found = find_items(plan_roots([place]))
    return [type(each).__name__ for each in found if each.locator.endswith(".csv")]


def test_a_table_whose_pages_are_not_read_is_read(substack: Path):
    """Its rows would be lost where the pages lie hidden, are empty, behind a link, or not wanted."""
    assert tables(substack) == ["Finding"]
    assert tables(substack / "*.csv") == ["Item"]
    page = substack / "posts" / "2.b.html"
    page.write_text("", encoding="utf-8")
    assert tables(substack) == ["Item"]
    page.unlink()
    page.symlink_to(substack / "posts" / "1.a.html")
    assert tables(substack) == ["Item"]
    page.unlink()
    page.write_text("<p>It is sold.</p>", encoding="utf-8")
    (substack / "posts").rename(substack / ".posts")
    assert tables(substack) == ["Item"]


def test_a_folder_that_may_not_be_looked_into_ends_no_run(substack: Path, monkeypatch: pytest.MonkeyPatch):
    """What it says of others is not known; a disk that fails is another matter."""
    plain = Path.stat

    def refused(number: int) -> Callable[..., object]:
        def stat(path: Path, **named: bool) -> object:
            if path.name in TELLING:
                raise OSError(number, os.strerror(number))
            return plain(path, **named)

        return stat

    monkeypatch.setattr(Path, "stat", refused(errno.EACCES))
    assert tables(substack) == ["Item"]
    monkeypatch.setattr(Path, "stat", refused(errno.EIO))
    with pytest.raises(OSError, match=os.strerror(errno.EIO)):
        tables(substack)
