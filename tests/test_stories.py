"""Stories: versions of one text come together, texts that only look alike do not."""

import random
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.quality.measure import f1
from benchmarks.quality.stories import count_pairs
from ingest.collate.stories import collate_stories, find_stories
from ingest.collate.wording import count_common, count_common_at_most, shingle, split_words
from ingest.model import Article, Corpus, Entry, Facts, Published
from tests.conftest import Room
from tests.gold.stories.versions import as_corpus, make_versions

GOLD = make_versions()
LEAST_F1 = 0.95
WORDS = tuple(
    f"{start}{end}" for start in ("ba", "do", "ki", "lu", "me", "ra", "so") for end in "bdfgklmnprst"
)


def tell(seed: object, length: int = 120) -> str:
    """Return a text of so many words that no other seed gives."""
    chance = random.Random(str(seed))
    return " ".join(chance.choice(WORDS) for _ in range(length))


def collect(*texts: str, published: tuple[str, ...] = ()) -> Corpus:
    """Return a collection of these texts, numbered from 1."""
    entries = tuple(
        Entry(
            id=number,
            key=f"{number:012x}",
            article=Article(
                title="",
                body=text,
                text=text,
                published=Published(value=day, precision="day", origin="test") if day else None,
            ),
            facts=Facts(),
        )
        for number, (text, day) in enumerate(
            zip(texts, published or ("",) * len(texts), strict=True), start=1
        )
    )
    return Corpus(entries=lambda: iter(entries))


def stories(*texts: str) -> tuple[tuple[int, ...], ...]:
    """Return the stories among these texts, which are numbered from 1."""
    return find_stories(collect(*texts))


@pytest.mark.parametrize("held_out", [False, True])
def test_pairs_of_the_gold_are_found(held_out: bool):  # noqa: FBT001 - the two halves of the gold
    """F1 over pairs of articles stays at 0.95 or above, on texts looked at and on those held out."""
    right, found, wanted = count_pairs([each for each in GOLD if each.held_out is held_out])
    assert f1(right, found, wanted) >= LEAST_F1


def test_a_syndicated_version_is_of_the_story():
    """A new lead, a dateline, other quotation marks and a lost ending leave it the same story."""
    text = tell("story", 200)
    words = text.split()
    version = f"LINDEN, March 3 (NNS) — Here is what a partner found. “{' '.join(words[:150])}”"
    assert stories(text, version) == ((1, 2),)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("It’s “done” — nearly", 'it\'s "DONE" - nearly'),
        ("ﬁnal o\u00adffer", "final offer"),
        ("１２\u00a0Ｋ", "12 k"),
    ],
)
def test_typography_does_not_count(one: str, other: str):
    """Case, quotation marks, dashes, ligatures, soft hyphens and wide letters make no difference."""
    assert split_words(one) == split_words(other)


def test_unspaced_scripts_are_compared():
    """A Chinese text and a shortened copy are one story, and two Chinese texts are not."""
    chance = random.Random(5)
    one, other = ("".join(chr(chance.randrange(0x4E00, 0x5E00)) for _ in range(90)) for _ in range(2))
    assert stories(one, one[:70], other) == ((1, 2),)


def test_a_brief_in_a_round_up_is_none():
    """A brief that a round-up of five prints word for word is no version of the round-up."""
    briefs = [tell(f"brief {number}", 50) for number in range(5)]
    assert stories("\n\n".join(briefs), *briefs) == ()


def test_a_digest_glues_nothing():
    """Two articles that a digest prints one after the other do not become one story through it."""
    one, other = tell("one", 110), tell("other", 100)
    assert all({2, 3} - set(story) for story in stories(f"{one} {other}", one, other))


def test_no_chain_of_likenesses():
    """Of texts that each share three in four words with the next, the ends are not one story."""
    parts = [tell(f"part {number}", 30) for number in range(12)]
    chain = [" ".join(parts[start : start + 4]) for start in range(9)]
    assert all(max(story) - min(story) <= 2 for story in stories(*chain))


