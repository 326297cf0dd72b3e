"""Where an excerpt ends: at the end of a sentence, and never beyond so many words."""

from __future__ import annotations

import re

from ingest.normalize.markdown import escape
from ingest.schema.views import UNSPACED

# Where no spaces are set between words, a character counts as one.
WORD = re.compile(rf"[{UNSPACED}]|[^\s{UNSPACED}]+")
# A full stop after less than four letters is often an abbreviation's.
SENTENCE_END = re.compile(r"(?:\w{4}\.|[!?…])[\"'”’»)\]]*(?=\s)|[。！？]|(?=\n\s*\n)")
# What stands for a word of text without any spaces at all, such as encoded data.
LONGEST_WORD = 40
LARGEST_SHARE = 0.5
# So many words in a row that stand in both are taken over from a text.
TAKEN_OVER = 8
LETTERS = re.compile(rf"[{UNSPACED}]|[^\W{UNSPACED}]+")


def count_words(text: str) -> int:
    """Return the number of words, a character each where no spaces are set between them."""
    return sum(1 for _ in WORD.finditer(text))


def find_excerpt_end(text: str, most_words: int, *, most_share: float = LARGEST_SHARE) -> int:
    """Return the offset at which an excerpt of a text ends.

    It has at most so many words and at most half of the text, or another share, and ends with a
    sentence unless the first sentence is longer than that.
    """
    most = min(most_words, int(count_words(text) * most_share))
    if not most:
        return 0
    end = 0
    for number, word in enumerate(WORD.finditer(text), start=1):
        if number > most:
            break
        end = word.end()
    end = min(end, most * LONGEST_WORD)
    # The mark that ends a sentence may be followed by nothing but the limit.
    ends = [found.end() for found in SENTENCE_END.finditer(text, 0, min(end + 1, len(text)))]
    ends = [each for each in ends if each <= end and text[:each].strip()]
    return len(text[: ends[-1] if ends else end].rstrip())


def find_own_end(statement: str, text: str, end: int) -> int:
    """Return the offset up to which a statement takes nothing over from a text beyond its excerpt's end."""
    words = list(LETTERS.finditer(statement))
    length = min(TAKEN_OVER, len(words))
    withheld = _runs(text, length) - _runs(text[:end], length)
    for first, last in zip(words, words[length - 1 :], strict=False):
        if _runs(statement[first.start() : last.end()], length) & withheld:
            return first.start()
    return len(statement)


def _runs(text: str, length: int) -> set[tuple[str, ...]]:
    """Return all runs of so many words in a text."""
    words = LETTERS.findall(text.casefold())
    return set(zip(*(words[place:] for place in range(length)), strict=False))


def as_body(excerpt: str) -> str:
    """Return the text of an excerpt as Markdown that shows just that."""
    paragraphs = re.split(r"\n\s*\n", excerpt)
    # Without the stroke Markdown would take the end of a line for a space.
    return "\n\n".join(escape(paragraph).replace("\n", "\\\n") for paragraph in paragraphs)
