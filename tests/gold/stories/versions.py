"""Makes the gold collection of stories: versions of each seed as syndication makes them.

Seeds stand in `seeds.json`: short excerpts of public-domain posts with their source, and texts
written for this project. To them come articles that look alike and are not one story: two
reports of one event, columns with a frame, yearly notices, templates with other names, briefs
with the round-up that holds them, translations. States of one live blog are one story.

A group is held out when the SHA-256 of its name begins with an odd digit; constants may be chosen
on the others only. Everything follows from the seeds, so that the collection is always the same.
"""

from __future__ import annotations

import hashlib
import json
import random
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from ingest.model import Article, Corpus, Entry, Facts, Published

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    Transformation = Callable[[list[str], random.Random], list[str]]

SEEDS = Path(__file__).with_name("seeds.json")
LEADS = (
    "This report first appeared in the regional edition; our correspondent has followed the matter since.",
    (
        "Readers have asked us to print in full what was until now available to subscribers only. Here it is,"
        " unchanged but for the headline."
    ),
    (
        "It is a subject on which everybody has an opinion and few have the facts. A partner newsroom went"
        " and looked. With its permission we publish what it found."
    ),
)
CREDIT = (
    "This article was made available by a partner newsroom under an agreement on shared reporting.",
    (
        "Like what you read? Our newsletter brings stories such as this one to your desk every morning. You"
        " can leave at any time."
    ),
)
CITIES = ("LINDEN", "PORT AMERY", "BERGEN", "WASHINGTON", "CORRIGAN BAY")
AGENCIES = ("AP", "Reuters", "NNS", "Staff report")
STYLE = (
    (" per cent", " percent"),
    (" percent", " per cent"),
    ("ize ", "ise "),
    ("October", "Oct."),
    ("more than", "over"),
    (" have not ", " haven’t "),
    (" will ", " is to "),
    (" also", ""),
    (" about ", " around "),
    (" such as ", " like "),
    (" began ", " started "),
    (" said", " told reporters"),
    (" which ", " that "),
    (" many ", " a lot of "),
    (" help ", " aid "),
    (" use ", " employ "),
    (" and then ", " then "),
)


@dataclass(frozen=True, kw_only=True)
class Version:
    """One article of the gold collection; `story` is the same for versions of one story."""

    name: str
    story: str
    held_out: bool
    title: str
    text: str
    published: str


def make_versions() -> list[Version]:
    """Return the whole gold collection."""
    gold = json.loads(SEEDS.read_text(encoding="utf-8"))
    versions = []
    for seed in gold["seeds"]:
        paragraphs = seed["paragraphs"]
        made = [(seed["title"], paragraphs)]
        for kind, change in TRANSFORMATIONS.items():
            chance = random.Random(f"{seed['name']} {kind}")
            made.append((_headline(seed["title"], chance), change(list(paragraphs), chance)))
        for number, (title, text) in enumerate(made):
            kind = ["original", *TRANSFORMATIONS][number]
            versions.append(_version(f"{seed['name']}/{kind}", seed["name"], title, "\n\n".join(text)))
    for group in gold["others"]:
        for number, article in enumerate(group["articles"]):
            name = f"{group['name']}/{number}"
            story = group["name"] if group.get("together") else name
            versions.append(_version(name, story, article["title"], article["text"]))
    return versions


def as_corpus(versions: Iterable[Version]) -> Corpus:
    """Return a collection of these articles, numbered from 1 in their order."""
    entries = tuple(
        Entry(
            id=number,
            key=hashlib.sha256(version.name.encode()).hexdigest()[:12],
            article=Article(
                title=version.title,
                body=version.text,
                text=version.text,
                language="en",
                published=Published(value=version.published, precision="day", origin="gold"),
            ),
            facts=Facts(),
        )
        for number, version in enumerate(versions, start=1)
    )
    return Corpus(entries=lambda: iter(entries))


def _version(name: str, story: str, title: str, text: str) -> Version:
    digest = hashlib.sha256(name.partition("/")[0].encode()).hexdigest()
    day = int(hashlib.sha256(name.encode()).hexdigest()[:4], 16) % 28 + 1
    return Version(
        name=name,
        story=story,
        held_out=int(digest[0], 16) % 2 == 1,
        title=title,
        text=text,
        published=f"2020-03-{day:02}",
    )


