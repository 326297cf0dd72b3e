"""Several articles in one typed or pasted file: divided where that is certain, told where it is plain."""

from __future__ import annotations

import io
import time

import pytest

from ingest.labels import LONGEST_HEAD
from ingest.model import Hint, Item, RawDocument
from ingest.normalize import normalize_document
from ingest.normalize.several import looks_several
from ingest.registry import discover

TEXT = (
    "The {0} stood by the water for a hundred years, and whoever came by boat saw it first of all the houses"
    " of the town, white and high above the quay. It was sold on {1} to two sisters, who will open a shop in"
    " it for rope, lamps and whatever else a boat may need in winter."
)
MILL, KILN = TEXT.format("mill", "Monday"), TEXT.format("kiln", "Friday")
HEAD = "The old {0} is sold at last\n\nBy Ida Brandt\n\n{1} March 2024\n\n"
MILL_SOLD, KILN_SOLD = HEAD.format("mill", 4) + MILL, HEAD.format("kiln", 8) + KILN


def doubts(content: str, written_as: str = "text") -> list[str]:
    """Return the codes of what is doubtful of a file."""
    raw = RawDocument(locator="a.txt", format=written_as, content=content)
    return [problem.code for problem in normalize_document(raw, Hint())[1]]


@pytest.mark.parametrize("rule", ["-----", "==========", "* * *", "\n\n***\n\n"])
@pytest.mark.parametrize("above", ["", "Press cuttings on the harbour\n\n-----\n\n"])
def test_articles_between_rules_are_told(rule: str, above: str):
    """Each with a headline and a date, below a line that divides them: the room says that it read one."""
    for written_as in ("text", "markdown"):
        assert doubts(f"{above}{MILL_SOLD}\n\n{rule}\n\n{KILN_SOLD}", written_as) == ["several-articles"]


def test_articles_below_headings_are_told():
    """In Markdown headings of the first level divide."""
    assert doubts(f"# {MILL_SOLD}\n\n# {KILN_SOLD}", "markdown") == ["several-articles"]
    assert doubts(f"# {MILL_SOLD}\n\n## {KILN_SOLD}", "markdown") == []


@pytest.mark.parametrize(
    "content",
    [
        f"{MILL_SOLD}\n\n* * *\n\n{KILN}",
        f"{MILL_SOLD}\n\n-----\n\nRead on tomorrow of the kiln\n\n8 March 2024",
        f"Harbour diary\n\n-----\n\n4 March 2024\n\n{MILL}\n\n-----\n\n8 March 2024\n\n{KILN}",
        f"{MILL_SOLD}\n\n-----\n\n{KILN_SOLD}\n\n-----\n\nAll rights reserved.",
        f"# 1.2\n\n4 March 2024\n\n{MILL}\n\n# 1.1\n\n8 March 2023\n\n{KILN}",
    ],
    ids=["a pause", "a teaser", "a diary", "a foot", "releases"],
)
def test_what_only_resembles_them_is_one(content: str):
    """Pauses, notes below a text, days of a diary and releases of a program say nothing."""
    assert doubts(content) == doubts(content, "markdown") == []


@pytest.mark.parametrize(
    "mark",
    [
        "\n",
        "-",
        "--\n",
        "---\n",
        "- ",
        " ",
        "a: b\n",
        "---\na: b\n",
        "# a\n",
        "Title: a\n\n",
        "Title: a\nDate: b\n---\n",
    ],
)
@pytest.mark.parametrize(
    "above", ["", "Title: a\nDate: 2024-03-04\n\na\n", "---\ntitle: a\ndate: 2024\n---\n"]
)
def test_a_text_of_one_mark_is_divided_in_time(mark: str, above: str):
    """No pattern goes through a text again and again, and what is divided is all there."""
    content = above + mark * (200_000 // len(mark)) + "end"
    started = time.process_time()
    for name in ("text", "markdown"):
        item = Item(locator="a.md")
        documents = list(discover().readers[name].read(item, io.BytesIO(content.encode())))
        assert isinstance(documents[-1], RawDocument)
        assert documents[-1].content.endswith("end")
        looks_several(content, is_markdown=name == "markdown")
    assert time.process_time() - started < 15


@pytest.mark.parametrize("fence", ["~~~\n", "```\n\n"])
def test_what_an_article_shows_of_labels_as_code_is_its_text(fence: str):
    """Who writes of how posts begin shows the head of one."""
    shown = f"{fence}Title: My post\nDate: 2010-12-03\n\nThe text.\n{fence}"
    content = f"Title: How posts begin\nDate: 2024-03-04\n\n{MILL}\n\n{shown}\n{KILN}\n"
    documents = list(discover().readers["markdown"].read(Item(locator="a.md"), io.BytesIO(content.encode())))
    assert [each.locator for each in documents] == ["a.md"]


def test_a_first_article_below_a_very_long_head_is_kept():
    """As long as a head may be, with what follows it beyond."""
    head = "Title: Mill\nDate: 2024-03-04\nNote: "
    further = "".join(f"\n\nTitle: {each}\nDate: 2024-03-05\n\n{KILN}" for each in ("Kiln", "Quay"))
    content = f"{head}{'x' * (LONGEST_HEAD - len(head) - 2)}\n\n{MILL}{further}"
    documents = list(discover().readers["text"].read(Item(locator="a.txt"), io.BytesIO(content.encode())))
    assert [MILL in each.content for each in documents if isinstance(each, RawDocument)] == [
        True,
        False,
        False,
    ]
