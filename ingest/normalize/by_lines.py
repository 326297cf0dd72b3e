"""By-lines, as newspapers of many languages print them: `By Anna Petrova`, `Von …`, `Автор: …`."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lxml.html import HtmlElement

# These words also begin names, so a name of two words must follow.
PREPOSITIONS = "von|par|por|di|door|av|af|του|της|των"
# These name a person's part in a text and want a colon, or characters that need none.
LABELS = (
    r"authors?|autor\w{0,4}|auteure?s?|autrice|autric[ei]|verfasser(?:in)?|forfatter|författare|yazan|yazar|haber"
    r"|te[kx]st[eoi]?|text[eo]?|reda[ck]tor(?:a|in)?|автор\w{0,2}|текст|συντάκτης|συντάκτρια|κείμενο"
    r"|الكاتبة?|بقلم|كتبت?|تحرير|作者|記者|记者|撰文|撰稿|編輯|文|글|기자"
)
LABEL = rf"(?:{LABELS})\s*[:：・／＝=]\s*|(?:بقلم|كتبت?|作者|記者|记者|撰文)\s+"
OURS = r"(?:onze|unser\w{0,2}|notre|nos|nuestr[oa]|nostr[oa]|vår|vores|nasz\w?)"
OUR = rf"(?:{OURS}\s+[^\W\d_]+\s+(?:spécial\w*\s+|especial\s+|speciale\s+)?)?"
# Who asked, above an interview.
TALKED = (
    r"(?:propos\s+recueillis\s+par|a\s+cura\s+di|das\s+(?:gespräch|interview)\s+führten?"
    r"|rozmawia(?:ła?|li|ły)?|беседовала?|interviewed\s+by)"
)
BY = re.compile(
    r"^(?:(?:(?:written|posted|published|story|reported|reviewed|words|text)\s+)?by\b:?\s+"
    rf"|(?:de|dal|dalla|från)\s+(?={OURS}\s)|{TALKED}\s+|(?P<preposition>{PREPOSITIONS})\s+|{LABEL}){OUR}",
    re.IGNORECASE,
)
# Where sites keep the pages of who writes for them: `/author/anna-petrova`, `/autoren/…`, `/by/…`.
OF_AUTHOR = re.compile(
    r"/(?:autor(?:en|es|e|a|i|zy|ka)?|auteurs?|authors?|signataires?|by|staff|contributors?|writers?|reporters?"
    r"|columnists?|journalist\w*|giornalist\w+|redakt\w+|firmas?|avtor\w*)/[^/?#]+",
    re.IGNORECASE,
)
ALONE = re.compile(
    rf"(?:(?:written|posted|published)\s+)?by:?|{PREPOSITIONS}|{TALKED}|(?:{LABELS})\s*[:：]?", re.IGNORECASE
)
OFFICE = re.compile(r"(?<=\w\w)\s?(?:記者|记者|編集委員|論説委員|特派員|기자)$")
JOINING = frozenset(
    (
        *("and", "und", "et", "y", "e", "en", "i", "och", "og", "ve", "&", "и", "і", "та", "και"),
        *("de", "da", "das", "do", "dos", "di", "del", "della", "la", "le", "van", "von", "der", "den"),
        *("ter", "ten", "te", "zu", "bin", "al", "’t"),
    )
)
# `Text: Genesis` may be what is talked of, and the Arabic for "wrote" begins sentences, and means "books".
UNCLEAR = re.compile(r"te(?:ks|x)t|كتب", re.IGNORECASE)
MOST_WORDS, MOST_AFTER_VERB = 8, 4
LEAST_WORDS = 2
LONGEST_WITH_OFFICE = 10
SENTENCE_END = re.compile(r"[.!?…。！？][\"'”’»)\]]*$")


def by_line(line: str) -> str | None:
    """Return the names of a line that is a by-line: two to eight words that are names or join them.

    After a label such as `Автор:` one word is enough; where there are no capitals none is wanted. After
    the Arabic for "wrote" without a colon there are four at most.
    """
    opening = _opening(line)
    if opening is None or SENTENCE_END.search(line):
        return line if OFFICE.search(line) and len(line) <= LONGEST_WITH_OFFICE else None
    named, comma, office = line[opening.end() :].rpartition(", ")
    words = (named if comma and office[:1].islower() else line[opening.end() :]).split()
    label = opening[0].strip()
    plain = label[-1].isascii() and label[-1].isalpha()
    least = LEAST_WORDS if plain or UNCLEAR.match(label) else 1
    most = MOST_AFTER_VERB if UNCLEAR.fullmatch(label.removesuffix("ت")) else MOST_WORDS
    names = [word for word in words if word.lower() not in JOINING]
    if not least <= len(words) <= most or not names or not all(map(_may_be_name, names)):
        return None
    return " ".join(words).strip(" ,")


def _may_be_name(word: str) -> bool:
    """Tell a word with a capital, or in a script without any, from numbers: `By May 2013`."""
    return word[0].isalpha() and not word[0].islower()


def linked_authors(element: HtmlElement) -> list[str]:
    """Return the names in an element that lead to pages of authors."""
    links = filter(_leads_to_author, element.iter("a"))
    texts = [" ".join("".join(link.itertext()).split()) for link in links]
    return [
        text
        for text in dict.fromkeys(texts)
        if LEAST_WORDS <= len(words := text.split()) <= MOST_WORDS
        and all(word.lower() in JOINING or _may_be_name(word) for word in words)
    ]


def _leads_to_author(link: HtmlElement) -> bool:
    return "author" in (link.get("rel") or "") or bool(OF_AUTHOR.search(link.get("href") or ""))


def without_by(value: str) -> str:
    """Return who wrote something without the words that say so; `von Trier` and `Di Canio` stay whole."""
    opening = _opening(value)
    return OFFICE.sub("", value[opening.end() :] if opening else value)


def _opening(line: str) -> re.Match[str] | None:
    opening = BY.match(line)
    if opening and opening["preposition"]:
        words = line[opening.end() :].split()
        shouted = opening["preposition"].isupper() and not line.isupper()  # `AV Receivers Compared`
        if shouted or len(words) < LEAST_WORDS or not words[0][0].isupper():
            return None
    return opening
