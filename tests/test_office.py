"""Files of word processors, books and PDFs: all words kept, what they state read, the rest told."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.errors import ItemError
from ingest.layout import Line, join_lines, mend_words
from ingest.model import Article, Finding, Hint, Item, RawDocument
from ingest.normalize import normalize_document
from ingest.reading import read_item, tools_of
from ingest.registry import discover
from tests import office_files as office
from tests.conftest import Room

COLUMN = [
    (50, 700, "On the fourth of October a small ball of polished metal left the ground and be-"),
    (50, 686, "gan to circle the Earth, and whoever owned a short-wave set could hear it beep in"),
    (50, 672, "the night."),
    (70, 658, "A second paragraph starts with a line that is set in from the margin, as printers"),
    (50, 644, "have done for centuries."),
]


def read(name: str, content: bytes) -> list[Finding]:
    """Return the findings of one file in memory."""
    return list(read_item(Item(locator=name, data=content), tools_of(discover())))


def article(name: str, content: bytes) -> Article:
    """Return the one article in a file."""
    [finding] = read(name, content)
    assert finding.article is not None, finding.reason
    return finding.article


def problem(name: str, content: bytes) -> tuple[str, str]:
    """Return code and hint of the one problem that a file is."""
    [finding] = read(name, content)
    assert finding.outcome == "problem"
    assert finding.reason
    return finding.problems[0].code, finding.problems[0].hint


def test_a_pdf_has_paragraphs_and_whole_words():
    """Lines become paragraphs again, and a word split at a line's end is one word."""
    body = article("sputnik.pdf", office.pdf(COLUMN)).body
    assert [paragraph.split()[-1] for paragraph in body.split("\n\n")] == ["night.", "centuries."]
    assert "ground and began to circle" in body


def test_a_raised_letter_divides_no_line():
    """Marks of notes and exponents stand above the line, and the line goes on behind them."""
    mark = ") Tj /F1 8 Tf 6 Ts ({}) Tj /F1 12 Tf 0 Ts ("
    lines = (
        f"The keeper of the light wrote that none had come since noon.{mark.format(1)} A boat",
        "had been seen off the bar, though, and at dawn its crew was found asleep on the",
        f"quay,{mark.format(2)} with nets that covered 5 km{mark.format(2)}, all of them wet. The others",
        f"were asleep as well.{mark.format(3)}",
        "And none of them could say where they had been for all of the two days before it.",
    )
    found = article(
        "keeper.pdf", office.pdf([(50, 700 - 14 * each, line) for each, line in enumerate(lines)])
    )
    assert found.text == (
        "The keeper of the light wrote that none had come since noon.1 A boat had been seen off the bar,"
        " though, and at dawn its crew was found asleep on the quay,2 with nets that covered 5 km2, all of"
        " them wet. The others were asleep as well.3\n\n"
        "And none of them could say where they had been for all of the two days before it."
    )


@pytest.mark.parametrize(
    "setting", [") Tj /F1 {size} Tf {wide} Tz (", ") Tj 1 -0.015 0.015 1 50 {bottom} Tm ("]
)
def test_a_scan_has_paragraphs(setting: str):
    """Where recognised lines are told to be of more or less one size, or lie askew, paragraphs are whole."""
    column = (
        ("The keeper of the light wrote that none had come since noon. A boat had been seen", 11),
        ("off the bar, though, and at dawn its crew was found asleep on the quay with nets", 13),
        ("that covered miles.", 12),
        ("The others were asleep as well, and said that they had seen no lamp in the night,", 13),
        ("or heard the bell.", 11),
    )
    lines = [
        (50, 700 - 14 * each, setting.format(size=size, wide=1200 / size, bottom=700 - 14 * each) + line)
        for each, (line, size) in enumerate(column)
    ]
    found = article("scan.pdf", office.pdf(lines)).text.split("\n\n")
    assert [paragraph.split()[-1] for paragraph in found] == ["miles.", "bell."]


@pytest.mark.parametrize("place", [0, 1, 6])
@pytest.mark.parametrize(
    ("letter", "rest", "words"),
    [
        ("T", "he keeper of the light", "The keeper of the light"),
        ("T", "HE KEEPER of the light", "THE KEEPER of the light"),
        ("A", "fter that all the keepers", "After that all the keepers"),
        ("A", "boat had been seen by", "A boat had been seen by"),
        ("O", "’Hara of the light", "O’Hara of the light"),
        ("Q", "Did all of them lie", "Q Did all of them lie"),
        ("L", "lamps and the light", "L lamps and the light"),
    ],
)
def test_a_large_first_letter_begins_its_word(letter: str, rest: str, words: str, place: int):
    """A letter as high as three lines stands before its word, wherever the page has it."""
    column = [
        (80, 700, f"{rest} wrote that none had come since noon. Two of"),
        (80, 686, "Them had seen a boat off the bar though, and said that at dawn."),
        (80, 672, "His people found them on the quay, with nets that had covered"),
        (50, 658, "Miles of sea, all of them wet. The others were still asleep too, and"),
        (50, 644, "none of them knew where they had been for all of the two days."),
    ]
    lines = [(50, 730, "The lamp is out"), *column]
    lines.insert(place, (50, 670, f") Tj /F1 46 Tf ({letter}) Tj /F1 12 Tf ("))
    found = article("keeper.pdf", office.pdf(lines))
    assert found.title == "The lamp is out"
    assert found.text.split("\n\n")[1].startswith(f"{words} wrote that none had come since noon. Two of Them")
    assert len(found.text.split("\n\n")) == 2


