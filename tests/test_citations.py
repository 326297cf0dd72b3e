"""Citations: what other programs read out of them is what the catalogue says, and nothing more."""

import json
import re
import unicodedata
from html.parser import HTMLParser
from typing import Any

import bibtexparser
import pytest
import rispy
from bibtexparser import middlewares
from citeproc import Citation, CitationItem, CitationStylesBibliography, CitationStylesStyle, formatter
from citeproc.source.json import CiteProcJSON
from datasette.plugins import pm
from hypothesis import example, given
from hypothesis import strategies as st
from pylatexenc.latex2text import LatexNodes2Text, MacroTextSpec, get_default_latex_context_db

from ingest import personal_names
from tests.conftest import Reader, Room

ENDINGS = ("bib", "ris", "csl.json", "txt")


@pytest.fixture(scope="module")
def formats(reader: Reader) -> Any:
    """The file that writes citations."""
    assert reader
    return pm.get_plugin("citation_formats.py")


@pytest.fixture(scope="module")
def names(reader: Reader) -> Any:
    """The file that divides names."""
    assert reader
    return pm.get_plugin("citation_names.py")


def read_bibtex(text: str) -> list[dict[str, Any]]:
    """Return the entries of a BibTeX file as a parser reads them, what is escaped for LaTeX decoded."""
    known = get_default_latex_context_db()
    macros = [MacroTextSpec("textasciicircum", "^"), MacroTextSpec("vphantom", "")]
    known.add_context_category("signs", macros=macros, prepend=True)
    decoder = LatexNodes2Text(latex_context=known, strict_latex_spaces=True, keep_braced_groups=False)
    steps = [
        middlewares.SeparateCoAuthors(),
        middlewares.SplitNameParts(),
        middlewares.LatexDecodingMiddleware(decoder=decoder),
    ]
    library = bibtexparser.parse_string(text, append_middleware=steps)
    assert not library.failed_blocks
    return [
        {"type": entry.entry_type, "key": entry.key, **{field.key: field.value for field in entry.fields}}
        for entry in library.entries
    ]


def row(**stated: str | None) -> dict[str, str | None]:
    """Return the catalogue row of an article with little but what is stated here."""
    empty = dict.fromkeys(("description", "published", "source", "section", "language", "url"))
    return {"key": "0123456789ab", "title": "A Title", **empty, **stated}


def test_bibtex_names_the_language(formats: Any):
    """LaTeX is told the language where it knows words of it, and nothing where it knows none."""
    for language, name in {
        "de": "ngerman",
        "nb": "norsk",
        "tr": "turkish",
        "hr": "croatian",
        "ja": "",
    }.items():
        reference = formats.refer(row(language=language), [], [], "https://room.example/a")
        (entry,) = read_bibtex(formats.write_bibtex(reference))
        assert entry.get("langid", "") == name


SPECIAL = st.sampled_from(
    [*r"{}\$&#_%^~@\"',-`<>?!|", "\\textbf{", "}}", "{{", " and ", "\n", "@article{x,", "ER  - "]
)
HOSTILE = st.lists(st.one_of(SPECIAL, st.text(max_size=8)), max_size=12).map("".join)


@given(title=HOSTILE, source=HOSTILE, tags=st.lists(HOSTILE, max_size=3))
@example(title=r"{\ 100% of $5 & #1_x^2 ~ ``a'' --- }{", source="}", tags=["a, b", "c"])
def test_bibtex_gives_any_text_back(formats: Any, title: str, source: str, tags: list[str]):
    """Whatever stands in a title or in the name of a publication, a parser reads it as it was."""
    reference = formats.refer(row(title=title, source=source), [], tags, "https://room.example/a")
    (entry,) = read_bibtex(formats.write_bibtex(reference))
    assert plain(entry["title"]) == plain(reference.title)
    assert plain(entry.get("journal", "")) == plain(reference.source)
    assert plain(entry.get("keywords", "")) == plain(", ".join(reference.tags))
    assert entry["key"] == "article-0123456789ab"


def plain(text: str) -> str:
    """Return a text without differences that decoding makes: spaces, and typographic apostrophes."""
    return re.sub(r"\s", "", unicodedata.normalize("NFC", text.replace("’", "'").replace("‘", "`")))


