"""What a web page states about itself: JSON-LD, meta elements, markup and address.

Every statement is kept as a field with its origin; which of them wins is decided in
`cascade.py`, so that a wrong choice can be traced and corrected.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import lxml.etree

from ingest.model import Field
from ingest.normalize.by_lines import linked_authors
from ingest.normalize.linked_data import ARTICLE_TYPE, MOST_MEMBERS, is_of_type, members

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from lxml.html import HtmlElement

    from ingest.normalize.linked_data import Json

META_NAMES = {
    "title": ("citation_title", "og:title", "dc.title", "dcterms.title", "parsely-title", "twitter:title"),
    "description": ("og:description", "description", "dc.description", "twitter:description"),
    "author": (
        *("citation_author", "citation_authors", "dc.creator", "dcterms.creator", "dc.contributor", "author"),
        *("article:author_name", "parsely-author", "sailthru.author", "byl"),
        *("cxenseparse:author", "article:author"),
    ),
    "published": (
        *(
            "article:published_time",
            "og:article:published_time",
            "datepublished",
            "citation_publication_date",
        ),
        *("citation_date", "dc.date.issued", "dcterms.issued", "dcterms.created", "dc.date", "dcterms.date"),
        *("parsely-pub-date", "sailthru.date", "pubdate", "publishdate", "publish-date", "publish_date"),
        *("originalpublicationdate", "article.published", "date", "cxenseparse:recs:publishtime"),
    ),
    "modified": (
        "article:modified_time",
        "og:updated_time",
        "datemodified",
        "dcterms.modified",
        "last-modified",
    ),
    "source": ("og:site_name", "citation_journal_title", "dc.publisher", "application-name"),
    "section": ("article:section", "parsely-section", "section"),
    "tag": ("article:tag", "news_keywords", "parsely-tags", "keywords"),
    "url": ("og:url", "twitter:url"),
    "language": ("og:locale", "dc.language", "content-language"),
}
META_FIELD = {meta: field for field, metas in META_NAMES.items() for meta in metas}
META_RANK = {meta: rank for metas in META_NAMES.values() for rank, meta in enumerate(metas)}
LISTS = frozenset({"news_keywords", "keywords", "parsely-tags"})
PAGE_TYPE = re.compile(r"(?:.*Page|.*Object)$")
ORGANIZATION_TYPE = re.compile(r"(?:.*Organization|Corporation|WebSite)$")
PUBLISHED_MARKUP = "//time[@itemprop='datePublished' or @pubdate]|//*[@itemprop='datePublished']"
AUTHOR_CLASSES = {
    *("byline", "author", "byline-name", "author-name", "p-author"),
    *("wp-block-post-author-name", "wp-block-post-author__name", "entry-author-name", "article-author"),
    *("post-author", "author__name", "byline__name", "byline__author"),
}
# What plugins of WordPress tell previews of links: a label, in the language of the site, and a value.
WRITTEN_BY = re.compile(
    r"(?i)(?:written by|écrit par|rédigé par|geschrieben von|verfasst von|escrito por|scritto da"
    r"|geschreven door|napisane przez|autor\w*|auteur|автор|написано|skrevet a[vf]|skrivet av"
    r"|kirjoittanut|yazan|كتب بواسطة|投稿者|執筆者|作者|글쓴이)"
)
AUTHOR_MARKUP = (
    "//*[@itemprop='author']//*[@itemprop='name']",
    "//*[@itemprop='author'][not(.//*[@itemprop='name'])]",
    "//a[@rel='author']",
)
COMMENT = re.compile(r"(?:^|\s)comment(?:s|-?list|-body|s-area)?(?:\s|$)")
LINES = frozenset({"br", "div", "p"})
MOST_TITLES_IN_BODY = 3
MOST_BYLINES = 3
LONGEST_BYLINE = 100


def read_metadata(tree: HtmlElement, nodes: Sequence[Json]) -> Iterator[Field]:
    """Yield every statement of a parsed page about its article, best origin first.

    `nodes` are the objects of its linked data.
    """
    yield from _read_json_ld(nodes)
    yield from _read_meta(tree)
    yield from _read_markup(tree)


def _read_json_ld(nodes: Sequence[Json]) -> Iterator[Field]:
    articles = [node for node in nodes if is_of_type(node, ARTICLE_TYPE)]
    pages = [node for node in nodes if is_of_type(node, PAGE_TYPE) and not is_of_type(node, ARTICLE_TYPE)]
    for node in articles[:1]:
        yield from _article_fields(node, nodes, "json-ld")
    if not articles:
        for node in pages[:1]:
            yield from _article_fields(node, nodes, "json-ld-page")


def _article_fields(node: Json, nodes: Sequence[Json], origin: str) -> Iterator[Field]:
    singles = {
        "title": ("headline", "name"),
        "description": ("description",),
        "published": ("datePublished", "dateCreated"),
        "modified": ("dateModified",),
        "language": ("inLanguage",),
        "section": ("articleSection",),
        "url": ("url", "mainEntityOfPage"),
    }
    for field, keys in singles.items():
        for value in (text for key in keys for text in _texts(node.get(key), nodes)):
            yield Field(name=field, value=value, origin=origin)
            break
    publishers = set(_texts(node.get("publisher"), nodes))
    for author in members(node.get("author") or node.get("creator")):
        for name in _texts(author, nodes):
            is_body = name in publishers or (
                isinstance(author, dict) and is_of_type(author, ORGANIZATION_TYPE)
            )
            yield Field(name="author", value=name, origin="json-ld-organization" if is_body else origin)
    for publisher in _texts(node.get("publisher"), nodes):
        yield Field(name="source", value=publisher, origin=origin)
    for keywords in _texts(node.get("keywords"), nodes):
        for keyword in keywords.split(","):
            if keyword.strip():
                yield Field(name="tag", value=keyword.strip(), origin=origin)


def _texts(value: object, nodes: Sequence[Json]) -> Iterator[str]:
    """Yield the readable values of a JSON-LD property: strings, names, or what `@id` points to."""
    for member in members(value):
        if isinstance(member, str) and member.strip():
            yield " ".join(member.split())
        elif isinstance(member, dict):
            name = member.get("name") or member.get("@value") or member.get("url")
            if not name and "@id" in member:
                linked = (n.get("name") for n in nodes if n.get("@id") == member["@id"])
                name = next((text for text in linked if text), member["@id"])
            if isinstance(name, list):
                name = ", ".join(str(part) for part in name)
            if isinstance(name, str) and name.strip():
                yield " ".join(name.split())


def _read_meta(tree: HtmlElement) -> Iterator[Field]:
    found = []
    for element in tree.iter("meta"):
        name = (
            (element.get("property") or element.get("name") or element.get("itemprop") or "").strip().lower()
        )
        value = " ".join((element.get("content") or "").split())
        name = name or (element.get("http-equiv") or "").strip().lower()
        if value and name in META_FIELD:
            values = [part.strip() for part in value.split(",")] if name in LISTS else [value]
            found += [(META_RANK[name], name, part) for part in values if part]
    for _, name, value in sorted(found, key=lambda each: each[0]):
        yield Field(name=META_FIELD[name], value=value, origin=f"meta {name}")
    yield from _read_labels(tree)
    for element in tree.iter("link"):
        if "canonical" in (element.get("rel") or "").lower().split() and element.get("href"):
            yield Field(name="url", value=element.get("href").strip(), origin="link canonical")
    if language := (tree.get("lang") or tree.get("{http://www.w3.org/XML/1998/namespace}lang")):
        yield Field(name="language", value=language.strip(), origin="html lang")


def _read_labels(tree: HtmlElement) -> Iterator[Field]:
    """Yield who wrote an article as previews of links say, in pairs of a label and a value."""
    told = {
        (each.get("name") or each.get("property")): each.get("content") or "" for each in tree.iter("meta")
    }
    for number in (1, 2):
        if WRITTEN_BY.fullmatch(told.get(f"twitter:label{number}", "").strip(" :")):
            yield from _stated("author", told.get(f"twitter:data{number}", ""), f"meta twitter:data{number}")


def _read_markup(tree: HtmlElement) -> Iterator[Field]:
    for heading in list(tree.iter("h1"))[:MOST_TITLES_IN_BODY]:
        yield from _stated("title", _in_lines(heading), "h1")
    for title in tree.xpath("/html/head/title|//title[not(ancestor::svg)]")[:1]:
        yield from _stated("title", title.text_content(), "title element")
    for element in tree.xpath(PUBLISHED_MARKUP):
        value = element.get("datetime") or element.get("content") or element.text_content()
        yield from _stated("published", value, "markup")
    for element in tree.xpath("//time[@datetime]")[:1]:
        yield from _stated("published", element.get("datetime"), "time element")
    for found in _find_bylines(tree):
        marked = [each for each in found[:MOST_MEMBERS] if not _is_comment(each)]
        texts = [text for each in marked for text in (linked_authors(each) or [_text(each)])]
        values = list(dict.fromkeys(text for text in texts if text and len(text) <= LONGEST_BYLINE))
        # Many by-lines are those of comments, forum posts or other articles; the first is the page's.
        for value in values if len(values) <= MOST_BYLINES else values[:1]:
            yield from _stated("author", value, "by-line markup")
        if values:
            break


def _find_bylines(tree: HtmlElement) -> Iterator[list[HtmlElement]]:
    """Yield what is marked as the name of an author, in one way after the other, the surest first."""
    for path in AUTHOR_MARKUP:
        yield tree.xpath(path)
    # Each class asked for in XPath would go through the whole page.
    likely = tree.xpath("//*[contains(@class, 'author') or contains(@class, 'byline')]")
    yield [each for each in likely if AUTHOR_CLASSES & {*each.get("class").split()}]


def _is_comment(element: HtmlElement) -> bool:
    """Tell what a reader wrote below an article, which names its author too."""
    return any(
        COMMENT.search(f"{each.get('class') or ''} {each.get('id') or ''}")
        for each in element.iterancestors()
    )


def _in_lines(heading: HtmlElement) -> str:
    """Return the text of a heading, with a space where a line of it begins."""
    parts = []
    for event, inner in lxml.etree.iterwalk(heading, events=("start", "end")):
        between = " " if inner.tag in LINES else ""
        text = inner.text if event == "start" else inner.tail if inner is not heading else ""
        parts += [between, text or ""] if isinstance(inner.tag, str) or event == "end" else []
    return "".join(parts)


def _text(element: HtmlElement) -> str:
    return " ".join(" ".join(element.itertext()).split())


def _stated(name: str, value: str, origin: str) -> Iterator[Field]:
    if value := " ".join(value.split()):
        yield Field(name=name, value=value, origin=origin)
