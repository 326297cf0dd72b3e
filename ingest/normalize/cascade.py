"""Chooses, for each piece of metadata, among what was stated; the best origin wins.

All statements stay in `fields`, so a choice can be seen, questioned and overruled.
"""

from __future__ import annotations

import html
import re
from collections import Counter
from pathlib import PurePosixPath
from typing import TYPE_CHECKING
from urllib.parse import urljoin, urlsplit

from ingest.calendars import MONTHS
from ingest.field_names import LOCAL_NAMES, folded
from ingest.model import Field, Published
from ingest.normalize.blocks import letters
from ingest.normalize.by_lines import without_by
from ingest.normalize.dates import date_in_name, date_in_path, date_of_moment, parse_date
from ingest.normalize.language import language_code

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

ALIASES = {
    "title": ("title", "headline"),
    "description": ("description", "summary", "excerpt", "deck", "subtitle", "abstract", "standfirst"),
    "published": (
        "published",
        "date",
        "pubdate",
        "publishdate",
        "datepublished",
        "date_published",
        "created",
    ),
    "modified": ("modified", "lastmod", "updated", "datemodified", "last_modified_at"),
    "author": ("author", "authors", "byline", "by", "creator", "author.name", "authors.name"),
    "tag": ("tag", "tags", "topics", "topic", "keywords", "categories"),
    "section": ("section", "kicker", "category", "articlesection"),
    "source": ("source", "publication", "publisher", "sitename", "site"),
    "url": ("url", "canonical", "canonical_url", "canonicalurl", "source_url", "link", "permalink"),
    "language": ("language", "lang", "inlanguage", "locale"),
    "rights": ("rights",),
}
FIELD_OF = {alias: field for field, aliases in ALIASES.items() for alias in aliases}
ALIAS_RANK = {alias: rank for aliases in ALIASES.values() for rank, alias in enumerate(aliases)}
# Front matter in another language says the same; English names go first.
LOCAL_FIELD_OF = {alias: field for field in ALIASES for alias in LOCAL_NAMES.get(field, ())}
LAST = len(ALIAS_RANK)
# What a program wrote into a file beside the text: often right, and often of a template.
PROPERTIES = ("docx core", "odt meta", "rtf info", "pdf xmp", "pdf info")
ORIGINS = (
    *(
        "front-matter",
        "header",
        "mail head",
        "feed",
        "wordpress",
        "nexis",
        "factiva",
        "proquest",
        "ris",
        "evernote",
        "column",
    ),
    *("json-ld", "meta", "opf", "pdf prism", "markup", "link canonical", "saved-from", "h1"),
    *("title element", "heading"),
    *("by-line", "by-line markup", *PROPERTIES, "first line", "date line", "html lang", "json-ld-page"),
    *("near title", "time element", "date markup", "updated line", "dateline", "text"),
    *("feed as a whole", "json-ld-organization", "address", "file name", "spine"),
)
# English may write the month first; Chinese, Japanese and Korean write the year first.
DAY_FIRST = frozenset(MONTHS) - {"en"}
# What is written in one of these countries writes the day first; any template may state `en-US`.
DAY_FIRST_PLACE = re.compile(r"en[-_](?:GB|AU|NZ|IE|IN|ZA)\b", re.IGNORECASE)
# Where a person or a program of notes states things, an address is that of the article.
WRITTEN = frozenset({"front-matter", "ris", "column"})
# Where each statement of one name is a member of a list.
LISTED = frozenset({"front-matter", "feed", "wordpress", "column"})
NO_NAME = re.compile(r"https?://|#")
DERIVED = frozenset({"address", "file name"})
# What a page says for machines often differs from the headline that it prints for readers.
OF_PAGES = re.compile(r"json-ld|meta |h1$|title element$")
SITE_SUFFIX = re.compile(r"^(.{8,}?)\s+(?:[|–—·•»:]|-{1,2}|::)\s+([^|–—·•»]{2,60})$")
AROUND_NAMES = ' ,.|-–—•&"“”'
# Some of these are names where they have a capital: `Zhou En Lai`.
SPLIT_AUTHORS = re.compile(r"\s*(?:;|、|\s[&|•·]\s|\s(?:(?i:and|und|et|και)|en|och|og|ve|та)\s)\s*")
# Between two names in full these join them; in `José Ortega y Gasset` they are a part of one.
SHORT_JOINT = re.compile(r"\s(?:e|y|i|и|і|й)\s")
FROM = re.compile(r"(?:de|da|do|in|aus|à|en|uit|från|fra|from|w|z|из|в|у|з)\s[^\W\d_a-z]")
NOT_AN_AUTHOR = re.compile(
    r"""https?://|www\.|@|:|»|^\#|^\W*$|^\d+$|\d{4}
        |^(?:admin(?:istrator)?|undefined|null|none|unknown|user(?:name)?|guest|anonymous|editor|author|staff)$
        |^(?:staff|guest|contributing)\s+(?:writer|reporter|report|editor|author|contributor)s?$
        |^(?:written|posted|published|reviewed|by|sign\ in|log\ in|register|subscribe|follow|share|view|read
            |more|about|last\ updated|updated|comments?)\b
        |\b(?:january|february|april|june|july|august|september|october|november|december)\b(?:\s+\d+)?$
        |\b(?:march|may)\s+\d+$
        |^(?:jan|feb|mar|march|apr|may|jun|jul|aug|sep|sept|oct|nov|dec)\.?\s+\d+$|\bmin\ read\b""",
    re.VERBOSE | re.IGNORECASE,
)
SENTENCE = re.compile(r"(?:\S+\s+){6}")
OF_THE_PRESS = "writer|editor|reporter|correspondent|columnist|contributor|journalist|photographer"
# Of one person: what ends in `Editors` or `Journalists` is a name of many.
ROLE = re.compile(
    rf"(?:^|[\s-])(?:{OF_THE_PRESS}|critic|producer|expert|analyst|specialist|strategist|director|manager"
    r"|officer|professor|founder)(?:$|\s+(?:of|at|in|for)\b)",
    re.IGNORECASE,
)
# A paper may be called `Bay Area Reporter`, and `Our Special Correspondent` is nobody's name.
NAME_AND_ROLE = re.compile(
    r"(?!(?:The|An?|Our)\s)([^\W\d_a-z]\S*(?:\s+[^\W\d_a-z]\S*)+?)"
    r"(?:\s+(?:Senior|Staff|Chief|Contributing|Managing|Associate|Assistant|Deputy|Executive|Special))+"
    rf"\s+(?:{OF_THE_PRESS.title()})"
)
# Correspondents sign from where they are: `Mara Quill in Rio de Janeiro`.
NAME_AND_PLACE = re.compile(
    r"(?!(?:The|An?|Our)\s)([^\W\d_a-z]\S*(?:\s+(?:d[aeiou]|del|la|van|von|de[nr]|al)\b)*(?:\s+[^\W\d_a-z]\S*)+)"
    r"\s+in\s+[^\W\d_a-z]\S*(?:\s+\S+){0,3}"
)
BODY = "json-ld-organization"
DATE_PREFIX = re.compile(r"^(?:\d{4}[-_. ]\d{1,2}(?:[-_. ]\d{1,2})?|\d{8}|\d{1,2}\.\d{1,2}\.\d{4})[-_. ]+")
NOBODY = re.compile(
    r"(?:anonym(?:ous|e)?|unknown(?: author)?|(?:default |microsoft office |windows )?user|admin\w*"
    r"|owner|author|root|guest|scan\w*|pc|hp|dell|unspecified|none|python-docx)",
    re.IGNORECASE,
)
NO_TITLE = re.compile(
    r"(?:microsoft (?:word|excel|powerpoint)\b.*|untitled\b.*|unbenannt\b.*|sans titre.*|document ?\d*"
    r"|powerpoint presentation|slide \d+|(?:no|unknown) title|unspecified|none|null|title|layout \d+"
    r"|(?:scan|img|image|doc)[\W\d_]*|\S*\.(?:docx?|odt|rtf|pdf|indd|qxp?d?|tex|dvi|e?ps|xlsx?|pptx?|html?|txt|wpd)"
    r"|.*\.(?:docx?|odt|rtf|pdf|indd|qx[dp]|wpd)|[\W\d_]*|https?:\S*)",
    re.IGNORECASE,
)
RIGHTS = frozenset({"full", "excerpt", "metadata"})
LONGEST_AUTHOR = 80
LONGEST_TITLE = 300
LONGEST_STATED = 2000  # what a person states as a title, or as one author of a list, is one though it be long
LEAST_AGREEMENT = 0.3
LONG_WORD = 16  # longer than any word of a headline: a script without spaces
WORD = re.compile(r"\w+")
NOTE_LINK = re.compile(r"\[\[(?:[^\[\]|]*\|)?([^\[\]|]+)\]\]")
# Programs that keep literature, and some feeds, set words of a title in italics so.
SET_APART = re.compile(r"<(i|b|em|strong|cite|sub|sup|span)\b[^<>]*>([^<>]*)</\1>", re.IGNORECASE)