def test_a_line_above_a_large_first_letter_is_no_part_of_its_paragraph():
    """What is as wide as the column, and right above it, does not run into the text that begins there."""
    words = ("Harbour Gazette, 14 March", "he keeper of the light", "wrote that none had come", "since noon.")
    lines = [
        Line(text=text, left=left, right=200, bottom=700 - 14 * number, top=712 - 14 * number)
        for number, (text, left) in enumerate(zip(words, (50, 80, 80, 50), strict=True))
    ]
    letter = Line(text="T", left=50, right=78, bottom=660, top=706)
    read = mend_words([join_lines([*lines, letter])])
    assert read == [
        "Harbour Gazette, 14 March\n\nThe keeper of the light wrote that none had come since noon."
    ]


def test_the_head_of_every_page_is_no_headline():
    """The headline is what stands below a line that all pages of a PDF have."""
    below = [(left, bottom - 40, text) for left, bottom, text in COLUMN]
    pages = [
        [(50, 740, f"Harbour Gazette, page {number}"), (50, 700, line), *below]
        for number, line in enumerate(("The lamp is out", "It is dark", "It is late"), start=1)
    ]
    found = article("lamp.pdf", office.pdf(*pages))
    assert found.title == "The lamp is out"
    assert found.text.startswith("Harbour Gazette, page 1")


def test_a_hyphen_that_belongs_to_a_word_stays():
    """A word split at its own hyphen keeps it where the document writes it so elsewhere."""
    lines = [
        (50, 700, "They listened on short-wave sets all over the world, and every short-"),
        (50, 686, "wave set was sold out within a week."),
    ]
    assert "every short-wave set" in article("radio.pdf", office.pdf(lines)).text


def test_two_columns_are_read_one_after_the_other():
    """The second column follows the first, and a sentence goes on from one to the other."""
    left = [(50, 700 - 14 * line, f"left column line {line} is as wide as") for line in range(5)]
    right = [(320, 700 - 14 * line, f"the right column line {line} is wide") for line in range(5)]
    text = article("columns.pdf", office.pdf([*left, *right])).text
    assert text.index("left column line 4") < text.index("right column line 0")
    assert "is as wide as the right column line 0" in text


def test_pages_hold_their_own_words(room: Room):
    """The table of pages says where each page's words are, empty pages included."""
    pages = [
        [(50, 700, f"Page {number} tells of *mission* [{number}]_{name}.")]
        for number, name in ((1, "Vostok"), (3, "Apollo"))
    ]
    room.put("missions.pdf", office.pdf(pages[0], [], pages[1]))
    assert room.ingest().articles == 1
    rows = room.rows(
        'select page, substr(text, start + 1, "end" - start) from pages join article_text on'
        " article_text.id = article_id order by page"
    )
    assert rows == [
        (1, "Page 1 tells of *mission* [1]_Vostok."),
        (2, ""),
        (3, "Page 3 tells of *mission* [3]_Apollo."),
    ]


@given(
    st.lists(
        st.lists(st.text(alphabet="ab1 .-*_#|[]()<>&;`~+=!:\\\t\xa0é", max_size=12), max_size=4), max_size=5
    )
)
def test_pages_slice_out_of_any_text(pages: list[list[str]]):
    """Whatever stands on a page, marks of Markdown included, its offsets give that page's words."""
    content = "\f".join("\n\n".join(paragraphs) for paragraphs in pages)
    raw = RawDocument(locator="a.pdf", format="text", content=content, paged=True)
    try:
        found, _ = normalize_document(raw, Hint())
    except ItemError:
        return
    assert len(found.pages) == max(len(pages), 1)
    for page, paragraphs in zip(found.pages, pages, strict=False):
        words = [" ".join(paragraph.split()) for paragraph in paragraphs]
        assert found.text[page.start : page.end] == "\n\n".join(filter(None, words))


def test_a_pdf_states_title_author_and_date():
    """Document information counts where nothing better is stated, and each value has its origin."""
    info = (
        "/Title(Red Moon)/Author(Ann Lee; Bo Ek)/Keywords(space, moon)/CreationDate(D:19571005081500+03'00')"
    )
    found = article("moon.pdf", office.pdf(COLUMN, info=info))
    assert (found.title, found.authors, found.tags) == ("Red Moon", ("Ann Lee", "Bo Ek"), ("space", "moon"))
    assert found.published is not None
    assert (found.published.value, found.published.origin) == ("1957-10-05T08:15+03:00", "pdf info")


def test_titles_and_names_of_programs_are_not_taken():
    """`Microsoft Word - draft.doc` is no title and `user` no author; a dated file name beats the making."""
    info = "/Title(Microsoft Word - draft.doc)/Author(user)/CreationDate(D:20200101)"
    found = article("1957-10-05-red-moon-rising.pdf", office.pdf(COLUMN, info=info))
    assert (found.title, found.authors) == ("Red moon rising", ())
    assert found.published is not None
    assert (found.published.value, found.published.origin) == ("1957-10-05", "file name")


def test_information_that_is_no_text_costs_no_article():
    """A title in broken UTF-16 is passed over; the other statements and the text stay."""
    found = article("moon.pdf", office.pdf(COLUMN, info="/Title<FEFFD800DC>/Author(Ann Lee)"))
    assert found.authors == ("Ann Lee",)


def test_xmp_is_read():
    """What a publisher wrote into the XMP packet counts, its date of publication above all."""
    xmp = (
        '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
        '<rdf:Description xmlns:dc="http://purl.org/dc/elements/1.1/"'
        ' xmlns:prism="http://prismstandard.org/namespaces/basic/2.0/" prism:publicationDate="1957-10-05">'
        '<dc:title><rdf:Alt><rdf:li xml:lang="x-default">Red Moon</rdf:li></rdf:Alt></dc:title>'
        "<dc:creator><rdf:Seq><rdf:li>Ann Lee</rdf:li><rdf:li>Bo Ek</rdf:li></rdf:Seq></dc:creator>"
        "</rdf:Description></rdf:RDF></x:xmpmeta>"
    )
    found = article("moon.pdf", office.rewritten_pdf(office.pdf(COLUMN), xmp=xmp))
    assert (found.title, found.authors) == ("Red Moon", ("Ann Lee", "Bo Ek"))
    assert found.published is not None
    assert (found.published.value, found.published.origin) == ("1957-10-05", "pdf prism")


