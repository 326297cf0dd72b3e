"""Related articles: what is on the same matter is named, copies and parts are not."""

import json
import random
import re
from collections.abc import Callable
from dataclasses import replace
from itertools import groupby
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.collate.related import MOST_RELATED, collate_related
from ingest.errors import SettingsError
from ingest.model import Article, Corpus, Entry, Facts, Mention
from ingest.settings import load_settings
from tests.conftest import ROOT, Room

JUDGED = json.loads((ROOT / "tests" / "gold" / "related.json").read_text(encoding="utf-8"))["related"]
LEAST_PRECISION = 0.7
COMMON = "the of and to in that was it for on with as at by from they were which said had"


def invent(chance: random.Random) -> str:
    """Return a word that nobody else uses."""
    return "".join(chance.choice("abcdefghijklmnopqrstuvwxyz") for _ in range(8))


def write(subject: str, seed: object, title: str = "") -> Article:
    """Return an article on a subject: its few words several times, amid words of everybody's and its own."""
    chance = random.Random(f"{subject} {seed}")
    words = [*COMMON.split() * 3, *subject.split() * 3, *(invent(chance) for _ in range(6))]
    chance.shuffle(words)
    text = " ".join(words)
    return Article(title=title, body=text, text=text, language="en")


def collect(*articles: Article, names: dict[int, tuple[str, ...]] | None = None) -> Corpus:
    """Return a collection of these articles, numbered from 1; `names` says who is named where."""
    entries = tuple(
        Entry(
            id=number,
            key=f"{number:012x}",
            article=article,
            facts=Facts(
                mentions=tuple(
                    Mention(start=place, end=place + 1, surface=name, name=name, kind="PERSON")
                    for place, name in enumerate((names or {}).get(number, ()))
                )
            ),
        )
        for number, article in enumerate(articles, start=1)
    )
    return Corpus(entries=lambda: iter(entries))


def related(corpus: Corpus) -> dict[int, list[int]]:
    """Return the numbers of those related to each article, the closest first."""
    rows = [row for _, row in collate_related(corpus)]
    return {
        int(article): [int(row["related_id"]) for row in group]
        for article, group in groupby(rows, key=lambda row: row["article_id"])
    }


SUBJECTS = ("crane harbour rivet jib", "ferry tunnel island dog", "orchestra viola caretaker chair")


@pytest.fixture
def mixed() -> list[Article]:
    """Four articles on each of three subjects."""
    return [write(SUBJECTS[number % 3], number) for number in range(12)]


def test_the_same_subject_is_named(mixed: list[Article]):
    """Articles on one subject are named as related, those on others are not."""
    for article, others in related(collect(*mixed)).items():
        assert {other % 3 for other in others} == {article % 3}
        assert len(others) == 3


def test_nothing_is_said_below_the_floor():
    """Articles that have only the commonest words in common are not related."""
    assert related(collect(*(write("", n) for n in range(8)))) == {}
    assert related(collect()) == {}
    assert related(collect(Article(title="", body="", text=""), write(SUBJECTS[0], 1))) == {}


def test_scores_are_between_nothing_and_one(mixed: list[Article]):
    """Scores fall from the closest on, and lie between 0 and 1."""
    rows = [row for _, row in collate_related(collect(*mixed, mixed[0]))]
    assert all(0 < float(row["score"]) <= 1 for row in rows)
    for _, group in groupby(rows, key=lambda row: row["article_id"]):
        scores = [row["score"] for row in group]
        assert scores == sorted(scores, reverse=True)


@pytest.mark.parametrize("together", [1, 7, 100])
@pytest.mark.parametrize("most_dense", [0, 100])
def test_however_much_is_looked_at_together_the_same_are_related(
    together: int, most_dense: int, mixed: list[Article], monkeypatch: pytest.MonkeyPatch
):
    """Neither how many terms are read together, nor how scores are looked through, changes them."""
    expected = list(collate_related(collect(*mixed)))
    for name, value in (
        ("READ_TOGETHER", together),
        ("SORTED_TOGETHER", together),
        ("MOST_DENSE", most_dense),
    ):
        monkeypatch.setattr(f"ingest.collate.related.{name}", value)
    assert list(collate_related(collect(*mixed))) == expected
    assert expected


