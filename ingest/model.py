"""The records that flow from room to room; frozen, keyword-only, and free of behaviour.

Offsets are counted in characters (code points) of `Article.text`, end exclusive, so that
`article.text[mention.start:mention.end] == mention.surface` always holds.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from tempfile import TemporaryFile
from typing import Any, BinaryIO, Literal

Format = Literal["html", "document", "markdown", "text"]
Precision = Literal["year", "month", "day", "minute"]
Outcome = Literal["article", "duplicate", "skipped", "problem"]
NO_READER = "no reader for this format ("  # why a file was skipped; the format and a bracket follow


@dataclass(frozen=True, kw_only=True, slots=True)
class Field:
    """One value that somebody stated about an article, and where it was stated.

    `listed` says that the value is a member of a list which somebody wrote, and so is not to be parted.
    """

    name: str
    value: str
    origin: str
    listed: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Hint:
    """What is known of an item before it is read; every part may be missing.

    `publication` is the folder that stands for a publication; `media_type`, `charset`, `url`
    and `fields` come from whoever held the item (an HTTP header, a MIME part); `columns` is the
    curator's word on which column of a table means what, and `names` are those of people by the
    identifiers that an export gives them.
    """

    media_type: str | None = None
    charset: str | None = None
    publication: str | None = None
    url: str | None = None
    fields: tuple[Field, ...] = ()
    columns: tuple[tuple[str, str], ...] = ()
    names: tuple[tuple[str, str], ...] = ()

    def within(self) -> Hint:
        """Return what is known of something within the item, whose own type and charset nobody stated."""
        return replace(self, media_type=None, charset=None)


@dataclass(frozen=True, kw_only=True, slots=True)
class Item:
    """One thing to read: a file on disk (`path`), a file elsewhere, or something within another.

    A file elsewhere is given as the function that opens it (`opener`), and brought to a path by
    who reads it. What is within another is given as bytes (`data`) or, where it must first be decompressed,
    as a function that opens it (`opener`), to be read within bounds; or it is to be passed over
    for the reason given (`skip`). `locator` names the item within the
    collection and never changes between machines; members of a container are written
    `archive.zip!/member.html`. `stamp` changes whenever the file may have changed, and is
    empty for members.
    """

    locator: str
    path: str | None = None
    data: bytes | None = None
    opener: Callable[[], BinaryIO] | None = None
    skip: str | None = None
    stamp: str = ""
    hint: Hint = Hint()


@dataclass(frozen=True, kw_only=True, slots=True)
class Page:
    """One page of a paged document, as offsets into the text."""

    page: int
    start: int
    end: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Block:
    """One block of an article (a paragraph, a list): where it lies in body and text.

    `start` and `end` count characters of the body, `text_start` and `text_end` of the text; a
    block that shows nothing, such as a rule or the target of links, has no extent there.
    `linked` says that nearly all of its letters are links.
    """

    kind: Literal["paragraph", "heading", "list", "table", "quotation", "code", "rule", "definition"]
    start: int
    end: int
    text_start: int
    text_end: int
    linked: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class RawDocument:
    """What a reader found: the content as it stood, and the fields stated beside it.

    `html` is a web page with an article somewhere in it, `document` is HTML of which everything
    belongs to the article, as word processors and books have it. Content with pages separates
    them by form feeds and sets `paged`; text in which a line of another begins with `>`, as in
    mails, sets `quoting`.
    """

    locator: str
    format: Format
    content: str
    paged: bool = False
    quoting: bool = False
    fields: tuple[Field, ...] = ()
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Published:
    """A date as precise as it was stated: `1972`, `1972-03`, `1972-03-04`, or with a time."""

    value: str
    precision: Precision
    origin: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Article:
    """One normalised article: `body` is Markdown, `text` what a reader of it would see.

    `source` is the publication as the article states it, `publication` the folder it lay in.
    A long text is several articles, `part` 1 to `parts`. `blocks` are those of the body, in
    order; there are none where the body cannot be cut without changing what is left.
    """

    title: str
    body: str
    text: str
    description: str | None = None
    published: Published | None = None
    modified: str | None = None
    source: str | None = None
    publication: str | None = None
    section: str | None = None
    language: str | None = None
    url: str | None = None
    authors: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    rights: str | None = None
    pages: tuple[Page, ...] = ()
    blocks: tuple[Block, ...] = ()
    part: int = 1
    parts: int = 1
    fields: tuple[Field, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Mention:
    """A name in the text; `name` is its fullest form within the same article.

    `origin` says how the name was told: `text` (as it stands), `article` (a fuller form stands
    elsewhere in the article), `definition` (of an acronym), `word list`, or `shared`: a surname
    that two people of the article bear, which stands for itself. `country` is what a
    nationality belongs to.
    """

    start: int
    end: int
    surface: str
    name: str
    kind: str
    origin: str = "text"
    country: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Quote:
    """Words put in somebody's mouth; `speaker` as the text names them, if it does.

    `kind` is `direct`, `partial` for some words within another's sentence, or `transcript` for a
    turn without marks. `speaker_start` is where the mention begins that names the speaker, which
    for a pronoun stands elsewhere, and `speaker_name` that mention's name. `confidence` is the
    probability that the speaker is right, 0 where none is given.
    """

    start: int
    end: int
    quote: str
    speaker: str | None
    cue: str | None
    confidence: float
    kind: str = "direct"
    speaker_start: int | None = None
    speaker_name: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class TimeExpression:
    """A date spoken of in the text; `value` in the TIMEX3 form, e.g. `1969-07`.

    `precision` is century, decade, year, half, season, quarter, month, week, day, daypart, hour or
    minute.
    """

    start: int
    end: int
    surface: str
    value: str
    precision: str


Fact = Mention | Quote | TimeExpression | Field


@dataclass(frozen=True, kw_only=True, slots=True)
class Facts:
    """All that the enrichments found in one article, by kind, in order of appearance."""

    mentions: tuple[Mention, ...] = ()
    quotes: tuple[Quote, ...] = ()
    dates: tuple[TimeExpression, ...] = ()
    fields: tuple[Field, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Problem:
    """Something a person should know about an item: what happened, and what to do next."""

    stage: str
    code: str
    message: str
    hint: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Finding:
    """What became of one item: an article with its facts, or the reason there is none."""

    locator: str
    outcome: Outcome
    sha256: str | None = None
    size: int | None = None
    media_type: str | None = None
    reader: str | None = None
    reason: str | None = None
    article: Article | None = None
    facts: Facts = Facts()
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Removed:
    """What was taken out of an article: exact slices of its original text and body, and why.

    Positions count characters of the original. So putting the slices of an article back, in
    order, each at its position, gives the original again.
    """

    position: int
    text: str
    body_position: int
    body: str
    reason: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Entry:
    """An article with its place in the catalogue: the row number and the public identity.

    `removed` is what revisions took out of it, in order.
    """

    id: int
    key: str
    article: Article
    facts: Facts
    part_of: int | None = None
    removed: tuple[Removed, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Publication:
    """What the curator says of a publication, known by the folder that holds its articles.

    `key` is what stands for it in addresses, where that is not to follow from its name.
    """

    folder: str
    name: str | None = None
    key: str | None = None
    homepage: str | None = None
    rights: str | None = None


KINDS = ("PERSON", "ORG", "GPE", "LOC", "FAC", "NORP", "EVENT", "WORK", "LAW", "PRODUCT", "MISC")
Action = Literal["merge", "split", "rename", "kind", "ignore", "link"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Decision:
    """What the curator decided about an entity, and on which line of entities.csv.

    `merge` puts it into the entity named by the value, `split` takes the alias in the value out
    of it, `rename` and `kind` give it another name or kind, `link` a Wikidata number, and
    `ignore` says that it is no entity.
    """

    action: Action
    entity: str
    value: str = ""
    note: str = ""
    line: int = 0


@dataclass(frozen=True, kw_only=True, slots=True)
class Move:
    """Where something was before, by its locator, web address or key, and on which line of moved.csv."""

    before: str
    now: str
    line: int = 0


Recall = Callable[[str, str, Callable[[], bytes]], bytes]


def work_out(_task: str, _given: str, work: Callable[[], bytes]) -> bytes:
    """Return what `work` makes, as a corpus without a memory does."""
    return work()


def work_out_here(_task: str, work: Callable[[], Any]) -> Any:
    """Return what `work` makes, as a corpus that no other process looks at does."""
    return work()


@dataclass(frozen=True, kw_only=True, slots=True)
class Corpus:
    """All that a collation pass may look at; `entries` starts anew at each call.

    `recall(task, given, work)` returns what `work` makes of the text `given`, from an earlier run
    where that is known; `given` must hold all that the outcome depends on. `once(task, work)` returns
    what `work` makes of the corpus, which revisions make once for all processes that look at it.
    `scratch` opens a file for what a pass need not hold in memory, which is gone when it is closed.
    """

    entries: Callable[[], Iterator[Entry]]
    recall: Recall = work_out
    once: Callable[[str, Callable[[], Any]], Any] = work_out_here
    scratch: Callable[[], BinaryIO] = TemporaryFile
    publications: tuple[Publication, ...] = ()
    decisions: tuple[Decision, ...] = ()
    embeddings: bool = False


Value = str | int | float | None
Row = tuple[str, dict[str, Value]]
# An article's key, its address, and locator and hash of its file.
Keyed = tuple[str, str, str, str]


@dataclass(frozen=True, kw_only=True, slots=True)
class Report:
    """How a run ended: counts that add up to `found`, and whether anything was rebuilt.

    `moved` are files that lie elsewhere than before, so that their articles have new keys; `unknown`
    the lines of moved.csv that keep none, with what may be meant; `rekeyed` the keys that publications
    had before, and their names; `gone` where articles of before lay whose files are no longer there, and
    `dropped` those that their files, which are there, hold no longer.
    """

    found: int
    articles: int
    duplicates: int
    skipped: int
    problems: int
    warnings: int
    read: int
    rebuilt: bool
    seconds: float
    moved: tuple[Move, ...] = ()
    unknown: tuple[tuple[Move, str], ...] = ()
    rekeyed: tuple[tuple[str, str], ...] = ()
    gone: tuple[str, ...] = ()
    dropped: tuple[str, ...] = ()