def test_files_in_a_pdf_are_read_too():
    """What is attached to a PDF becomes an item of its own."""
    attached = {"notes.md": b"# Notes\n\nWords enough to keep.\n", "data.bin": b"\0\1"}
    findings = read("moon.pdf", office.rewritten_pdf(office.pdf(COLUMN), attach=attached))
    found = {finding.locator: finding.outcome for finding in findings}
    assert found == {"moon.pdf": "article", "moon.pdf!/notes.md": "article", "moon.pdf!/data.bin": "skipped"}


def test_pictures_of_pages_are_told():
    """A scan without a text layer is a problem, and so are scanned pages within a document."""
    code, hint = problem("scan.pdf", office.pdf(None))
    assert (code, "ocrmypdf" in hint) == ("no-text-layer", True)
    [finding] = read("mixed.pdf", office.pdf(COLUMN, None))
    assert finding.outcome == "article"
    assert finding.problems[0].message == "1 of 2 pages are pictures without a text layer."


def test_pages_beyond_the_limit_are_told(monkeypatch: pytest.MonkeyPatch):
    """Where a PDF is too long, its first pages are kept and the rest is told."""
    monkeypatch.setattr("ingest.readers.pdf.MOST_PAGES", 2)
    [finding] = read("long.pdf", office.pdf(COLUMN, COLUMN, COLUMN))
    assert finding.problems[0].message == "Only the first 2 of 3 pages were read."


def test_a_pdf_with_a_password_is_a_problem():
    """Nobody is asked for a password; the problem says what to do."""
    code, hint = problem("locked.pdf", office.rewritten_pdf(office.pdf(COLUMN), password="moon"))
    assert (code, "without one" in hint) == ("encrypted", True)


def test_a_cut_off_pdf_is_read_or_told():
    """Whatever is left of a PDF ends as an article or as a problem with a hint, never as a crash."""
    whole = office.pdf(COLUMN, COLUMN)
    for length in range(10, len(whole), 97):
        [finding] = read("cut.pdf", whole[:length])
        assert finding.outcome in {"article", "problem"}
        assert finding.outcome == "article" or finding.problems[0].hint


def test_no_pdf_of_the_collection_is_lost(shared: Path):
    """PDFs of many producers all end as an article or as a problem with a reason."""
    outcomes = {}
    for path in sorted((shared / "data" / "pdf").rglob("*.pdf")):
        first, *_ = read_item(Item(locator=path.name, path=str(path)), tools_of(discover()))
        outcomes[path.name] = first.outcome if first.article else first.problems[0].code
        assert first.article is None or first.article.text
        for page in first.article.pages if first.article else ():
            assert page.start <= page.end <= len(first.article.text)
    told = {name: outcome for name, outcome in outcomes.items() if outcome != "article"}
    assert told == {
        "libreoffice-writer-password.pdf": "encrypted",
        "unreadablemetadata.pdf": "damaged",
        **dict.fromkeys(
            (
                "imagemagick-ASCII85Decode.pdf",
                "imagemagick-CCITTFaxDecode.pdf",
                "imagemagick-lzw.pdf",
                "grayscale-image.pdf",
                "cmyk-image.pdf",
            ),
            "no-text-layer",
        ),
    }


def test_words_stand_in_order_in_the_collection(shared: Path):
    """Two columns, Arabic letters and split words come out as one reads them."""
    folder = shared / "data" / "pdf"
    columns = article("a.pdf", (folder / "026-latex-multicolumn" / "multicolumn.pdf").read_bytes()).text
    assert "consectetuer adipiscing elit" in columns
    assert columns.index("Abstract") < columns.index("Suspendisse vel felis") < columns.index("Finland")
    arabic = article("b.pdf", (folder / "015-arabic" / "habibi.pdf").read_bytes()).text
    assert "حَبيبي" in arabic


WORDS = (
    "A Red Moon Rises",
    "metal ball",
    "Tyuratam",
    "## What it carried",
    "- a transmitter",
    "| Sputnik | 1957 |",
)


@pytest.mark.parametrize("path", sorted(office.CASES.glob("moon.*")), ids=lambda path: path.suffix)
def test_nothing_of_a_document_is_lost(path: Path):
    """Heading, list, table, link and footnote come through in every format; deleted text does not."""
    findings = read(path.name, path.read_bytes())
    found = findings[0].article
    assert found is not None
    assert not findings[0].problems
    whole = f"{found.title}\n{found.body}"
    assert [word for word in WORDS if word not in whole] == []
    assert "Deleted" not in whole
    assert "header" not in whole
    assert "ball[1] went round." in found.text
    assert found.authors[0] == "Ann Lee"
    assert "space" in found.tags
    assert found.published is not None
    assert found.published.value.startswith("195")
    if path.suffix != ".epub":
        assert "[heard](https://example.org/)" in found.body
        assert found.published.origin in {"docx core", "odt meta", "rtf info"}


@pytest.mark.parametrize("name", office.SAMPLES)
def test_cases_are_what_the_script_makes(name: str):
    """The files under test can be made anew, so that anybody may look into how they came about."""
    made, kept = office.SAMPLES[name](), (office.CASES / name).read_bytes()
    assert [each.article and each.article.body for each in read(name, made)] == [
        each.article and each.article.body for each in read(name, kept)
    ]


