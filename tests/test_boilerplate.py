"""What publications repeat is moved out of the articles, what people wrote stays, and nothing is lost."""

import random
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import count, pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import settings as testing
from hypothesis import strategies as st

from benchmarks.quality import boilerplate as gold
from ingest.collate.appeals import find_appeals
from ingest.collate.boilerplate import (
    Furniture,
    Repetition,
    find_furniture,
    find_repetition,
    remove_boilerplate,
)
from ingest.collate.cuts import cut_blocks, restore
from ingest.model import Article, Corpus, Entry, Facts, Hint, Mention, Page, Quote, RawDocument
from ingest.normalize import normalize_document
from ingest.normalize.markdown import plain_text
from ingest.normalize.outline import read_outline
from tests.conftest import Room

APPEAL = """\
A message from The Estuary Herald:
Dear readers,
The ministry has called The Estuary Herald an "unwanted body" and fines whoever works for us.
They want to put an end to independent journalism here. We will go on, without fear or favour.
We, the journalists of The Estuary Herald, cannot do this alone. We need your support.
If you can, please support us from just $3 a month. Every contribution counts.
Thank you for standing with us.

Remind me later.
"""
STORY = """\
Prime Minister Anna Lindqvist said on Tuesday that the harbour at Port Albert will be dredged again.
"We have waited for nine years, and we shall not wait for a tenth," Lindqvist told the parliament.
Work is to begin in May and to be paid for by the Baltic Bank, which has lent forty million crowns.
The dredgers will come from Rotterdam, where they have deepened the approach to the new docks.
Fishermen in Port Albert fear for the spawning grounds off the northern mole, and want to be heard first.
"""
FOOT = "The Tidewater Echo is put together above a bakery, by six people from Haversham and a dog."
LINES = (
    *(
        "Words of a story, long enough to be its own.",
        "# A heading",
        "- one\n- two",
        "- [a](https://a.example)",
    ),
    *("---", "> quoted words", "    code", "```\nfence\n\n\nmore\n```", "| a | b |\n| --- | --- |\n| c | |"),
    *("![](https://a.example/b.png)", "*Emphasis* and `code` and [a link][x]", "[x]: https://x.example"),
    *(
        "1. first\n\n   second",
        "  indented",
        "Hard  \nbreak",
        "&nbsp;",
        "\\# not a heading",
        "a\nb",
        "- \n- x",
    ),
    *(
        "Sign up for our newsletter here.",
        "Remind me later.",
        "© 2020 Echo",
        "Share\nTweet\nPrint",
        "- ```\n  open",
    ),
)
BODIES = st.lists(st.sampled_from(LINES), min_size=1, max_size=9).map("\n\n".join)
LOOSE = st.lists(st.sampled_from(LINES), min_size=1, max_size=9).map("\n".join)


def entry_of(body: str, number: int = 1, **more: object) -> Entry:
    """Return an entry with this Markdown."""
    text, blocks = read_outline(body)
    article = Article(title=f"Story {number}", body=body, text=text, blocks=blocks, **more)
    return Entry(id=number, key=str(number), article=article, facts=Facts())


def revised(entries: Sequence[Entry]) -> list[Entry]:
    """Return the entries of a collection without their furniture."""
    return list(remove_boilerplate(Corpus(entries=lambda: iter(entries))).entries())


def removed(entries: Sequence[Entry]) -> set[str]:
    """Return all texts that are removed from a collection."""
    return {each.text.strip() for entry in revised(entries) for each in entry.removed}


def stories() -> Iterator[str]:
    """Yield paragraphs that no two articles share."""
    for number in count():
        yield f"On day {number} the ship lay off the cape, and its master wrote of nothing but rain."