@given(title=HOSTILE, authors=st.lists(HOSTILE, max_size=3), tags=st.lists(HOSTILE, max_size=3))
def test_ris_gives_any_text_back(formats: Any, title: str, authors: list[str], tags: list[str]):
    """No title, author or keyword can end a record or begin a field of its own."""
    written = row(title=title, source="The Post", published="1961-04-12")
    reference = formats.refer(written, authors, tags, "https://room.example/a")
    (record,) = rispy.loads(formats.write_ris(reference))
    assert record["title"] == reference.title
    assert record.get("authors", []) == [name.turned() for name in reference.authors]
    assert record.get("keywords", []) == list(reference.tags)
    assert set(record) <= {
        *("type_of_reference", "id", "authors", "title", "secondary_title", "year", "date", "keywords"),
        "urls",
    }


LETTERS = st.text(st.characters(categories=["Lu", "Ll"], max_codepoint=0x24F), min_size=1, max_size=6)
SIGNED = st.lists(
    st.one_of(LETTERS, st.sampled_from(sorted(personal_names.PARTICLES))), min_size=1, max_size=5
)


@given(words=SIGNED, suffix=st.sampled_from(["", "Jr.", "III"]))
@example(words=["Ursula", "von", "der", "Leyen"], suffix="")
def test_no_part_of_a_name_is_lost(names: Any, words: list[str], suffix: str):
    """The parts of a name in their order are the name, and the family name is one that it has."""
    signed = " ".join([*words, suffix]).strip()
    name = names.split_name(signed)
    assert name.straight() == signed
    if name.given and not suffix:
        assert name.family in personal_names.surnames(signed)
        assert name.family == personal_names.surnames(signed)[-1]


def test_names_are_divided_as_the_catalogue_divides_them(names: Any):
    """Pages may not import the package, so that the words they know are compared here."""
    assert names.PARTICLES == personal_names.PARTICLES
    assert names.OPENING == personal_names.OPENING


@pytest.mark.parametrize(
    ("signed", "turned"),
    [
        ("Anna Petrova", "Petrova, Anna"),
        ("Petrova, Anna", "Petrova, Anna"),
        ("Ursula von der Leyen", "von der Leyen, Ursula"),
        ("von der Leyen", "von der Leyen"),
        ("Martin Luther King, Jr.", "King, Martin Luther, Jr."),
        ("Harry Connick Jr.", "Connick, Harry, Jr."),
        ("Анна Петрова", "Петрова, Анна"),
        ("Prof. Dr. Anna Petrova", "Petrova, Anna"),
        ("Dr. Petrova", "Dr. Petrova"),
        ("Reuters", "Reuters"),
        ("Agence France-Presse", "Agence France-Presse"),
        ("Our Correspondent in Moscow", "Our Correspondent in Moscow"),
        ("Woodward and Bernstein", "Woodward and Bernstein"),
        ("World Health Organization", "World Health Organization"),
        ("Amnesty International", "Amnesty International"),
        ("Bank of England", "Bank of England"),
        ("Harbour Books Ltd.", "Harbour Books Ltd."),
        ("Ministère de la Culture", "Ministère de la Culture"),
        ("Emily Post", "Post, Emily"),
        ("Mara Quill PhD", "Quill, Mara"),
        ("Dr. Mara Quill, M.D., Ph.D.", "Quill, Mara"),
        ("Mara Quill Jr., Esq.", "Quill, Mara, Jr."),
        ("王 小明", "王 小明"),
        ("anna@post.example", "anna@post.example"),
        ("One, Two, Three", "One, Two, Three"),
    ],
)
def test_names_are_turned(names: Any, signed: str, turned: str):
    """A person's family name comes first; an office, an agency or a single name stays as it is."""
    assert names.split_name(signed).turned() == turned


def test_the_publication_as_its_own_author_stays_whole(formats: Any):
    """A by-line that is the name of the publication is no person."""
    reference = formats.refer(row(source="Meridian Dispatch"), ["Meridian Dispatch"], [], "")
    assert formats.describe_csl(reference)["author"] == [{"literal": "Meridian Dispatch"}]


@given(words=SIGNED)
def test_bibtex_names_are_read_as_written(formats: Any, words: list[str]):
    """The parts that a parser of BibTeX finds in a name, put in order, are the name."""
    reference = formats.refer(row(), [" ".join(words), "Anna Petrova"], [], "")
    (entry,) = read_bibtex(formats.write_bibtex(reference))
    first, second = entry["author"]
    parts = " ".join([*first.first, *first.von, *first.last, *first.jr])
    assert parts.strip("{}") == " ".join(words)  # a name in one piece is in braces
    assert (second.first, second.last) == (["Anna"], ["Petrova"])


