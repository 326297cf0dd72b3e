"""The recognisers that a collection may choose from, by name, and which one reads which language.

metadata.yml says `entities: spacy:en_core_web_trf` for all texts, or gives one for a language:
`entities: {de: spacy:de_core_news_lg, fr: rules}`. Where it says nothing, English goes to our own
trained model, and the other languages to rules and word lists, which find what they can.
"""

from __future__ import annotations

import importlib.util
from functools import cache
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ingest.enrich import rules
from ingest.enrich.spans import Span

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    Recognise = Callable[[str], list[Span]]

ALL = "*"
OWN = "own"
RULES = "rules"
# The model was trained on English; a text too short to tell its language is taken for English.
ENGLISH = frozenset(("en", None))
SPACY = "spacy:"
# What spaCy's pipelines call things, OntoNotes' names and CoNLL's; numbers and dates are no names.
KINDS = {
    "PER": "PERSON",
    "WORK_OF_ART": "WORK",
    **{
        kind: kind
        for kind in (
            *("PERSON", "ORG", "GPE", "LOC", "FAC", "NORP", "EVENT", "WORK", "LAW", "PRODUCT", "MISC"),
        )
    },
}
# spaCy refuses longer texts, since it needs a gigabyte for each hundred thousand characters.
MOST_AT_ONCE = 100_000


def choose(language: str | None, chosen: Mapping[str, str]) -> str:
    """Return the name of the recogniser for a language: what was chosen for it or for all, else ours."""
    return chosen.get(language or "", chosen.get(ALL, OWN if language in ENGLISH else RULES))


@cache
def recogniser(name: str) -> Recognise:
    """Return a recogniser by its name, loaded at the first call in a process."""
    if name == RULES:
        return rules.recognise
    if name == OWN:
        from ingest.enrich import recogniser as own  # noqa: PLC0415 - loads numpy, for who reads

        return own.recognise
    import spacy  # noqa: PLC0415 - only where a collection asks for it

    pipeline = spacy.load(name.removeprefix(SPACY))
    return lambda text: [span for piece in _pieces(text) for span in _spans(pipeline, text, *piece)]


def explain_missing(name: str) -> str | None:
    """Return what to do to have a recogniser, None where it is there."""
    if name in {OWN, RULES}:
        return None
    if not name.startswith(SPACY):
        return f"{name} is no recogniser; known are {OWN}, {RULES} and {SPACY}NAME, a pipeline of spaCy."
    pipeline = name.removeprefix(SPACY)
    if importlib.util.find_spec("spacy") is None:
        return f"{name} needs spaCy. Install it: pip install 'readingroom[spacy]'"
    if importlib.util.find_spec(pipeline) is None if pipeline.isidentifier() else not Path(pipeline).is_dir():
        return f"{name} is not installed. Run: python -m spacy download {pipeline}"
    return None


def versions(chosen: Mapping[str, str]) -> str:
    """Return what is other once a recogniser that was chosen is one that was installed or trained since."""
    return " ".join(f"{language}: {name} {_version(name)}" for language, name in sorted(chosen.items()))


def _version(name: str) -> str:
    """Return the versions of spaCy and its pipeline, or when the pipeline in a folder was written."""
    if not name.startswith(SPACY):
        return ""
    pipeline = name.removeprefix(SPACY)
    folder = Path(pipeline, "meta.json")
    try:
        written = str(folder.stat().st_mtime_ns) if folder.is_file() else metadata.version(pipeline)
        return f"{metadata.version('spacy')} {written}"
    except (OSError, metadata.PackageNotFoundError):
        return ""  # `explain_missing` says so


def describe(chosen: Mapping[str, str]) -> str:
    """Return in words which recogniser reads which language."""
    usual = {} if ALL in chosen else {"en": OWN}
    named = {language: name for language, name in {**usual, **chosen}.items() if language != ALL}
    rest = f"{'others' if named else 'all'}: {chosen.get(ALL, RULES)}"
    return "; ".join([*(f"{language}: {name}" for language, name in sorted(named.items())), rest])


def _pieces(text: str) -> list[tuple[int, int]]:
    """Return start and end of pieces that can be read at once, cut between lines where possible."""
    pieces = []
    start = 0
    while start < len(text):
        end = min(start + MOST_AT_ONCE, len(text))
        if end < len(text):
            end = max(text.rfind("\n", start, end), start) + 1
            end = end if end > start + 1 else start + MOST_AT_ONCE
        pieces.append((start, end))
        start = end
    return pieces


def _spans(pipeline: Any, text: str, start: int, end: int) -> list[Span]:
    return [
        Span(
            start=start + found.start_char,
            end=start + found.end_char,
            surface=text[start + found.start_char : start + found.end_char],
            kind=KINDS[found.label_],
        )
        for found in pipeline(text[start:end]).ents
        if found.label_ in KINDS and found.text.strip()
    ]