def test_an_appeal_under_a_pasted_article(room: Room):
    """One article alone ends with its last sentence; the appeal is in the table, its names are nowhere."""
    room.put("pasted.txt", STORY + APPEAL)
    room.ingest()
    assert room.one("select text from article_text") == STORY.strip().replace("\n", "\n\n")
    pieces = [str(text).strip() for (text,) in room.rows("select text from removed_blocks order by position")]
    assert pieces == [line for line in APPEAL.split("\n") if line]
    assert room.one("select count(*) from removed_blocks where reason = 'donation appeal'") == 7
    assert not room.rows("select * from entities where name like '%Estuary%'")
    assert not room.rows("select * from articles_fts where articles_fts match 'Estuary'")
    assert room.one("select words from articles") == len(STORY.split())


@pytest.mark.shared
@pytest.mark.xdist_group("shared")
def test_the_seed_article(shared: Path, room: Room):
    """A real pasted article ends with its last real sentence, and loses the names of the appeal alone."""
    room.put("pasted.txt", (shared / "seed-article.txt").read_bytes())
    room.ingest()
    assert str(room.one("select text from article_text")).endswith("Soviet expansion.")
    pieces = [str(text) for (text,) in room.rows("select text from removed_blocks order by position")]
    assert pieces[0].strip().startswith("A Message from")
    assert pieces[-1].strip() == "Remind me later."
    assert len(pieces) == 8
    assert not room.rows("select * from entities where name like '%Times%' or name like '%Prosecutor%'")


@pytest.mark.parametrize(
    ("language", "story", "furniture"),
    [
        ("it", "Il faro si è spento.", "Iscriviti alla newsletter per ricevere le notizie ogni mattina."),
        ("pl", "Latarnia zgasła tej nocy.", "Zapisz się do naszego newslettera."),
        ("ru", "Маяк погас этой ночью.", "Подпишитесь на нашу рассылку, чтобы не пропустить главное."),
        ("uk", "Маяк згас цієї ночі.", "Підписуйтесь на наш канал у Telegram."),
        ("el", "Ο φάρος έσβησε τη νύχτα.", "Εγγραφείτε στο newsletter μας."),
        ("tr", "Deniz feneri gece söndü.", "Haber bültenimize abone olun."),
        ("sv", "Fyren slocknade i natt.", "Prenumerera på vårt nyhetsbrev."),
        ("ar", "انطفأت المنارة في تلك الليلة.", "اشترك في نشرتنا البريدية ليصلك كل جديد."),
        (
            "zh",
            "灯塔在那天夜里熄灭了\uff0c没有人知道原因。",
            "订阅我们的新闻简报\uff0c第一时间获取最新消息。",
        ),
        (
            "ja",
            "灯台はその夜に消えたが、理由は誰も知らない。",
            "メールマガジンに登録して最新ニュースを受け取る",
        ),
    ],
)
def test_calls_to_subscribe_in_other_languages(language: str, story: str, furniture: str):
    """What asks for a subscription at an end goes, in whatever language; a report of one stays."""
    body = f"{story} {story} {story}\n\n{furniture}"
    text, blocks = read_outline(body)
    article = Article(title="", body=body, text=text, blocks=blocks, language=language)
    assert list(find_appeals(article)) == [1]
    told = body.replace(furniture, story)
    text, blocks = read_outline(told)
    assert not find_appeals(Article(title="", body=told, text=text, blocks=blocks, language=language))


@pytest.mark.parametrize(
    "sentence",
    [
        "When you open an email in a browser, your address is disclosed to whoever sent it.",
        "Readers could see the error message in the browser for two hours on Friday.",
        "Die Firma will die Karten künftig direkt im Browser anzeigen.",
        "El archivo se puede ver en el navegador sin instalar nada.",
        "I giornali si possono visualizzare nel browser, dice l'archivista.",
        "You get this in every letter of the firm, and nobody can unsubscribe from it, he said.",
        "Unsubscribe from every list that you no longer read, the ministry advises.",
        "Unsubscribe now, the letters said, but whoever did got more of them.",
    ],
)
def test_a_story_may_speak_of_mail_and_browsers(sentence: str):
    """The first and the last sentence of a story stay, though they have the words of a newsletter's lines."""
    story = "The ferry stays in the harbour this week, since the ice is still too thick to sail."
    for body in (f"{sentence}\n\n{story}", f"{story}\n\n{sentence}"):
        text, blocks = read_outline(body)
        assert find_appeals(Article(title="", body=body, text=text, blocks=blocks)) == {}