@pytest.mark.parametrize(
    ("published", "bibtex", "ris", "csl", "words"),
    [
        ("1961-04-12T10:15:00+03:00", "1961-04-12", "1961/04/12/", [1961, 4, 12], "12 April 1961."),
        ("1961-04-12", "1961-04-12", "1961/04/12/", [1961, 4, 12], "12 April 1961."),
        ("1961-04", "1961-04", "1961/04//", [1961, 4], " April 1961."),
        ("1961", "1961", "1961///", [1961], " 1961."),
        (None, None, None, None, " n.d."),
    ],
)
def test_no_date_is_made_precise(
    formats: Any, published: str, bibtex: str, ris: str, csl: list[int], words: str
):
    """A year stays a year and a month a month, in every format; no date is no date."""
    reference = formats.refer(row(published=published), [], [], "")
    (entry,) = read_bibtex(formats.write_bibtex(reference))
    (record,) = rispy.loads(formats.write_ris(reference))
    assert entry.get("date") == bibtex
    assert ("month" in entry) == (published is not None and len(published) > 4)
    assert record.get("date") == ris
    assert formats.describe_csl(reference).get("issued", {}).get("date-parts") == ([csl] if csl else None)
    assert "".join(formats.word_citation(reference)).endswith(words)


def test_words_in_the_manner_of_chicago(formats: Any):
    """Author, title, publication, date, address; a second author straight, quotation marks within turned."""
    stated = row(
        title="“Poyekhali!”, He Said",
        source="The Courier",
        published="1961-04",
        url="https://courier.example/1",
    )
    reference = formats.refer(stated, ["Anna Petrova", "Ivan Malt"], [], "https://room.example/a")
    assert "".join(formats.word_citation(reference)) == (
        "Petrova, Anna, and Ivan Malt. “‘Poyekhali!’, He Said.” The Courier, April 1961. https://courier.example/1."
    )
    straight = formats.refer(row(title='The 12" Gun and the 14" Shell', published="1961"), [], [], "")
    assert "".join(formats.word_citation(straight)) == '“The 12" Gun and the 14" Shell.” 1961.'
    straight = formats.refer(row(title='A "Go" From "Moscow"', published="1961"), [], [], "")
    assert "".join(formats.word_citation(straight)) == "“A ‘Go’ From ‘Moscow’.” 1961."
    many = formats.refer(row(title="Who?"), [f"Anna Number{'x' * count}" for count in range(11)], [], "")
    assert "Numberxxxxxx, et al. “Who?” n.d." in "".join(formats.word_citation(many))


def test_every_article_in_every_format(reader: Reader, query: Any):
    """What parsers read of every article is what the catalogue has of it."""
    sql = """
        select articles.id, articles.key, title, published, sources.name as source, url from articles
        left join sources on sources.id = source_id
    """
    for article in query(sql):
        texts = {ending: reader.get(f"/article/{article['key']}.{ending}").text for ending in ENDINGS}
        (entry,) = read_bibtex(texts["bib"])
        (record,) = rispy.loads(texts["ris"])
        (item,) = json.loads(texts["csl.json"])
        assert plain(entry["title"]) == plain(article["title"])
        assert record["title"] == item["title"] == article["title"]
        assert record.get("secondary_title") == item.get("container-title") == article["source"]
        assert entry.get("date") == (article["published"][:10] if article["published"] else None)
        address = article["url"] or f"http://localhost/article/{article['key']}"
        assert item["URL"] == entry["url"] == record["urls"][0] == address
        assert {entry["key"], record["id"], item["id"]} == {f"article-{article['key']}"}
        assert texts["txt"].endswith(f"{address}.\n")


def test_a_citation_processor_takes_them(reader: Reader):
    """A processor of citation styles makes a bibliography of all that a search finds."""
    items = reader.get("/search.csl.json?q=moon").json()
    style = CitationStylesStyle("harvard-cite-them-right", validate=False)
    bibliography = CitationStylesBibliography(style, CiteProcJSON(items), formatter.plain)
    for item in items:
        bibliography.register(Citation([CitationItem(item["id"])]))
    lines = [str(line) for line in bibliography.bibliography()]
    assert len(lines) == len(items) > 1
    for item in items:
        assert any(item["author"][0]["family"] in line for line in lines) if item.get("author") else True


@pytest.mark.parametrize("found", ["", "?q=moon", "?q=nothingatallhasthis"])
def test_searches_are_whole_files(reader: Reader, found: str):
    """All that a search finds is one valid file in each format, none missing, nothing found no error."""
    keys = [json.loads(line)["key"] for line in reader.get(f"/search.jsonl{found}").text.splitlines()]
    expected = [f"article-{key}" for key in keys]
    answers = {ending: reader.get(f"/search.{ending}{found}") for ending in ENDINGS[:3]}
    assert [entry["key"] for entry in read_bibtex(answers["bib"].text)] == expected
    assert [record["id"] for record in rispy.loads(answers["ris"].text)] == expected
    assert [item["id"] for item in answers["csl.json"].json()] == expected
    assert all("attachment" in answer.headers["content-disposition"] for answer in answers.values())


