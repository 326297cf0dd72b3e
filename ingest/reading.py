"""What is done to one item, in a worker: choose the reader, read, normalise, enrich.

Nothing leaves here as an exception that concerns the item alone: whatever goes wrong becomes
a finding with the outcome `problem`, so that the run goes on and the item is accounted for. A
machine that fails (a bad disk, too many open files) is no fault of the item and ends the run:
else articles would go from the collection because a disk had a bad moment.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from ingest.errors import ItemError, refused_by_machine
from ingest.model import (
    Fact,
    Facts,
    Field,
    Finding,
    Item,
    Mention,
    Problem,
    Quote,
    RawDocument,
    TimeExpression,
)
from ingest.normalize import normalize_document
from ingest.registry import choose_reader, in_order

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ingest.model import Article
    from ingest.registry import Enricher, Reader, Registry

HEAD = 512
DEEPEST = 5


@dataclass(frozen=True, kw_only=True)
class Tools:
    """The readers and enrichments at work, in order."""

    readers: tuple[Reader, ...]
    enrichers: tuple[Enricher, ...]


def tools_of(registry: Registry) -> Tools:
    """Return the declared readers, and the enrichments in the order they require."""
    return Tools(
        readers=tuple(registry.readers.values()),
        enrichers=tuple(in_order(registry.enrichers.values())),
    )


def read_item(item: Item, tools: Tools, depth: int = 0) -> Iterator[Finding]:
    """Yield what became of an item: one finding for each document in it, at least one."""
    try:
        data = item.data if item.data is not None else _read_bytes(item)
    except OSError as error:
        yield _failed(Finding(locator=item.locator, outcome="problem"), _unreadable(error))
        return
    known = Finding(
        locator=item.locator,
        outcome="problem",
        sha256=hashlib.sha256(data).hexdigest(),
        size=len(data),
    )
    reader = choose_reader(tools.readers, item, data[:HEAD])
    if reader is None:
        suffix = item.locator.rpartition(".")[2] if "." in item.locator else "no suffix"
        yield replace(known, outcome="skipped", reason=f"no reader for this format ({suffix})")
        return
    known = replace(known, reader=reader.name, media_type=reader.media_types[0])
    found = False
    try:
        for part in reader.read(item, data):
            found = True
            if isinstance(part, RawDocument):
                yield _finish(item, part, known, tools.enrichers)
            elif depth >= DEEPEST:
                yield replace(known, locator=part.locator, outcome="skipped", reason="nested too deep")
            else:
                yield from read_item(part, tools, depth + 1)
    except ItemError as error:
        yield _failed(known, error)
        return
    except Exception as error:  # noqa: BLE001 - a parser may raise anything; the run must go on
        yield _failed(known, _reader_failed(error))
        return
    if not found:
        yield replace(known, outcome="skipped", reason="nothing in it")


def _read_bytes(item: Item) -> bytes:
    if item.path is None:
        return b""
    return item.path.read_bytes()


def _unreadable(error: OSError) -> ItemError:
    if refused_by_machine(error):
        raise error
    return ItemError(
        "unreadable", f"{error.strerror}.", hint="Check that you may read the file, then run again."
    )


def _reader_failed(error: Exception) -> ItemError:
    if refused_by_machine(error):
        raise error
    hint = "Open the file in another program; if it is fine there, report this as a bug."
    return ItemError("reader-failed", f"{type(error).__name__}: {error}"[:500], hint=hint)


def _finish(item: Item, raw: RawDocument, known: Finding, enrichers: tuple[Enricher, ...]) -> Finding:
    known = replace(known, locator=raw.locator)
    try:
        article, problems = normalize_document(raw, item.hint)
    except ItemError as error:
        return _failed(known, error, stage="normalize")
    facts, failures = _enrich(article, enrichers)
    return replace(known, outcome="article", article=article, facts=facts, problems=(*problems, *failures))


def _enrich(article: Article, enrichers: tuple[Enricher, ...]) -> tuple[Facts, tuple[Problem, ...]]:
    """Run the enrichments in order; one that fails is a problem, the others' facts stay."""
    facts = Facts()
    problems: list[Problem] = []
    for enricher in enrichers:
        try:
            facts = _add(facts, list(enricher.enrich(article, facts)))
        except Exception as error:  # noqa: BLE001 - an enrichment must not cost the article
            problems.append(
                Problem(
                    stage="enrich",
                    code=f"{enricher.name}-failed",
                    message=f"{type(error).__name__}: {error}"[:500],
                    hint="The article is there without these facts; report this as a bug.",
                )
            )
    return facts, tuple(problems)


def _add(facts: Facts, found: list[Fact]) -> Facts:
    return Facts(
        mentions=(*facts.mentions, *(each for each in found if isinstance(each, Mention))),
        quotes=(*facts.quotes, *(each for each in found if isinstance(each, Quote))),
        dates=(*facts.dates, *(each for each in found if isinstance(each, TimeExpression))),
        fields=(*facts.fields, *(each for each in found if isinstance(each, Field))),
    )


def _failed(known: Finding, error: ItemError, stage: str = "read") -> Finding:
    problem = Problem(stage=stage, code=error.code, message=error.message, hint=error.hint)
    return replace(known, outcome="problem", reason=error.message, problems=(problem,))
