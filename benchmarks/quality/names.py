"""How well names are found: exact spans of people, organisations and places, whole documents.

Held out from training: wikigold, CrossNER's politics (training and development parts), re3d, and
a third of GUM's news and interviews, chosen by the hash of their names (`training/corpora.py`).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from benchmarks.quality.measure import Measure, f1
from ingest.enrich.recogniser import recognise
from ingest.enrich.recogniser.kinds import kind_of
from ingest.enrich.training.corpora import part_of, read_corpus, text_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

CLASSES = {"PERSON": "PER", "ORG": "ORG", "GPE": "LOC", "LOC": "LOC", "FAC": "LOC"}
COARSE = {
    **dict.fromkeys(("PER", "politician", "person", "Person"), "PER"),
    **dict.fromkeys(("ORG", "politicalparty", "organisation", "Organisation"), "ORG"),
    **dict.fromkeys(("LOC", "location", "country", "Location"), "LOC"),
}
SMALL = frozenset("a an and as at but by for from in of on or the to with".split())  # noqa: SIM905
# Types of gold names that say a kind, and the class in which the model would see them.
KINDS = {
    "country": ("LOC", "GPE"),
    "election": ("MISC", "EVENT"),
    "event": ("MISC", "EVENT"),
    "Nationality": ("MISC", "NORP"),
}
# Written for this measure before it was taken, since no collection here tells places apart.
PLACES = {
    "GPE": "Lagos, Tamil Nadu, Cook County, Papua New Guinea, Kansas City, Alsace, Nuuk, South Ossetia,"
    " Port Said, Santa Fe, Wuhan, Isle of Man, Zanzibar, Fort Worth, Republic of Ireland, Oblast of Kursk,"
    " Mbabane",
    "LOC": "Lake Victoria, Mount Kenya, Niger Delta, Bay of Bengal, Sahel, Strait of Hormuz, Gobi Desert,"
    " Danube, Great Barrier Reef, Pacific Ocean, Scandinavia, Cape Horn, Black Forest, Mekong River,"
    " Antarctica, Alps",
    "FAC": "Heathrow Airport, Wembley Stadium, Golden Gate Bridge, Tahrir Square, Panama Canal, Fifth Avenue,"
    " Louvre Museum, Hoover Dam, Buckingham Palace, Evin Prison, Grand Central Terminal, Gaddafi Stadium,"
    " Channel Tunnel, Al-Aqsa Mosque, Pier 39, Bagram Air Base",
}
PUBLISHED = {
    "wikigold, F1": "rules 0.435, CRF 0.702, small spaCy CNN 0.669, prototype 0.819",
}

Span = tuple[int, int, str]


class Text(NamedTuple):
    """A document and the names that are in it."""

    text: str
    spans: list[Span]


class Counts(NamedTuple):
    """Names that were right, found, and wanted."""

    right: int
    found: int
    wanted: int


def measure(data: Path) -> Iterator[Measure]:
    """Yield precision, recall and F1 on each collection that is there."""
    yield place_kinds()
    wikigold = data / "ner" / "wikigold.conll.txt"
    if wikigold.is_file():
        texts = list(conll(wikigold))
        yield from three("wikigold", count(texts))
        for name, change in (("lower case", lower), ("upper case", upper), ("title case", title)):
            counts = count([Text(change(each.text), each.spans) for each in texts])
            yield Measure(name=f"wikigold in {name}, F1", value=f1(*counts), count=counts.wanted)
    gum = data / "ner-train" / "gum.jsonl"
    if gum.is_file():
        yield from three("GUM news and interviews held out", count(held_out(gum)))
    politics = data / "ner" / "crossner-politics"
    if politics.is_dir():
        texts = [each for path in sorted(politics.glob("*.txt")) for each in conll(path)]
        yield from three("CrossNER politics", count(texts))
        yield from kinds("CrossNER politics", texts)
    re3d = data / "ner" / "re3d-train.conll"
    if re3d.is_file():
        texts = list(conll(re3d))
        counts = count(texts)
        yield from kinds("re3d", texts)
        yield Measure(name="re3d, precision", value=counts.right / max(counts.found, 1), count=counts.found)


def kinds(name: str, texts: Iterable[Text]) -> Iterator[Measure]:
    """Yield how often the kind within its class is told right, of gold names whose type says it."""
    right = wanted = 0
    for each in texts:
        for start, end, gold in each.spans:
            if gold in KINDS:
                label, kind = KINDS[gold]
                right += kind_of(each.text, start, end, label) == kind
                wanted += 1
    if wanted:
        yield Measure(name=f"{name}, kinds within classes", value=right / wanted, count=wanted)


def place_kinds() -> Measure:
    """Return how often a settlement, a landscape and a building are told apart by their names."""
    names = [(name, kind) for kind, listed in PLACES.items() for name in listed.split(", ")]
    right = sum(kind_of(name, 0, len(name), "LOC") == kind for name, kind in names)
    return Measure(name="kinds of places told by name", value=right / len(names), count=len(names))


def three(name: str, counts: Counts) -> Iterator[Measure]:
    """Yield precision, recall and F1."""
    published = PUBLISHED.get(f"{name}, F1", "")
    yield Measure(name=f"{name}, precision", value=counts.right / max(counts.found, 1), count=counts.found)
    yield Measure(name=f"{name}, recall", value=counts.right / max(counts.wanted, 1), count=counts.wanted)
    yield Measure(name=f"{name}, F1", value=f1(*counts), count=counts.wanted, published=published)


def count(texts: Iterable[Text]) -> Counts:
    """Return how many exact spans of the three classes are right, found and wanted."""
    right = found = wanted = 0
    for each in texts:
        mine = {
            (span.start, span.end, CLASSES[span.kind])
            for span in recognise(each.text)
            if span.kind in CLASSES
        }
        gold = {(start, end, COARSE[label]) for start, end, label in each.spans if label in COARSE}
        right, found, wanted = right + len(mine & gold), found + len(mine), wanted + len(gold)
    return Counts(right, found, wanted)


def conll(path: Path) -> Iterator[Text]:
    """Yield the documents of a file of columns; tokens are joined by spaces, sentences by line ends.

    Without marks of documents every twenty sentences make one.
    """
    sentences = path.read_text(encoding="utf-8").split("\n\n")
    whole = any(each.strip().startswith("-DOCSTART-") for each in sentences)
    document: list[str] = []
    for sentence in sentences:
        starts = sentence.strip().startswith("-DOCSTART-")
        if document and (starts or (not whole and len(document) == 20)):  # noqa: PLR2004 - as said above
            yield _joined(document)
            document = []
        lines = [line for line in sentence.splitlines() if line.strip() and not line.startswith("-DOCSTART-")]
        if lines:
            document.append("\n".join(lines))
    if document:
        yield _joined(document)


def _joined(sentences: Iterable[str]) -> Text:
    parts: list[str] = []
    spans: list[Span] = []
    length = 0
    for sentence in sentences:
        current = ""
        for line in sentence.splitlines():
            columns = line.split()
            token, tag = columns[0], columns[-1]
            label = tag[2:]
            if label and tag[0] == "I" and label == current:
                spans[-1] = (spans[-1][0], length + len(token), label)
            elif label:
                spans.append((length, length + len(token), label))
            current = label
            parts += (token, " ")
            length += len(token) + 1
        parts[-1] = "\n"
    return Text("".join(parts), spans)


def held_out(path: Path) -> list[Text]:
    """Return GUM's documents that the training never saw, with countries as places throughout."""
    return [Text(*text_of(each.sentences)) for each in read_corpus(path) if part_of(each) == "test"]


def lower(text: str) -> str:
    """Return text in small letters, but for those that would become two."""
    return "".join(small if len(small := each.lower()) == 1 else each for each in text)


def upper(text: str) -> str:
    """Return text in capitals, but for those that would become two."""
    return "".join(large if len(large := each.upper()) == 1 else each for each in text)


def title(text: str) -> str:
    """Return text as headlines are written: capitals but for small words."""
    return re.sub(
        r"\w[\w'’]*", lambda word: word[0] if word[0] in SMALL else word[0][0].upper() + word[0][1:], text
    )
