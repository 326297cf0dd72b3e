"""Characters that nobody sees, and that keep the words they stand in from being found."""

from __future__ import annotations

import html
import re
from dataclasses import replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ingest.model import RawDocument

SOFT_HYPHEN, WORD_JOINER, BYTE_ORDER_MARK = "\xad", "\u2060", "\ufeff"
ZERO_WIDTH_SPACE = "\u200b"
# Thai, Lao, Burmese and Khmer are written without spaces: there it tells where a word ends.
WITHOUT_SPACES = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u19e0-\u19ff\ua9e0-\ua9ff\uaa60-\uaa7f"
LETTER = rf"[^\W\d_{WITHOUT_SPACES}]"
WITHIN_WORD = re.compile(f"(?<={LETTER}){ZERO_WIDTH_SPACE}++(?={LETTER})")
REFERENCE = re.compile(
    r"&(?:shy|NoBreak|ZeroWidthSpace|#0*+(?:173|8203|8288|65279)|#x0*+(?:ad|200b|2060|feff));", re.IGNORECASE
)


def clean_document(raw: RawDocument) -> RawDocument:
    """Return a document without such characters; what joins or parts letters when drawn is kept."""
    is_html = raw.format in {"html", "document"}
    return replace(
        raw,
        content=without_invisible(_resolve(raw.content) if is_html else raw.content),
        fields=tuple(replace(field, value=without_invisible(_resolve(field.value))) for field in raw.fields),
    )


def without_invisible(text: str) -> str:
    """Return text without characters that only say where a word may be broken."""
    for character in (SOFT_HYPHEN, WORD_JOINER, BYTE_ORDER_MARK):
        text = text.replace(character, "")
    return WITHIN_WORD.sub("", text) if ZERO_WIDTH_SPACE in text else text


def _resolve(text: str) -> str:
    """Return HTML in which such characters stand themselves, not references to them."""
    return REFERENCE.sub(lambda reference: html.unescape(reference[0]), text)
