"""Reading takes time that grows as the file does, whatever a stranger repeats in it."""

import email.message
import io
import random
import string
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from importlib import util
from itertools import islice, product
from types import SimpleNamespace

import justext.core
import lxml.html
import pytest
import trafilatura.external
from markdown_it import MarkdownIt
from markdown_it.parser_inline import ParserInline

from ingest.collate.stories import Versions, find_stories
from ingest.enrich.quotations import find_quotations
from ingest.enrich.recogniser.inverted import find_inverted
from ingest.enrich.resolve import resolve
from ingest.enrich.rules import recognise
from ingest.exports.ris import entries_of_ris
from ingest.model import Article, Corpus, Entry, Facts, Field, Hint, Item, RawDocument
from ingest.normalize import guide, normalize_document
from ingest.normalize.blocks import set_apart
from ingest.normalize.cascade import choose_authors
from ingest.normalize.document import read_document
from ingest.normalize.guide import classify_by_neighbours
from ingest.normalize.html import parse_page, whole_text
from ingest.normalize.markdown import MOST_BRACKETS, html_to_markdown, parse, plain_text
from ingest.normalize.plain import read_plain
from ingest.readers.epub import HEAD
from ingest.readers.feed import ENDLESS_WORD, read_feed
from ingest.readers.mail import LONGEST_CONTENT_HEADER, read_mail
from ingest.readers.markdown import parse_toml, read_markdown
from tests.conftest import ROOT

PROSE = "The harbour master counted the boats again and wrote the number into the book. "
KINDS = ("good", "neargood", "short", "bad")


def seconds(work: Callable[[], object]) -> float:
    """Return what some work takes of the processor, at its best of three times."""
    taken = []
    for _ in range(3):
        started = time.process_time()
        work()
        taken.append(time.process_time() - started)
    return min(taken)


def grows_as_input(work: Callable[[int], object], few: int) -> bool:
    """Tell whether eight times as much takes about eight times as long, and not 64 times."""
    return seconds(lambda: work(8 * few)) < 24 * max(0.005, seconds(lambda: work(few)))


def paragraphs(kinds: list[str]) -> list[SimpleNamespace]:
    """Return paragraphs as justext has them."""
    return [SimpleNamespace(cf_class=kind, class_type="", heading=False, text="word") for kind in kinds]


def test_paragraphs_are_told_apart_as_justext_tells_them():
    """Whatever stands before and after a doubtful paragraph, it is found good or bad as justext finds it."""
    chance = random.Random(1)
    for _ in range(2000):
        kinds = chance.choices(KINDS, [chance.random() for _ in KINDS], k=chance.randrange(12))
        theirs, ours = paragraphs(kinds), paragraphs(kinds)
        justext.core.revise_paragraph_classification(theirs, 150)
        classify_by_neighbours(ours, 150)
        assert [each.class_type for each in ours] == [each.class_type for each in theirs], kinds


def test_no_row_of_a_table_is_compared_with_all_others(monkeypatch: pytest.MonkeyPatch):
    """Whichever release of trafilatura is there, it never goes from each short line to the nearest other."""
    monkeypatch.delattr(justext.core, "_get_neighbour")
    tree = lxml.html.document_fromstring(f"<body><p>{PROSE * 4}</p><p>A boat.</p><p>{PROSE * 4}</p></body>")
    assert len(trafilatura.external.try_justext(tree, None, None)) == 3


def test_a_page_of_too_many_paragraphs_is_kept_whole(monkeypatch: pytest.MonkeyPatch):
    """Where no main content is looked for, since that would take too long, all text stays, which is told."""
    monkeypatch.setattr(guide, "MOST_PARAGRAPHS", 3)
    lines = "".join(f"<p>{PROSE}Boat {number}.</p>" for number in range(4))
    page = f"<html><body><nav>Menu</nav>{lines}</body></html>"
    article, problems = normalize_document(RawDocument(locator="a.html", format="html", content=page), Hint())
    assert all(f"Boat {number}." in article.text for number in range(4))
    assert [each.code for each in problems] == ["no-main-content"]


@pytest.mark.parametrize("repeated", ["<a href=x>", "a<br><br>", "<p>a", "a<b>b</b>"])
def test_setting_blocks_apart_grows_as_the_page_does(repeated: str):
    """However many links or lines stand side by side, each is moved once."""
    page = "<body><div>a{}<p>b</div>"
    assert grows_as_input(
        lambda times: set_apart(lxml.html.document_fromstring(page.format(repeated * times))), 1500
    )