def test_copies_are_not_related(mixed: list[Article]):
    """A copy is no related article of its original, and of two copies only the earlier is named."""
    copy = replace(mixed[0], title="Opinion | The same")
    found = related(collect(*mixed, copy))
    assert 13 not in found[1]
    assert 1 not in found[13]
    assert all(13 not in others for others in found.values())
    assert 1 in found[4]
    assert set(found[13]) & set(found[1]) >= {4, 7, 10}


def test_parts_of_one_text_are_not_related():
    """Parts of one text are not related to each other, and one of them is enough for another article."""
    subjects = (*SUBJECTS, "", "", "")
    entries = list(collect(*(write(subjects[number // 5], number) for number in range(30))).entries())
    parts = [replace(entry, part_of=1 if entry.id in {2, 3} else None) for entry in entries]
    found = related(Corpus(entries=lambda: iter(parts)))
    for part in (1, 2, 3):
        assert not {1, 2, 3} & set(found[part])
    assert len({1, 2, 3} & set(found[4])) == 1


def test_at_most_ten():
    """Of many related articles the ten closest are named."""
    articles = [write(SUBJECTS[number % 3], number) for number in range(60)]
    assert {len(others) for others in related(collect(*articles)).values()} == {MOST_RELATED}


def test_names_join_languages(mixed: list[Article]):
    """An article in another language is related by the people it names, not by its little words."""
    german = [replace(write("und der die das nicht auch", f"de {n}"), language="de") for n in range(2)]
    names = {1: ("Ilse Marbach", "Leila Haddad"), 13: ("Ilse Marbach", "Leila Haddad"), 14: ("Tom Adeyemi",)}
    found = related(collect(*mixed, *german, names=names))
    assert found[13] == [1]
    assert 14 not in found


def test_a_surname_is_enough(mixed: list[Article]):
    """An article that names somebody by surname alone meets those that give the name in full."""
    other = write("unlike anything", "other")
    found = related(collect(*mixed, other, names={2: ("Ragnhild Moe",) * 3, 13: ("Moe",) * 3}))
    assert found[13] == [2]


def test_unspaced_scripts_are_compared():
    """Chinese articles on one subject are related, those on others are not."""
    chance = random.Random(3)

    def characters(number: int) -> str:
        return "".join(chr(chance.randrange(0x4E00, 0x6E00)) for _ in range(number))

    subjects = [characters(12) for _ in range(2)]
    texts = [subjects[number % 2] + characters(40) for number in range(6)]
    articles = [Article(title="", body=text, text=text, language="zh") for text in texts]
    for article, others in related(collect(*articles)).items():
        assert {other % 2 for other in others} == {article % 2}


def test_many_articles_are_compared_alike(mixed: list[Article], monkeypatch: pytest.MonkeyPatch):
    """Of very many articles only those that share a term are looked at; the answer is the same."""
    of_few = list(collate_related(collect(*mixed)))
    monkeypatch.setattr("ingest.collate.related.MOST_DENSE", 0)
    assert list(collate_related(collect(*mixed))) == of_few != []


def test_ties_go_to_the_first():
    """Equally close articles stand in the order of the catalogue."""
    articles = [write("", n) for n in range(8)]
    same = [write(SUBJECTS[0], n) for n in ("a", "b")]
    others = [Article(title=SUBJECTS[0], body="", text="crane jib", language="en") for _ in range(2)]
    found = related(collect(*articles, *same, *others))
    assert found[9].index(11) < found[9].index(12)


@settings(max_examples=20)
@given(st.randoms(use_true_random=False))
def test_the_order_of_reading_does_not_matter(chance: random.Random):
    """The same articles are related with the same scores in whatever order they are met."""
    entries = list(collect(*(write(SUBJECTS[number % 3], number) for number in range(12))).entries())
    mixed = chance.sample(entries, len(entries))

    def rows(listed: list[Entry]) -> list[tuple[object, ...]]:
        corpus = Corpus(entries=lambda: iter(listed))
        return sorted(tuple(row.values()) for _, row in collate_related(corpus))

    assert rows(mixed) == rows(entries)


@pytest.mark.parametrize("piece", ["“", "A ", "a", " ", "1 ", "字", "ab ba "])
def test_hostile_texts_take_no_longer(piece: str):
    """A million quotation marks, capitals, spaces or digits are looked at once."""
    text = piece * (1_000_000 // len(piece))
    article = Article(title=text[:1000], body="", text=text, language="en")
    assert related(collect(article, write(SUBJECTS[0], 1), write(SUBJECTS[0], 2)))


def test_embeddings_find_what_shares_no_words():
    """Where the owner asks for it, an article is related to one that says the like in other words."""
    texts = (
        "The physician examined her patients and wrote prescriptions against their illness.",
        "At the clinic a doctor treated sick people with medicine.",
        "Sailors hoisted canvas and steered the schooner through heavy waves.",
        "The striker scored twice as his football club won the league.",
        "Bakers knead dough before dawn so that loaves are warm by breakfast.",
    )
    corpus = collect(*(Article(title="", body="", text=text, language="en") for text in texts))
    assert related(corpus) == {}
    found = related(replace(corpus, embeddings=True))
    assert (found[1], found[2]) == ([2], [1])
    assert not {3, 4, 5} & found.keys()


def test_embeddings_know_copies_and_parts(mixed: list[Article]):
    """With embeddings too no article is named for itself, and texts without words have no related ones."""
    empty = Article(title="", body="", text="")
    found = related(replace(collect(*mixed, empty, replace(mixed[0], title="Again")), embeddings=True))
    assert 13 not in found
    assert all(article not in others and 14 not in others for article, others in found.items())
    assert related(replace(collect(), embeddings=True)) == {}
    assert related(replace(collect(empty), embeddings=True)) == {}


def test_what_was_judged_related_is_named(query: Callable[..., list], sample: Path):
    """Of the first five named for the sample's articles, seven in ten were judged to be related."""
    assert sample.is_dir()
    shown = right = 0
    for locator, wanted in JUDGED.items():
        rows = query(
            "select other.locator from related join files one on one.article_id = related.article_id"
            " and one.outcome = 'article' join files other on other.article_id = related_id"
            " and other.outcome = 'article' where one.locator = ? order by score desc, related_id limit 5",
            locator,
        )
        shown += len(rows)
        right += sum(row["locator"] in wanted for row in rows)
    assert shown
    assert right / shown >= LEAST_PRECISION


def test_both_reports_of_the_launch_are_one_story(query: Callable[..., list]):
    """The sample's two articles on the launch of Apollo 11, one cut from the other, are one story."""
    titles = [row["title"] for row in query("select title from articles where story_id is not null")]
    assert titles == [
        "They're Off: Three Men Leave Brevard County for the Moon",
        "Apollo 11 Leaves for the Moon",
    ]


def ask(room: Room, choice: str) -> None:
    """Write into metadata.yml how related articles are to be found."""
    path = room.folder / "metadata.yml"
    text = re.sub(r"    related: .*\n", "", path.read_text())
    path.write_text(text.replace("  readingroom:\n", f"  readingroom:\n    related: {choice}\n"))


def test_the_owner_asks_for_embeddings(room: Room, monkeypatch: pytest.MonkeyPatch):
    """`related: embeddings` in metadata.yml switches them on, and without the package says what to do."""
    ask(room, "embeddings")
    assert load_settings(room.folder).embeddings
    monkeypatch.setattr("importlib.util.find_spec", lambda _name: None)
    with pytest.raises(SettingsError, match=r"pip install 'readingroom\[embeddings\]'"):
        load_settings(room.folder)
    ask(room, "feelings")
    with pytest.raises(SettingsError, match="must be one of words, embeddings"):
        load_settings(room.folder)