def test_each_chapter_of_a_book_is_an_article():
    """The book is the chapters' source; a chapter is called as the contents or its heading say."""
    findings = read("race.epub", office.sample_epub())
    articles = [finding.article for finding in findings if finding.article]
    assert [finding.locator for finding in findings] == [
        "race.epub!/OEBPS/text/one.xhtml",
        "race.epub!/OEBPS/text/two.xhtml",
    ]
    assert [each.title for each in articles] == ["A Red Moon Rises", "The Dog in Orbit"]
    assert {(each.source, each.published and each.published.value) for each in articles} == {
        ("The Space Race", "1958-03")
    }
    assert {each.authors for each in articles} == {("Ann Lee",)}  # not who drew or translated it


def test_word_shows_headings_initials_and_numbers_as_printed():
    """A heading may be one by its level alone; an initial begins its word; a list goes on with its number."""
    point = '<w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/></w:numPr>'
    paragraph = office.word_paragraph
    body = "".join(
        (
            paragraph("The Long Quay", '<w:pStyle w:val="T"/>'),
            paragraph("By Ann Lee"),
            paragraph("3 May 1998"),
            paragraph("Contents", '<w:pStyle w:val="TOCHeading"/>'),
            paragraph("Storms 3", '<w:pStyle w:val="TOC1"/>'),
            paragraph("Storms", '<w:outlineLvl w:val="0"/>'),
            paragraph("A paragraph of a law has a level as well.", '<w:outlineLvl w:val="1"/>'),
            paragraph("T", '<w:framePr w:dropCap="drop" w:lines="3"/>'),
            paragraph("he tide rose."),
            paragraph("Repairs", '<w:pStyle w:val="Own"/>'),
            *(paragraph(words, point) for words in ("rope", "tar")),
            paragraph("Then came the stones."),
            paragraph("oak", point),
        )
    )
    named = {"T": "Title", "TOCHeading": "TOC Heading", "TOC1": "toc 1", "H2": "heading 2"}
    looks = "".join(
        f'<w:style w:type="paragraph" w:styleId="{name}"><w:name w:val="{value}"/></w:style>'
        for name, value in named.items()
    )
    looks += (
        '<w:style w:type="paragraph" w:styleId="Own"><w:name w:val="Ours"/><w:basedOn w:val="H2"/></w:style>'
    )
    level = '<w:lvl w:ilvl="0"><w:numFmt w:val="decimal"/></w:lvl>'
    numbering = (
        f'<w:abstractNum w:abstractNumId="0">{level}</w:abstractNum>'
        '<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>'
    )
    extra: dict[str, str | bytes] = {
        "word/styles.xml": f'<w:styles xmlns:w="{office.WORD}">{looks}</w:styles>',
        "word/numbering.xml": f'<w:numbering xmlns:w="{office.WORD}">{numbering}</w:numbering>',
    }
    found = article("quay.docx", office.docx(body, extra=extra))
    assert (found.title, found.published and found.published.value) == ("The Long Quay", "1998-05-03")
    assert found.body.split("\n\n")[2:] == [
        "# Storms",
        "A paragraph of a law has a level as well.",
        "The tide rose.",
        "## Repairs",
        "1. rope\n2. tar",
        "Then came the stones.",
        "3. oak",
    ]


def test_libreoffice_shows_powers_titles_and_numbers_as_printed():
    """A style may raise a power, number a list that goes on below other text, and set title and quotation."""
    space = "urn:oasis:names:tc:opendocument:xmlns:%s:1.0"
    names = ("office", "style", "text")
    spaces = "".join(f' xmlns:{name}="{space % name}"' for name in names)
    spaces += f' xmlns:draw="{space % "drawing"}" xmlns:svg="{space % "svg-compatible"}"'
    looks = (
        '<style:style style:name="T1" style:family="text"><style:text-properties'
        ' style:text-position="33% 58%"/></style:style>'
        '<style:style style:name="P1" style:family="paragraph" style:parent-style-name="Title"/>'
        '<text:list-style style:name="L1"><text:list-level-style-number text:level="1" style:num-format="1"/>'
        "</text:list-style>"
    )
    point = "<text:list-item><text:p>{}</text:p></text:list-item>".format
    picture = "<draw:frame><draw:image/><svg:desc>A boat</svg:desc></draw:frame>"
    body = (
        '<text:p text:style-name="P1">What did the storm cost?</text:p>'
        '<text:p>It broke 10<text:span text:style-name="T1">6</text:span> stones.</text:p>'
        f'<text:list text:style-name="L1">{point("rope")}{point("tar")}</text:list>'
        f"<text:p>{picture}Figure 1: The boat</text:p>"
        f'<text:list text:style-name="L1" text:continue-numbering="true">{point("oak")}</text:list>'
        '<text:p text:style-name="Quotations">We rowed all night.</text:p>'
    )
    whole = (
        f"<office:document{spaces}><office:automatic-styles>{looks}</office:automatic-styles><office:body>"
        f"<office:text>{body}</office:text></office:body></office:document>"
    )
    found = article("quay.fodt", whole.encode())
    assert found.title == "What did the storm cost?"
    assert found.body.split("\n\n") == [
        "It broke 10⁶ stones.",
        "1. rope\n2. tar",
        "A boat  \nFigure 1: The boat",
        "3. oak",
        "> We rowed all night.",
    ]