def collect(fields: Iterable[Field]) -> dict[str, list[Field]]:
    """Return the statements by schema.org-like name, the most trusted origin first."""
    named: dict[str, list[tuple[tuple[int, int], Field]]] = {}
    for field in fields:
        alias = field.name.lower()
        meaning = FIELD_OF.get(alias) or LOCAL_FIELD_OF.get(folded(alias))
        place = ALIAS_RANK.get(alias, LAST)
        if meaning == "source" and NO_NAME.match(field.value.strip()):
            # Notes clipped from the web call the page's address their source; linked data has only pointers.
            meaning, place = ("url" if field.origin in WRITTEN else None), LAST
        if meaning and field.value.strip():
            rank = (_origin_rank(field.origin), place)
            named.setdefault(meaning, []).append((rank, field))
    return {
        name: [field for _, field in sorted(ranked, key=lambda each: each[0])]
        for name, ranked in named.items()
    }


def choose_title(stated: Sequence[Field], site: str | None, url: str | None = None) -> tuple[str, str] | None:
    """Return the title without the site's name, and its origin.

    What programs fill in themselves, such as `Microsoft Word - draft.doc`, is no title.
    """
    others = [_clean(field.value) for field in stated]
    if stated and OF_PAGES.match(stated[0].origin):
        if headline := _headline(stated, site):
            return headline, "h1"
        stated = sorted(stated, key=lambda field: field.origin == "h1")
    for field in stated:
        title = _clean(field.value)
        longest = LONGEST_STATED if field.origin in WRITTEN else LONGEST_TITLE
        if len(title) > longest or (field.origin in PROPERTIES and NO_TITLE.fullmatch(title)):
            continue
        return _without_site(title, (site, *_host(url)), others), field.origin
    return None


