"""How fast names are found: words a second on one core, and seconds for an article of 600 words.

    python benchmarks/names_speed.py

Reads the sample's English articles, put together to articles of 600 words. Seconds are those of
the processor, so that other work on the machine counts little; the model runs one thread.
"""

from __future__ import annotations

import statistics
import sys
import time
from pathlib import Path

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

from ingest.enrich.recogniser import recognise  # noqa: E402 - the checkout comes first on the path

WORDS, RUNS = 600, 3


def articles() -> list[str]:
    """Return articles of 600 words of the sample's own prose."""
    texts = [path.read_text(encoding="utf-8") for path in sorted((ROOT / "sample").rglob("*.md"))]
    bodies = [text.split("---" if text.startswith("---") else "+++", 2)[-1].strip() for text in texts if text]
    paragraphs = [part for body in bodies for part in body.split("\n\n")]
    made: list[str] = []
    current: list[str] = []
    for paragraph in paragraphs:
        current.append(paragraph)
        if len(" ".join(current).split()) >= WORDS:
            made.append("\n\n".join(current))
            current = []
    return made


def main() -> None:
    """Print the figures."""
    texts = articles()
    started = time.process_time()
    recognise(texts[0])
    first = time.process_time() - started
    runs = []
    for _ in range(RUNS):
        started = time.process_time()
        for text in texts:
            recognise(text)
        runs.append(time.process_time() - started)
    words = sum(len(text.split()) for text in texts)
    seconds = statistics.median(runs)
    print(f"first article, with loading the model: {first:.2f} s")
    print(f"words a second on one core: {words / seconds:,.0f}")
    print(f"seconds for an article of {WORDS} words: {WORDS * seconds / words:.3f} ({len(texts)} articles)")


if __name__ == "__main__":
    main()
