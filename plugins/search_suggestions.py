"""Suggests near words for those of a search that no article has."""

import re
import sqlite3
import string
import time
from collections.abc import Iterable, Iterator, Sequence
from itertools import takewhile
from typing import Any

from datasette.plugins import pm

SUGGESTION_SECONDS = 0.2
SHORTEST_SUGGESTED, LONGEST_SUGGESTED = 4, 20
NEAR_WORDS = 4000
FARTHEST = 2
FOUND = "select 1 from articles_fts where articles_fts match :match limit 1"
VOCABULARY = """
    create virtual table if not exists temp.article_words using fts5vocab('main', 'articles_fts', 'row')
"""


def suggest(connection: Any, query: Any) -> str:
    """Return the query with words that no article has changed into near ones; empty if there are none."""
    try:
        connection.execute(VOCABULARY)
        deadline = time.monotonic() + SUGGESTION_SECONDS
        text, words_of = query.text, pm.get_plugin("search_marks.py").words_of
        with pm.get_plugin("search_index.py").limited(connection, deadline):
            for group in query.worded:
                wanted = (map(words_of, term.spellings) for term in group if not term.prefix)
                words = {ways[0]: ways for spellings in wanted for ways in zip(*spellings, strict=False)}
                for word in in_time(sorted(words), deadline):
                    better = _near_word(connection, words[word], deadline)
                    if better:
                        text = re.sub(rf"(?<!\w){re.escape(word)}(?!\w)", better, text)
    except sqlite3.OperationalError:
        return ""  # out of time, or no room for temporary tables
    return text if text != query.text else ""


def _near_word(connection: Any, ways: Sequence[str], deadline: float) -> str:
    """Return the most used word within one or two changes of one that is unknown in all of its spellings."""
    word = pm.get_plugin("search_sql.py").slug(ways[0])
    if not SHORTEST_SUGGESTED <= len(word) <= LONGEST_SUGGESTED or "-" in word:
        return ""
    match = " OR ".join(f'"{each}"' for each in ways)
    if connection.execute(FOUND, {"match": match}).fetchone():
        return ""
    known = "select doc from temp.article_words where term = ?"
    best: list[tuple[int, str]] = []
    for each in in_time(sorted(changed_once(word)), deadline):
        row = connection.execute(known, [each]).fetchone()
        if row:
            best.append((-row[0], each))
    if best:
        return min(best)[1]
    start = word[:2]
    sql = "select term, doc from temp.article_words where term >= ? and term < ? limit ?"
    rows = connection.execute(sql, [start, start + "\U0010ffff", NEAR_WORDS])
    for term, count in in_time(rows, deadline):
        if abs(len(term) - len(word)) <= FARTHEST and len(word) > SHORTEST_SUGGESTED + 1:
            distance = changes(word, term)
            if distance <= FARTHEST:
                best.append((1000 * distance - min(count, 999), term))
    return min(best)[1] if best else ""


def in_time(items: Iterable[Any], deadline: float) -> Iterator[Any]:
    """Yield items until `time.monotonic()` passes the deadline."""
    return takewhile(lambda _: time.monotonic() <= deadline, items)


def changed_once(word: str) -> set[str]:
    """Return all words that differ by one letter left out, put in, changed, or exchanged with the next."""
    halves = [(word[:at], word[at:]) for at in range(len(word) + 1)]
    letters = string.ascii_lowercase if word.isascii() else "".join(sorted(set(word)))
    out = {start + end[1:] for start, end in halves if end}
    out |= {start + end[1] + end[0] + end[2:] for start, end in halves if len(end) > 1}
    out |= {start + letter + end[1:] for start, end in halves if end for letter in letters}
    out |= {start + letter + end for start, end in halves for letter in letters}
    return out - {word}


def changes(one: str, other: str) -> int:
    """Return the fewest changes of a letter that make one word another (Levenshtein's distance)."""
    row = list(range(len(other) + 1))
    for at, letter in enumerate(one, start=1):
        before, row[0] = row[0], at
        for place, each in enumerate(other, start=1):
            before, row[place] = (
                row[place],
                min(row[place] + 1, row[place - 1] + 1, before + (letter != each)),
            )
    return row[-1]