@pytest.mark.parametrize(
    ("above", "below"),
    [
        ("View this email in your browser: https://a.example/1", "Unsubscribe: https://a.example/u"),
        ("[View it in your browser](https://a.example/1)", "You receive this as a member. Unsubscribe"),
        ("Newsletter im Browser ansehen", "Unsubscribe"),
        ("[Voir ce message dans votre navigateur](https://a.example/1)", "Click here to unsubscribe."),
        ("Is this mail hard to read? Open it in your browser.", "Unsubscribe | Manage your preferences"),
        (
            "Ver este correo en tu navegador",
            "You got this email as a member. [Unsubscribe](https://a.example/u)",
        ),
    ],
)
def test_what_newsletters_say_of_themselves_goes(above: str, below: str):
    """The lines of a mailing above and below are none of its story; one on browsers keeps its own."""
    story = "The ferry stays in the harbour this week, since the ice is still too thick to sail."
    found = []
    for body in (f"{above}\n\n{story}\n\n{below}", f"You can see it in your browser.\n\n{story}"):
        text, blocks = read_outline(body)
        found.append(set(find_appeals(Article(title="", body=body, text=text, blocks=blocks))))
    assert found == [{0, 2}, set()]


def test_what_a_publication_repeats(room: Room):
    """A line under every article goes from text, search and entities, though no rule knows its words."""
    for number, story in zip(range(12), stories(), strict=False):
        room.put(f"echo/{number}.md", f"# Rain {number}\n\n{story}\n\n{story} Again.\n\n---\n\n{FOOT}\n")
    room.ingest()
    assert not room.rows("select * from article_text where text like '%bakery%' or body like '%---%'")
    assert not room.rows("select * from articles_fts where articles_fts match 'bakery'")
    assert not room.rows("select * from entities where name like '%Haversham%'")
    assert room.rows("select distinct reason from removed_blocks") == [("repeated; in 12 of 12 articles",)]
    for text, body, kept in room.rows(
        "select removed_blocks.text, removed_blocks.body, article_text.text from removed_blocks"
        " join article_text on id = article_id"
    ):
        assert text == f"\n\n{FOOT}"
        assert body == f"\n\n---\n\n{FOOT}"
        assert str(kept).endswith("Again.")


def test_adding_one_by_one_is_building_at_once(tmp_path: Path):
    """A collection that grew, in any order, is the collection built in one run."""
    files = {
        f"echo/{number}.md": f"# Rain {number}\n\n{story}\n\n{story} Again.\n\n{FOOT}\n"
        for number, story in zip(range(6), stories(), strict=False)
    }
    grown, whole = Room(tmp_path / "grown"), Room(tmp_path / "whole")
    order = sorted(files, reverse=True)
    for locator in order:
        grown.put(locator, files[locator])
        grown.ingest(workers=1)
    for locator, content in files.items():
        whole.put(locator, content)
    whole.ingest(workers=1)
    assert whole.one("select count(*) from removed_blocks") == 6
    assert grown.one("select content from runs") == whole.one("select content from runs")


@given(
    st.lists(st.tuples(BODIES, st.booleans(), st.sampled_from(["a", "b"])), min_size=1, max_size=14),
    st.randoms(use_true_random=False),
)
@testing(max_examples=60)
def test_order_is_no_matter(drawn: list[tuple[str, bool, str]], chance: random.Random):
    """What is furniture does not depend on the order in which articles are looked at."""
    entries = [
        entry_of(
            f"{body}\n\n{next(stories())} {number}\n\n{FOOT if footed else ''}", number, publication=folder
        )
        for number, (body, footed, folder) in enumerate(drawn)
    ]
    mixed = list(entries)
    chance.shuffle(mixed)
    assert sorted(revised(mixed), key=lambda entry: entry.id) == revised(entries)