@pytest.mark.parametrize(
    ("repeated", "few"),
    # More formulas within each other than a few thousand are cut off by the parser.
    [("<script>", 1500), ("<svg>", 1500), ("<!-- <style>", 1500), ("<math><mfrac><mi>a</mi>", 150)],
)
def test_what_is_never_closed_is_looked_for_once(repeated: str, few: int):
    """An end that a page lacks is not looked for again from every beginning."""
    assert grows_as_input(lambda times: whole_text(parse_page(f"<p>words</p>{repeated * times}")), few)


def test_scripts_and_comments_are_no_text():
    """What is closed goes, whatever stands in it; what is left open stays, since it may be all there is."""
    page = parse_page(
        "<p>one</p><script>if (a) '<style>'</SCRIPT ><!-- <svg> -->two<svg>a</svg> <style>three"
    )
    assert whole_text(page) == "one\n\ntwo three"


@pytest.mark.parametrize("repeated", ["<div>", "<ul><li>", "<table><tr><td>", "<b class='{0}'>"])
def test_tags_too_deep_to_convert_are_refused_at_once(repeated: str):
    """Nothing is sanitised that could not be converted after it."""

    def convert(times: int) -> None:
        with pytest.raises(RecursionError):
            html_to_markdown("".join(repeated.format(number) for number in range(times)))

    assert grows_as_input(convert, 4000)


@pytest.mark.parametrize(
    ("around", "repeated", "few"),
    [("<ol>", "<li>a", 1000), ("<table><thead>", "<tr><td>a", 250), ("<table>", "<tbody><tr><td>a", 250)],
)
def test_points_and_rows_are_converted_one_by_one(around: str, repeated: str, few: int):
    """None is looked for among the others: neither its number, nor whether it is a head."""
    assert grows_as_input(lambda times: html_to_markdown(around + repeated * times), few)


def test_tags_that_need_no_end_are_not_deep():
    """Any number of paragraphs, points, cells and breaks that nobody closed is converted."""
    page = f"<ul>{'<li>boat' * 1500}</ul><table>{'<tr><td>a<td>b' * 1500}</table>{'<p>line<br>' * 1500}"
    assert html_to_markdown(page).count("- boat") == 1500


@pytest.mark.parametrize(
    "repeated", ["[", "![", "[[a|", "[[a]", "![[a] ", "<![CDATA[", "![" * 50 + "](a)" * 50]
)
def test_brackets_that_nobody_closed_are_tried_few_times(monkeypatch: pytest.MonkeyPatch, repeated: str):
    """From each bracket few others are passed over, where markdown-it passes over a hundred."""
    steps = 0
    passes_over = ParserInline.skipToken

    def count(*arguments: object) -> None:
        nonlocal steps
        steps += 1
        passes_over(*arguments)

    monkeypatch.setattr(ParserInline, "skipToken", count)
    body = (repeated * 3000)[:3000]
    plain_text(body)
    assert steps < 25 * len(body)


@pytest.mark.parametrize("depth", [1, 2, MOST_BRACKETS - 1, MOST_BRACKETS, MOST_BRACKETS + 1, 40])
@pytest.mark.parametrize(
    "ends", ["[]", ("[", "](a)"), ("![", "](a)"), ("![[", "]](a)"), ("[", ""), ("*[", "]*")]
)
def test_a_page_reads_brackets_as_they_were_read(depth: int, ends: tuple[str, str]):
    """However deep brackets stand within others, a page shows what was indexed."""
    spec = util.spec_from_file_location("article_alone", ROOT / "plugins" / "article.py")
    assert spec
    assert spec.loader
    page = util.module_from_spec(spec)
    spec.loader.exec_module(page)
    old = f"{ends[0] * depth}the [harbour](http://harbour.example/) ![of](b) old{ends[1] * depth}"
    body = f"See {old} and [here](c)."
    read = [token.as_dict() for token in parse(body)[0]]
    assert read == [token.as_dict() for token in page.MARKDOWN.parse(body)]
    if len(ends[0]) * depth < MOST_BRACKETS:
        assert read == [token.as_dict() for token in MarkdownIt("js-default").parse(body)]


@pytest.mark.parametrize("repeated", ["a<a>b</a>c", "a<a href=#b>b</a>"])
def test_links_that_lead_nowhere_are_taken_off_at_once(repeated: str):
    """However many links of a document lead within it, none is looked for among the others."""
    assert grows_as_input(lambda times: read_document(f"<p>words</p>{repeated * times}", ""), 1000)


