"""What an article's page tells programs: Dublin Core, Highwire, Open Graph and schema.org."""

import json
from collections.abc import Iterator
from typing import Any

from markupsafe import Markup

# What Zotero calls an article of a publication; without this it would take it for one of a journal.
ZOTERO_TYPE = "newspaperArticle"


def describe(reference: Any, address: str, modified: str | None) -> list[tuple[str, str, str]]:
    """Return the meta elements of an article's page: attribute, name and content, none of them empty."""
    return [
        (attribute, name, content)
        for attribute, pairs in (
            ("name", list_names(reference, address)),
            ("property", list_properties(reference, modified)),
        )
        for name, content in pairs
        if content
    ]


def list_names(reference: Any, address: str) -> Iterator[tuple[str, str]]:
    """Yield names and contents of meta elements: Dublin Core, and what Zotero and Scholar read.

    Zotero takes the publication of anything from `citation_journal_title`, and the kind from `z:itemType`.
    """
    yield "description", reference.description
    for element, value in list_dublin_core(reference, address):
        yield f"DC.{element}", value
    yield "citation_title", reference.title
    for author in reference.authors:
        yield "citation_author", author.turned()
    yield "citation_publication_date", "/".join(reference.date)
    yield "citation_journal_title", reference.source
    yield "citation_language", reference.language
    yield "citation_keywords", "; ".join(reference.tags)
    yield "citation_public_url", reference.url
    yield "z:itemType", ZOTERO_TYPE if reference.source else ""


def list_dublin_core(reference: Any, address: str) -> Iterator[tuple[str, str]]:
    """Yield the elements of simple Dublin Core and their values."""
    yield "title", reference.title
    for author in reference.authors:
        yield "creator", author.turned()
    for subject in dict.fromkeys((reference.section, *reference.tags)):
        yield "subject", subject
    yield "description", reference.description
    yield "publisher", reference.source
    yield "date", reference.published
    yield "type", "Text"
    for identifier in dict.fromkeys((reference.url, address)):
        yield "identifier", identifier
    yield "language", reference.language


def list_properties(reference: Any, modified: str | None) -> Iterator[tuple[str, str]]:
    """Yield properties and contents of Open Graph."""
    yield "og:type", "article"
    yield "og:title", reference.title
    yield "og:description", reference.description
    yield "og:url", reference.url
    yield "article:published_time", reference.published
    yield "article:modified_time", modified or ""
    yield "article:section", reference.section
    for tag in reference.tags:
        yield "article:tag", tag


def link_data(reference: Any, address: str, article: Any) -> Markup:
    """Return schema.org's NewsArticle for the page, safe inside a script element."""
    data = {
        "@context": "https://schema.org",
        "@type": "NewsArticle" if reference.source else "Article",
        "@id": address,
        "headline": reference.title,
        "description": reference.description,
        "datePublished": reference.published,
        "dateModified": article["modified"],
        "inLanguage": reference.language,
        "articleSection": reference.section,
        "keywords": list(reference.tags),
        "wordCount": article["words"],
        "url": reference.url,
        "archivedAt": address,
        "author": [_person(author) for author in reference.authors],
        "publisher": {"@type": "Organization", "name": reference.source} if reference.source else None,
    }
    stated = {key: value for key, value in data.items() if value}
    encoded = json.dumps(stated, ensure_ascii=False).replace("<", "\\u003c").replace("&", "\\u0026")
    return Markup(encoded)  # noqa: S704 - nothing in it can end the element


def _person(author: Any) -> dict[str, str]:
    """Return an author; one whose name cannot be divided may be a person or an office."""
    if not author.given:
        return {"name": author.family}
    return {
        "@type": "Person",
        "name": author.straight(),
        "givenName": author.given,
        "familyName": author.family,
    }