@given(st.one_of(BODIES, LOOSE, st.text(alphabet="ab #->*`|[]:\n\t", max_size=60)))
def test_an_outline_is_the_plain_text(body: str):
    """The text told with the blocks is the plain text, and each block lies where it says."""
    text, blocks = read_outline(body)
    assert text == plain_text(body)
    for block in blocks:
        assert 0 <= block.start <= block.end <= len(body)
        assert 0 <= block.text_start <= block.text_end <= len(text)
    for one, other in pairwise(blocks):
        assert one.end <= other.start
        assert one.text_end <= other.text_start


@given(st.one_of(BODIES, LOOSE), st.sets(st.integers(0, 8)), st.data())
@testing(max_examples=400)
def test_nothing_is_lost(body: str, numbers: set[int], data: st.DataObject):
    """Original = kept + removed, by position, in body and text; and the text stays that of the body."""
    entry = entry_of(body)
    text = entry.article.text
    mentions = []
    for start in sorted(data.draw(st.sets(st.integers(0, max(0, len(text) - 1)), max_size=4))):
        surface = text[start : start + 3]
        if surface.strip() == surface and surface:
            mentions.append(
                Mention(start=start, end=start + len(surface), surface=surface, name=surface, kind="PERSON")
            )
    entry = Entry(id=1, key="1", article=entry.article, facts=Facts(mentions=tuple(mentions)))
    cut = cut_blocks(entry, {n: "test" for n in numbers if n < len(entry.article.blocks)})
    assert restore(cut.article.text, [(each.position, each.text) for each in cut.removed]) == text
    assert restore(cut.article.body, [(each.body_position, each.body) for each in cut.removed]) == body
    assert plain_text(cut.article.body) == cut.article.text
    assert len({each.position for each in cut.removed}) == len(cut.removed)
    for mention in cut.facts.mentions:
        assert cut.article.text[mention.start : mention.end] == mention.surface
    lost = len(mentions) - len(cut.facts.mentions)
    within = sum(
        any(m.start < each.position + len(each.text) and m.end > each.position for each in cut.removed)
        for m in mentions
    )
    assert lost == within


@pytest.mark.parametrize(
    "body", ["a\n\nb\n\n&#32;\n\nc", "b\n\n&#32;\n\nc\n\na", "b\n\n&#8195;\n\n&#8195;\n\nc\n\na"]
)
def test_blank_blocks_between_removed_ones_go_along(body: str):
    """A block of nothing but white space between two removed ones leaves no surplus lines."""
    entry = entry_of(body)
    blocks = entry.article.blocks
    text = entry.article.text
    numbers = [n for n, each in enumerate(blocks) if text[each.text_start : each.text_end] in {"b", "c"}]
    cut = cut_blocks(entry, dict.fromkeys(numbers, "test"))
    assert cut.article.text == "a"
    assert restore("a", [(each.position, each.text) for each in cut.removed]) == text


@pytest.mark.parametrize(
    ("body", "cut", "kept"),
    [
        ("Rain.\n\n## Up next\n\nThe mole is built.", {1}, "Rain.\n\nUp next\n\nThe mole is built."),
        ("Rain.\n\n## Up next\n\nA\n\nB", {1, 2, 3}, "Rain."),
        ("Rain.\n\n## Up next\n\nA\n\nB", {1, 3}, "Rain.\n\nUp next\n\nA"),
        ("Rain.\n\n## Up next", {1}, "Rain."),
        ("Rain.\n\n## Up next\n\n---\n\n# Harbours\n\nA", {1}, "Rain.\n\nHarbours\n\nA"),
        ("Rain.\n\n## Up next\n\n### Harbours\n\nA", {1}, "Rain.\n\nUp next\n\nHarbours\n\nA"),
        ("Rain.\n\n## Up next\n\n### Harbours\n\nA", {1, 2}, "Rain.\n\nUp next\n\nHarbours\n\nA"),
        ("Rain.\n\n## Up next\n\n### Harbours\n\nA", {1, 2, 3}, "Rain."),
        ("Rain.\n\nUp next\n-------\n\nHarbours\n===\n\nA", {1}, "Rain.\n\nHarbours\n\nA"),
        ("Rain.\n\nUp next\n===\n\nHarbours\n---\n\nA", {1}, "Rain.\n\nUp next\n\nHarbours\n\nA"),
    ],
)
def test_a_heading_goes_with_all_that_it_heads(body: str, cut: set[int], kept: str):
    """A heading is removed with its whole section, or stays above what is left of it."""
    assert cut_blocks(entry_of(body), dict.fromkeys(cut, "test")).article.text == kept


