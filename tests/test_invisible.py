"""Characters that nobody sees keep no word from being found."""

import pytest

from ingest.model import Field, Format, Hint, RawDocument
from ingest.normalize import normalize_document

HIDDEN = "The light\xadhouse kee\u2060per wro\ufeffte of the lamp\u200blight. "
SEEN = "The lighthouse keeper wrote of the lamplight."
REFERENCES = "The light&shy;house kee&NoBreak;per wro&#xFEFF;te of the lamp&#8203;light. "


@pytest.mark.parametrize(
    ("form", "content"),
    [
        ("text", f"\ufeff{HIDDEN}"),
        ("markdown", HIDDEN),
        ("markdown", f"<p>{REFERENCES}</p>"),
        ("document", f"<p>{HIDDEN}</p>"),
        ("document", f"<p>{REFERENCES}</p>"),
        ("html", f"<html><body><article><p>{REFERENCES}</p></article></body></html>"),
    ],
)
def test_words_are_whole(form: Format, content: str):
    """Places where a word may be broken are forgotten, in text and in what is stated of it."""
    title = Field(name="title", value="Light\xadhouses and light&shy;ships", origin="header")
    article, _ = normalize_document(
        RawDocument(locator="a", format=form, content=content, fields=(title,)), Hint()
    )
    assert article.text == SEEN
    assert article.title == "Lighthouses and lightships"
    assert article.blocks[-1].text_end == len(SEEN)


@pytest.mark.parametrize(
    "text", ["ภาษา\u200bไทย", "នេះ\u200bជា", "می\u200cخواهم", "क्\u200dष", "one \u200btwo", "a &shy; b"]
)
def test_what_tells_words_apart_or_shapes_letters_is_kept(text: str):
    """Scripts without spaces keep their word ends, others what joins letters, and text its ampersands."""
    raw = RawDocument(locator="a", format="text", content=f"{text} and more.")
    assert normalize_document(raw, Hint())[0].text == f"{text} and more."


def test_no_mark_comes_out_of_it():
    """What stands behind such a character at the start of a line does not become a heading."""
    raw = RawDocument(locator="a", format="text", content="A text.\n\n\xad# no heading")
    assert normalize_document(raw, Hint())[0].text == "A text.\n\n# no heading"