def test_searches_come_in_batches_and_end_at_the_cap(reader: Reader, monkeypatch: pytest.MonkeyPatch):
    """The file stays whole over the borders of batches, and ends where other downloads end."""
    monkeypatch.setattr(pm.get_plugin("downloads.py"), "BATCH", 7)
    assert len(reader.get("/search.csl.json").json()) == len(reader.get("/search.jsonl").text.splitlines())
    monkeypatch.setattr(pm.get_plugin("downloads.py"), "CAP", 10)
    for ending, read in (("bib", read_bibtex), ("ris", rispy.loads), ("csl.json", json.loads)):
        answer = reader.get(f"/search.{ending}")
        assert len(read(answer.text)) == 10
        assert f"search-first-10-of-45.{ending}" in answer.headers["content-disposition"]


def test_what_is_not_there(reader: Reader):
    """No citation is made of an article that is not there."""
    assert [reader.get(f"/article/ffffffffffff.{ending}").status_code for ending in ENDINGS] == [404] * 4


class Head(HTMLParser):
    """The meta and link elements of a page, as a program reads them."""

    def __init__(self, page: str) -> None:
        """Read a page."""
        super().__init__()
        self.metas: list[tuple[str, str]] = []
        self.links: list[dict[str, str | None]] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note an element."""
        stated = dict(attrs)
        if tag == "meta" and stated.get("content") is not None:
            self.metas.append((stated.get("name") or stated.get("property") or "", stated["content"] or ""))
        elif tag == "link":
            self.links.append(stated)

    def all(self, name: str) -> list[str]:
        """Return the contents of the meta elements of a name."""
        return [content for each, content in self.metas if each == name]


def test_the_page_tells_programs(reader: Reader, query: Any):
    """Dublin Core, Highwire, Open Graph and schema.org agree with the catalogue, on every page."""
    sql = """
        select articles.id, articles.key, title, published, sources.name as source, url from articles
        left join sources on sources.id = source_id
    """
    for article in query(sql):
        page = reader.get(f"/article/{article['key']}").text
        head = Head(page.split("</head>")[0])
        signed = [
            each["name"]
            for each in query(
                "select name from article_authors join authors on id = author_id where article_id = ?"
                " order by position",
                article["id"],
            )
        ]
        address = f"http://localhost/article/{article['key']}"
        (canonical,) = [link["href"] for link in head.links if link["rel"] == "canonical"]
        assert canonical == (article["url"] or address)
        for name in ("DC.title", "citation_title", "og:title"):
            assert head.all(name) == [article["title"]]
        assert len(head.all("DC.creator")) == len(head.all("citation_author")) == len(signed)
        date = [article["published"]] if article["published"] else []
        assert head.all("DC.date") == head.all("article:published_time") == date
        assert head.all("citation_publication_date") == [each[:10].replace("-", "/") for each in date]
        assert head.all("citation_journal_title") == [article["source"]]
        assert set(head.all("DC.identifier")) == {canonical, address}
        linked = json.loads(re.search(r'<script type="application/ld\+json">(.*?)</script>', page)[1])
        assert linked["url"] == canonical
        assert linked["archivedAt"] == address
        assert linked.get("datePublished") == (date[0] if date else None)
        assert [author["name"] for author in linked.get("author", [])] == signed
        alternates = [link["href"] for link in head.links if link["rel"] == "alternate"]
        assert alternates == [f"/article/{article['key']}.{ending}" for ending in ENDINGS]
        assert all(reader.get(link).status_code == 200 for link in alternates)


def test_rights_withhold_no_catalogue_data(room: Room):
    """An article of which only the metadata may be shown is cited like any other, without its text."""
    room.put(
        "post/secret.md",
        "---\ntitle: Kept\nrights: metadata\ndate: 1970\n---\n\nThe withheld words of this text.\n",
    )
    room.ingest()
    assert room.one("select rights from articles") == "metadata"
    reader = Reader(room.folder)
    key = room.one("select key from articles")
    for ending in ENDINGS:
        answer = reader.get(f"/article/{key}.{ending}")
        assert "Kept" in answer.text
        assert "withheld" not in answer.text
    reader.close()