def test_rtf_shows_powers_boxes_and_numbers_as_printed():
    """What is raised, the words of a box, written by newer and older programs, and numbers of points stay."""
    box = "{\\shp{\\*\\shpinst\\shpleft0{\\sp{\\sn fFlipH}{\\sv 0}}{\\shptxt \\pard\\plain In a box.\\par}}"
    older = "{\\*\\do\\dobxpage{\\dptxbxtext\\pard In an older box.\\par}\\dpx0}"
    body = (
        "\\pard It broke 10{\\super 6} stones of 40 m\\super 2\\nosupersub .\\par\n"
        "{\\listtext 1.\\tab}\\pard\\ls1 rope\\par\n{\\listtext 2.\\tab}tar\\par\n"
        f"\\pard Then came oak.{box}{{\\shprslt{older}}}}}\\par\n{{\\pntext 3.\\tab}}\\pard nails\\par\n"
        f"\\pard The end.{older}\\par\n"
    )
    assert article("quay.rtf", office.rtf(body)).body.split("\n\n") == [
        "It broke 10⁶ stones of 40 m².",
        "1. rope\n2. tar",
        "In a box.",
        "Then came oak.",
        "3. nails",
        "In an older box.",
        "The end.",
    ]


def test_pages_of_a_book_without_text_are_told():
    """Its contents and the heading of a part are no articles; notes that are links as a whole are one."""
    names = ("storm", "mole", "pilots")
    links = "".join(f'<p><a href="{name}.xhtml">The {name}</a></p>' for name in names)
    chapters = {f"{name}.xhtml": f"<h2>The {name}</h2><p>Of the {name} nobody knew.</p>" for name in names}
    front = {"toc.xhtml": f"<h1>Contents</h1>{links}", "part.xhtml": "<h1>Part One</h1>"}
    notes = {
        "notes.xhtml": '<p><a href="mole.xhtml#n1">1. Stone.</a> <a href="mole.xhtml#n2">2. Wood.</a></p>'
    }
    nav = "".join(f'<li><a href="text/{name}.xhtml">The {name}</a></li>' for name in names)
    findings = read("quay.epub", office.epub(front | chapters | notes, nav=nav))
    assert [finding.outcome for finding in findings] == ["skipped"] * 2 + ["article"] * 4
    assert [finding.reason for finding in findings[:2]] == ["the table of contents", "a heading alone"]


def test_a_book_states_when_it_came_out():
    """The day of publication counts before that on which the file was made; calibre's `0101` is no date."""
    dates = (
        '<dc:date opf:event="creation">2014-01-02</dc:date><dc:date opf:event="publication">1998</dc:date>'
    )
    for meta, expected in ((dates, "1998"), ("<dc:date>0101-01-01T00:00:00+00:00</dc:date>", None)):
        [finding] = read("quay.epub", office.epub({"a.xhtml": "<p>The tide rose.</p>"}, meta))
        assert finding.article is not None
        assert (finding.article.published and finding.article.published.value) == expected
        assert not finding.problems


def test_numbers_of_printed_pages_do_not_run_into_words():
    """Where a page of the printed book begins is left out of the text of a book."""
    chapter = (
        '<p>They went<span epub:type="pagebreak" title="12">12</span> home. '
        '<span class="pagenum"><a id="p13"/>[Pg 13]</span>The har<a class="pageno">xiv</a>bour '
        'and <span class="pagenum">the rest</span>.</p>'
    )
    [finding] = read("quay.epub", office.epub({"a.xhtml": chapter}))
    assert finding.article is not None
    assert finding.article.text == "They went home. The harbour and the rest."


def test_a_typed_headline_is_found_in_a_document():
    """Where no heading is marked as one, headline, by-line and date are read as in typed text."""
    lines = (
        "Red Moon Over the Steppe",
        "By Ann Lee",
        "October 5, 1957",
        "The metal ball went round the Earth.",
    )
    found = article("a.docx", office.docx("".join(map(office.word_paragraph, lines))))
    assert (found.title, found.authors) == (lines[0], ("Ann Lee",))
    assert found.published is not None
    assert found.published.origin == "date line"
    assert found.text.startswith("By Ann Lee")


def test_a_first_line_that_is_not_the_title_stays():
    """The subject of a mail is its title; the line that opens the mail is still there to be found."""
    mail = b"Subject: Weekly news\nContent-Type: text/plain\n\nRed moon over the steppe\n\nIt went round.\n"
    found = article("a.eml", mail)
    assert (found.title, found.text) == ("Weekly news", "Red moon over the steppe\n\nIt went round.")


def test_what_a_newsletter_hides_is_not_read():
    """Neither a picture that counts readers nor the line for the mailbox's list; what may be opened stays."""
    html = (
        '<div style="display:none; max-height:0">Our best of the week</div><p>The bridge is closed.</p>'
        '<img src="https://count.example/o.gif" width="1" height="1"><p style="display:none">A footnote.</p>'
        '<img src="https://news.example/bridge.jpg" width="600" alt="The bridge">'
    )
    mail = f"Subject: News\nContent-Type: text/html\n\n{html}\n".encode()
    found = article("a.eml", mail)
    assert found.text == "The bridge is closed.\n\nA footnote.\n\nThe bridge"
    assert "count.example" not in found.body


def test_a_newsletter_of_tables_is_read_in_paragraphs():
    """Tables that lay out a mail become paragraphs; one that lists data stays, within them too."""
    inner = "<table><tr><th>Year</th><th>Tons</th></tr><tr><td>1911</td><td>12</td></tr></table>"
    columns = '<table><tr><td width="300"><p>The mole is dry.</p></td><td>So is the dock.</td></tr></table>'
    rows = ("<h1>Weekly</h1><p>The bridge is shut.</p><p>It will rain.</p>", columns, inner)
    cells = "".join(f"<tr><td>{row}</td></tr>" for row in rows)
    html = f"<table><tr><td><table>{cells}</table></td></tr></table>"
    mail = f"Subject: News\nContent-Type: text/html\n\n<html><body>{html}</body></html>\n".encode()
    paragraphs = ["# Weekly", "The bridge is shut.", "It will rain.", "The mole is dry.", "So is the dock."]
    table = "| Year | Tons |\n| --- | --- |\n| 1911 | 12 |"
    assert article("a.eml", mail).body.split("\n\n") == [*paragraphs, table]