def test_other_numbers_are_another_notice():
    """Last year's notice is not this year's; a copy with one figure corrected is a copy."""
    frame = tell("notice", 90).split()

    def notice(*numbers: int) -> str:
        words = list(frame)
        for place, number in enumerate(numbers):
            words.insert(15 * (place + 1), str(number))
        return " ".join(words)

    assert stories(notice(2019, 4, 10, 16, 80), notice(2020, 2, 9, 17, 65)) == ()
    assert stories(notice(2019, 4, 10, 16, 80), notice(2019, 4, 10, 16, 85)) == ((1, 2),)


def test_states_of_one_page_are_one_story():
    """A live blog saved three times, each time with more above, is one story."""
    posts = [tell(f"post {number}", 60) for number in range(6)]
    states = ["\n\n".join(reversed(posts[:end])) for end in (3, 5, 6)]
    assert stories(*states) == ((1, 2, 3),)


def test_short_texts_are_left_alone():
    """Under some twenty words nothing can be told, and nothing is said."""
    assert stories("Closed on Monday.", "Closed on Monday.", "") == ()
    assert stories() == ()


def test_parts_of_one_text_are_no_versions():
    """A long text that repeats itself does not become a story of its own parts."""
    text = tell("book")
    entries = [
        replace(entry, part_of=1 if entry.id == 2 else None) for entry in collect(text, text).entries()
    ]
    assert find_stories(Corpus(entries=lambda: iter(entries))) == ()


def test_the_earliest_comes_first():
    """A story lists its versions by date, undated ones last, and says which is first."""
    text = tell("story")
    rows = list(collate_stories(collect(text, text, text, published=("", "2020-03-02", "2019"))))
    assert rows[0] == ("stories", {"id": 1, "size": 3, "first_article_id": 3})
    assert [row["article_id"] for table, row in rows if table == "story_articles"] == [3, 2, 1]


def test_time_zones_count_for_which_comes_first():
    """What is printed in the evening in New York is later than what is printed that night in London."""
    text = tell("night")
    days = (
        "2024-03-01T23:30-05:00",
        "2024-03-02T01:00+00:00",
        "9999-12-31T23:00-05:00",
        "2024-03-02",
    )
    assert find_stories(collect(*[text] * 4, published=days)) == ((4, 2, 1, 3),)


def test_hundreds_of_copies_are_one_story():
    """A story that everybody printed is still one story."""
    text = tell("everywhere", 150)
    (story,) = stories(*(f"{tell(number, 15)} {text}" for number in range(200)))
    assert len(story) == 200


def test_a_frame_does_not_hide_copies():
    """Among a hundred columns in one frame, a column and its copy are found, and nothing else."""
    top, end = tell("top", 35), tell("end", 35)
    columns = [f"{top} {tell(number, 90)} {end}" for number in range(100)]
    assert stories(*columns, columns[70][:-40]) == ((71, 101),)


@settings(max_examples=25)
@given(st.randoms(use_true_random=False))
def test_the_order_of_reading_does_not_matter(chance: random.Random):
    """The same articles give the same stories in whatever order they are met."""
    entries = list(as_corpus([version for version in GOLD if not version.held_out][:50]).entries())
    known = find_stories(Corpus(entries=lambda: iter(entries)))
    mixed = chance.sample(entries, len(entries))
    assert find_stories(Corpus(entries=lambda: iter(mixed))) == known


