"""Pasted text: what is a headline, what is a paragraph, and what is stated above the text."""

import pytest

from ingest.normalize.dates import parse_date
from ingest.normalize.line_ends import join_lines, words_of
from ingest.normalize.markdown import plain_text
from ingest.normalize.plain import read_plain, split_paragraphs, write_paragraphs

WRAPPED = """\
These lines were wrapped at a column by somebody who typed
them long ago, so that every one but the last is about as
long as the others are."""

LINKED = """\
They also named the page where the plan could be seen, at
https://harbour.example/plans/of/the/new/pier/and/of/its/lamp/with/all/the/drawings/that/were/made.html
but nobody who looked for it there has found more than an
empty page."""
LINK_WITHIN = LINKED.replace("at\nhttps", "at https").replace("html\n", "html,\n")
LINKS = "\n".join(
    f"The plan of the new pier and of its lamp, sheet {number}: https://a.example/{'plan-' * 12}{number}"
    for number in range(4)
)
TITLES_AND_LINKS = LINKS.replace(": ", "\n")
NOTICE = """\
______________________________________________
The harbour list
harbour-list-owner@lists.harbour.example
https://lists.harbour.example/all/the/lists/harbour-list"""


def fields(content: str) -> dict[str, str]:
    """Return what is stated above a text."""
    return {field.name: field.value for field in read_plain(content)[1]}


def test_headline_byline_and_date():
    """A headline, a by-line and a date above the text become fields, and leave the text."""
    content = (
        "Titov Circles the Earth\n\nBy Anna Petrova\nAugust 8, 1961\n\nHe slept for hours.\nThen he woke."
    )
    assert fields(content) == {
        "title": "Titov Circles the Earth",
        "author": "Anna Petrova",
        "published": "August 8, 1961",
    }
    assert read_plain(content)[0] == "He slept for hours.\n\nThen he woke."


@pytest.mark.parametrize("rest", ["\nHe slept for hours.", f"\n\n{WRAPPED}", f"\n{WRAPPED}"])
@pytest.mark.parametrize("day", ["", "\nAugust 8, 1961"])
def test_a_by_line_right_below_the_headline(day: str, rest: str):
    """Without an empty line between them, headline and by-line are still two, and prose below is whole."""
    content = f"Soviet Cosmonaut Titov Circles the Earth\nBy Anna Petrova{day}{rest}"
    stated = fields(content)
    assert (stated["title"], stated["author"]) == (content.split("\n", 1)[0], "Anna Petrova")
    assert ("published" in stated) == bool(day)
    assert read_plain(content)[0] == " ".join(rest.split())


@pytest.mark.parametrize(
    ("line", "author", "day"),
    [
        ("By Ida Brandt, May 3, 1997", "Ida Brandt", "May 3, 1997"),
        ("By Ida Brandt and Ola Dahl | 3 May 1997", "Ida Brandt and Ola Dahl", "3 May 1997"),
        ("Published 3 May 1997 — by Ida Brandt", "Ida Brandt", "3 May 1997"),
        ("Von Ida Brandt · 3. Mai 1997", "Ida Brandt", "3. Mai 1997"),
    ],
)
def test_by_line_and_date_on_one_line(line: str, author: str, day: str):
    """Both are read where a mark stands between them; a place before a date is no author."""
    _, fields = read_plain(f"The ferry is late\n\n{line}\n\nNobody knows why.")
    assert [(field.name, field.value) for field in fields[1:]] == [("author", author), ("published", day)]
    _, fields = read_plain("The ferry is late\n\nBergen, 3 May 1997\n\nNobody knows why.")
    assert [field.name for field in fields] == ["title", "published"]


def test_a_line_of_text_within_the_head():
    """A deck above the by-line, or the paper's name below it, stays in the text; what is around is read."""
    head = ("The ferry is late", "Nobody knows why, and few have asked.", "By Ida Brandt", "3 May 1997")
    assert fields("\n\n".join([*head, "She lay at the quay."])) == {
        "title": "The ferry is late",
        "author": "Ida Brandt",
        "published": "3 May 1997",
    }
    body, stated = read_plain(
        "The ferry is late\n\nBy Ida Brandt\nHarbour Gazette\n3 May 1997\n\nShe lay there."
    )
    assert body == "Harbour Gazette\n\nShe lay there."
    assert [field.name for field in stated] == ["title", "author", "published"]
    diary = "Diary\n\nIt rained on the mole.\n\n3 May 1997\n\nIt was dry."
    assert read_plain(diary)[0] == diary.partition("\n\n")[2]


def test_a_line_that_goes_on_with_who_made_it_is_no_by_line():
    """A sentence wrapped before `by` stays one paragraph."""
    content = "The lamp of the old lighthouse was drawn in the year of floods\nby Anna Petrova and Ola Dahl"
    assert split_paragraphs(content) == [content.replace("\n", " ")]