def test_a_mark_of_a_note_is_written_once():
    """A mark that is raised within its link is set into brackets, and not said again."""
    chapter = '<p>It is dark.<a href="#n1"><sup>1</sup></a></p><p id="n1">So they say.</p>'
    mail = f"Subject: News\nContent-Type: text/html\n\n{chapter}\n".encode()
    assert article("a.eml", mail).text.startswith("It is dark.[1]\n")


def test_a_box_of_one_cell_is_no_table():
    """What a word processor frames is a paragraph; cells side by side are a table, be it of one row."""
    cell = f"<w:tc>{office.word_paragraph('The bridge is shut.')}</w:tc>"
    tables = (f"<w:tbl><w:tr>{cell * times}</w:tr></w:tbl>" for times in (1, 2))
    body = article("a.docx", office.docx("".join(tables))).body
    assert body.startswith("The bridge is shut.\n\n| The bridge is shut. | The bridge is shut. |")


@pytest.mark.parametrize(
    ("html", "text"),
    [
        (
            '<style>p { top: 0 }</style><div style="display:none">Read on</div><p>The bridge is shut.</p>',
            "The bridge is shut.",
        ),
        ('<p style="display:none; font-size:0">Read on</p><p>The bridge is shut.</p>', "The bridge is shut."),
        (
            '<div><span style="display: none">Read on</span></div><p>The bridge is shut.</p>',
            "The bridge is shut.",
        ),
        ('<div style="display:none">The bridge is shut.</div>', "The bridge is shut."),
        ('By the pier <p style="display:none">it is dry.</p>', "By the pier\n\nit is dry."),
    ],
)
def test_the_line_for_a_mailbox_is_not_read(html: str, text: str):
    """What is hidden above all that a mail shows is for lists of mails; a mail of nothing else is kept."""
    mail = f"Subject: News\nContent-Type: text/html\n\n<html><body>{html}</body></html>\n".encode()
    assert article("a.eml", mail).text == text


def test_what_a_document_hides_is_not_read():
    """Words that Word does not show are in no article, be they hidden by themselves or by a style."""
    hidden = "<w:rPr><w:vanish/></w:rPr>"
    style = f'<w:style w:type="{{0}}" w:styleId="{{1}}"><w:name w:val="{{1}}"/>{hidden}</w:style>'
    styles = style.format("character", "Aside") + style.format("paragraph", "Draft")
    looks = f'<w:styles xmlns:w="{office.WORD}">{styles}</w:styles>'
    body = (
        f"<w:p><w:r><w:t>The quay was shut.</w:t></w:r><w:r>{hidden}<w:t>Jane told us.</w:t></w:r>"
        '<w:r><w:rPr><w:rStyle w:val="Aside"/></w:rPr><w:t>Call her.</w:t></w:r></w:p>'
        '<w:p><w:pPr><w:pStyle w:val="Draft"/></w:pPr><w:r><w:t>To be checked.</w:t></w:r></w:p>'
        '<w:p><w:r><w:rPr><w:vanish w:val="0"/></w:rPr><w:t>It opened again in May.</w:t></w:r></w:p>'
    )
    found = article("quay.docx", office.docx(body, extra={"word/styles.xml": looks}))
    assert found.text.split("\n\n") == ["The quay was shut.", "It opened again in May."]


def test_words_in_fields_readings_formulas_and_boxes_are_read():
    """What Word prints by a field, from right to left, above signs, or in a formula is in the text, once."""
    formula = (
        '<m:oMath xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math"><m:r><m:t>v=</m:t></m:r>'
        "<m:f><m:num><m:r><m:t>s</m:t></m:r></m:num><m:den><m:r><m:t>t</m:t></m:r></m:den></m:f></m:oMath>"
    )
    ruby = (
        "<w:r><w:ruby><w:rt><w:r><w:t>みなと</w:t></w:r></w:rt>"
        "<w:rubyBase><w:r><w:t>港</w:t></w:r></w:rubyBase></w:ruby></w:r>"
    )
    box = (
        '<w:r><mc:AlternateContent xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006">'
        '<mc:Choice Requires="wps"><w:drawing><w:txbxContent><w:p><w:r><w:t>In a box.</w:t></w:r></w:p>'
        "</w:txbxContent></w:drawing></mc:Choice><mc:Fallback><w:drawing/></mc:Fallback>"
        "</mc:AlternateContent></w:r>"
    )
    field = '<w:fldSimple w:instr="SEQ Table"><w:r><w:t>3</w:t></w:r></w:fldSimple>'
    leftwards = '<w:dir w:val="rtl"><w:r><w:t xml:space="preserve"> מלח.</w:t></w:r></w:dir>'
    page = '<w:br w:type="page"/>'
    body = (
        '<w:p><w:r><w:t xml:space="preserve">The quay was shut, says table </w:t></w:r>'
        f"{field}{leftwards}</w:p><w:p>{ruby}</w:p><w:p>{formula}</w:p>"
        f"<w:p><w:r><w:t>Around it.</w:t></w:r>{box}</w:p>"
        f"<w:p><w:r><w:t>One.</w:t><w:cr/><w:t>Two.</w:t>{page}<w:t>Three.</w:t></w:r></w:p>"
        f"<w:p><w:r>{page}</w:r></w:p><w:p><w:r>{page}<w:t>The end.</w:t></w:r></w:p>"
    )
    assert article("quay.docx", office.docx(body)).text.split("\n\n") == [
        "The quay was shut, says table 3 מלח.",
        "港(みなと)",
        "v=s/t",
        "Around it.",
        "In a box.",
        "One.\nTwo.\nThree.",
        "The end.",
    ]


