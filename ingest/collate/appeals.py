"""The classic appeals under one article, found by what they say and where they stand.

Only what stands at the very end (or, line by line, at the very start) is looked at, without
what is quoted in it. An article on donations, newsletters or the press keeps all its prose.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache
from typing import TYPE_CHECKING

from ingest.collate import phrases, phrases_beyond, phrases_europe

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ingest.collate.phrases import Phrases
    from ingest.model import Article, Block

QUOTED = re.compile(r"[“„«\"][^“”„«»\"]{0,600}[”“»\"]")
LEAD = re.compile(r"^[^\w©@(]+")
COUNTRY = re.compile(r"\bUS\b")
UNSEEN = frozenset({"rule", "definition"})
CUED = frozenset({"paragraph", "heading", "list"})
LONGEST = 1500
MOST_BLOCKS = 24
MOST_LINKS = 8
LONGEST_MORE = 200
MOST_SHARE, MOST_SHARE_OPENED = 0.5, 0.75
AT_START = frozenset({"share bar", "button", "follow line", "cookie notice", "newsletter"})
ON_ANY_TOPIC = frozenset({"share bar", "copyright line", "follow line", "rule"})
APPEAL = "donation appeal"
MORE = "links to more"
NAME = re.compile(r"(?!(?:The|This|That|These|Those|It|All|An?|In|Our|We)\b)(?:[A-ZÀ-Þ][\w.'’-]*,? ){2,6}")
CALL = re.compile(r"(?:sign up|subscribe|donate|join|contribute|share|log in|support)\b")
SHORTEST_BUTTON = 3
LEAST_WORDS_ALONE = 3
REASONS = {"word": "button", "opening": APPEAL, "near": APPEAL, "more": MORE, "link": MORE}
# Five words, or as many characters of a script without spaces as make a sentence.
SENTENCE_LONG = re.compile(r"(?<!\S)(?:\S++\s++){4}\S|[\u0e00-\u0e7f\u3000-\u9fff\uff00-\uffef]{15}")
SENTENCE = re.compile(r"[.!?…]['\")\]”’]*$")


@cache
def spoken(language: str | None) -> tuple[Phrases, ...]:
    """Return the phrases to look for in an article: those of its language, and the English ones.

    Where the language is not known it is all of them.
    """
    makers = phrases_europe.MAKERS | phrases_beyond.MAKERS
    names = [language] if language in makers else [] if language else list(makers)
    return (phrases.english(), *(makers[name or ""]() for name in names))


def folded(text: str) -> str:
    """Return a block's words as phrases are written: lower case, plain apostrophes, nothing quoted."""
    words = " ".join(
        COUNTRY.sub("", QUOTED.sub(" ", text[: LONGEST + 1])).casefold().replace("’", "'").split()
    )
    return LEAD.sub("", words)


@lru_cache(maxsize=4096)
def name_line(text: str, language: str | None) -> str | None:
    """Return what kind of line a block is that is furniture by its words alone, if it is any."""
    return _line(folded(text), spoken(language)) if len(text) <= LONGEST else None


def name_furniture(text: str, language: str | None) -> str | None:
    """Return what kind of furniture a repeated block is by its words alone, if it is any.

    An appeal counts if one block both asks the reader for support and speaks of the press's
    own work.
    """
    if len(text) > LONGEST:
        return None
    words, languages = folded(text), spoken(language)
    if reason := _line(words, languages):
        return reason
    if any(each.opening.match(words) for each in languages) or _is_appeal(words, languages):
        return APPEAL
    if any(each.more.match(words) for each in languages):
        return MORE
    count = words.count(" ") + 1
    return next(
        (line.reason for each in languages for line in each.repeated if line.fits(words, count)), None
    )


def is_notice(text: str, language: str | None) -> bool:
    """Tell a correction or the like, which stays however often it stands."""
    words = folded(text[:80])
    return any(each.notice.match(words) for each in spoken(language))


def is_signature(text: str, language: str | None) -> bool:
    """Tell a line that says who the author is."""
    if len(text) > LONGEST or not NAME.match(text):
        return False
    words = folded(text)
    return any(each.signed.match(words) for each in spoken(language))


def find_appeals(article: Article) -> dict[int, str]:
    """Return the numbers of the blocks that are furniture by themselves, each with what it is."""
    if not article.blocks:
        return {}
    languages = spoken(article.language)
    found: dict[int, str] = {}
    if article.part == article.parts:
        found = _at_end(article, languages)
    if article.part == 1:
        for number, block in enumerate(article.blocks):
            reason = _line(folded(_text(article, block)), languages) if _is_candidate(block) else None
            if reason is None or reason not in AT_START:
                break
            found.setdefault(number, reason)
    return found if _leaves_enough(article, found) else {}