def test_a_sentence_is_not_a_title():
    """The first line stays in the text when it is a sentence of the article."""
    content = "The ship rose at nine.\nNobody spoke.\nThen it was gone."
    assert fields(content) == {}
    assert read_plain(content)[0].startswith("The ship rose at nine.")


def test_a_dateline_stays_in_the_text():
    """A dateline states the date and remains the opening of the report."""
    content = "MOSCOW, April 12, 1961 - A man has flown in space.\n\nHe is well."
    assert fields(content) == {"published": "April 12, 1961"}
    assert read_plain(content)[0].startswith("MOSCOW, April 12, 1961")


@pytest.mark.parametrize(
    ("line", "author"),
    [
        ("Von Anna Groß und Jörg Weiß", "Anna Groß und Jörg Weiß"),
        ("Door onze redacteur Marieke van ’t Hof", "Marieke van ’t Hof"),
        ("Av Karin Åkesson", "Karin Åkesson"),
        ("De notre envoyée spéciale Claire Dupont-Moretti", "Claire Dupont-Moretti"),
        ("Por Alejandra Ríos del Campo, enviada especial", "Alejandra Ríos del Campo"),
        ("di Giulia Dell’Orto e Niccolò De Santis", "Giulia Dell’Orto e Niccolò De Santis"),
        ("Автор: Ольга Соколова", "Ольга Соколова"),
        ("Της Μαρίας Παπαδοπούλου", "Μαρίας Παπαδοπούλου"),
        ("Yazan: Çağlar Öztürk", "Çağlar Öztürk"),
        ("بقلم: أحمد بن خالد", "أحمد بن خالد"),
        ("作者\uff1a陈美玲", "陈美玲"),
        ("Von Kiel nach Rügen", None),
        ("Di Canio", None),
        ("記者会見", None),
        ("By Monday, June 3", None),
        ("AV Receivers Compared", None),
        ("Text: Genesis", None),
        ("كتب جديدة", None),
        ("كتب الرئيس رسالة إلى شعب مصر", None),
        ("كتب أحمد بن خالد", "أحمد بن خالد"),
    ],
)
def test_by_lines_of_other_languages(line: str, author: str | None):
    """A by-line leaves the text in whatever language it is; what only looks like one stays."""
    content = f"Der Leuchtturm\n{line}\nEr steht seit hundert Jahren.\nNun wird er gestrichen."
    assert fields(content).get("author") == author
    assert (line in read_plain(content)[0]) == (author is None)


@pytest.mark.parametrize(
    "line", ["Kiel, 10. November 1989", "Lisboa, 26 de abril de 1974", "Одесса, 12 апреля 1961 г."]
)
def test_a_place_and_a_day_on_a_line_of_their_own(line: str):
    """They state the date and stay in the text, which says where it was written."""
    content = f"Der Leuchtturm\n{line}\nEr steht seit hundert Jahren."
    assert fields(content)["published"] in line
    assert read_plain(content)[0].startswith(line.partition(",")[0])


@pytest.mark.parametrize(
    ("head", "title"),
    [
        ("From: Irina Vale <irina@pier.example>\nSent: Monday, June 2, 2014\nTo: Tom\nSubject: Pier", "Pier"),
        ("Von: Irina Vale\nGesendet: Montag, 2. Juni 2014 18:02\nAn: Tom\nBetreff: Steg", "Steg"),
        ("De : Irina Vale\nEnvoyé : lundi 2 juin 2014 17:12\nÀ : Tom\nObjet : Quai", "Quai"),
        ("发件人\uff1aIrina Vale\n日期\uff1a2014年6月2日\n收件人\uff1aTom\n主题\uff1a码头", "码头"),
    ],
)
def test_the_head_of_a_pasted_mail(head: str, title: str):
    """Sender, day and subject of a mail saved as text are its author, date and title, not its text."""
    stated = fields(f"{head}\n\nDear Tom,\n\nit is closed.")
    assert (stated["author"], stated["title"]) == ("Irina Vale", title)
    assert parse_date(stated["published"])
    assert read_plain(f"{head}\n\nDear Tom,\n\nit is closed.")[0] == "Dear Tom,\n\nit is closed."


@pytest.mark.parametrize(
    ("content", "paragraphs"),
    [
        ("One line.\nAnother line.", ["One line.", "Another line."]),
        ("A paragraph.\n\nAnother.", ["A paragraph.", "Another."]),
        (WRAPPED, [" ".join(WRAPPED.split())]),
        (LINKED, [" ".join(LINKED.split())]),
        (LINK_WITHIN, [" ".join(LINK_WITHIN.split())]),
        (LINKS, LINKS.split("\n")),
        (TITLES_AND_LINKS, TITLES_AND_LINKS.split("\n")),
        (NOTICE, NOTICE.split("\n")),
        ("milk\neggs\nbread", ["milk", "eggs", "bread"]),
    ],
)
def test_paragraphs(content: str, paragraphs: list[str]):
    """Lines are joined only where they look wrapped at a column, beyond which an address may reach."""
    assert split_paragraphs(content) == paragraphs


