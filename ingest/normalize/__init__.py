"""From what a reader found to one normalised article."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import urlsplit

from ingest.errors import ItemError
from ingest.model import Article, Field, Problem
from ingest.normalize import cascade
from ingest.normalize.archived import without_archive
from ingest.normalize.attributes import drop_attributes
from ingest.normalize.block_data import read_article_data
from ingest.normalize.blocks import letters
from ingest.normalize.document import head_fields, read_document
from ingest.normalize.html import degraded, find_main_content, parse_page, whole_text
from ingest.normalize.invisible import clean_document, without_invisible
from ingest.normalize.language import detect_language
from ingest.normalize.linked_data import read_linked_data
from ingest.normalize.markdown import (
    escape,
    first_heading,
    markdown_to_html,
    plain_line,
    plain_text,
    resolve_html,
)
from ingest.normalize.metadata import read_metadata
from ingest.normalize.outline import read_outline
from ingest.normalize.page_data import read_page_data
from ingest.normalize.pages import PageText, find_pages, join_pages, read_paged
from ingest.normalize.plain import read_plain, write_paragraphs
from ingest.normalize.several import looks_several
from ingest.normalize.shortcodes import write_out_shortcodes
from ingest.normalize.stated_text import read_stated_text
from ingest.normalize.wiki_marks import write_out_marks

if TYPE_CHECKING:
    from ingest.model import Hint, RawDocument

__all__ = ["normalize_document"]
LONGEST_SUMMARY = 1000
# What stands alone in bold above a text that has no heading.
BOLD_LINE = re.compile(r"\s*+\*\*(?!\s)([^*\n]{1,140})(?<!\s)\*\*[ \t]*+(?:\n|\Z)")


class Content(NamedTuple):
    """What was found in a raw document: its Markdown, the statements in it, and any doubts.

    `pages` are the texts of the pages, where there are pages.
    """

    body: str
    fields: tuple[Field, ...] = ()
    problems: tuple[Problem, ...] = ()
    pages: tuple[PageText, ...] = ()


def normalize_document(raw: RawDocument, hint: Hint) -> tuple[Article, tuple[Problem, ...]]:
    """Return the article in a raw document, and every doubt about it.

    Raises `ItemError` when there is neither text nor title.
    """
    raw = clean_document(raw)
    if raw.format == "html":
        raw = without_archive(raw)
    content = FORMATS[raw.format](raw)
    body, problems = content.body, content.problems
    text, blocks = read_outline(body)
    fields = (*raw.fields, *content.fields)
    stated = cascade.collect(fields)
    title = (
        cascade.choose_title(
            stated.get("title", []), cascade.first_value(stated.get("source", [])), _address(stated)
        )
        or _named(cascade.title_from_name(raw.locator), "file name")
        or (cascade.title_from_text(text), "text")
    )
    if not text and not stated.get("title"):
        raise ItemError("no-text", "There is no text in it.", hint="Check the file, or remove it.")
    rest = body if raw.paged else _without_title(body, title[0])
    if raw.format == "document" and title[1] != "text":
        rest = _without_first_line(rest, title[0])
    if raw.format == "text" and not raw.paged and title[1] not in {"first line", "mail head"}:
        # No headline stands above the text, so what follows its first line is text as well, and a
        # link there leads elsewhere.
        rest = write_paragraphs(raw.content, quoting=raw.quoting)
        fields = tuple(field for field in fields if (field.name, field.origin) != ("url", "text"))
        stated = cascade.collect(fields)
    url = _address(stated)
    language = cascade.choose_language(stated.get("language", []), detect_language(text))
    day_first = cascade.writes_day_first(stated.get("language", []), language)
    published = cascade.choose_published(stated.get("published", []), url, raw.locator, day_first=day_first)
    if published and published.origin in cascade.DERIVED:
        fields = (*fields, Field(name="published", value=published.value, origin=published.origin))
    dates = [field for field in stated.get("published", []) if field.origin not in cascade.PROPERTIES]
    if dates and cascade.choose_published(dates, None, "", day_first=day_first) is None:
        problems = (*problems, _unread_date(dates[0].value))
    described = stated.get("description", [])
    if raw.format == "markdown":
        seen = (replace(field, value=_summary(field.value)) for field in described)
        described = [field for field in seen if field.value.strip()]
    modified = cascade.choose_published(stated.get("modified", []), None, "", day_first=day_first)
    pages = tuple(find_pages(content.pages, text))
    if rest != body:
        text, blocks = read_outline(rest)
    if raw.format in {"text", "markdown"} and not (raw.paged or raw.quoting):
        problems = (*problems, *looks_several(raw.content, is_markdown=raw.format == "markdown"))
    article = Article(
        title=title[0],
        body=rest,
        text=text,
        description=cascade.first_value(described),
        published=published,
        modified=modified.value if modified else None,
        source=cascade.first_value(stated.get("source", [])),
        publication=hint.publication,
        section=cascade.first_value(stated.get("section", [])),
        language=language,
        url=url,
        authors=cascade.choose_authors(stated.get("author", []), stated.get("source", [])),
        tags=cascade.choose_tags(stated.get("tag", [])),
        rights=cascade.choose_rights(stated.get("rights", [])),
        pages=pages,
        blocks=blocks,
        fields=(*fields, Field(name="title chosen", value=title[0], origin=title[1])),
    )
    return article, (*raw.problems, *problems)


def _from_html(raw: RawDocument) -> Content:
    page = parse_page(raw.content)
    nodes = read_linked_data(page.tree)
    fields = tuple(read_metadata(page.tree, nodes))
    stated = cascade.collect((*raw.fields, *fields))
    titles = [field.value for field in stated.get("title", [])]
    passages = max(
        read_stated_text(nodes),
        read_article_data(read_page_data(page.tree), titles),
        key=lambda each: sum(len(letters(passage.text)) for passage in each),
    )
    body, printed, problems = find_main_content(page, _address(stated), titles, passages)
    return Content(body, (*fields, *printed), problems)


def _from_document(raw: RawDocument) -> Content:
    url = _address(cascade.collect(raw.fields))
    return Content(*read_document(raw.content, url, is_mail=raw.quoting))


def _from_markdown(raw: RawDocument) -> Content:
    written = drop_attributes(write_out_marks(write_out_shortcodes(raw.content)))
    problems: tuple[Problem, ...] = ()
    try:
        body = without_invisible(resolve_html(written))
    except RecursionError:  # tags within tags, too deep to convert
        title, rest = first_heading(written) or ("", written)
        text = whole_text(parse_page(markdown_to_html(rest)))
        body = without_invisible(f"# {escape(title)}\n\n{text}" if title else text)
        problems = (degraded("convert"),)
    if heading := first_heading(body):
        return Content(body, head_fields(heading[1], heading[0]), problems)
    if bold := BOLD_LINE.match(body):
        return Content(body, head_fields(body[bold.end() :], plain_text(bold[1])), problems)
    titles = cascade.collect(raw.fields).get("title", [])
    found = head_fields(body, titles[0].value) if titles else ()
    return Content(body, tuple(field for field in found if field.name != "title"), problems)


def _from_text(raw: RawDocument) -> Content:
    if not raw.paged:
        return Content(*read_plain(raw.content, quoting=raw.quoting))
    pages, fields = read_paged(raw.content)
    return Content(join_pages(pages), fields, (), tuple(pages))


def _summary(value: str) -> str:
    """Return what is seen of a summary; one so long that reading it may take seconds is left as it is."""
    return plain_line(value) if len(value) <= LONGEST_SUMMARY else value


FORMATS = {"html": _from_html, "document": _from_document, "markdown": _from_markdown, "text": _from_text}


def _unread_date(value: str) -> Problem:
    return Problem(
        stage="normalize",
        code="date-unread",
        message=f"A date is stated that could not be read: {value[:80]}",
        hint="Write it as 2001-12-31, or report the form it has.",
    )


def _address(stated: dict[str, list[Field]]) -> str | None:
    """Return the article's web address; one that cannot be taken apart costs no article."""
    return cascade.choose_url([field for field in stated.get("url", []) if _is_address(field.value)])


def _is_address(value: str) -> bool:
    try:
        urlsplit(value.strip())
    except ValueError:
        return False
    return True


def _named(value: str | None, origin: str) -> tuple[str, str] | None:
    return (value, origin) if value else None


def _without_title(body: str, title: str) -> str:
    """Return the body without an opening heading that only repeats the title."""
    heading = first_heading(body)
    return heading[1] if heading and heading[0].casefold() == title.casefold() else body


def _without_first_line(body: str, title: str) -> str:
    """Return the body without an opening paragraph that is the title."""
    first, _, rest = body.partition("\n\n")
    return rest if rest and plain_text(first).casefold() == title.casefold() else body
