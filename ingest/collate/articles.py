"""The catalogue rows: articles with their text, sources, authors, tags, dates and statements."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from typing import TYPE_CHECKING

from ingest.registry import collation

if TYPE_CHECKING:
    from collections.abc import Collection, Generator, Iterable, Iterator, Mapping

    from ingest.model import Corpus, Entry, Publication, Row

FULL = "full"
STRICTNESS = ("full", "excerpt", "metadata")
HALF = 0.5
MOST_FOLDERS = 10
LEAST_SHARE_ALONE = 0.25
# Keys are names of files too, which most disks hold to 255 bytes; a number may follow.
LONGEST_SLUG = 200
# Languages that write their words together, and their characters: kana and Han.
TOGETHER = frozenset(("zh", "ja"))
CHARACTER = re.compile("[\u3041-\u3096\u30a1-\u30fa\u3400-\u9fff\uf900-\ufaff]")


@collation(name="articles", version="1")
def collate_articles(corpus: Corpus) -> Iterator[Row]:
    """Yield the rows of every table that follows from one article at a time."""
    publications = {each.folder: each for each in corpus.publications}
    stated: Counter[tuple[str | None, str | None]] = Counter()
    signed: set[str] = set()
    tagged: set[str] = set()
    for entry in corpus.entries():
        stated[entry.article.publication, entry.article.source] += 1
        signed.update(entry.article.authors)
        tagged.update(entry.article.tags)
    names = name_sources(stated, publications)
    rights = _source_rights(names, publications)
    keys = {each.name: each.key for each in corpus.publications if each.name and each.key}
    sources = yield from _numbered("sources", names.values(), _source_columns(names, publications), keys)
    authors = yield from _numbered("authors", signed)
    tags = yield from _numbered("tags", tagged)
    for entry in corpus.entries():
        source = names.get((entry.article.publication, entry.article.source))
        yield _article(entry, sources.get(source or ""), rights.get(source or "", FULL))
        yield "article_text", {"id": entry.id, "body": entry.article.body, "text": entry.article.text}
        yield from _belongings(entry, authors, tags)
    yield from _unmatched(corpus.publications, {folder for folder, _ in stated if folder})
    yield from _taken_keys(corpus.publications, unique_slugs(sources, keys), keys)


def name_sources(
    stated: Counter[tuple[str | None, str | None]], publications: dict[str, Publication]
) -> dict[tuple[str | None, str | None], str]:
    """Return the source's name for each pair of folder and stated name, given how often each occurs.

    The curator's name for the folder wins, then what an article states itself. Articles that state
    none take the name that stands for their folder, else the folder's own.
    """
    folders: dict[str | None, Counter[str | None]] = {}
    for (folder, name), count in stated.items():
        folders.setdefault(folder, Counter())[name or None] += count
    usual = {folder: _usual(counts, is_folder=bool(folder)) for folder, counts in folders.items()}
    names = {}
    for folder, name in stated:
        known = publications.get(folder or "")
        chosen = (known and known.name) or name or usual[folder] or _from_folder(folder)
        if chosen:
            names[folder, name] = chosen
    return names


def _usual(stated: Counter[str | None], *, is_folder: bool) -> str | None:
    """Return the name that stands for all articles of a folder, or for those in none, if one does.

    Most articles state it, or it is the only one of a folder and a good part do. What a few state is
    theirs alone: to credit the others with it would name a source that they never named.
    """
    named = [(count, name) for name, count in stated.items() if name]
    count, name = max(named, default=(0, None))
    share = count / stated.total()
    alone = is_folder and len(named) == 1 and share >= LEAST_SHARE_ALONE
    return name if share > HALF or alone else None


def slug(name: str) -> str:
    """Return a name as it may stand in a URL: `Émile Zola` becomes `emile-zola`; a very long one is cut."""
    folded = unicodedata.normalize("NFKD", name.casefold())
    kept = "".join(character for character in folded if not unicodedata.combining(character))
    joined = re.sub(r"[^\w]+", "-", kept.replace("'", "").replace("’", "")).lstrip("-_")
    return joined.encode()[:LONGEST_SLUG].decode(errors="ignore").rstrip("-_") or "unnamed"


def unique_slugs(names: Iterable[str], stated: Mapping[str, str] | None = None) -> dict[str, str]:
    """Return a slug for each name; names that would share one get a number, in order.

    Those that are stated come first, so that none of them gets a number.
    """
    slugs: dict[str, str] = {}
    taken = Taken()
    for name in sorted(names, key=lambda name: name not in (stated or {})):
        slugs[name] = taken.unlike((stated or {}).get(name) or slug(name))
    return slugs


class Taken:
    """The slugs given so far."""

    def __init__(self) -> None:
        """Begin with none."""
        self._taken: set[str] = set()
        self._times: Counter[str] = Counter()

    def unlike(self, base: str) -> str:
        """Return a slug that was not given before: this one, or this one with a number."""
        candidate = base
        while candidate in self._taken:
            self._times[base] += 1
            candidate = f"{base}-{self._times[base] + 1}"
        self._taken.add(candidate)
        return candidate


def _from_folder(folder: str | None) -> str | None:
    return " ".join(re.split(r"[-_\s]+", folder)).title().strip() if folder else None


def _numbered(
    table: str,
    names: Iterable[str],
    more: dict[str, dict[str, str | None]] | None = None,
    keys: Mapping[str, str] | None = None,
) -> Generator[Row, None, dict[str, int]]:
    """Yield a row for each distinct name, and return the numbers by name."""
    distinct = sorted(set(names), key=lambda name: (name.casefold(), name))
    slugs = unique_slugs(distinct, keys)
    numbers: dict[str, int] = {}
    for number, name in enumerate(distinct, start=1):
        numbers[name] = number
        yield table, {"id": number, "key": slugs[name], "name": name, **(more or {}).get(name, {})}
    return numbers


def _source_columns(
    names: dict[tuple[str | None, str | None], str], publications: dict[str, Publication]
) -> dict[str, dict[str, str | None]]:
    columns: dict[str, dict[str, str | None]] = {}
    rights = _source_rights(names, publications)
    for (folder, _), name in names.items():
        known = publications.get(folder or "")
        columns[name] = {"homepage": known.homepage if known else None, "rights": rights[name]}
    return columns


def _source_rights(
    names: dict[tuple[str | None, str | None], str], publications: dict[str, Publication]
) -> dict[str, str]:
    """Return what may be shown of each source: of several folders that it has, the strictest word."""
    rights: dict[str, str] = {}
    for (folder, _), name in names.items():
        known = publications.get(folder or "")
        rights[name] = strictest(rights.get(name), known.rights if known else None)
    return rights


def _unmatched(publications: Iterable[Publication], folders: Collection[str]) -> Iterator[Row]:
    """Yield a problem for each publication whose name or homepage no article takes."""
    known = ", ".join(sorted(folders)[:MOST_FOLDERS])
    for each in publications:
        if each.folder not in folders and (each.name or each.homepage):
            yield (
                "problems",
                {
                    "stage": "decide",
                    "code": "publication-unmatched",
                    "locator": "metadata.yml",
                    "message": f"no folder {each.folder} stands for a publication.",
                    "hint": f"Write one that does ({known}), or take it out."
                    if known
                    else "Take it out, or put articles there.",
                },
            )


def _taken_keys(
    publications: Iterable[Publication], slugs: Mapping[str, str], keys: Mapping[str, str]
) -> Iterator[Row]:
    """Yield a problem for each name whose key is not the one to expect, since another is stated."""
    names = {key: name for name, key in keys.items()}
    told = [
        (
            f"{name} has the key {given}, since {slug(name)} is stated to be that of {names[slug(name)]}.",
            "Write another key there, or one for each of the two.",
        )
        for name, given in slugs.items()
        if name not in keys and slug(name) in names
    ]
    told += [
        (f"{each.name} has the key {keys[each.name]}, not {each.key} as well.", "Take one of the two out.")
        for each in publications
        if each.name and each.name in slugs and each.key and keys[each.name] != each.key
    ]
    for message, hint in told:
        problem = {"stage": "decide", "code": "key-taken", "locator": "metadata.yml"}
        yield "problems", {**problem, "message": message, "hint": hint}


def strictest(*rights: str | None) -> str:
    """Return the level that shows least; where none is stated, all may be shown."""
    return max((each or FULL for each in rights), key=STRICTNESS.index, default=FULL)


def count_words(text: str, language: str | None) -> int:
    """Return how many words a text has; in Chinese and Japanese each character counts as one."""
    if language not in TOGETHER:
        return len(text.split())
    others = CHARACTER.sub(" ", text).split()
    return len(CHARACTER.findall(text)) + sum(any(map(str.isalnum, word)) for word in others)


def _article(entry: Entry, source: int | None, rights: str) -> Row:
    article = entry.article
    published = article.published
    return (
        "articles",
        {
            "id": entry.id,
            "key": entry.key,
            "title": article.title
            if article.parts == 1
            else f"{article.title} ({article.part} of {article.parts})",
            "description": article.description,
            "published": published.value if published else None,
            "published_precision": published.precision if published else None,
            "published_origin": published.origin if published else None,
            "year": int(published.value[:4]) if published else None,
            "modified": article.modified,
            "source_id": source,
            "section": article.section,
            "language": article.language,
            "url": article.url,
            "words": count_words(article.text, article.language),
            "rights": strictest(article.rights, rights),
            "part_of": entry.part_of,
        },
    )


def _belongings(entry: Entry, authors: dict[str, int], tags: dict[str, int]) -> Iterator[Row]:
    for position, name in enumerate(entry.article.authors, start=1):
        yield "article_authors", {"article_id": entry.id, "author_id": authors[name], "position": position}
    for name in entry.article.tags:
        yield "article_tags", {"article_id": entry.id, "tag_id": tags[name]}
    for page in entry.article.pages:
        yield "pages", {"article_id": entry.id, "page": page.page, "start": page.start, "end": page.end}
    for field in (*entry.article.fields, *entry.facts.fields):
        yield (
            "fields",
            {"article_id": entry.id, "field": field.name, "value": field.value, "origin": field.origin},
        )
    for date in entry.facts.dates:
        yield (
            "dates",
            {
                "article_id": entry.id,
                "start": date.start,
                "end": date.end,
                "surface": date.surface,
                "value": date.value,
                "precision": date.precision,
            },
        )