def test_of_a_link_that_leads_nowhere_the_words_stay():
    """What stands in, around and between dead links is kept in order."""
    page = "<p>one <a href='#x'>two <b>three</b> four</a> five<a name=q></a> six <a href='http://a.example'>seven</a>"
    assert read_document(page, "")[0] == "one two **three** four five six [seven](http://a.example)"


@pytest.mark.parametrize("element", ["author", "dc:creator"])
def test_who_wrote_a_feed_is_read_however_long_the_word(element: str):
    """An endless word is no address that is looked for from each of its letters."""

    def read(times: int) -> None:
        entry = f"<item><{element}>{'a' * times}</{element}><title>Boats</title></item>"
        feed = f"<rss version='2.0'><channel>{entry}</channel></rss>"
        (document,) = read_feed(Item(locator="a.rss"), io.BytesIO(feed.encode()))
        assert isinstance(document, RawDocument)

    assert grows_as_input(read, 4000)


@pytest.mark.parametrize(
    ("first", "repeated"),
    [
        ("a0: &a0 {k: v}", "a{1}: &a{1} {{x: *a{0}, k{1}: v}}"),
        ("a0: &a0 {k: v}", "a{1}: &a{1} {{<<: *a{0}, k{1}: v}}"),
        (f"a: &a {'b' * 9000}", "b{0}: *a"),
    ],
)
def test_aliases_repeat_no_more_than_can_be_kept(first: str, repeated: str):
    """Front matter that swells beyond all that anybody states is cut, which is told; the text stays."""

    def read(times: int) -> RawDocument:
        lines = "".join(f"{repeated.format(each, each + 1)}\n" for each in range(times))
        page = f"---\ntitle: Boats\n{first}\n{lines}---\n{PROSE}"
        (document,) = read_markdown(Item(locator="a.md"), io.BytesIO(page.encode()))
        assert isinstance(document, RawDocument)
        assert document.content.strip() == PROSE.strip()
        return document

    assert grows_as_input(read, 200)
    swollen = read(1600)
    assert sum(len(field.value) for field in swollen.fields) < 700_000
    assert [problem.code for problem in swollen.problems] == ["front-matter"]
    assert read(8).problems == ()


def test_words_almost_endless_are_looked_through_once():
    """A word that is just short enough to be one is not counted again from each of its letters."""
    assert grows_as_input(lambda times: ENDLESS_WORD.sub(b"", (b"a" * times + b" ") * 40), 370)


@pytest.mark.parametrize("line", ["{} = 1", "[{}]", "x = {{ {} = 1 }}"])
@pytest.mark.parametrize("joint", [".", " . ", '."b".'])
def test_keys_of_very_many_parts_are_refused_at_once(line: str, joint: str):
    """Front matter that no program writes is kept as lines."""
    with pytest.raises(ValueError, match="more than 1,000 parts"):
        parse_toml(line.format(joint.join("a" * 2000)) + "\n")


@pytest.mark.parametrize(
    "value",
    [
        f'"{"He came. " * 2000}"',
        f'"""\n{"He came. " * 2000}"""',
        f"[{', '.join(['1.5'] * 1200)}]",
        f"1 # {'.' * 2000}",
    ],
)
def test_full_stops_in_values_make_no_key(value: str):
    """Prose, numbers and remarks of front matter may have any number."""
    assert parse_toml(f"a.b = {value}\n")["a"]


@pytest.mark.parametrize("repeated", ['"\\', "a.", "a-", '"a" ', "'", '".'])
def test_keys_are_looked_for_once(repeated: str):
    """Whatever stands there, no part is looked at again and again."""

    def read(times: int) -> None:
        with suppress(ValueError):
            parse_toml(repeated * times)

    assert grows_as_input(read, 5000)


@pytest.mark.parametrize("repeated", [";", "; a=b", ";a*0=b"])
def test_no_more_parameters_of_a_mail_are_looked_at_than_can_be_meant(
    monkeypatch: pytest.MonkeyPatch, repeated: str
):
    """The message is read all the same, with its name and its charset."""
    looked_at = []
    divide = email.message._parseparam  # type: ignore[attr-defined]  # noqa: SLF001 - what takes the time

    def note(value: str) -> list[str]:
        looked_at.append(len(value))
        return list(divide(value))

    monkeypatch.setattr(email.message, "_parseparam", note)
    header = f'Content-Type: text/plain; charset="windows-1252"{repeated * 20_000}'
    mail = f"From: Ann Weld <ann@mill.example>\nSubject: Boats\n{header}\n\n".encode() + b"Caf\xe9"
    (document,) = read_mail(Item(locator="a.eml"), io.BytesIO(mail))
    assert isinstance(document, RawDocument)
    assert document.content == "Café"
    assert max(looked_at) <= LONGEST_CONTENT_HEADER + 1