def _headline(title: str, chance: random.Random) -> str:
    return chance.choice((f"Opinion | {title}", title.upper(), title.partition(":")[0], f"{title}: a report"))


def _same(paragraphs: list[str], _chance: random.Random) -> list[str]:
    return paragraphs


def _lead(paragraphs: list[str], chance: random.Random) -> list[str]:
    return [chance.choice(LEADS), *paragraphs]


def _cut_ending(paragraphs: list[str], chance: random.Random) -> list[str]:
    return paragraphs[: max(2, len(paragraphs) - chance.randint(1, 2))]


def _only_beginning(paragraphs: list[str], _chance: random.Random) -> list[str]:
    words = " ".join(paragraphs).split()
    return [" ".join(words[: len(words) * 2 // 5]) + " …"]


def _dateline(paragraphs: list[str], chance: random.Random) -> list[str]:
    first = re.sub(r"^[A-Z][A-Z ,]+[-–—] ", "", paragraphs[0])
    line = f"{chance.choice(CITIES)}, March {chance.randint(1, 28)} ({chance.choice(AGENCIES)}) — "
    return [line + first, *paragraphs[1:]]


def _drop(paragraphs: list[str], chance: random.Random) -> list[str]:
    dropped = set(chance.sample(range(1, len(paragraphs)), k=max(1, len(paragraphs) // 3)))
    return [each for place, each in enumerate(paragraphs) if place not in dropped]


def _typography(paragraphs: list[str], chance: random.Random) -> list[str]:
    text = "\n".join(paragraphs)
    if "“" in text or "’" in text:
        text = text.translate(str.maketrans("“”‘’—–", "\"\"''--"))
    else:
        text = re.sub(r'"([^"]*)"', "«\u00a0\\1\u00a0»", text).replace("'", "’").replace(" - ", " — ")
    text = text.replace("fi", "ﬁ").replace("fl", "ﬂ")
    words = text.split(" ")
    for place, word in enumerate(words):
        if len(word) > 8 and word.isalpha() and chance.random() < 0.3:
            words[place] = f"{word[:5]}\u00ad{word[5:]}"
    return " ".join(words).split("\n")


def _house_style(paragraphs: list[str], _chance: random.Random) -> list[str]:
    edited = []
    for paragraph in paragraphs:
        for old, new in STYLE:
            if old in paragraph:
                paragraph = paragraph.replace(old, new)  # noqa: PLW2901 - edits follow one another
        edited.append(paragraph)
    return edited


def _edit(paragraphs: list[str], chance: random.Random, share: float = 0.05) -> list[str]:
    edited = []
    for paragraph in paragraphs:
        words = []
        for word in paragraph.split():
            throw = chance.random()
            if throw < share / 2 and word.islower():
                continue
            words.append(word)
            if throw > 1 - share / 2:
                words.append(chance.choice(("indeed", "reportedly", "now", "too", "however")))
        edited.append(" ".join(words))
    return edited


def _edit_more(paragraphs: list[str], chance: random.Random) -> list[str]:
    return _edit(paragraphs, chance, 0.08)


def _swap(paragraphs: list[str], chance: random.Random) -> list[str]:
    place = chance.randrange(1, len(paragraphs) - 1)
    paragraphs[place], paragraphs[place + 1] = paragraphs[place + 1], paragraphs[place]
    return paragraphs


def _credit(paragraphs: list[str], _chance: random.Random) -> list[str]:
    return [*paragraphs, *CREDIT]


def _correct(paragraphs: list[str], _chance: random.Random) -> list[str]:
    """Change the first number, as a correction does."""
    text = re.sub(r"\d+", lambda found: str(int(found[0]) + 2), "\n".join(paragraphs), count=1)
    return [*text.split("\n"), "Correction: an earlier version of this article gave a wrong figure."]


def _all_at_once(paragraphs: list[str], chance: random.Random) -> list[str]:
    return _lead(_edit(_cut_ending(_dateline(paragraphs, chance), chance), chance, 0.03), chance)


TRANSFORMATIONS: dict[str, Transformation] = {
    "headline": _same,
    "lead": _lead,
    "cut ending": _cut_ending,
    "only the beginning": _only_beginning,
    "dateline": _dateline,
    "wire": _drop,
    "typography": _typography,
    "house style": _house_style,
    "edited": _edit,
    "edited more": _edit_more,
    "moved": _swap,
    "credit": _credit,
    "corrected": _correct,
    "all at once": _all_at_once,
}
