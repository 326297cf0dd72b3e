"""The article page: the text with its names marked, and where everything came from."""

import asyncio
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise
from typing import Any
from urllib.parse import unquote

from datasette import NotFound, Response, hookimpl
from datasette.plugins import pm
from markdown_it import MarkdownIt
from markdown_it.parser_inline import ParserInline
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token
from markupsafe import Markup, escape

ARTICLE = """
    select articles.*, sources.name as source, sources.key as source_key, homepage, body, text
    from articles join article_text on article_text.id = articles.id
    left join sources on sources.id = articles.source_id where articles.key = :key
"""
AUTHORS = """
    select name, key from article_authors join authors on authors.id = author_id
    where article_id = :id order by position
"""
TAGS = "select name, key from article_tags join tags on tags.id = tag_id where article_id = :id order by name"
MENTIONS = """
    select start, "end", surface, key, name, kind from mentions
    join entities on entities.id = entity_id where article_id = :id order by start
"""
ENTITIES = """
    select key, name, kind, mentions, article_count from article_entities
    join entities on entities.id = entity_id where article_id = :id order by mentions desc, name
"""
QUOTES = """
    select quote, quotes.speaker, cue, confidence, start, key as speaker_key, name as speaker_name
    from quotes left join entities on entities.id = speaker_entity_id
    where article_id = :id order by start
"""
DATES = """
    select value, group_concat(distinct surface) as surfaces, min(start) as start from dates
    where article_id = :id group by value order by value
"""
DATE_STARTS = "select start from dates where article_id = :id order by start"
VERSIONS = """
    select other.position, key, title, published, published_precision, source, language
    from story_articles as one join story_articles as other using (story_id)
    join article_list on article_list.id = other.article_id
    where one.article_id = :id and other.article_id != :id order by other.position limit 30
"""
VERSION_COUNT = "select size - 1 from stories where id = :story"
RELATED = """
    select key, title, published, published_precision, source, language from related
    join article_list on article_list.id = related_id
    where article_id = :id order by score desc, related_id limit 6
"""
REMOVED = "select text, reason from removed_blocks where article_id = :id order by position"
FILES = "select locator, sha256, bytes, reader, outcome from files where article_id = :id order by outcome"
FIELDS = "select field, value, origin from fields where article_id = :id order by id"
PROBLEMS = """
    select message, hint from problems join files on files.id = problems.file_id
    where article_id = :id order by problems.id
"""
RUN = "select * from runs"
# Not one condition with `or`: hardly any article is a part, so SQLite would rather look at all of them.
PARTS = """
    select id, key, title from articles where id = :whole
    union all select id, key, title from articles where part_of = :whole order by id
"""
QUERIES = (
    ("The article", ARTICLE),
    ("Names, where they stand", MENTIONS),
    ("Quotations", QUOTES),
    ("Dates in the text", DATES),
    ("Other versions", VERSIONS),
    ("Related articles", RELATED),
    ("What was removed", REMOVED),
    ("Where the fields come from", FIELDS),
    ("Files", FILES),
)
GROUP_ORDER = ("PERSON", "ORG", "GPE", "NORP", "MISC")
TITLE_RANK, LOWEST_RANK = 1, 6
LONGEST_FIELD = 300
# Of so many words, characters or marks, a text is as much work as a search.
LONG_TEXT, MANY_MARKS = 100_000, 2000
MANY_WORDS = 15_000
SHORT_ARTICLE = f"{ARTICLE} and coalesce(words, 0) <= :most"
THERE = "select 1 from articles where key = :key"
WITHHELD = {
    "excerpt": "This is an excerpt; the rest may not be shown here.",
    "metadata": "Only the catalogue entry of this article may be shown here, not its text.",
}
# Brackets within brackets that are tried as links, as when the text was read: the text must be the same.
MOST_BRACKETS = 10


class Inline(ParserInline):
    """markdown-it, which would try a hundred brackets, each again for every one that nobody closed."""

    def skipToken(self, state: StateInline) -> None:  # noqa: N802 - markdown-it's name
        """Pass over what stands within a label; too deep within, no label is looked for."""
        if state.level >= MOST_BRACKETS:
            state.cache.setdefault(state.pos, state.posMax)
        super().skipToken(state)


MARKDOWN = MarkdownIt("js-default")
MARKDOWN.inline = Inline()


@hookimpl
def register_routes() -> list[tuple[str, Any]]:
    """Serve articles under their public key."""
    return [(r"^/article/(?P<key>[0-9a-f]+)$", article_page)]


def part(name: str) -> Any:
    """Return another file of these plugins."""
    return pm.get_plugin(f"{name}.py")


