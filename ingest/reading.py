"""What is done to one item, in a worker: choose the reader, read, normalise, enrich.

Nothing leaves here as an exception that concerns the item alone: whatever goes wrong becomes
a finding with the outcome `problem`, so that the run goes on and the item is accounted for. A
machine that fails (a bad disk, too many open files) is no fault of the item and ends the run:
else articles would go from the collection because a disk had a bad moment.
"""

from __future__ import annotations

import gc
import os
import traceback
from collections import Counter
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, BinaryIO

from ingest.charset import clean_article, whole, without_surrogates
from ingest.errors import ItemError, refused_by_machine
from ingest.known_facts import KnownFacts, nothing
from ingest.limits import DEFAULT_LIMITS, HINT, MIB, Budget, Limits
from ingest.model import (
    NO_READER,
    Article,
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
from ingest.normalize.parts import split_article
from ingest.registry import choose_reader, discover, in_order
from ingest.sources import hash_of, open_item, stamp_of, why_hidden

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from ingest.registry import Enricher, Reader, Registry

HEAD = 4096
LONGEST_MESSAGE = 500
SENTENCE_ENDS = (".", "!", "?")
SPARSE_FROM = 64 * MIB
BLOCK = 512
OPENED = "opened; what is in it is listed on its own"
CHANGED = ItemError("changed", "It changed while it was read.", hint="Run again when it is complete.")
# What to do with a file of which many have more than one, and that nothing here reads.
ADVICE = {
    **dict.fromkeys(
        ("pst", "ost", "olm"), "import the mailbox into a mail program and export its mail as .mbox or .eml"
    ),
    **dict.fromkeys(
        ("winmail.dat", "ms-tnef"),
        "what Outlook packs into a mail; unpack it with a program for TNEF and add the files",
    ),
    **dict.fromkeys(("bib", "enw", "nbib", "ciw", "enl"), "export the bibliography as RIS"),
    **dict.fromkeys(("rar", "7z", "bz2", "xz", "zst"), "unpack it and add the files"),
    **dict.fromkeys(("doc", "wpd", "wps", "pages"), "save it as .docx, .odt or PDF"),
    **dict.fromkeys(("ppt", "pptx", "odp"), "save the slides as PDF"),
    **dict.fromkeys(("mobi", "azw", "azw3", "fb2", "lit"), "convert the book to EPUB"),
    **dict.fromkeys(
        ("djvu", "djv", "ps", "xps", "tif", "tiff"), "make a PDF of it, and run OCR if it is a scan"
    ),
    **dict.fromkeys(("url", "webloc", "desktop"), "a link to a page; save the page itself"),
}
AVOIDED = ItemError(
    "crash",
    "Reading it hung or broke the parser.",
    hint="Open it in another program and save it anew, or remove it.",
)


@dataclass(frozen=True, kw_only=True)
class Conditions:
    """What reading depends on beside the items: own plugins, limits, recognisers by language.

    What is among the known `facts` is not found anew.
    """

    plugins: Path | None = None
    limits: Limits = DEFAULT_LIMITS
    recognisers: tuple[tuple[str, str], ...] = ()
    facts: KnownFacts | None = None


USUAL = Conditions()


@dataclass(frozen=True, kw_only=True)
class Tools:
    """The readers and enrichments at work, in order, and what an item may cost.

    `starting` is told the locator of each document before it is read; items whose locator is
    in `avoid` are not read, since a worker was lost over them. `recall` returns the facts of an
    article where they are known.
    """

    readers: tuple[Reader, ...]
    enrichers: tuple[Enricher, ...]
    limits: Limits = DEFAULT_LIMITS
    starting: Callable[[str], None] = lambda _locator: None
    avoid: frozenset[str] = frozenset()
    recall: Callable[[Article], Facts | None] = nothing


@contextmanager
def tools_at_hand(conditions: Conditions = USUAL) -> Iterator[Tools]:
    """Give the tools for reading under these conditions, with what is known at hand."""
    tools = tools_of(discover(conditions.plugins), conditions)
    if conditions.facts is None:
        yield tools
        return
    with conditions.facts.opened() as recall:
        yield replace(tools, recall=recall)


def tools_of(registry: Registry, conditions: Conditions = USUAL) -> Tools:
    """Return the declared readers, broad ones last, and the enrichments in the order they require."""
    recognisers = dict(conditions.recognisers)
    return Tools(
        readers=tuple(sorted(registry.readers.values(), key=lambda each: each.broad)),
        enrichers=tuple(
            replace(each, enrich=each.configure(recognisers)) if each.configure else each
            for each in in_order(registry.enrichers.values())
        ),
        limits=conditions.limits,
    )


def read_item(item: Item, tools: Tools) -> Iterator[Finding]:
    """Yield what became of an item on disk: a finding for each document in it, at least one."""
    nothing = Finding(locator=item.locator, outcome="problem")
    try:
        with open_item(item) as source:
            size = len(item.data) if item.data is not None else os.fstat(source.fileno()).st_size
            if item.path and _is_sparse(os.fstat(source.fileno())):
                yield _failed(nothing, ItemError("sparse", "It is almost all empty space.", hint=HINT))
                return
            before = _stamp(item, source)
            yield from unique_locators(_read(item, source, tools, Budget(tools.limits, size), 0))
            if before != _stamp(item, source):
                yield _failed(replace(nothing, locator=f"{item.locator}#changed"), CHANGED)
    except OSError as error:
        if refused_by_machine(error):
            raise
        hint = "Check that you may read the file, then run again."
        yield _failed(nothing, ItemError("unreadable", f"{error.strerror or error}.", hint=hint))


def _read(item: Item, source: BinaryIO, tools: Tools, budget: Budget, depth: int) -> Iterator[Finding]:
    """Yield the findings of an opened item, and of everything nested in it."""
    tools.starting(item.locator)
    digest, size = _identify(source)
    known = Finding(locator=item.locator, outcome="problem", sha256=digest, size=size)
    if item.locator in tools.avoid:
        yield _failed(known, AVOIDED)
        return
    reader = choose_reader(tools.readers, item, source.read(HEAD))
    source.seek(0)
    if reader is None:
        yield replace(known, outcome="skipped", reason=_no_reader(item))
        return
    known = replace(known, reader=reader.name, media_type=reader.media_types[0])
    if not reader.streams and size > tools.limits.item_mib * MIB:
        failure = ItemError("too-large", f"It is larger than {tools.limits.item_mib} MiB.", hint=HINT)
        yield _failed(known, failure)
        return
    count = documents = 0
    parts = _parts(reader, item, source)
    while True:
        try:
            part = next(parts, None)
        except Exception as error:  # noqa: BLE001 - a parser may raise anything; the run must go on
            yield _failed(_rest_of(known) if count else known, _as_item_error(error))
            return
        if part is None or _is_passed_over(item, part):
            break
        count += 1
        part = replace(part, locator=whole(part.locator))
        if isinstance(part, RawDocument):
            documents += 1
            yield from _read_document(item, part, known, tools)
        elif reader.archive and count > tools.limits.members:
            failure = ItemError("members", f"It has over {tools.limits.members:,} members.", hint=HINT)
            yield _failed(_rest_of(known), failure)
            return
        else:
            yield from _read_member(part, tools, budget, depth + 1)
    if not documents:
        opened = OPENED if count else "nothing in it"
        reason = part.skip if isinstance(part, Item) else opened
        yield replace(known, outcome="skipped", reason=reason)


def _parts(reader: Reader, item: Item, source: BinaryIO) -> Iterator[RawDocument | Item]:
    """Yield what a reader does; raises `TypeError` where it is nothing that can be gone on with."""
    for part in reader.read(item, source):
        if not isinstance(part, RawDocument | Item):
            message = f"a reader must yield RawDocument or Item, not {type(part).__name__}"
            raise TypeError(message)
        yield part


def _is_passed_over(item: Item, part: RawDocument | Item) -> bool:
    """Tell whether a reader says of the item itself that it is no article."""
    return isinstance(part, Item) and part.skip is not None and part.locator == item.locator


def _read_document(item: Item, raw: RawDocument, known: Finding, tools: Tools) -> Iterator[Finding]:
    tools.starting(raw.locator)  # said anew for the same locator too: normalising has its own time
    if raw.locator in tools.avoid:
        yield _failed(replace(known, locator=raw.locator), AVOIDED)
    else:
        yield from _finish(item, raw, known, tools)


def _read_member(item: Item, tools: Tools, budget: Budget, depth: int) -> Iterator[Finding]:
    """Yield the findings of something within another item."""
    nothing = Finding(locator=item.locator, outcome="problem")
    if reason := item.skip or _hidden(item):
        yield replace(nothing, outcome="skipped", reason=reason)
        return
    if depth > tools.limits.depth:
        failure = ItemError("depth", f"It lies deeper than {tools.limits.depth} archives.", hint=HINT)
        yield _failed(nothing, failure)
        return
    member = replace(item, opener=None)

    def streams(head: bytes) -> bool:
        reader = choose_reader(tools.readers, member, head[:HEAD])
        return reader is not None and reader.streams

    try:
        opened = open_item(member) if item.opener is None else budget.hold(item, item.opener(), streams)
    except Exception as error:  # noqa: BLE001 - a damaged member must not cost the others
        yield _failed(nothing, _as_item_error(error))
        return
    with opened as source:
        yield from _read(member, source, tools, budget, depth)


def _hidden(item: Item) -> str | None:
    """Return why a member is passed over that a file browser would not show."""
    if item.opener is None:
        return None
    path = item.locator.rpartition("!/")[2].replace("\\", "/").split("/")
    if path[0] == "__MACOSX":
        return why_hidden(".")
    # A part of dots alone is the way within a container, not a name.
    return next((reason for part in path if part.strip(".") and (reason := why_hidden(part))), None)


def unique_locators(findings: Iterator[Finding]) -> Iterator[Finding]:
    """Yield the findings; a locator that came before (archives may repeat a name) gets a number.

    The parts of a long text follow its first, whatever that came to be called.
    """
    seen: set[str] = set()
    times: Counter[str] = Counter()
    first = ""
    for finding in findings:
        part = finding.article.part if finding.article else 1
        base = locator = f"{first}#part={part}" if part > 1 else finding.locator
        while locator in seen:
            times[base] += 1
            locator = f"{base}#{times[base] + 1}"
        seen.add(locator)
        if part == 1:
            first = locator
        yield finding if locator == finding.locator else replace(finding, locator=locator)


def _identify(source: BinaryIO) -> tuple[str, int]:
    """Return hash and size of the original bytes, before anything looks into them."""
    digest = hash_of(source)
    size = source.tell()
    source.seek(0)
    return digest, size


def _stamp(item: Item, source: BinaryIO) -> str:
    return stamp_of(os.fstat(source.fileno())) if item.path else ""


def _is_sparse(status: os.stat_result) -> bool:
    """Tell a file that claims far more bytes than it takes on the disk."""
    return status.st_size > max(SPARSE_FROM, 10 * status.st_blocks * BLOCK)


def _rest_of(known: Finding) -> Finding:
    """Return the finding for what could not be read after some of it was."""
    return replace(known, locator=f"{known.locator}#rest")


def _as_item_error(error: Exception) -> ItemError:
    if isinstance(error, ItemError):
        return error
    if refused_by_machine(error):
        raise error
    if isinstance(error, MemoryError):
        # What a parser has begun may refer to itself, and would be in the way of the next item.
        traceback.clear_frames(error.__traceback__)
        gc.collect()
        return ItemError("memory", "Reading it took too much memory.", hint=HINT)
    hint = "Open the file in another program; if it is fine there, report this as a bug, or mend your reader."
    return ItemError("reader-failed", _as_sentence(error), hint=hint)


def _as_sentence(error: Exception) -> str:
    """Return what an error says, so that a hint may follow."""
    told = f"{type(error).__name__}: {error}"[:LONGEST_MESSAGE].rstrip()
    return told if told.endswith(SENTENCE_ENDS) else f"{told}."


def _no_reader(item: Item) -> str:
    name = item.locator.rpartition("/")[2]
    kind = name.rpartition(".")[2] if "." in name else item.hint.media_type or "no suffix"
    kind = name if name.lower() in ADVICE else kind
    advice = ADVICE.get(kind.lower().rpartition("/")[2])
    return f"{NO_READER}{kind}): {advice}" if advice else f"{NO_READER}{kind})"


def _address(item: Item, raw: RawDocument) -> tuple[Field, ...]:
    """Return the address at which an archive has the one document of an item; a page states its own.

    What was fetched may have been led on to an address of that day, which would change its key.
    """
    is_archived = "!/" in item.locator and raw.locator == item.locator
    if item.hint.url and is_archived and raw.format != "html":
        return (Field(name="url", value=item.hint.url, origin="saved-from"),)
    return ()


def _finish(item: Item, raw: RawDocument, known: Finding, tools: Tools) -> Iterator[Finding]:
    """Yield the article of a raw document, or its parts where it is long, with their facts."""
    known = replace(known, locator=raw.locator)
    raw = without_surrogates(replace(raw, fields=(*raw.fields, *_address(item, raw), *item.hint.fields)))
    if len(raw.content) > tools.limits.text_mib * MIB:
        failure = ItemError("too-long", f"Its text is over {tools.limits.text_mib} MiB.", hint=HINT)
        yield _failed(known, failure)
        return
    try:
        article, problems = normalize_document(raw, item.hint)
    except Exception as error:  # noqa: BLE001 - whatever a library raises, the run must go on
        yield _failed(known, _as_item_error(error), stage="normalize")
        return
    article = clean_article(article)
    for part in split_article(article, tools.limits.part_characters):
        told_before = tools.recall(part)
        facts, failures = enrich_article(part, tools.enrichers) if told_before is None else (told_before, ())
        locator = raw.locator if part.part == 1 else f"{raw.locator}#part={part.part}"
        told = (*problems, *failures) if part.part == 1 else failures
        yield replace(known, locator=locator, outcome="article", article=part, facts=facts, problems=told)


def enrich_article(article: Article, enrichers: tuple[Enricher, ...]) -> tuple[Facts, tuple[Problem, ...]]:
    """Run the enrichments in order; one that fails is a problem, the others' facts stay."""
    facts = Facts()
    problems: list[Problem] = []
    for enricher in enrichers:
        try:
            found = list(enricher.enrich(article, facts))
            _check(article.text, found)
            facts = _add(facts, found)
        except Exception as error:  # noqa: BLE001 - an enrichment must not cost the article
            problems.append(
                Problem(
                    stage="enrich",
                    code=f"{enricher.name}-failed",
                    message=_as_sentence(error),
                    hint="The article is there without these facts; report this as a bug, or mend your own.",
                )
            )
    return facts, tuple(problems)


def _check(text: str, found: list[Fact]) -> None:
    """Raise `TypeError` where something is no fact, `ValueError` where it does not stand where it says."""
    for each in found:
        if isinstance(each, Field):
            continue
        if not isinstance(each, Mention | Quote | TimeExpression):
            raise TypeError(f"an enrichment must yield facts, not {type(each).__name__}")
        words = each.quote if isinstance(each, Quote) else each.surface
        if text[each.start : each.end] != words:
            raise ValueError(f"{words!r} does not stand at {each.start} to {each.end} of the text")


def _add(facts: Facts, found: list[Fact]) -> Facts:
    return Facts(
        mentions=(*facts.mentions, *(each for each in found if isinstance(each, Mention))),
        quotes=(*facts.quotes, *(each for each in found if isinstance(each, Quote))),
        dates=(*facts.dates, *(each for each in found if isinstance(each, TimeExpression))),
        fields=(*facts.fields, *(each for each in found if isinstance(each, Field))),
    )


def _failed(known: Finding, error: ItemError, stage: str = "read") -> Finding:
    message = whole(error.message)
    problem = Problem(stage=stage, code=error.code, message=message, hint=error.hint)
    return replace(known, outcome="problem", reason=message, problems=(problem,))