@pytest.mark.parametrize("name", ["a.odt", "a.eml"])
def test_how_signs_are_read_stands_in_brackets(name: str):
    """The reading that ruby sets above a sign is not run together with it, nor with what follows."""
    odt = "<text:p>In <text:ruby><text:ruby-base>港</text:ruby-base><text:ruby-text>みなと</text:ruby-text>"
    html = "<p>In <ruby>港<rt>み<b>なと</b></rt></ruby>で。</p>"
    html += "<p><ruby>魚<rp>(</rp><rt>うお</rt><rp>)</rp></ruby></p>"
    files = {
        "a.odt": office.odt(f"{odt}</text:ruby>で。</text:p><text:p>魚(うお)</text:p>"),
        "a.eml": f"Subject: A\nContent-Type: text/html; charset=utf-8\n\n{html}".encode(),
    }
    assert article(name, files[name]).text.split("\n\n") == ["In 港(みなと)で。", "魚(うお)"]


def test_formulas_of_an_open_document_are_read():
    """A formula stands in its line, as LibreOffice shows it, without the source it was made from."""
    formula = (
        '<math xmlns="http://www.w3.org/1998/Math/MathML"><semantics><mrow><mi>v</mi><mo>=</mo><mfrac><mi>s</mi>'
        "<mi>t</mi></mfrac></mrow><annotation>v = s over t</annotation></semantics></math>"
    )
    link = '<draw:object xmlns:xlink="http://www.w3.org/1999/xlink" xlink:href="Object 1/"/>'
    body = f"<text:p>The pull is <draw:frame>{link}</draw:frame> here.</text:p>"
    found = article("pull.odt", office.odt(body, extra={"Object 1/content.xml": formula}))
    assert found.text == "The pull is v=s/t here."


def test_formulas_and_marks_of_notes_in_a_book_are_read():
    """A formula is written in a line, once; the mark of a note is one by what the book calls it."""
    html = (
        '<p>The pull<a epub:type="noteref" href="#n1">1</a> is <math><semantics><mrow><mi>v</mi><mo>=</mo>'
        "<mfrac><mi>s</mi><mi>t</mi></mfrac></mrow><annotation>v = s / t</annotation></semantics></math>.</p>"
        '<p>Again <span class="katex"><span class="katex-mathml"><math><mi>k</mi></math></span>'
        '<span aria-hidden="true">k</span></span>, and <a href="/c">1</a> stays.</p>'
    )
    mail = f"Subject: The pull\nContent-Type: text/html\n\n<html><body>{html}</body></html>\n".encode()
    assert article("a.eml", mail).text == "The pull[1] is v=s/t.\n\nAgain k, and 1 stays."


def test_what_an_open_document_hides_is_not_read():
    """Words that LibreOffice does not show are in no article: by a style, in a section, by a condition."""
    space = "urn:oasis:names:tc:opendocument:xmlns"
    looks = (
        f'<office:document-styles xmlns:office="{space}:office:1.0" xmlns:style="{space}:style:1.0"'
        f' xmlns:text="{space}:text:1.0"><office:styles><style:style style:name="Aside" style:family="text">'
        '<style:text-properties text:display="none"/></style:style></office:styles></office:document-styles>'
    )
    body = (
        '<text:p>The quay <text:span text:style-name="Aside">of Jane </text:span>was shut.</text:p>'
        '<text:section text:display="none"><text:p>Call her.</text:p></text:section>'
        '<text:p><text:hidden-paragraph text:is-hidden="true"/>To be checked.</text:p>'
        '<text:p>It opened<text:hidden-text text:is-hidden="true"> or so</text:hidden-text> in May.</text:p>'
    )
    found = article("quay.odt", office.odt(body, extra={"styles.xml": looks}))
    assert found.text.split("\n\n") == ["The quay was shut.", "It opened in May."]


def test_what_a_style_hides_those_that_build_on_it_hide():
    """In Word the nearest style that says anything decides; a circle of styles says nothing."""
    style = '<w:style w:type="paragraph" w:styleId="{}"><w:basedOn w:val="{}"/>{}</w:style>'
    hides, shows = ("<w:rPr><w:vanish/></w:rPr>", '<w:rPr><w:vanish w:val="false"/></w:rPr>')
    styles = [
        ("Note", "Normal", hides),
        ("Inner", "Note", ""),
        ("Shown", "Inner", shows),
        ("Loop", "Loop", ""),
    ]
    looks = f'<w:styles xmlns:w="{office.WORD}">{"".join(style.format(*each) for each in styles)}</w:styles>'
    body = "".join(
        f'<w:p><w:pPr><w:pStyle w:val="{name}"/></w:pPr><w:r><w:t>This is {name}.</w:t></w:r></w:p>'
        for name, _, _ in styles
    )
    found = article("quay.docx", office.docx(body, extra={"word/styles.xml": looks}))
    assert found.text.split("\n\n") == ["This is Shown.", "This is Loop."]


def test_what_a_style_of_an_open_document_hides_those_that_build_on_it_hide():
    """In LibreOffice too; styles of page heads and of letters that have the same names hide nothing here."""
    space = "urn:oasis:names:tc:opendocument:xmlns"
    style = '<style:style style:name="{}" style:family="{}" style:parent-style-name="{}">{}</style:style>'
    hides, shows = (f'<style:text-properties text:display="{display}"/>' for display in ("none", "true"))
    common = (
        ("Note", "paragraph", "", hides),
        ("Inner", "paragraph", "Note", ""),
        ("Shown", "paragraph", "Inner", shows),
        ("P1", "text", "", hides),
    )
    looks = (
        f'<office:document-styles xmlns:office="{space}:office:1.0" xmlns:style="{space}:style:1.0"'
        f' xmlns:text="{space}:text:1.0"><office:styles>{"".join(style.format(*each) for each in common)}'
        f"</office:styles><office:automatic-styles>{style.format('P1', 'paragraph', '', hides)}"
        "</office:automatic-styles></office:document-styles>"
    )
    names = ("Note", "Inner", "Shown", "P1")
    body = "".join(f'<text:p text:style-name="{name}">This is {name}.</text:p>' for name in names)
    found = article("quay.odt", office.odt(body, extra={"styles.xml": looks}))
    assert found.text.split("\n\n") == ["This is Shown.", "This is P1."]