def choose_published(
    stated: Sequence[Field], url: str | None, locator: str, *, day_first: bool = False
) -> Published | None:
    """Return the first stated date that is one; else that of the address, else of the file name.

    A less precise statement that a later one refines (a year, then a day within it) gives way.
    The day on which a file was made is only taken where nothing else states a date.
    """
    best: Published | None = None
    for found in _dates(stated, url, locator, day_first=day_first):
        if best is None or found.value.startswith(best.value):
            best = found
        if best.precision not in {"year", "month"}:
            break
    return best


def _dates(stated: Sequence[Field], url: str | None, locator: str, *, day_first: bool) -> Iterator[Published]:
    """Yield the dates in the order of trust; what a program wrote beside the text comes last."""
    for field in stated:
        if field.origin in PROPERTIES:
            continue
        parsed = parse_date(field.value, day_first=day_first)
        if parsed is None and field.origin in WRITTEN:
            parsed = date_of_moment(field.value.strip())
        if parsed:
            yield Published(value=parsed[0], precision=parsed[1], origin=field.origin)
    in_name = date_in_path(locator) or date_in_name(_file_name(locator).name)
    for origin, parsed in (("address", date_in_path(urlsplit(url or "").path)), ("file name", in_name)):
        if parsed:
            yield Published(value=parsed[0], precision=parsed[1], origin=origin)
    for field in stated:
        if field.origin in PROPERTIES and (parsed := parse_date(field.value)):
            yield Published(value=parsed[0], precision=parsed[1], origin=field.origin)


def choose_authors(stated: Sequence[Field], sites: Sequence[Field] = ()) -> tuple[str, ...]:
    """Return the authors of the most trusted origin that names any, each once.

    Whoever is named beside the site itself wrote the article.
    """
    own = {letters(_clean(site.value)) for site in sites}
    named = list(_named_authors(stated))
    people = (tuple(name for name in names if letters(name) not in own) for names in named)
    return next(filter(None, people), named[0] if named else ())


def _named_authors(stated: Sequence[Field]) -> Iterator[tuple[str, ...]]:
    """Yield the names of each origin that has any, the most trusted first."""
    for origin in dict.fromkeys(field.origin for field in stated):
        of_origin = [field for field in stated if field.origin == origin]
        if origin in PROPERTIES:
            of_origin = [field for field in of_origin if not NOBODY.fullmatch(field.value.strip())]
        stated_in: dict[str, int] = {}
        for place, field in enumerate(of_origin):
            for name in _names_in(field):
                stated_in.setdefault(name, place)
        if stated_in:
            yield tuple(name for name in stated_in if not _says_more(name, stated_in))