def test_facts_and_pages_move_along():
    """Quotations and pages behind a removed block are where their words are."""
    entry = entry_of("Share this article\n\nWords of a page that is kept.\n\nMore “quoted” words.")
    text = entry.article.text
    start = text.index("“quoted”")
    quote = Quote(start=start, end=start + 8, quote="quoted", speaker=None, cue=None, confidence=1)
    pages = (Page(page=1, start=0, end=18), Page(page=2, start=20, end=len(text)))
    article = entry_of(entry.article.body, pages=pages).article
    cut = cut_blocks(Entry(id=1, key="1", article=article, facts=Facts(quotes=(quote,))), {0: "share bar"})
    moved = cut.facts.quotes[0]
    assert cut.article.text[moved.start : moved.end] == "“quoted”"
    assert [(page.start, page.end) for page in cut.article.pages] == [(0, 0), (0, len(cut.article.text))]


def test_a_name_from_an_appeal_is_forgotten():
    """What an article calls by a short name keeps it when only the appeal gave the full one."""
    entry = entry_of("The Herald was fined by a court on Monday.\n\nA word from the Estuary Herald")
    text = entry.article.text
    mentions = tuple(
        Mention(start=text.index(surface), end=text.index(surface) + len(surface), surface=surface,
                name="Estuary Herald", kind="ORG")
        for surface in ("Herald", "Estuary Herald")
    )  # fmt: skip
    cut = cut_blocks(
        Entry(id=1, key="1", article=entry.article, facts=Facts(mentions=mentions)), {1: "appeal"}
    )
    assert [mention.name for mention in cut.facts.mentions] == ["Herald"]


def test_the_language_is_told_anew():
    """An English notice under a short German article does not make it English."""
    german = (
        "Die Fähre nach Sankt Alban fällt heute aus, weil der Kapitän erkrankt ist. Morgen fährt sie wieder."
    )
    english = (
        "We use cookies to make this site better for you. "
        + "By using this site you accept our use of cookies. " * 4
    )
    raw = RawDocument(locator="a.md", format="markdown", content=f"# Fähre\n\n{german}\n\n{english}")
    article, _ = normalize_document(raw, Hint())
    assert article.language == "en"
    cut = revised([Entry(id=1, key="1", article=article, facts=Facts())])[0].article
    assert (cut.text, cut.language) == (german, None if len(german) < 120 else "de")


def test_copies_of_a_story_keep_it():
    """A story printed many times, with a line of its own in each, keeps every paragraph."""
    story = [f"Paragraph {n} of what the agency sent out about the volcano that afternoon." for n in range(5)]
    copies = [
        entry_of("\n\n".join([f"Our town, number {number}, was not touched by it at all.", *story]), number)
        for number in range(12)
    ]
    others = [
        entry_of(f"{text}\n\n{text} Again.", 12 + number)
        for number, text in zip(range(12), stories(), strict=False)
    ]
    assert not removed(copies + others)


@pytest.mark.parametrize(
    "line",
    [
        "Correction: An earlier version of this article gave a wrong date.",
        "> No person shall set a net within two miles of the mouth of any river.",
        "“We shall build the dam with our own hands,” the prime minister said.”",
    ],
)
def test_notices_and_quotations_stay(line: str):
    """However often a correction, a law or a politician's words stand at the end, they stay."""
    entries = [
        entry_of(f"{text}\n\n{text} Again.\n\n{line}", number)
        for number, text in zip(range(30), stories(), strict=False)
    ]
    assert not removed(entries)