def _at_end(article: Article, languages: Sequence[Phrases]) -> dict[int, str]:
    """Return the furniture at the end, outermost block first that makes a whole with the rest."""
    roles = _roles(article, languages)
    if not roles:
        return {}
    numbers = sorted(roles)
    on_topic = any(each.topic.search(folded(article.title)) for each in languages)
    for first in numbers:
        run = {number: roles[number] for number in numbers if number >= first}
        if not _is_whole(run) or (APPEAL in run.values() and not _is_apart(article, run, languages)):
            continue
        if on_topic and not ON_ANY_TOPIC.issuperset(run.values()):
            continue
        return {number: REASONS.get(role, role) for number, role in run.items() if role != "rule"}
    return {}


def _roles(article: Article, languages: Sequence[Phrases]) -> dict[int, str]:
    """Return what each block at the end may be, up to the first that can only be the article's."""
    roles: dict[int, str] = {}
    blocks = article.blocks
    for number in range(len(blocks) - 1, max(0, len(blocks) - MOST_BLOCKS), -1):
        role = _role(article, blocks[number], languages)
        if role is None:
            break
        roles[number] = role
    return roles


def _role(article: Article, block: Block, languages: Sequence[Phrases]) -> str | None:
    if block.kind in UNSEEN:
        return "rule"
    if not _is_candidate(block):
        return None
    text = _text(article, block)
    words = folded(text)
    if any(each.more.match(words) for each in languages):
        return "more"
    if any(each.opening.match(words) for each in languages):
        return "opening"
    if reason := _line(words, languages):
        # `Not now.` may be how a story ends, and `Sign up now!` what a call for papers says.
        doubtful = reason == "button" and (words.count(" ") < SHORTEST_BUTTON - 1 or CALL.match(words))
        return "word" if doubtful else reason
    if _is_appeal(words, languages):
        return APPEAL
    if block.linked or (len(text) <= LONGEST_MORE and not SENTENCE.search(text)):
        return "link"
    is_near = block.kind != "list" and any(each.near.search(words) for each in languages)
    return "near" if is_near else None


def _is_whole(run: dict[int, str]) -> bool:
    """Tell whether a run of roles explains itself from its first block to its last.

    What merely speaks to the reader needs an appeal above it or, below an opening line, after
    it; and an appeal needs company, unless it is all that there is.
    """
    roles = [run[number] for number in sorted(run) if run[number] != "rule"]
    if run[min(run)] == "rule" or (roles.count("opening") and APPEAL not in roles):
        return False
    if "near" in roles and len(roles) - roles.count("near") - roles.count("link") < 2:  # noqa: PLR2004 - company
        return False
    state, links = "", 0
    for role in roles:
        if role in {"opening", APPEAL}:
            state = APPEAL
        elif role == "more":
            state, links = MORE, 0
        elif role in {"near", "link"}:
            links += role == "link"
            if state not in {APPEAL, REASONS[role]} or links > MOST_LINKS:
                return False
    return set(roles) != {"word"} or len(roles) >= LEAST_WORDS_ALONE


def _is_apart(article: Article, run: dict[int, str], languages: Sequence[Phrases]) -> bool:
    """Tell whether the article above an appeal makes none itself, and is no shorter."""
    first = min(run)
    above = article.blocks[:first]
    most = MOST_SHARE_OPENED if run[first] == "opening" else MOST_SHARE
    if len(article.text) - article.blocks[first].text_start > most * len(article.text):
        return False
    return not any(
        _is_appeal(" ".join(_text(article, block)[:LONGEST].casefold().split()), languages) for block in above
    )


def _leaves_enough(article: Article, found: dict[int, str]) -> bool:
    """Tell whether a sentence is left."""
    return any(
        number not in found and SENTENCE_LONG.search(_text(article, block)) is not None
        for number, block in enumerate(article.blocks)
    )


def _line(words: str, languages: Sequence[Phrases]) -> str | None:
    """Return the kind of furniture that a line is by itself."""
    count = words.count(" ") + 1
    if not words:
        return None
    for language in languages:
        if count <= 8 and language.button.match(words):  # noqa: PLR2004 - what fits on a button
            return "button"
        for line in (*language.lines, *phrases.COMMON):
            if line.fits(words, count):
                return line.reason
    return None


def _is_appeal(words: str, languages: Sequence[Phrases]) -> bool:
    return any(each.ask.search(words) and each.own.search(words) for each in languages)


def _is_candidate(block: Block) -> bool:
    return block.kind in CUED and 0 < block.text_end - block.text_start <= LONGEST


def _text(article: Article, block: Block) -> str:
    return article.text[block.text_start : block.text_end]
