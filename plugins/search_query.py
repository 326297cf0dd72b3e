"""The language of the search box: any string is a query, and every query can be said in words."""

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import dropwhile, takewhile
from typing import Any

from datasette.plugins import pm

LONGEST_QUERY = 1000
MOST_TERMS = 40
# Each of them reads the places of all words that begin so, in memory.
MOST_ENDINGS = 5
SHORTEST_ENDING = 2
FIELDS = {
    "person": "person",
    "people": "person",
    "place": "place",
    "org": "organisation",
    "organisation": "organisation",
    "organization": "organisation",
    "source": "source",
    "section": "section",
    "tag": "tag",
    "language": "language",
    "author": "author",
    "by": "author",
    "year": "year",
    "before": "before",
    "after": "after",
}
TIMES = frozenset(("before", "after", "year"))
QUOTES = str.maketrans(dict.fromkeys("“”„«»‟＂「」『』", '"'))
TERM = re.compile(
    r'\(*(?P<minus>-?)\(*(?:(?P<field>[A-Za-z]{1,20}):)?(?:"(?P<phrase>[^"]*)"?|(?P<word>[^\s"]+))'
)
PHRASE = re.compile('"[^"]*"?')
BRACKETS = re.compile(r"(?P<before>\b(?:OR|NOT) |-)?\((?P<within>[^()]*)\)(?P<after> OR\b)?")
POSSESSIVE = re.compile(r"['’]s$", re.IGNORECASE)
DATE = re.compile(r"\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?", re.ASCII)
YEAR = re.compile(r"\d{4}", re.ASCII)
# Thai, Lao, Burmese, Khmer, Japanese, Chinese; and Korean, whose particles cling to the words.
UNSPACED = re.compile(
    "[\u0e01-\u0eff\u1000-\u109f\u1780-\u17ff\u3041-\u30ff\u3400-\u9fff\uac00-\ud7af\uf900-\ufaff]"
)
# What may be written or left out, and is in no search index: accents that no letter has taken in, the points
# of Hebrew and of Arabic, and what draws an Arabic word out.
POINTS = (
    r"\u0300-\u036f\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u0610-\u061a\u0640\u064b-\u065f\u0670"
    r"\u06d6-\u06dc\u06df-\u06e4\u06e7\u06e8\u06ea-\u06ed\u08d3-\u08e1\u08e3-\u08ff"
)
POINT = re.compile(f"[{POINTS}]")
WORDS = re.compile(r"[^\W\d_]{2,40}")
MOST_SPELT, MOST_SPELLINGS, MOST_KNOWN = 4, 12, 4
ONE_WORD = re.compile(r"[^\W\d_]+")
# Each of these is another way to write a word with the letters on the left.
LETTERS = (
    {"ß": "ss"},
    {"ss": "ß"},
    {"ä": "ae", "ö": "oe", "ü": "ue", "ø": "oe", "å": "aa", "æ": "ae"},
    {"ø": "o", "æ": "ae", "ł": "l", "đ": "d", "ı": "i"},
    {"œ": "oe"},
    {"oe": "œ"},
    {"ё": "е"},
)
GREEK = re.compile("[α-ωά-ώ]")
ACCENTED = dict(zip("αεηιουω", "άέήίόύώ", strict=True))
WITHOUT_ACCENT = str.maketrans("άέήίόύώ", "αεηιουω")
# The first alef of a word, after what is written together with it.
ARABIC_ALEF = re.compile("(?!ال[^اأإآ])((?:[وفبكل]?ال|[وفبل])?)[اأإآ](.+)")
ARABIC_ENDINGS = {"ة": "ه", "ه": "ة", "ى": "ي", "ي": "ى"}
TURKISH = re.compile("(?=.*[ğĞşŞİı]).*[Iı]")