def test_a_refrain_stays():
    """What an article says more than once is its own."""
    line = "O the wind and the rain, and the long road home to the village."
    entries = [
        entry_of(f"{line}\n\n{text}\n\n{line}\n\n{text} Again.\n\n{line}", number)
        for number, text in zip(range(30), stories(), strict=False)
    ]
    assert not removed(entries)


def test_introductions_stay():
    """A frame above a series is no furniture unless its words are."""
    line = "Each week our correspondent walks one stretch of the coast and writes down whom she meets there."
    entries = [
        entry_of(f"{line}\n\n{text}\n\n{text} Again.", number)
        for number, text in zip(range(30), stories(), strict=False)
    ]
    assert not removed(entries)
    named = [
        entry_of(f"Listen to this article\n\n{text}\n\n{text} Again.", number)
        for number, text in zip(range(30), stories(), strict=False)
    ]
    assert removed(named) == {"Listen to this article"}


def test_a_year_makes_no_difference():
    """Lines that are furniture by their words are one, whatever the year; other lines are not."""
    entries = [
        entry_of(
            f"{text}\n\n{text} Again.\n\nTemperature at noon: {number}\n\n© {1990 + number} Echo Press",
            number,
        )
        for number, text in zip(range(30), stories(), strict=False)
    ]
    assert removed(entries) == {f"© {1990 + number} Echo Press" for number in range(30)}


def test_one_article_is_never_emptied():
    """Where nothing but furniture would be left of an article, it stays as it is."""
    for body in (
        "Remind me later.",
        "© 2020 Echo Press",
        "Sign up for our newsletter here.\n\nRemind me later.",
    ):
        assert not find_appeals(entry_of(body).article)


def test_the_gold_is_read_as_before():
    """On the project's gold next to nothing that people wrote is removed, and nearly all furniture is."""
    single, repeated = gold.score_single(), gold.score_repeated()
    assert single.wrong <= 0.02 * single.right, single.mistakes
    assert repeated.wrong == 0, repeated.mistakes
    assert single.right >= 0.9 * single.wanted, single.mistakes
    assert repeated.right >= 0.9 * repeated.wanted, repeated.mistakes


