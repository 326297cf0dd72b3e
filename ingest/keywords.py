"""What distinguishes two sets of texts: words that one uses more than chance would have it.

Log odds with an informative Dirichlet prior: Monroe, Colaresi and Quinn, "Fightin' Words:
Lexical Feature Selection and Evaluation for Identifying the Content of Political Conflict",
Political Analysis 16(4), 2008, pages 372-403.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
PRIOR = 500.0


@dataclass
class Usage:
    """How often a set of texts uses each word, and in how many of its texts."""

    words: Counter[str] = field(default_factory=Counter)
    texts: Counter[str] = field(default_factory=Counter)

    def add(self, text: str) -> None:
        """Count the words of one more text; case does not tell words apart."""
        counted = Counter(word.replace("’", "'") for word in WORD.findall(text.casefold()))
        self.words.update(counted)
        self.texts.update(counted.keys())


def usage(texts: Iterable[str]) -> Usage:
    """Return how often the texts use each word."""
    counted = Usage()
    for text in texts:
        counted.add(text)
    return counted


def log_odds(a: Counter[str], b: Counter[str]) -> dict[str, tuple[float, float]]:
    """Return for each word how much its log odds in `a` exceed those in `b`, and that over its error.

    The prior is the use of both together, weighing as much as 500 words; it draws rare words to
    no difference. The second number is the z-score by which the paper ranks.
    """
    size_a, size_b = a.total(), b.total()
    both = a + b
    scale = PRIOR / (size_a + size_b) if both else 0.0
    found = {}
    for word, count in both.items():
        prior = count * scale
        in_a, in_b = a[word] + prior, b[word] + prior
        rest_a, rest_b = size_a + PRIOR - in_a, size_b + PRIOR - in_b
        if min(rest_a, rest_b) <= 0:  # the only word there is tells nothing
            found[word] = (0.0, 0.0)
            continue
        difference = math.log(in_a / rest_a) - math.log(in_b / rest_b)
        found[word] = (difference, difference / math.sqrt(1 / in_a + 1 / in_b))
    return found