@dataclass(frozen=True)
class Term:
    """One thing asked for; `field` is empty for words of the text, `also` how else they are written."""

    text: str
    field: str = ""
    phrase: bool = False
    prefix: bool = False
    also: tuple[str, ...] = ()

    @property
    def unspaced(self) -> bool:
        """Whether it is to be found anywhere in a line, since its script sets no spaces."""
        return not self.field and bool(UNSPACED.search(self.text))

    @cached_property
    def spellings(self) -> list[str]:
        """The words as they may be written."""
        return list(dict.fromkeys((*spellings(self.text), *self.also)))

    @property
    def match(self) -> str:
        """The FTS5 expression of words in all their spellings; whatever they hold is taken literally."""
        ending = " *" if self.prefix else ""
        ways = ['"' + way.replace('"', '""') + '"' + ending for way in self.spellings]
        return ways[0] if len(ways) == 1 else f"({' OR '.join(ways)})"


def is_letter(character: str) -> bool:
    """Tell whether a character is part of a word: marks are, as vowel signs of Hindi."""
    return character.isalnum() or unicodedata.category(character) in {"Mn", "Mc"}


def without_points(text: str) -> str:
    """Return words as search indexes have them: letters composed, and without what may be left out."""
    return text if text.isascii() else POINT.sub("", unicodedata.normalize("NFC", text))


def spellings(text: str) -> list[str]:
    """Return words as they were asked for, and as else they are written in their language.

    SQLite folds the accents of Latin letters alone. So `Straße` is also `Strasse`, `Müller` `Mueller`,
    `Хрущев` `Хрущёв`, `ΑΘΗΝΑ` `Αθήνα` and `احمد` `أحمد`; not so `Mueller` `Müller`, since `poet` is no `pot`.
    """
    return list(dict.fromkeys(vary(text, WORDS.findall(text)[:MOST_SPELT], _spellings, MOST_SPELLINGS)))


def vary(text: str, words: Iterable[str], ways_of: Callable[[str], Iterable[str]], most: int) -> list[str]:
    """Return a text, and as it is with its words put in other ways, so many texts at most."""
    found = [text]
    for word in words:
        ways = ways_of(word)
        found += [each.replace(word, way) for each in found for way in ways][: most - len(found)]
    return found


def _with_letters(word: str, pairs: dict[str, str]) -> str:
    for one, other in pairs.items():
        word = word.replace(one, other)
    return word


def _spellings(word: str) -> list[str]:
    low = word.lower()
    found = [_with_letters(low, pairs) for pairs in LETTERS]
    if GREEK.search(low):
        plain = low.translate(WITHOUT_ACCENT)
        if plain[-1] == "σ":
            plain = plain[:-1] + "ς"
        accented = [
            plain[:at] + ACCENTED[letter] + plain[at + 1 :]
            for at, letter in enumerate(plain)
            if letter in ACCENTED
        ]
        found += [plain, *(accented if low in {plain, plain[:-1] + "σ"} else [])]
        found += [plain[:-1] + "σ"] if plain[-1] == "ς" else []
    found += [low[:at] + "ё" + low[at + 1 :] for at, letter in enumerate(low) if letter == "е"]
    if bare := ARABIC_ALEF.fullmatch(low):
        found += [bare[1] + alef + bare[2] for alef in "اأإآ"]
    found += [low[:-1] + ARABIC_ENDINGS[low[-1]]] if low[-1] in ARABIC_ENDINGS else []
    if TURKISH.search(word):
        dotless = word.replace("I", "ı").lower()
        found += [dotless, "i" + dotless[1:]] if dotless[0] == "ı" else [dotless]
    return [each for each in dict.fromkeys(found) if each != low]