@pytest.mark.parametrize(
    "piece",
    ['"', "“", "A ", " ", "a\n\n", "Share\n\n", "our your we ", "subscribe ", "- \n", "Read more:\n\n"],
)
def test_hostile_text_takes_no_longer(piece: str):
    """A megabyte of quotes, capitals or spaces, or a hundred thousand blocks, is gone through once."""
    length = 200_000 if "\n\n" in piece else 1_000_000
    text = (piece * (length // len(piece))) + "Words at the end that are the article's own."
    blocks = []
    position = 0
    for block in text.split("\n\n"):
        blocks.append((position, position + len(block)))
        position += len(block) + 2
    outline = read_outline("x")[1][0]
    made = tuple(
        type(outline)(kind="paragraph", start=start, end=end, text_start=start, text_end=end)
        for start, end in blocks
    )
    article = Article(title="A", body=text, text=text, blocks=made)
    entries = [Entry(id=n, key=str(n), article=article, facts=Facts()) for n in range(4)]
    corpus = Corpus(entries=lambda: iter(entries))
    find_repetition(corpus)
    assert len(revised(entries[:1])) == 1


def test_a_word_without_end_above_an_appeal_is_read_once():
    """A text of one word of a megabyte is no sentence that a call to subscribe could be cut from."""
    body = "x" * 1_000_000 + "\n\nSign up for our newsletter.\n\nFollow us on Twitter"
    text, blocks = read_outline(body)
    assert not find_appeals(Article(title="", body=body, text=text, blocks=blocks, language="en"))


def test_a_quotation_keeps_its_speaker_behind_a_cut(room: Room):
    """What is removed before a quotation moves the place of its speaker too."""
    for number in range(12):
        room.put(
            f"paper/{number}.md",
            f"# Report {number}\n\nSubscribe to our newsletter.\n\nThe council met for the {number}th time."
            f' Jane Roe said: "The harbour of pier {number} is too shallow for the new ferry."\n',
        )
    room.ingest()
    assert room.one("select count(*) from removed_blocks") == 12
    assert room.one("select count(*) from quotes where speaker_entity_id is null") == 0


SENTENCES = [
    f"The pilot of boat number {word} took the ship past the mole."
    for word in ("one", "two", "three", "four", "six")
]


@pytest.mark.parametrize(
    ("tops", "feet", "gone"),
    [
        ("", "1/2/3/4/5", "1/2/3/4/5"),
        ("", "iii/iv/v/vi/vii", "iii/iv/v/vi/vii"),
        ("", "- 1 -/- 2 -/- 3 -/- 4 -/- 5 -", "- 1 -/- 2 -/- 3 -/- 4 -/- 5 -"),
        ("", "Page 4 of 9/Page 5 of 9/6/7/8", "Page 4 of 9/Page 5 of 9/6/7/8"),
        ("Pilots/Pilots/Pilots/Pilots/Pilots", "", "Pilots/Pilots/Pilots/Pilots"),
        ("7 Pilots/Moles 8/9 Pilots/Fog 10/11 Pilots", "", "7 Pilots/Moles 8/9 Pilots/Fog 10/11 Pilots"),
        ("2 Moles/3 Pilots/5 Fog/9 Boats/4 Ropes", "4/8/15/16/23", ""),
        ("Pilots/Moles/Fog/Boats/Ropes", "", ""),
        ("Question 3/Question 4/Question 6/Question 7/Question 9", "", ""),
        ("Pilots/Moles/Pilots/Boats/Ropes", "", ""),
        ("Chapter 1/Chapter 2/Chapter 3/Chapter 4/Chapter 5", "", ""),
        ("May 1/May 2/May 3/May 4/May 5", "", ""),
        ("1 Pilots/2 Moles/3 Fog/4 Boats/5 Ropes", "", ""),
        ("1957/1958/1959/1960/1961", "", ""),
        ("", "0.0%/0.0%/0.0%/0.0%/0.0%", ""),
    ],
)
def test_what_belongs_to_the_paper_goes_from_the_text(tops: str, feet: str, gone: str):
    """Page numbers, running heads and feet of a paged text are moved out of it; other short lines stay."""
    heads, numbers = tops.split("/") if tops else [""] * 5, feet.split("/") if feet else [""] * 5
    pages = ["\n\n".join(filter(None, page)) for page in zip(heads, SENTENCES, numbers, strict=True)]
    raw = RawDocument(locator="a.pdf", format="text", content="\f".join(pages), paged=True)
    article, _ = normalize_document(raw, Hint())
    found = find_furniture(article, Repetition(names={}, ends={}, starts={}, anywhere={}))
    cut = cut_blocks(Entry(id=1, key="a", article=article, facts=Facts()), found)
    assert [each.text.strip() for each in cut.removed] == [each for each in gone.split("/") if each]
    assert all(sentence in cut.article.text for sentence in SENTENCES)
    assert restore(cut.article.text, [(each.position, each.text) for each in cut.removed]) == article.text
    assert all(" on 5 pages" in each.reason for each in cut.removed)


def test_a_very_long_book_has_pages_numbered_like_years():
    """The numbers 1800 to 2099 are page numbers where there are so many pages."""
    content = "\f".join(f"The pilot of boat {number} told of it.\n\n{number}" for number in range(1, 1901))
    article, _ = normalize_document(
        RawDocument(locator="a.pdf", format="text", content=content, paged=True), Hint()
    )
    found = find_furniture(article, Repetition(names={}, ends={}, starts={}, anywhere={}))
    assert len(found) == len(article.pages)


def test_a_sentence_over_a_page_break_is_one():
    """What the paper adds at a page break does not part a sentence, nor a word; each page keeps its place."""
    halves = [
        ("The pilot of the third boat waved to the keeper of the old light-", "house and went on. Fog came."),
        (
            "The keeper saw nothing of it, since the fog of the early morning",
            "hid the mole.",
        ),
    ]
    (one, two), (three, four) = halves
    pages = [
        f"Pilots\n\nA title\n\n{one}\n\n1",
        f"Pilots\n\n{two}\n\nIn the harbour all was quiet.\n\n{three}\n\n2",
        f"Pilots\n\n{four}\n\nNobody was hurt\n\n3",
        "Pilots\n\nof the five boats, one was lost.\n\n4",
    ]
    raw = RawDocument(locator="a.pdf", format="text", content="\f".join(pages), paged=True)
    article, _ = normalize_document(raw, Hint())
    found = find_furniture(article, Repetition(names={}, ends={}, starts={}, anywhere={}))
    cut = cut_blocks(Entry(id=1, key="a", article=article, facts=Facts()), found).article
    assert cut.text == (
        "Pilots\n\nA title\n\n"
        "The pilot of the third boat waved to the keeper of the old lighthouse and went on. Fog came.\n\n"
        "In the harbour all was quiet.\n\n"
        "The keeper saw nothing of it, since the fog of the early morning hid the mole.\n\n"
        "Nobody was hurt\n\nof the five boats, one was lost."
    )
    starts = [cut.text[page.start :].split(".")[0].strip() for page in cut.pages[1:]]
    assert starts == ["and went on", "hid the mole", "of the five boats, one was lost"]
    assert all(page.end <= after.start for page, after in pairwise(cut.pages))


def test_a_word_keeps_its_hyphen_over_a_page_break():
    """A word that is written with a hyphen elsewhere is so where a page ends within it."""
    content = (
        "It was a well-known light. The pilot of the third boat passed by the well-\fknown light at five."
    )
    article, _ = normalize_document(
        RawDocument(locator="a.pdf", format="text", content=content, paged=True), Hint()
    )
    assert article.text.endswith("passed by the well-known light at five.")


@pytest.mark.parametrize("ending", ["", "-", "1-"])
def test_a_page_of_one_word_without_end_is_read_once(ending: str):
    """A word of a megabyte that a page break may split is gone through once, and stays whole."""
    content = "x" * 1_000_000 + f"{ending}\fgoes on."
    raw = RawDocument(locator="a.pdf", format="text", content=content, paged=True)
    assert normalize_document(raw, Hint())[0].text.endswith("goes on.")


@given(st.lists(st.text("Ab -,.1\n", max_size=40).map(lambda words: 2 * words), min_size=1, max_size=6))
def test_no_word_of_a_page_is_lost_at_its_break(pages: list[str]):
    """Whatever stands on the pages, all letters are in the text, and the pages cover it in order."""
    content = "\f".join(["Ab " * 25 + "b\n\nA", *(f"b {page}" for page in pages)])
    raw = RawDocument(locator="a.pdf", format="text", content=content, paged=True)
    article, _ = normalize_document(raw, Hint())
    assert Counter(filter(str.isalnum, article.text)) == Counter(filter(str.isalnum, content))
    assert len(article.pages) == len(pages) + 1
    covered = "".join(article.text[page.start : page.end] for page in article.pages)
    assert Counter(filter(str.isalnum, covered)) == Counter(filter(str.isalnum, content))


@given(
    st.dictionaries(
        st.integers(1, 60),
        st.tuples(
            st.dictionaries(st.integers(0, 9), st.sampled_from(["repeated", "appeal"])),
            st.sampled_from([None, "en"]),
        ),
    )
)
def test_what_was_found_is_known_at_the_next_look(articles: dict[int, tuple[dict[int, str], str | None]]):
    """What is kept of an article is told again, and nothing of one that was not looked at."""
    known = Furniture()
    for article, (found, language) in articles.items():
        known.keep(article, found, language if found else None)
    for article in range(70):
        found, language = articles.get(article, ({}, None))
        assert known.told(article) == ((found, language if found else None) if article in articles else None)
