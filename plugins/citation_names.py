"""How a signature is divided into family name, given names and suffix, for citations."""

import re
import unicodedata
from dataclasses import dataclass

# The same words as `ingest/personal_names.py` knows; pages never import the package.
PARTICLES = frozenset(
    (
        *("de", "da", "di", "do", "dos", "du", "del", "della", "der", "den", "la", "le", "van", "von"),
        *("zu", "bin", "ibn", "al", "el", "ter", "ten"),
    )
)
OPENING = PARTICLES - {"al", "da", "di", "do", "el", "la", "le", "ten"}
# Forms of address, which no style of citation prints.
TITLES = frozenset(
    (
        *("dr", "dr.", "prof", "prof.", "professor", "mr", "mr.", "mrs", "mrs.", "ms", "ms.", "rev", "rev."),
        *("sir", "dame", "herr", "frau", "dra", "dra.", "ing.", "dipl.-ing."),
    )
)
# Nor what was earned, whether with points or without.
DEGREES = frozenset(("phd", "md", "mba", "jd", "esq", "rn"))
SUFFIXES = frozenset(("jr", "jr.", "sr", "sr.", "ii", "iii", "iv"))
# A signature with one of these is an office or a body, not a person's name. What is also a surname, such
# as Church or Press, is not among them.
OFFICES = frozenset(
    (
        *("agence", "agencia", "agency", "agentur", "associated", "association", "bureau", "commission"),
        *("committee", "correspondent", "correspondents", "department", "desk", "editor", "editorial"),
        *("editors", "institute", "ministry", "news", "newsroom", "office", "our", "redacción", "redaktion"),
        *("reporter", "reporters", "rédaction", "service", "society", "staff", "team", "the", "university"),
        *("academy", "administration", "archive", "archives", "authority", "blog", "campaign", "center"),
        *("centre", "college", "company", "contributor", "contributors", "corporation", "council"),
        *("federation", "foundation", "gmbh", "government", "group", "inc", "inc.", "international"),
        *("library", "llc", "ltd", "ltd.", "magazine", "media", "museum", "nations", "network"),
        *("organisation", "organization", "party", "program", "programme", "project", "radio", "writer"),
        *("archiv", "bibliothek", "bundesamt", "bundesministerium", "gesellschaft", "institut"),
        *("ministerium", "stadt", "stiftung", "universität", "verband", "verein", "verlag"),
        *("comité", "conseil", "fondation", "ministère", "musée", "société", "université"),
        *("asociación", "fundación", "gobierno", "instituto", "ministerio", "museo", "universidad"),
        *("and", "&", "und", "of", "for", "without", "für", "pour", "sans"),
    )
)
MOST_WORDS = 6
DIVIDED_SCRIPTS = ("LATIN", "GREEK", "CYRILLIC")


@dataclass(frozen=True)
class Name:
    """A name in its parts; without given names it is one piece that nothing turns round."""

    family: str
    given: str = ""
    suffix: str = ""

    def turned(self, separator: str = ", ") -> str:
        """Return the family name first: `Petrova, Anna`."""
        return separator.join(part for part in (self.family, self.given, self.suffix) if part)

    def straight(self) -> str:
        """Return the name in the order in which it is spoken."""
        return " ".join(part for part in (self.given, self.family, self.suffix) if part)


def split_name(signed: str) -> Name:
    """Return the parts of a signature: `Ursula von der Leyen` is of the family `von der Leyen`.

    What may be no person's name, or is written in a script whose names have another order, stays
    whole. A comma turns it round: `Petrova, Anna`.
    """
    signed = " ".join(signed.split())
    if not _is_divided(signed):
        return Name(signed)
    before, *after = re.split(r"\s*,\s*", signed)
    while after and _is_degree(after[-1]):
        del after[-1]
    suffix = after.pop() if after and after[-1].casefold() in SUFFIXES else ""
    if len(after) > 1 or not all((before, *after)):
        return Name(signed)
    if after:
        return Name(before, after[0], suffix)
    words = before.split()
    while len(words) > 2 and words[0].casefold() in TITLES:  # noqa: PLR2004 - a name has two words
        del words[0]
    while len(words) > 2 and _is_degree(words[-1]):  # noqa: PLR2004 - as above
        del words[-1]
    if not suffix and len(words) > 2 and words[-1].casefold() in SUFFIXES:  # noqa: PLR2004 - as above
        suffix = words.pop()
    if len(words) < 2 or words[0] in OPENING or words[0].casefold() in TITLES:  # noqa: PLR2004 - as above
        return Name(signed)
    first = len(words) - 1
    while first > 1 and words[first - 1].casefold() in PARTICLES:
        first -= 1
    return Name(" ".join(words[first:]), " ".join(words[:first]), suffix)


def _is_degree(word: str) -> bool:
    return word.casefold().replace(".", "") in DEGREES


def _is_divided(signed: str) -> bool:
    words = signed.casefold().replace(",", " ").split()
    return (
        1 < len(words) <= MOST_WORDS
        and not OFFICES.intersection(words)
        and not any(character.isdigit() or character in "@/|;" for character in signed)
        and all(
            unicodedata.name(character, "").startswith(DIVIDED_SCRIPTS)
            for character in signed
            if character.isalpha()
        )
    )
