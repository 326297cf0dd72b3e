"""The language of a text, told from samples of it where these leave no doubt."""

import sqlite3
from pathlib import Path

import pytest

from ingest.collate.articles import count_words
from ingest.normalize import language
from ingest.normalize.language import detect_language

SAMPLE = Path(__file__).parent.parent / "collection.db"
ENGLISH = "The crew opened the hatch and looked out over the sea while the helicopters came near. "
FRENCH = "L'équipage ouvrit l'écoutille et regarda la mer tandis que les hélicoptères approchaient. "


@pytest.fixture
def whole(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What is read in whole from here on."""
    read: list[str] = []
    identifier = language.identifier()

    class Watched:
        """The model, which writes down the longer texts that it is asked for."""

        def classify(self, text: str) -> tuple[str, float]:
            if len(text) > 4 * language.SAMPLE:
                read.append(text)
            told: tuple[str, float] = identifier.classify(text)
            return told

    monkeypatch.setattr(language, "identifier", Watched)
    return read


def test_samples_tell_what_the_whole_tells():
    """No article of the sample is of another language by three pieces of it than by its beginning."""
    identifier = language.identifier()
    with sqlite3.connect(SAMPLE) as connection:
        texts = [text for (text,) in connection.execute("select text from article_text")]
    heads = [text[: language.READ_FROM] for text in texts]
    longer = [head for head in heads if len(head) > 4 * language.SAMPLE]
    assert len(longer) > 20
    for head in longer:
        told, confidence = identifier.classify(head)
        assert detect_language(head) == (told if confidence >= language.LEAST_CONFIDENCE else None)


def test_a_plain_text_is_not_read_in_whole(whole: list[str]):
    """A long text in one language is told by pieces of it."""
    assert detect_language(ENGLISH * 40) == "en"
    assert detect_language(FRENCH * 40) == "fr"
    assert not whole


def test_a_text_in_two_languages_is_read_in_whole(whole: list[str]):
    """Where the pieces are of several languages, all that is read has its say."""
    text = FRENCH * 5 + ENGLISH * 28
    assert detect_language(text) == "en"
    assert len(whole) == 1


def test_a_few_lines_of_japanese_are_not_chinese():
    """Kana among the characters tell Japanese, be they fewer than would tell it alone."""
    assert (
        detect_language("灯台が消えた\n\n2021年3月5日 朝刊\n\n港の古い灯台は、昨年の冬の嵐以来ずっと暗い。")
        == "ja"
    )
    assert detect_language("港口的旧灯塔自去年冬天的风暴以来一直没有亮过，渔民们说他们靠记忆掌舵。") == "zh"


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("أعلنت الوزارة إغلاق الميناء", "ar"),
        (
            "مجلس النواب يقر الموازنة العامة بعد نقاش طويل.\n\nتوفي الشاعر الكبير عن عمر يناهز تسعين عاما.",
            "ar",
        ),
        ("رئیس جمهور از کارخانه جدید بازدید کرد", "fa"),
        ("بندرگاہ کو طوفان کے بعد بند کر دیا گیا", "ur"),
        ("וועד הפועל החליט לסגור את הנמל", "he"),
        ("דער האַפֿן איז געווען פֿאַרמאַכט נאָך דעם שטורעם", None),
        ("Το λιμάνι έκλεισε μετά την καταιγίδα", "el"),
        ("Նավահանգիստը փակվեց փոթորկից հետո", "hy"),
        ("ნავსადგური ქარიშხლის შემდეგ დაიხურა", "ka"),
        ("الميناء", None),
        ("The angle is α + β = γ where δ, ε, ζ, η, θ, ι, κ, λ, μ, ν, ξ, ο, π", None),
        ("The harbour was closed after the storm", None),
    ],
)
def test_a_line_is_enough_of_a_script_that_few_languages_write(text: str, language: str | None):
    """Arabic, Persian, Urdu, Hebrew, Greek, Armenian and Georgian are told from one line of them."""
    assert detect_language(text) == language


def test_the_forms_of_arabic_are_one_language():
    """A text that could be Moroccan or Egyptian as well is Arabic, be it short or long."""
    text = "مجلس النواب يقر الموازنة العامة بعد نقاش طويل. "
    assert {detect_language(text * count) for count in (1, 4, 40, 400)} == {"ar"}


@pytest.mark.parametrize(
    ("language", "text", "words"),
    [
        ("en", "They landed, at last, on 20 July.", 7),
        ("zh", "阿波罗11号登月。\n“鹰”已着陆。", 11),
        ("ja", "アポロ11号は月に着陸した。", 12),
        ("ko", "아폴로 11호가 달에 착륙했다.", 4),
        (None, "", 0),
    ],
)
def test_words_are_counted_as_readers_of_the_language_count(language: str | None, text: str, words: int):
    """Where words are written together, every character is one."""
    assert count_words(text, language) == words
