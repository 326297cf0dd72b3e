"""From what a reader found to one normalised article."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ingest.errors import ItemError
from ingest.model import Article, Field
from ingest.normalize import cascade
from ingest.normalize.html import find_main_content, parse_page
from ingest.normalize.language import detect_language
from ingest.normalize.markdown import first_heading, plain_text, resolve_html
from ingest.normalize.metadata import read_metadata
from ingest.normalize.plain import read_plain
from ingest.normalize.shortcodes import write_out_shortcodes

if TYPE_CHECKING:
    from ingest.model import Hint, Problem, RawDocument

    Content = tuple[str, tuple[Field, ...], tuple[Problem, ...]]

__all__ = ["normalize_document"]


def normalize_document(raw: RawDocument, hint: Hint) -> tuple[Article, tuple[Problem, ...]]:
    """Return the article in a raw document, and every doubt about it.

    Raises `ItemError` when there is neither text nor title.
    """
    body, found, problems = FORMATS[raw.format](raw)
    text = plain_text(body)
    fields = (*raw.fields, *found)
    stated = cascade.collect(fields)
    url = cascade.choose_url(stated.get("url", []))
    title = (
        cascade.choose_title(stated.get("title", []), cascade.first_value(stated.get("source", [])))
        or _named(cascade.title_from_name(raw.locator), "file name")
        or (cascade.title_from_text(text), "text")
    )
    if not text and not stated.get("title"):
        raise ItemError("no-text", "There is no text in it.", hint="Check the file, or remove it.")
    modified = cascade.choose_published(stated.get("modified", []), None, "")
    without = _without_title(body, title[0])
    article = Article(
        title=title[0],
        body=without,
        text=text if without == body else plain_text(without),
        description=cascade.first_value(stated.get("description", [])),
        published=cascade.choose_published(stated.get("published", []), url, raw.locator),
        modified=modified.value if modified else None,
        source=cascade.first_value(stated.get("source", [])),
        publication=hint.publication,
        section=cascade.first_value(stated.get("section", [])),
        language=cascade.choose_language(stated.get("language", []), detect_language(text)),
        url=url,
        authors=cascade.choose_authors(stated.get("author", [])),
        tags=cascade.choose_tags(stated.get("tag", [])),
        rights=cascade.choose_rights(stated.get("rights", [])),
        fields=(*fields, Field(name="title chosen", value=title[0], origin=title[1])),
    )
    return article, (*raw.problems, *problems)


def _from_html(raw: RawDocument) -> Content:
    page = parse_page(raw.content)
    fields = tuple(read_metadata(page.tree))
    stated = cascade.collect((*raw.fields, *fields))
    titles = [field.value for field in stated.get("title", [])]
    body, printed, problems = find_main_content(page, cascade.choose_url(stated.get("url", [])), titles)
    return body, (*fields, *printed), problems


def _from_markdown(raw: RawDocument) -> Content:
    body = resolve_html(write_out_shortcodes(raw.content))
    heading = first_heading(body)
    fields = (Field(name="title", value=heading[0], origin="heading"),) if heading else ()
    return body, fields, ()


def _from_text(raw: RawDocument) -> Content:
    body, fields = read_plain(raw.content)
    return body, fields, ()


FORMATS = {"html": _from_html, "markdown": _from_markdown, "text": _from_text}


def _named(value: str | None, origin: str) -> tuple[str, str] | None:
    return (value, origin) if value else None


def _without_title(body: str, title: str) -> str:
    """Return the body without an opening heading that only repeats the title."""
    heading = first_heading(body)
    return heading[1] if heading and heading[0].casefold() == title.casefold() else body