@dataclass(frozen=True)
class Query:
    """What a string asks for: something of every group, and nothing that is excluded."""

    text: str
    groups: tuple[tuple[Term, ...], ...] = ()
    excluded: tuple[Term, ...] = ()
    notes: tuple[str, ...] = ()

    @cached_property
    def worded(self) -> tuple[tuple[Term, ...], ...]:
        """The groups that one FTS5 expression can answer, and rank."""
        return tuple(
            group for group in self.groups if all(not term.field and not term.unspaced for term in group)
        )

    @cached_property
    def match(self) -> str:
        """That FTS5 expression; empty when there are no such groups."""
        return " AND ".join(f"({' OR '.join(term.match for term in group)})" for group in self.worded)

    def written(self, spellings: Mapping[str, Iterable[str]], fold: Callable[[str], str]) -> "Query":
        """Return a query that asks for each word in the letters, too, that a collection writes it with.

        `spellings` say by the folded word how else it is written.
        """

        def others(word: str) -> list[str]:
            return [each for each in spellings.get(fold(word), ()) if each != word.lower()]

        def spelt(term: Term) -> Term:
            if term.field or term.prefix:
                return term
            return replace(
                term, also=tuple(vary(term.text, ONE_WORD.findall(term.text), others, MOST_KNOWN)[1:])
            )

        groups = tuple(tuple(map(spelt, group)) for group in self.groups)
        return replace(self, groups=groups, excluded=tuple(map(spelt, self.excluded)))


def parse(text: str) -> Query:
    """Return the query that a string asks for; no string is an error.

    Words are all wanted; `OR` between two wants either, or excludes both; quotes make a phrase,
    `-` or `NOT` excludes, a final `*` means any ending, and `person:`, `place:`, `org:`, `author:`,
    `source:`, `section:`, `tag:`, `language:`, `year:`, `before:` and `after:` ask for what is known of
    an article.
    """
    notes: list[str] = []
    asked = " ".join(text[:LONGEST_QUERY].encode("utf-8", "ignore").decode().replace("\0", " ").split())
    if len(text) > LONGEST_QUERY:
        notes.append(f"Only the first {LONGEST_QUERY:,} characters were read.")
    groups: list[list[Term]] = []
    excluded: list[Term] = []
    if _groups(asked.translate(QUOTES)):
        notes.append("Brackets were passed over: OR is between the two beside it, NOT before one.")
    either = without = barred = False
    terms = endings = 0
    for found in TERM.finditer(asked.translate(QUOTES)):
        word = found["word"] or ""
        is_plain = not found["field"] and not found["minus"]
        if is_plain and word in {"AND", "OR", "NOT"} and (groups or excluded):
            either, without = word == "OR", word == "NOT"
            continue
        if terms == MOST_TERMS:
            notes.append(f"Only the first {MOST_TERMS} words were read.")
            break
        term = _term(found, notes)
        if term is None:
            continue
        terms += 1
        if term.prefix:
            endings += 1
            term = _bounded(term, endings, notes)
        barred = bool(found["minus"]) or without or (either and barred)
        if barred:
            excluded.append(term)
        elif either:
            groups[-1].append(term)
        else:
            groups.append([term])
        either = without = False
    return Query(
        text=asked,
        groups=tuple(tuple(group) for group in groups),
        excluded=tuple(excluded),
        notes=tuple(dict.fromkeys(notes)),
    )


def without_quotes(name: str) -> str:
    """Return a name as it can stand in a query between quotation marks; its own would end them."""
    return " ".join(name.translate(QUOTES).replace('"', " ").split())


def _groups(asked: str) -> bool:
    """Tell whether brackets would keep together several terms that are read each for itself."""
    return any(
        " " in found["within"].strip().replace(" OR ", "") and (found["before"] or found["after"])
        for found in BRACKETS.finditer(PHRASE.sub("phrase", asked))
    )