async def article_page(datasette: Any, request: Any) -> Response:
    """Return an article's page."""
    database = part("layout").collection(datasette)
    turn, key = request.scope.get("turn"), {"key": request.url_vars["key"]}
    article = (await database.execute(SHORT_ARTICLE, {**key, "most": MANY_WORDS})).first()
    if article is None and (await database.execute(THERE, key)).first():
        if turn:
            await turn.begin()  # before it is read, so that many who wait hold no texts
        article = (await database.execute(ARTICLE, key)).first()
    if article is None:
        message = "There is no such article here."
        raise NotFound(message)
    known = {"id": article["id"], "story": article["story_id"]}

    async def rows(sql: str) -> Any:
        return (await database.execute(sql, known)).rows

    link = datasette.urls.path("/entity/")
    quotes = await rows(QUOTES)
    authors, tags = await rows(AUTHORS), await rows(TAGS)
    address = part("citations").absolute(datasette, request, article["key"])
    reference = part("citation_formats").refer(
        article, [each["name"] for each in authors], [each["name"] for each in tags], address
    )
    anchors = [
        *(anchor(quote, "q") for quote in quotes),
        *(anchor(date, "d") for date in await rows(DATE_STARTS)),
    ]
    marks = [*anchors, *(named(mention, link) for mention in await rows(MENTIONS))]
    files = await rows(FILES)
    if turn and (len(article["body"] or "") > LONG_TEXT or len(marks) > MANY_MARKS):
        await turn.begin()
    tokens = await asyncio.to_thread(MARKDOWN.parse, article["body"])
    tokens = await part("article_links").resolve(
        datasette, tokens, [file["locator"] for file in files], article["url"]
    )
    body = await asyncio.to_thread(render, tokens, article["text"], marks)
    page = await datasette.render_template(
        "room_article.html",
        {
            "article": article,
            "body": Markup(body),  # noqa: S704 - rendered with HTML off
            "authors": authors,
            "without_quotes": part("search_query").without_quotes,
            "tags": tags,
            "entities": grouped(await rows(ENTITIES)),
            "quotes": quotes,
            "dates": await rows(DATES),
            "versions": await rows(VERSIONS),
            "version_count": next((row[0] for row in await rows(VERSION_COUNT)), 0),
            "related": await rows(RELATED),
            "removed": await rows(REMOVED),
            "files": files,
            "fields": await rows(FIELDS),
            "problems": await rows(PROBLEMS),
            "divided": (await database.execute(PARTS, {"whole": article["part_of"] or article["id"]})).rows,
            "citation": part("citation_formats").word_citation(reference),
            "citation_formats": part("citation_formats").FORMATS,
            "canonical": part("layout").web_address(article["url"]) or address,
            "described": part("article_metadata").describe(reference, address, article["modified"]),
            "linked_data": part("article_metadata").link_data(reference, address, article),
            "longest_field": LONGEST_FIELD,
            "queries": [(title, sql, {"key": article["key"], **known}) for title, sql in QUERIES],
            "withheld": tell_withheld((await database.execute(RUN)).first(), article["rights"]),
        },
        request=request,
    )
    return Response.html(page)


def tell_withheld(run: Any, rights: str) -> str:
    """Return what an edition does not show of an article; a collection shows everything."""
    is_edition = run is not None and dict(run).get("excerpt_words") is not None
    return WITHHELD.get(rights, "") if is_edition else ""


def grouped(entities: Sequence[Any]) -> list[tuple[str, list[Any]]]:
    """Return the entities by kind, people first; places of all sorts together."""
    places = {"LOC": "GPE", "FAC": "GPE"}

    def group(entity: Any) -> int:
        kind = places.get(entity["kind"], entity["kind"])
        return GROUP_ORDER.index(kind) if kind in GROUP_ORDER else len(GROUP_ORDER) - 1

    ordered = sorted(entities, key=group)
    return [(GROUP_ORDER[number], list(members)) for number, members in groupby(ordered, key=group)]


@dataclass(frozen=True, kw_only=True)
class Mark:
    """HTML to put around some characters of the text, or before the first where nothing is `after`."""

    start: int
    end: int
    before: str
    after: str = ""


def named(mention: Any, link: str) -> Mark:
    """Return the link from a mention to its entity."""
    kind, name = escape(mention["kind"].lower()), escape(mention["name"])
    before = f'<a class="mention {kind}" href="{escape(link + mention["key"])}" title="{name}">'
    return Mark(start=mention["start"], end=mention["end"], before=before, after="</a>")


def anchor(row: Any, letter: str) -> Mark:
    """Return the place that a link to a quotation (`q`) or a date (`d`) leads to."""
    start = row["start"]
    return Mark(start=start, end=start + 1, before=f'<span class="anchor" id="{letter}{start}"></span>')