def _says_more(name: str, stated_in: Mapping[str, int]) -> bool:
    """Tell a name that another by-line has without the place or the office behind it."""
    place = stated_in[name]
    spaces = [found.start() for found in re.finditer(" ", name)]
    return any(stated_in.get(name[:space], place) != place for space in spaces[1:])


def choose_tags(stated: Sequence[Field]) -> tuple[str, ...]:
    """Return the tags of the most trusted origin, each once, in the order given.

    Commas part them, but not in a list that somebody wrote of them one by one.
    """
    for origin in dict.fromkeys(field.origin for field in stated):
        of_origin = [field for field in stated if field.origin == origin]
        names = Counter(field.name for field in of_origin)
        parts = (
            part
            for field in of_origin
            for part in (
                [field.value]
                if field.listed or (origin in LISTED and names[field.name] > 1)
                else field.value.split(",")
            )
        )
        tags = dict.fromkeys(_clean(part) for part in parts if part.strip())
        if tags:
            return tuple(tags)
    return ()


def choose_url(stated: Sequence[Field]) -> str | None:
    """Return the first absolute web address; a relative one is joined to a later absolute one."""
    relative = None
    for field in stated:
        value = field.value.strip()
        if value.startswith(("http://", "https://")):
            joined = urljoin(value, relative) if relative else value
            return joined if joined.startswith(("http://", "https://")) else value
        relative = relative or (value if field.origin == "link canonical" else None)
    return None


def choose_language(stated: Sequence[Field], detected: str | None) -> str | None:
    """Return the detected language where the text is long enough to tell, else the stated one.

    Templates state `en` under every article, so a confident reading of the text wins.
    """
    if detected:
        return detected
    return next((code for field in stated if (code := language_code(field.value))), None)


def writes_day_first(stated: Sequence[Field], language: str | None) -> bool:
    """Tell whether `03/04/2020` is in April, for a language and what was stated of it."""
    if language != "en":
        return language in DAY_FIRST
    return any(DAY_FIRST_PLACE.match(field.value.strip()) for field in stated)


def choose_rights(stated: Sequence[Field]) -> str | None:
    """Return the stated rights level, if it is one that the collection knows."""
    values = (field.value.strip().lower() for field in stated)
    return next((value for value in values if value in RIGHTS), None)


def first_value(stated: Sequence[Field]) -> str | None:
    """Return the most trusted value as clean text."""
    return _clean(stated[0].value) or None if stated else None


def title_from_name(locator: str) -> str | None:
    """Return a file name as a title when it consists of words: `moon-landing` but not `IMG_2`."""
    words = re.sub(r"[-_\s]+", " ", DATE_PREFIX.sub("", _file_name(locator).stem)).strip()
    letters = sum(character.isalpha() for character in words)
    if " " not in words or letters < len(words) / 2:
        return None
    return words[0].upper() + words[1:]


def _file_name(locator: str) -> PurePosixPath:
    return PurePosixPath(locator.rpartition("!/")[2].partition("#")[0])


def title_from_text(text: str) -> str:
    """Return the first words of a text, for lists that must call it something."""
    words = text.split("\n", 1)[0].split()
    start = " ".join(words[:12])
    return f"{start} …" if len(words) > 12 else start or "Untitled"  # noqa: PLR2004 - a line


def name_from_slug(name: str) -> str:
    """Return `david-hebert` as `David Hebert`; anything that is no slug stays as it is."""
    if not re.fullmatch(r"[a-z]+(?:-[a-z]+)+", name):
        return name
    return " ".join(part.capitalize() for part in name.split("-"))


def _origin_rank(origin: str) -> int:
    for rank, known in enumerate(ORIGINS):
        if origin == known:
            return rank
    first = origin.split(" ", 1)[0]
    return ORIGINS.index(first) if first in ORIGINS else len(ORIGINS)


def _headline(stated: Sequence[Field], site: str | None) -> str | None:
    """Return the printed headline that best agrees with what the page else says its title is."""
    others = [_clean(field.value) for field in stated if field.origin != "h1"]
    best, agreement = None, LEAST_AGREEMENT
    for field in stated:
        headline = _clean(field.value)
        if field.origin != "h1" or not _is_headline(headline, site) or _names_site(headline, others):
            continue
        found = max((_agreement(headline, other) for other in others), default=1.0)
        if found > agreement or (best is None and found == agreement):
            best, agreement = headline, found
    # A line above the headline, within it, may be parted from it by nothing but its look.
    alike = [other for other in others if best and letters(other) == letters(best)]
    return max([best or "", *alike], key=lambda title: len(WORD.findall(title))) or None