def test_letters_of_rich_text():
    """Code pages, fonts' alphabets and Unicode with its stand-ins all give the right letters."""
    body = "Caf\\'e9 \\u8364? {\\f1\\'cc\\'ee} {\\uc2\\u9731??.} \\u-10179?\\u-8703? \\emdash  a\\~b\\par"
    assert article("a.rtf", office.rtf(body)).text == "Café € Мо ☃. 😁 — a b"


def test_rich_text_by_another_name_is_read():
    """A .doc that is Rich Text in truth is read as such."""
    assert article("a.doc", office.sample_rtf()).title == "A Red Moon Rises"


BOMB = '<?xml version="1.0"?><!DOCTYPE d [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;">]>'
OUTSIDE = '<?xml version="1.0"?><!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
DEEP = "<text:section>" * 5000 + "<text:p>x</text:p>" + "</text:section>" * 5000
OLE = bytes.fromhex("d0cf11e0a1b11ae1") + b"\0" * 600
MANIFEST = "<manifest><encryption-data/></manifest>"
PROTECTED = (
    '<encryption xmlns:e="http://www.w3.org/2001/04/xmlenc#"><e:CipherReference URI="OEBPS/text/a.xhtml"/>'
    "</encryption>"
)
HARMFUL = {
    "bomb.docx": (office.docx("", extra={"word/document.xml": f"{BOMB}<d>&b;</d>"}), "entities"),
    "utf16.docx": (
        office.docx("", extra={"word/styles.xml": f"{BOMB}<d>&b;</d>".encode("utf-16")}),
        "entities",
    ),
    "outside.docx": (office.docx("", extra={"word/document.xml": f"{OUTSIDE}<d>&x;</d>"}), "entities"),
    "outside.odt": (office.odt("", extra={"content.xml": f"{OUTSIDE}<d>&x;</d>"}), "entities"),
    "outside.epub": (office.epub({}, extra={"OEBPS/book.opf": f"{OUTSIDE}<d>&x;</d>"}), "entities"),
    "zeros.docx": (office.docx("", extra={"word/media/a": b"\0" * 60_000_000}), "expansion"),
    "zeros.odt": (office.odt("", extra={"a": b"\0" * 60_000_000}), "expansion"),
    "deep.odt": (office.odt(DEEP), "too-deep"),
    "locked.odt": (office.odt("", extra={"META-INF/manifest.xml": MANIFEST}), "encrypted"),
    "locked.docx": (OLE + "EncryptedPackage".encode("utf-16-le"), "encrypted"),
    "locked.epub": (
        office.epub({"a.xhtml": "<p>a</p>"}, extra={"META-INF/encryption.xml": PROTECTED}),
        "encrypted",
    ),
    "old.docx": (OLE, "old-format"),
    "half.docx": (office.sample_docx()[:900], "damaged"),
    "half.odt": (office.sample_odt()[:700], "damaged"),
    "half.epub": (office.sample_epub()[:700], "damaged"),
    "other.docx": (office.zipped({"a.txt": "words"}), "damaged"),
    "other.epub": (office.zipped({"a.txt": "words"}), "damaged"),
    "empty.odt": (office.odt(""), "no-text"),
    "pictures.epub": (office.epub({"a.xhtml": "<img/>"}), "no-text"),
    "empty.docx": (office.docx(""), "no-text"),
    "other.rtf": (b"words", "damaged"),
}


@pytest.mark.parametrize("name", HARMFUL)
def test_harmful_and_broken_files_are_problems(name: str):
    """Bombs, entities, passwords and cut-off files each end as a problem that says what to do."""
    content, expected = HARMFUL[name]
    code, hint = problem(name, content)
    assert (code, bool(hint)) == (expected, True)


def test_a_document_nested_too_deep_is_told():
    """Tables within tables without end give at least their text, or a problem; never a crash."""
    body = (
        "<w:tbl><w:tr><w:tc>" * 400 + office.word_paragraph("Words enough.") + "</w:tc></w:tr></w:tbl>" * 400
    )
    [finding] = read("deep.docx", office.docx(body))
    assert finding.outcome == "problem" or finding.problems


def test_a_damaged_chapter_costs_no_other():
    """A chapter that is missing is told with the first that is there."""
    data = office.epub({"a.xhtml": "<p>Words enough.</p>", "b.xhtml": "<p>More words.</p>"})
    book = data.replace(b"OEBPS/text/b.xhtml", b"OEBPS/text/c.xhtml")
    [finding] = read("a.epub", book)
    assert finding.outcome == "article"
    assert "b.xhtml is missing" in finding.problems[0].message


@pytest.mark.parametrize("name", [name for name in office.SAMPLES if name.endswith("rtf")])
def test_a_cut_off_rich_text_keeps_what_is_there(name: str):
    """However much is missing, what is there is kept and the rest told."""
    whole = office.SAMPLES[name]()
    for length in range(300, len(whole) - 1, 41):
        [finding] = read(name, whole[:length])
        assert finding.problems[0].code in {"cut-off", "no-text"}


def test_documents_go_through_the_guarded_children(room: Room):
    """In the children that readers run in, nothing that the libraries do is forbidden to them."""
    for name, make in office.SAMPLES.items():
        room.put(name, make())
    room.put("moon.pdf", office.rewritten_pdf(office.pdf(COLUMN), attach={"a.md": b"# A\n\nWords.\n"}))
    report = room.ingest(workers=1)
    assert (report.problems, report.warnings, report.articles) == (0, 0, 7)
