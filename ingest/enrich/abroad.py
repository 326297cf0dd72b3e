"""What the rules know of other languages than English: places in any script, cases, function words.

Hand-written but for the lists; languages whose words are inflected or written together are read as
far as the endings and beginnings listed here go.
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

from ingest.calendars import WEEKDAYS
from ingest.enrich.spans import Span
from ingest.enrich.word_lists import word_lists

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ingest.enrich.word_lists import Known

# Function words and days of other languages, which have a capital where they begin a sentence.
OPENING = frozenset(
    """
    der die das den dem des ein eine einen einem einer im am zum zur vom beim aus bei bis für gegen laut mit
    nach ohne seit über um unter von vor während wegen zwischen auch als dass doch noch nun schon so wenn wie
    und oder aber er sie es wir ich ihr sein seine ihre dieser diese dieses alle viele lieber liebe
    le la les l un une des du de au aux en dans par pour sur sous chez avec sans selon depuis vers après avant
    et ou mais il elle ils elles nous on ce cette ces son sa ses leur leurs plus à lors comme
    el los las una unos unas del al con por para según sin sobre desde hasta entre tras ante y o pero su sus
    este esta estos estas ese esa lo como cuando durante
    o a os as um uma uns umas do da dos das no na nos nas ao à pelo pela segundo conforme sem após até
    e mas ele ela eles elas seu sua este esta isso em com não
    il lo gli uno dello della dei degli delle dal dalla dallo dagli dalle dai nel nella nello nei nelle col
    secondo di da con su per tra fra ed ma che è ha lui lei sul sulla
    de het een van op aan met voor door naar uit bij volgens sinds tot tegen tijdens onder zonder en maar zijn
    haar hun deze dit dat die wij ze hij er om zo toen
    den det ett en i på av från till vid enligt för med om under efter före mot mellan och men han hon vi de
    w we z ze na do od po przed za o u przy dla pod nad między przez według zdaniem i oraz ale że to ten ta
    jak nie on ona oni
    в во на с со к ко о об от до из у за по при для под над между через без как что и а но он она они мы это
    эта этот не так все
    у із зі з та й але він вона вони ми це ця цей не
    ο η το οι τα του της των τον την στο στη στην στον και από για με σε ένας μια ένα
    bu o şu bir ve ile da de için gibi ise ancak ama daha en
    """.split()  # noqa: SIM905 - a list of words reads better so
) | frozenset(name for names in WEEKDAYS.values() for name in names if names is not WEEKDAYS["en"])
UNCASED = re.compile(r"[\u0590-\u06ff\u0e00-\u0e7f\u30a0-\u30ff\u3400-\u9fff\uac00-\ud7af]")
SEMITIC = re.compile(r"[\u0590-\u06ff]")
KATAKANA = re.compile(r"[\u30a0-\u30ff]")
HANGUL = re.compile(r"[\uac00-\ud7af]")
ATTACHED = re.compile(r"(?<!\w)[وبلفكהבלומש]{0,2}\Z")
CYRILLIC = re.compile(r"[А-ЯЁҐЄІЇа-яёґєії]")
# What Russian and Ukrainian words end in by case; first names are told without any of these letters.
ENDING = re.compile(r"(?:и[яиюй]|ией|иею|і[яїю]|ією|[оеє][йюмв]|а[мх]|я[мх]|[аеёиоуыэюяійьї])$")
CASES = "аеёиоуыэюяйьіїєм"
SHORTEST_STEM = 4
LONGEST_BEFORE = 20


def without_capitals(text: str) -> Iterator[Span]:
    """Yield the known places and bodies in Arabic, Chinese and other scripts without capitals."""
    end = 0
    for match in UNCASED.finditer(text):
        start = match.start()
        if start < end:
            continue
        for name in _uncased_names().get(text[start : start + 2], ()):
            if text.startswith(name, start) and _stands_alone(text, start, start + len(name)):
                end = start + len(name)
                known = word_lists().abroad[name]
                yield Span(start=start, end=end, surface=name, kind=known.kind, known=known.name)
                break


@cache
def _uncased_names() -> dict[str, list[str]]:
    """Return the known names in scripts without capitals by their first two letters, the longest first."""
    found: dict[str, list[str]] = {}
    for name in sorted(word_lists().abroad, key=len, reverse=True):
        if UNCASED.match(name):
            found.setdefault(name[:2], []).append(name)
    return found


def _stands_alone(text: str, start: int, end: int) -> bool:
    """Tell a name from a part of another word, as far as its script tells where words end.

    In Arabic and Hebrew up to two short words may be written together with it; one in katakana ends
    where other characters begin; in Korean endings follow.
    """
    first = text[start]
    if SEMITIC.match(first):
        before = ATTACHED.search(text, max(0, start - LONGEST_BEFORE), start)
        return before is not None and not text[end : end + 1].isalnum()
    same = next((script for script in (KATAKANA, HANGUL) if script.match(first)), None)
    if same is None:
        return True
    after = same is KATAKANA and same.match(text[end : end + 1])
    return not after and not same.match(text[max(0, start - 1) : start])


def is_given_name(word: str) -> bool:
    """Tell a first name that the list of the United States lacks, in Cyrillic in any case."""
    if word in word_lists().given_abroad:
        return True
    return CYRILLIC.match(word) is not None and word.rstrip(CASES) in _cyrillic_given_names()


@cache
def _cyrillic_given_names() -> frozenset[str]:
    return frozenset(name.rstrip(CASES) for name in word_lists().given_abroad if CYRILLIC.match(name))


@cache
def _cyrillic_places() -> dict[str, Known]:
    places = word_lists().abroad
    return {_stem(name): known for name, known in places.items() if CYRILLIC.match(name) and " " not in name}


def _stem(word: str) -> str:
    """Return a word without its case; words in `-ия` keep a sign of it."""
    ending = ENDING.search(word)
    if ending is None or len(word) - len(ending[0]) < SHORTEST_STEM:
        return word
    return word[: ending.start()] + ("+" if len(ending[0]) > 1 and ending[0][0] in "иії" else "")


def inflected(word: str) -> Known | None:
    """Return the place that a Russian or Ukrainian word names in another case: `Берлине`."""
    return _cyrillic_places().get(_stem(word)) if CYRILLIC.match(word) and " " not in word else None