@settings(max_examples=3)
@given(order=st.permutations(range(6)))
def test_adding_one_by_one_equals_building_at_once(
    order: list[int], tmp_path_factory: pytest.TempPathFactory
):
    """A collection that grew file by file has the stories and related articles of one built at once."""
    text = tell("grown", 200)
    texts = {
        "a.txt": f"The Bridge\n\n{text}.",
        "b.txt": f"Opinion | The Bridge\n\nLINDEN, March 3 (NNS) - {text}.",
        "c.txt": f"Bridge\n\n{' '.join(text.split()[:120])}.",
        "d.txt": f"Ferry\n\n{tell('ferry', 100)} {' '.join(text.split()[:40])}.",
        "e.txt": f"Tunnel\n\n{tell('ferry', 60)} {tell('tunnel', 60)}.",
        "f.txt": f"Lighthouse\n\n{tell('lighthouse')}.",
    }
    names = sorted(texts)
    grown, whole = (Room(tmp_path_factory.mktemp("room") / name) for name in ("grown", "whole"))
    for place in order:
        grown.put(names[place], texts[names[place]])
        grown.ingest(workers=1)
    for name, content in texts.items():
        whole.put(name, content)
    whole.ingest(workers=1)
    for sql in (
        "select * from stories order by id",
        "select * from story_articles order by story_id, position",
        "select id, story_id from articles order by id",
        "select * from related order by article_id, related_id",
    ):
        assert grown.rows(sql) == whole.rows(sql)
    assert whole.rows("select size from stories") == [(3,)]


def test_articles_know_their_story(room: Room):
    """Every version carries the number of its story; an article alone carries none."""
    text = tell("story")
    room.put("a.txt", f"One\n\n{text}.")
    room.put("b.txt", f"Two\n\n{text} more.")
    room.put("c.txt", f"Three\n\n{tell('another')}.")
    room.ingest(workers=1)
    assert room.rows("select title, story_id from articles order by id") == [
        ("One", 1),
        ("Two", 1),
        ("Three", None),
    ]


def test_the_same_on_every_machine():
    """Runs of words are numbered by the words alone: these numbers never change."""
    assert shingle(["the", "eagle", "has", "landed", "here"]).tolist() == [
        10999687294208056210,
        12310742150131672876,
    ]


@pytest.mark.parametrize("piece", ["“", "A ", "a", " ", "1 ", "\u00ad", "字", "ab ba "])
def test_hostile_texts_take_no_longer(piece: str):
    """A million quotation marks, capitals, spaces or digits are looked at once."""
    text = piece * (1_000_000 // len(piece))
    assert stories(text, text + tell("end", 30)) in {(), ((1, 2),)}


def test_excerpts_stand_in_their_source(shared: Path):
    """Excerpts in the gold are word for word from the public-domain posts that they are said to be from."""
    news = shared / "data" / "digitalgov" / "news"
    excerpts = 0
    for version in GOLD:
        seed, _, kind = version.name.partition("/")
        path = next(news.glob(f"*/*/*-{seed}.md"), None)
        if path and kind == "original":
            content = " ".join(path.read_text(encoding="utf-8").split())
            assert all(paragraph in content for paragraph in version.text.split("\n\n"))
            excerpts += 1
    assert excerpts


NUMBERS = st.lists(st.integers(0, 2**32 - 1) | st.integers(0, 50), min_size=1, max_size=60, unique=True)


@given(NUMBERS, st.lists(NUMBERS, min_size=1, max_size=5))
def test_a_quick_count_is_never_too_low(these: list[int], those: list[list[int]]):
    """What is left out for sharing too few runs by their last bits does share too few."""
    numbers = [np.array(sorted(each), dtype=np.uint32) for each in (these, *those)]
    for most, other in zip(count_common_at_most(numbers[0], numbers[1:]), numbers[1:], strict=True):
        assert count_common(other, numbers[0]) <= most <= len(other)


@given(st.randoms(use_true_random=False))
def test_a_share_at_a_time_finds_what_all_at_once_does(chance: random.Random):
    """However few of the runs are looked at together, the same near-copies are found."""
    parts = [tell(number, 30) for number in range(5)]
    texts = [" ".join(chance.sample(parts, 3)) + tell(f"own {number}", 10) for number in range(8)]
    at_once = stories(*texts)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("ingest.collate.stories.RUNS_A_SHARE", chance.choice((*range(9, 90), 1)))
        assert stories(*texts) == at_once
