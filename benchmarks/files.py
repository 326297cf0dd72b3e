"""Writes a seeded folder of articles as people keep them: saved web pages, Markdown, plain text.

The sentences are drawn from real posts (`benchmarks/corpus.py`), so that words are as frequent as in
real articles; each article ends with some names, a few of them common and most rare. Of six files
four are web pages with menus and metadata around the text, one is Markdown with front matter and one
is plain text. The same numbers give the same files.
"""

from __future__ import annotations

import json
import random
from dataclasses import dataclass
from html import escape
from pathlib import Path

from benchmarks.corpus import NAMES, SECTIONS, SEED, SOURCES, date_of, names_of, sentences_of, skewed

ROOT = Path(__file__).parent.parent
POSTS = ROOT.parent / "shared" / "data" / "digitalgov" / "news"
PARAGRAPHS, SENTENCES = 4, 3
A_FOLDER = 1_000
KINDS = 6
WHOLE_DAY = len("2000-01-01")
PAGE = """<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><title>{title} | {source}</title>
<meta name="author" content="{author}"><meta property="og:title" content="{title}">
<meta property="article:section" content="{section}">
<script type="application/ld+json">{linked}</script></head>
<body><header><a href="/">{source}</a><nav><ul>{menu}</ul></nav></header>
<main><article><h1>{title}</h1><p class="byline">By {author}</p>
{paragraphs}
</article></main>
<aside><h2>Most read</h2><ul>{menu}</ul></aside>
<footer><p>{source} is printed every morning.</p><script>var seen = true;</script></footer></body></html>
"""


@dataclass(frozen=True, kw_only=True)
class Piece:
    """What an article says, before it is put into a format."""

    title: str
    author: str
    source: str
    section: str
    date: str | None
    paragraphs: tuple[str, ...]


def write(folder: Path, count: int, posts: Path = POSTS) -> Path:
    """Write so many files below `folder`, unless they are there, and return it.

    The posts are by default those beside the checkout, else the sample's own texts.
    """
    done = folder.with_suffix(".written")
    if done.exists():
        return folder
    chance = random.Random(SEED)  # noqa: S311 - the same numbers on purpose
    sentences = sentences_of(posts if posts.is_dir() else ROOT / "sample")
    names = names_of(sentences, chance)
    for number in range(count):
        piece = _piece(chance, sentences, names)
        place = folder / piece.source.lower().replace(" ", "-") / f"{number // A_FOLDER:04}"
        place.mkdir(parents=True, exist_ok=True)
        suffix, content = _dressed(number, piece)
        (place / f"{number:07}{suffix}").write_text(content, encoding="utf-8")
    done.touch()
    return folder


def _piece(chance: random.Random, sentences: list[str], names: list[str]) -> Piece:
    picked = [names[skewed(chance, len(names))] for _ in range(NAMES)]
    paragraphs = [" ".join(chance.choices(sentences, k=SENTENCES)) for _ in range(PARAGRAPHS)]
    return Piece(
        title=" ".join(chance.choice(sentences).split()[:9]).rstrip(".,;:"),
        author=names[skewed(chance, 500)],
        source=f"Courier {skewed(chance, SOURCES) + 1}",
        section=f"Section {skewed(chance, SECTIONS)}",
        date=date_of(chance)[0],
        paragraphs=(*paragraphs, f"They met {', '.join(picked[:-1])} and {picked[-1]} there."),
    )


def _dressed(number: int, piece: Piece) -> tuple[str, str]:
    """Return the ending of the file's name, and what is in it."""
    if number % KINDS == 0:
        matter = {"title": piece.title, "author": piece.author, "section": piece.section}
        matter |= {"date": piece.date} if piece.date else {}
        head = "".join(f"{key}: {json.dumps(value)}\n" for key, value in matter.items())
        return ".md", f"---\n{head}---\n\n" + "\n\n".join(piece.paragraphs) + "\n"
    if number % KINDS == 1:
        day = piece.date if piece.date and len(piece.date) == WHOLE_DAY else ""
        return ".txt", "\n\n".join([f"{piece.title}\nBy {piece.author}\n{day}".strip(), *piece.paragraphs])
    linked = {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "headline": piece.title,
        "author": {"@type": "Person", "name": piece.author},
        **({"datePublished": piece.date} if piece.date else {}),
    }
    return ".html", PAGE.format(
        title=escape(piece.title),
        author=escape(piece.author),
        source=piece.source,
        section=piece.section,
        linked=json.dumps(linked).replace("</", "<\\/"),
        menu="".join(f"<li><a href='/section-{each}'>Section {each}</a></li>" for each in range(SECTIONS)),
        paragraphs="\n".join(f"<p>{escape(each)}</p>" for each in piece.paragraphs),
    )