def render(body: Sequence[Token], text: str, marks: Sequence[Mark]) -> str:
    """Return parsed Markdown as HTML with every mark set.

    The text is what the rendered body shows, in the same order. So each piece of the body is
    looked up in the text from where the last one ended, and the marks that fall into it are
    set there. Images become links: a page of the archive loads nothing from elsewhere.
    """
    marker = Marker(text, sorted(marks, key=lambda mark: (mark.start, mark.end)))
    tokens = list(below_the_title(body))
    for block in tokens:
        if block.type in {"fence", "code_block"}:
            marker.pass_over(block.content.rstrip())
        elif block.type == "table_open":
            block.attrSet("tabindex", "0")  # what scrolls must be reached by keyboard
        elif block.type in {"th_open", "td_open"} and (style := block.attrs.pop("style", "")):
            # The pages' security policy lets no style stand in a tag.
            block.attrSet("class", f"to-{str(style).removeprefix('text-align:')}")
        elif block.type == "inline":
            block.children = list(marker.mark(block.children or []))
    part("article_notes").link_notes(tokens)
    rendered = str(MARKDOWN.renderer.render(tokens, MARKDOWN.options, {}))
    return rendered.replace("<pre><code", '<pre tabindex="0"><code')


def below_the_title(tokens: Sequence[Token]) -> Iterator[Token]:
    """Yield the tokens of a text without empty headings; each is one rank below that which it stands under.

    What stands under no other comes next to the page's title, so that no rank is passed over.
    """
    above: list[str] = []
    empty = False
    for token, following in pairwise([*tokens, Token("", "", 0)]):
        if token.type == "heading_open" and not (empty := not following.content):
            above = [*(tag for tag in above if tag < token.tag), token.tag]
        if not empty:
            if token.type.startswith("heading_"):
                token.tag = f"h{min(TITLE_RANK + len(above), LOWEST_RANK)}"
            yield token
        if token.type == "heading_close":
            empty = False


class Marker:
    """Walks through a text and its marks, both in order and each only once."""

    def __init__(self, text: str, marks: Sequence[Mark]) -> None:
        """Begin at the start of the text."""
        self.text, self.marks = text, marks
        self.cursor = 0
        self.following = 0

    def pass_over(self, piece: str) -> int:
        """Go behind a piece and return where it starts; -1, without moving, if it is not there."""
        start = self.text.find(piece, self.cursor)
        self.cursor = start + len(piece) if start >= 0 else self.cursor
        return start

    def mark(self, tokens: Sequence[Token]) -> Iterator[Token]:
        """Yield the tokens of a line with marks set; within a link only those that are no links."""
        in_link = 0
        for token in tokens:
            in_link += {"link_open": 1, "link_close": -1}.get(token.type, 0)
            if token.type == "image":
                self.pass_over("".join(child.content for child in token.children or []))
                yield from self._anchors()
                yield from _image(token, in_link)
            elif token.type == "text":
                start = self.pass_over(token.content)
                yield from [token] if start < 0 else self._marked(token.content, start, in_link)
            else:
                if token.type == "code_inline":
                    self.pass_over(token.content)
                    yield from self._anchors()
                yield token

    def _anchors(self) -> Iterator[Token]:
        """Yield the places within what was passed over, before it, where nothing else can be marked."""
        while self.following < len(self.marks):
            mark = self.marks[self.following]
            if mark.start >= self.cursor or (mark.after and mark.end > self.cursor):
                break
            if not mark.after:
                yield _raw(mark.before)
            self.following += 1

    def _marked(self, content: str, start: int, in_link: int) -> Iterator[Token]:
        end = start + len(content)
        position = 0
        while self.following < len(self.marks):
            mark = self.marks[self.following]
            if mark.start >= end:
                break
            first, last = max(mark.start - start, position), min(mark.end - start, len(content))
            if last > first and not (in_link and mark.after):
                yield _text(content[position:first])
                yield _raw(mark.before)
                if mark.after:
                    yield _text(content[first:last])
                    yield _raw(mark.after)
                position = last if mark.after else first
            if mark.after and mark.end > end:
                break  # it goes on in the next piece
            self.following += 1
        yield _text(content[position:])


def _image(token: Token, in_link: int) -> Iterator[Token]:
    source = str(token.attrs.get("src") or "")
    alt = "".join(child.content for child in token.children or [])
    alt = alt or unquote(source.partition("?")[0].rpartition("/")[2]) or "Image"
    if in_link or not source.startswith(("http://", "https://")):
        yield _raw(f'<span class="image">{escape(alt)}</span>')
    else:
        yield _raw(f'<a class="image" rel="nofollow noreferrer" href="{escape(source)}">{escape(alt)}</a>')


def _text(content: str) -> Token:
    return Token("text", "", 0, content=content)


def _raw(html: str) -> Token:
    return Token("html_inline", "", 0, content=html)
