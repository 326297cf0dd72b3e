"""How rightly furniture is told from writing: on single articles, and on what publications repeat.

The gold lies in `tests/gold/boilerplate` and is in its authors' own words. `single.txt` holds whole
articles; a line that begins with `-` is furniture, one with `+` is not. `repeated.txt` holds what
stands in some articles of a publication, the others being plain: `20 of 30` articles have it;
`(story)` stands for paragraphs that no other article has, taken from the sample collection. In
`same` publications the writing is repeated and the furniture stands in every article.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.quality.measure import Measure
from ingest.collate.boilerplate import remove_boilerplate
from ingest.model import Corpus, Entry, Facts, Hint, RawDocument
from ingest.normalize import normalize_document

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ingest.model import Article

ROOT = Path(__file__).parents[2]
GOLD = ROOT / "tests" / "gold" / "boilerplate"
CASE = re.compile(r"^== (.+?) \| (.+)$", re.MULTILINE)
STORY = "(story)"
STORY_PARAGRAPHS = 3
LEAST_WORDS = 12


@dataclass(kw_only=True)
class Score:
    """Shares of gold blocks: of those to remove how much was found, of those removed what was wrong."""

    right: float = 0
    wrong: float = 0
    wanted: int = 0
    count: int = 0
    mistakes: list[str] = field(default_factory=list)


def measure(data: Path) -> Iterator[Measure]:
    """Yield precision and recall of removed blocks, for single articles and for repeated blocks."""
    del data
    for name, score in (("single", score_single()), ("repeated", score_repeated())):
        found = score.right + score.wrong
        yield Measure(
            name=f"boilerplate {name} precision", value=score.right / found if found else 0, count=score.count
        )
        yield Measure(name=f"boilerplate {name} recall", value=score.right / score.wanted, count=score.wanted)


def score_single() -> Score:
    """Return the score of the rules for one article alone."""
    score = Score()
    for _, title, lines in read_cases(GOLD / "single.txt"):
        body = "\n\n".join(line[2:] for line in lines)
        removed = removed_texts([read_article(title, body, "single")])[0]
        add_lines(score, lines, [removed])
    return score


def score_repeated() -> Score:
    """Return the score on what publications repeat."""
    score = Score()
    for counts, name, lines in read_cases(GOLD / "repeated.txt"):
        stories = read_stories()
        framed, total = (int(number) for number in re.findall(r"\d+", counts))
        same = "same" in counts
        articles = []
        for number in range(total):
            used = lines if number < framed else [line for line in lines if same and line[0] == "-"]
            parts = [
                next(stories) if line == STORY else line[2:].replace("{number}", str(1990 + number))
                for line in (used if number < framed else [STORY, *used])
            ]
            articles.append(read_article(f"Number {number}", "\n\n".join(parts), name))
        removed = removed_texts(articles)
        add_lines(score, [line for line in lines if line != STORY], removed[:framed])
        plain = {text for texts in removed for text in texts if not any(fits(line, text) for line in lines)}
        score.wrong += len(plain)
        score.mistakes += sorted(plain)
    return score


def add_lines(score: Score, lines: Sequence[str], removed: Sequence[Sequence[str]]) -> None:
    """Add how large a share of the articles lost each gold line."""
    for line in dict.fromkeys(lines):
        share = sum(any(fits(line, text) for text in texts) for texts in removed) / len(removed)
        score.count += 1
        score.wanted += line[0] == "-"
        score.right += share if line[0] == "-" else 0
        score.wrong += share if line[0] == "+" else 0
        if (share < 1) == (line[0] == "-") and (share > 0 or line[0] == "-"):
            score.mistakes.append(f"{share:.2f} {line}")


def fits(line: str, text: str) -> bool:
    """Tell whether a removed text is what a gold line shows."""
    shown = re.sub(r"\[(.*?)\]\(.*?\)", r"\1", line[2:].removeprefix("> "))
    pattern = r"\d+".join(re.escape(part) for part in shown.split("{number}"))
    return re.fullmatch(pattern, text) is not None


def removed_texts(articles: Sequence[Article]) -> list[list[str]]:
    """Return the texts removed from each of the articles of a collection."""
    entries = [
        Entry(id=number, key=str(number), article=article, facts=Facts())
        for number, article in enumerate(articles)
    ]
    revised = remove_boilerplate(Corpus(entries=lambda: iter(entries)))
    return [[each.text.strip() for each in entry.removed] for entry in revised.entries()]


def read_article(title: str, body: str, publication: str) -> Article:
    """Return the article that a Markdown file with this body would give."""
    raw = RawDocument(locator=f"{title}.md", format="markdown", content=f"# {title}\n\n{body}")
    return normalize_document(raw, Hint(publication=publication))[0]


def read_cases(path: Path) -> Iterator[tuple[str, str, list[str]]]:
    """Yield kind, name and lines of each gold case."""
    parts = CASE.split(path.read_text(encoding="utf-8"))[1:]
    for kind, name, lines in zip(parts[::3], parts[1::3], parts[2::3], strict=True):
        yield kind, name, [line for line in lines.strip().split("\n") if line]


def read_stories() -> Iterator[str]:
    """Yield runs of paragraphs of the sample collection, each paragraph once; then made-up ones."""
    counts: Counter[str] = Counter()
    folders: dict[str, list[str]] = defaultdict(list)
    for path in sorted((ROOT / "sample").rglob("*.md")):
        for block in path.read_text(encoding="utf-8").split("\n\n"):
            if len(block.split()) >= LEAST_WORDS and block[0].isalpha() and not block.startswith("title"):
                counts[block] += 1
                folders[path.stem].append(block)
    blocks = [block for each in folders.values() for block in each if counts[block] == 1]
    for round_number in range(1000):
        for first in range(0, len(blocks) - STORY_PARAGRAPHS, STORY_PARAGRAPHS):
            chosen = blocks[first : first + STORY_PARAGRAPHS]
            mark = f" This was in the year {1900 + round_number}." if round_number else ""
            yield "\n\n".join(f"{block.strip()}{mark}" for block in chosen)