def _term(found: re.Match[str], notes: list[str]) -> Term | None:
    """Return the term of a piece of a query, or leave a note why there is none."""
    phrase = found["word"] is None
    text = (found["phrase"] if phrase else found["word"]).strip()
    if not phrase and text.count(")") > text.count("("):
        text = text.rstrip(")")
    field = FIELDS.get((found["field"] or "").lower(), "")
    if found["field"] and not field:
        text = f"{found['field']}:{text}"  # no field of ours, so words like others
    if field in {"before", "after"} and not DATE.fullmatch(text):
        notes.append(f"{field}:{text[:40]} is no date; write 1969, 1969-07 or 1969-07-20.")
        return None
    if field == "year" and not YEAR.fullmatch(text):
        notes.append(f"year:{text[:40]} is no year; write 1969.")
        return None
    if field:
        return Term(text=text, field=field, phrase=phrase) if text else None
    prefix = text.endswith("*")
    text = without_points(POSSESSIVE.sub("", text.rstrip("*").strip()))
    if not any(character.isalnum() for character in text):
        if text:
            notes.append(f"{text[:40]} holds no letters to search for.")
        return None
    if not phrase and text.endswith(":") and text[:-1].lower() in FIELDS:
        notes.append(f"{text} is read as a word; write what is to follow it without a space between.")
    return Term(text=text, phrase=phrase, prefix=prefix)


def _bounded(term: Term, number: int, notes: list[str]) -> Term:
    """Return the term of a word with any ending; as it stands where that would be half of all words."""
    if term.unspaced:
        return term
    backwards = dropwhile(lambda each: not is_letter(each), reversed(term.text))
    if len(list(takewhile(is_letter, backwards))) < SHORTEST_ENDING:
        notes.append(
            f"{term.text[:40]}* is too short for any ending; write {SHORTEST_ENDING} letters or more."
        )
        return replace(term, prefix=False)
    if number > MOST_ENDINGS:
        notes.append(f"Only the first {MOST_ENDINGS} words with * were read with any ending.")
        return replace(term, prefix=False)
    return term


def part(name: str) -> Any:
    """Return another file of these plugins."""
    return pm.get_plugin(f"{name}.py")


# Pieces of a sentence: what stands in bold is what was asked for.
Sentence = list[tuple[bool, str]]
AROUND = {
    "person": "naming",
    "organisation": "naming",
    "place": "naming",
    "source": "from",
    "section": "in the section",
    "tag": "tagged",
    "language": "in the language",
    "author": "by",
    "before": "published before",
    "after": "published after",
    "year": "published in",
    "month": "published in",
    "rights": "with rights to show",
    "story": "telling the same story as",
}


def explain(query: Query, chosen: dict[str, list[str]], names: dict[Term, str]) -> Sentence:
    """Return how a query and the chosen facet values (by their labels) were understood, as a sentence.

    `names` says what a name asked for stands for.
    """
    parts: list[Sentence] = [_group(group, names) for group in query.groups]
    parts += [
        [(False, AROUND[facet] + " "), *_either([[(True, _label(facet, each))] for each in labels])]
        for facet, labels in chosen.items()
        if labels
    ]
    sentence: Sentence = [(False, "articles")]
    for number, part in enumerate(parts):
        joint = " " if number == 0 else ", and " if number == len(parts) - 1 else ", "
        sentence += [(False, joint), *part]
    if query.excluded:
        sentence.append((False, ", but none " if parts else " but none "))
        sentence += _either([_one(term, names) for term in query.excluded])
    return sentence


def _label(facet: str, label: str) -> str:
    return str(part("layout").date_in_words(label)) if facet == "month" else label


def _group(group: tuple[Term, ...], names: dict[Term, str]) -> Sentence:
    return _either([_one(term, names) for term in group])


def _either(parts: list[Sentence]) -> Sentence:
    joined: Sentence = []
    for number, part in enumerate(parts):
        joined += ([(False, " or ")] if number else []) + part
    return joined


def _one(term: Term, names: dict[Term, str]) -> Sentence:
    if term.field in TIMES:
        return [(False, AROUND[term.field] + " "), (True, part("layout").date_in_words(term.text))]
    if term.field:
        return [(False, AROUND[term.field] + " "), (True, names.get(term, term.text))]
    if term.prefix:
        return [(False, "with words that begin with "), (True, term.text)]
    if term.unspaced:
        return [(False, "with "), (True, term.text), (False, " anywhere")]
    return [(False, "with the phrase " if term.phrase and " " in term.text else "with "), (True, term.text)]