def _names_site(heading: str, others: Sequence[str]) -> bool:
    """Tell a heading that stands before the title in another, as in `Blog: Title` beside `Title`."""
    starts = (other.removeprefix(f"{heading}:") for other in others if other.startswith(f"{heading}:"))
    return any(_same(rest, other) for rest in starts for other in others)


def _is_headline(text: str, site: str | None) -> bool:
    words = WORD.findall(text)
    return (
        len(text) <= LONGEST_TITLE
        and not _same(text, site or "")
        and (len(words) > 1 or len(text) > LONG_WORD)
    )


def _agreement(headline: str, other: str) -> float:
    """Return the share of a headline's words that another title holds."""
    words, held = (set(WORD.findall(text.casefold())) for text in (headline, other))
    if re.sub(r"\W", "", headline).casefold() in re.sub(r"\W", "", other).casefold():
        return 1.0
    return len(words & held) / len(words)


def _host(url: str | None) -> list[str]:
    """Return the parts of the name of a host, one of which may be the name of its site."""
    return (urlsplit(url or "").hostname or "").split(".")[:-1]


def _without_site(title: str, sites: Sequence[str | None], others: Sequence[str]) -> str:
    match = SITE_SUFFIX.match(title)
    if not match:
        return title
    start, end = match[1].strip(), match[2].strip()
    if any(site and letters(end).removeprefix("the") == letters(site).removeprefix("the") for site in sites):
        return start
    return start if any(_same(start, other) for other in others) else title


def _same(one: str, other: str) -> bool:
    return re.sub(r"\W", "", one).casefold() == re.sub(r"\W", "", other).casefold()


def _names_in(field: Field) -> Iterator[str]:
    """Yield the authors that a statement names; a firm, or a member of a list, may be `Vale & Birch`."""
    value = _clean(field.value)
    if field.listed:
        name = without_by(value.strip(AROUND_NAMES))
        if len(name) <= LONGEST_STATED and not NOT_AN_AUTHOR.search(name):
            yield name_from_slug(name)
    elif field.origin != BODY:
        yield from _split_authors(value)
    elif _is_author(value):
        yield value


def _split_authors(value: str) -> Iterator[str]:
    """Yield the names in a by-line, without what it says of their bearers' work."""
    is_first = True
    for part in _parts(without_by(value)):
        names = part.split(",")
        # "Jane Doe, John Roe" is two people; "Doe, Jane" and "Jane Doe, Editor" are one.
        if len(names) == 2 and _is_surname(names[0]):  # noqa: PLR2004 - surname, given name
            names = [part]
        elif len(names) > 1 and not all(" " in name.strip() for name in names):
            names = [part] if " " not in names[0].strip() else names[:1]
        names = names[:1] + [name for name in names[1:] if not FROM.match(name.strip())]
        for name in names:
            cleaned = without_by(name.strip(AROUND_NAMES))
            if not is_first and ROLE.search(cleaned):
                continue
            if named := NAME_AND_ROLE.fullmatch(cleaned) or NAME_AND_PLACE.fullmatch(cleaned):
                cleaned = named[1]
            if len(cleaned) <= LONGEST_AUTHOR and _is_author(cleaned):
                is_first = False
                yield name_from_slug(cleaned)


def _is_author(name: str) -> bool:
    return not NOT_AN_AUTHOR.search(name) and not SENTENCE.match(name)


def _is_surname(name: str) -> bool:
    """Tell a surname alone, though it be `van der Berg`."""
    return bool(name.strip()) and all(word.islower() for word in name.split()[:-1])


def _parts(value: str) -> Iterator[str]:
    for part in SPLIT_AUTHORS.split(value):
        pieces = SHORT_JOINT.split(part)
        yield from pieces if all(" " in piece.strip() for piece in pieces) else [part]


def _clean(value: str) -> str:
    """Return a value in one line without entities, italics and the brackets of links between notes."""
    plain = SET_APART.sub(r"\2", SET_APART.sub(r"\2", html.unescape(html.unescape(value))))
    return " ".join(NOTE_LINK.sub(r"\1", plain).split())
