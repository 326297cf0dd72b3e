"""What of a person's name must agree: surnames with their particles, initials, middle names."""

from __future__ import annotations

import re

PARTICLES = frozenset(
    (
        *("de", "da", "di", "do", "dos", "du", "del", "della", "der", "den", "la", "le", "van", "von"),
        *("zu", "bin", "ibn", "al", "el", "ter", "ten"),
    )
)
# A name that begins with one of these is a surname; the others may be a given name (Al Gore).
OPENING = PARTICLES - {"al", "da", "di", "do", "el", "la", "le", "ten"}
INITIAL = re.compile(r"[^\W\d_]\.?")
# Of people in English text, with a full stop or without.
SHORT_TITLES = (
    *("Mr", "Mrs", "Ms", "Dr", "Prof", "Gen", "Col", "Lt"),
    *("Sen", "Rep", "Gov", "St", "Rev", "Capt", "Sgt"),
)
GENERATION = re.compile(r"(?<=[^\s,]),? (jr|sr|iii)\.?$", re.IGNORECASE)


def surnames(name: str) -> tuple[str, ...]:
    """Return what a full name is shortened to: its last word, and that with its particles.

    `Ursula von der Leyen` gives `Leyen` and `von der Leyen`; a name of one word gives nothing. What
    tells a son from his father is no surname: `John Ford Jr.` gives `Ford`.
    """
    words = without_generation(name).split()
    first = len(words) - 1
    while first > 1 and words[first - 1].casefold() in PARTICLES:
        first -= 1
    short = (words[-1],) if is_full(name) else ()
    return (*short, " ".join(words[first:])) if short and first < len(words) - 1 else short


def without_generation(name: str) -> str:
    """Return a name without `Jr.`, `Sr.` or `III` at its end."""
    return GENERATION.sub("", name)


def _generation(name: str) -> str:
    found = GENERATION.search(name)
    return found[1].lower() if found else ""


def is_full(name: str) -> bool:
    """Tell a given name and surname from a surname alone, though it be `von der Leyen`."""
    first, _, rest = name.partition(" ")
    return bool(rest) and first not in OPENING


def is_same_person(one: str, other: str) -> bool:
    """Tell whether two full names may be one person's: `John Kennedy` and `John F. Kennedy`.

    Middle initials may be left out, but not differ; a middle name in full makes another person, and
    so does `Jr.`, however it is written.
    """
    first, second = without_generation(one).split(), without_generation(other).split()
    if _generation(one) != _generation(other) or first[0] != second[0] or first[-1] != second[-1]:
        return False
    shorter, longer = sorted((first[1:-1], second[1:-1]), key=len)
    if not shorter:
        return all(INITIAL.fullmatch(word) for word in longer)
    return len(shorter) == len(longer) and all(
        one_word == other_word
        or (one_word[0] == other_word[0] and (INITIAL.fullmatch(one_word) or INITIAL.fullmatch(other_word)))
        for one_word, other_word in zip(shorter, longer, strict=True)
    )