@pytest.mark.parametrize("quoting", [False, True])
def test_words_that_lines_split_are_looked_up_in_one_list(*, quoting: bool):
    """However many lines of a wrapped text end in a hyphen, the words of the text are gathered once."""
    wrapped = (
        "The harbour master counted the boats again and wrote it into the har-\n"
        "bour book, which he keeps in the old house beside the quay.\n\n"
    )
    assert grows_as_input(lambda times: read_plain(wrapped * times, quoting=quoting), 60)


def test_who_is_meant_by_a_shared_name_is_told_once():
    """However many people bear a surname, not all are gone through at each place where it stands."""

    def read(times: int) -> None:
        initials = islice(product(string.ascii_uppercase, repeat=3), times)
        names = "".join(f"He saw {'. '.join(each)}. Weld. " for each in initials)
        text = names + "He saw Mr. Weld. " * times
        resolve(text, recognise(text))

    assert grows_as_input(read, 250)


def test_blanks_between_names_are_passed_over_once():
    """What may be a bracket behind a name is not looked for again from each blank."""

    def read(times: int) -> None:
        text = f"Mary Weld went.{' ' * times}Ann Moor went."
        spans = recognise(text)
        assert len(resolve(text, spans)) == 2

    assert grows_as_input(read, 2000)


def test_a_row_of_particles_is_read_once():
    """Words such as `de` and `von` that lead to no surname are not read again from each of them."""
    assert grows_as_input(lambda times: list(find_inverted("Weld went. " + "de " * times, [])), 2000)


def test_authors_are_not_compared_with_all_others():
    """A paper of thousands of authors is read at once, by-lines with an office or a place among them."""

    def read(times: int) -> None:
        names = [f"Ann Weld-{chr(0x4E00 + number)}" for number in range(times)]
        named = [*names, f"{names[0]} in Leeds"]
        stated = [Field(name="author", value=name, origin="ris", listed=True) for name in named]
        assert choose_authors(stated) == tuple(names)

    assert grows_as_input(read, 400)


def test_of_a_story_only_two_versions_are_compared(monkeypatch: pytest.MonkeyPatch):
    """However often a text was copied, each copy is held against the fullest, not against all others."""
    asked = 0
    tell = Versions.whole

    def count(self: Versions, place: int) -> int:
        nonlocal asked
        asked += 1
        return tell(self, place)

    def copies() -> Iterator[Entry]:
        for number in range(1, 201):
            text = " ".join(f"boat{each}" for each in range(60)) + f" {chr(96 + number)}"
            article = Article(title="Boats", body=text, text=text)
            yield Entry(id=number, key=f"{number:012x}", article=article, facts=Facts())

    monkeypatch.setattr(Versions, "whole", count)
    (story,) = find_stories(Corpus(entries=copies))
    assert len(story) == 200
    assert asked <= 2 * len(story)


def test_lines_of_an_abstract_are_put_together_once():
    """A text that goes on for thousands of lines is not written anew for each of them."""
    entry = "TY  - JOUR\nTI  - Boats\nAB  - Counted\n{}"
    few = 20_000
    assert grows_as_input(lambda times: list(entries_of_ris(entry.format("a boat\n" * times))), few)


@pytest.mark.parametrize("repeated", ["<head>", "<script>", "<style>", "<!--", "<head><!--"])
def test_what_a_chapter_never_closes_is_looked_for_once(repeated: str):
    """Whether a chapter of a book has words is told in one look, however many heads lack an end."""
    assert grows_as_input(lambda times: HEAD.sub("", repeated * times), 1000)


def test_what_stands_before_a_quotation_in_arabic_is_looked_at_alone():
    """However many quotations a text has, the whole text before each is not copied."""
    said = "قال الوزير: «إن القوارب عدت مرة أخرى اليوم في الميناء القديم». "

    def read(times: int) -> None:
        article = Article(title="Boats", body="", text=said * times, language="ar")
        assert len(list(find_quotations(article, Facts()))) == times

    assert grows_as_input(read, 2500)