def test_a_long_by_line_is_not_joined_with_the_date_below():
    """Two lines of a head are two, though the first is as long as a line of prose."""
    content = (
        "Der Leuchtturm\n\nVon unserem Korrespondenten Peter Hahne-Lorenz\n12.09.2023\n\nEr steht.\nNoch."
    )
    assert (fields(content)["author"], fields(content)["published"]) == ("Peter Hahne-Lorenz", "12.09.2023")


@pytest.mark.parametrize("content", ["A headline only", "x", "By Anna Petrova", "1961"])
def test_a_text_of_one_line_is_text(content: str):
    """What stands alone is the article, not something above it."""
    assert read_plain(content) == (content, ())


@pytest.mark.parametrize(
    ("content", "markdown"),
    [
        ("I agree.\n> The pier\n> is old.\nSo it is.", "I agree.\n\n> The pier\n>\n> is old.\n\nSo it is."),
        ("> One.\n>\n> Two.\n>> Three.\n> > Four.", "> One.\n>\n> Two.\n\n> > Three.\n> >\n> > Four."),
        ("\n".join(f"> {line}" for line in WRAPPED.split("\n")), f"> {' '.join(WRAPPED.split())}"),
        ("A > B\n\n>- none", "A \\> B\n\n> \\- none"),
        (" > One.\n > Two.", "> One.\n>\n> Two."),
        (">\n\nNothing quoted.", "Nothing quoted."),
    ],
)
def test_quotations_in_mails(content: str, markdown: str):
    """Lines marked as another's become quotations, their paragraphs joined as elsewhere."""
    assert write_paragraphs(content, quoting=True) == markdown


def test_marks_elsewhere_are_text():
    """In other texts than mails a line may begin with any mark."""
    assert write_paragraphs("> Three") == "\\> Three"


def test_nothing_lies_too_deep_to_be_seen():
    """However often a mail was answered, its first words are in the text."""
    assert plain_text(write_paragraphs(f"{'>' * 500} Hello.", quoting=True)) == "Hello."


@pytest.mark.parametrize(
    ("split", "whole"),
    [
        ("pi-\nlot", "pilot"),
        ("short-\nwave", "short-wave"),
        ("self-\nmade", "self-made"),
        ("water-\nline", "waterline"),
        ("in-\nand outflow", "in- and outflow"),
        ("North-\nSouth", "North- South"),
    ],
)
def test_a_word_that_the_end_of_a_line_splits(split: str, whole: str):
    """It is whole again; a hyphen stays where the text writes the word so, and after some beginnings."""
    content = f"It was {split} here. The waterline and the short-wave set in the hut."
    assert join_lines(content.split("\n"), lambda: words_of(content)).startswith(f"It was {whole} here.")


def test_words_that_wrapped_lines_split_are_whole():
    """A text that was wrapped at a column with split words, as typewriters did, has them whole."""
    split = WRAPPED.replace("column by somebody who typed\nthem", "column by somebody who had ty-\nped them")
    assert "who had typed them long ago" in read_plain(f"Headline\n\n{split}")[0]


def test_wrapped_lines_below_a_greeting_in_a_mail():
    """What a mail program wrapped is one paragraph, though a greeting stands above; lists stay lists."""
    mail = (
        "Hello Ola,\nI wonder since it has been dark on the whole of the mole for two nights\n"
        "and nobody came to look. Will you go there tomorrow, if the weather lets\nyou?\nYours, Ida."
    )
    assert split_paragraphs(mail, quoting=True) == [
        "Hello Ola,",
        " ".join(mail.split("\n")[1:4]),
        "Yours, Ida.",
    ]
    items = "We need for the lamp and for whoever goes out to the mole by night:\nrope\noil and wicks\na boat"
    assert split_paragraphs(items, quoting=True) == items.split("\n")


def test_a_wrapped_point_of_a_list_is_one_paragraph():
    """What is set in below a point goes on with it where no line could begin so; an address does not."""
    points = "For the meeting:\n- bring the survey\n  from 1998\n1. Ask the pilot\n2. Ask Ida\nSee you all."
    paragraphs = ["For the meeting:", "- bring the survey from 1998", "1. Ask the pilot", "2. Ask Ida"]
    assert split_paragraphs(points, quoting=True) == [*paragraphs, "See you all."]
    assert split_paragraphs(points) == [*paragraphs, "See you all."]
    wrapped = "* The mole was built of stones that came by boat from the\n  Quarry on the other side\n* rope"
    assert split_paragraphs(wrapped)[1:] == ["* rope"]
    address = ["- Ida Moe", "12 Quay Road", "Tidewater"]
    assert split_paragraphs("\n  ".join(address)) == address
