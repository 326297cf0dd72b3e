"""A collection may choose its recogniser, also one for a language, and says which it was."""

from pathlib import Path

import pytest
import spacy

from ingest.enrich.recognisers import MOST_AT_ONCE, recogniser
from ingest.enrich.resolve import resolve
from ingest.errors import SettingsError
from tests.conftest import Room

ENGLISH = (
    "The council of Sandvik met on the pier. Ola Dahl spoke for an hour about the harbour and its price. "
)
GERMAN = "Der Rat von Sandvik tagte auf der Mole. Ola Dahl sprach lange über den Hafen und seinen Preis. "

# Text, and the names in it as surface, kind and the form that the catalogue has.
OTHER_LANGUAGES = [
    (
        "Der Umweltminister Norbert Weiß ist in Kraft und Würde. Auch Ursula von der Heide kam nach Moskau.",
        "Norbert Weiß PERSON; Ursula von der Heide PERSON; Moskau GPE Moscow",
    ),
    (
        "Am Freitag war Anna Weiß von der Universität nicht da, und Weiß ist krank.",
        "Anna Weiß PERSON; Weiß PERSON Anna Weiß",
    ),
    ("Al Gore came to the pier of Sandvik and was heard.", "Al Gore PERSON"),
    (
        "The Amt für Bildung und Forschung saw the Vektra Lumen. "
        + "They waited for the ship all day long and saw the fog lift from the water. " * 8
        + "Then came the Vektra Lumen, and people in Gdynsk saw it leave.",
        "Vektra Lumen MISC; Vektra Lumen MISC; Gdynsk GPE",
    ),
    (
        "En Londres y en París habló Miguel de la Vega.",
        "Londres GPE London; París GPE Paris; Miguel de la Vega PERSON",
    ),
    (
        "Selon Jean Petit, la France et l’ONU attendent encore.",
        "Jean Petit PERSON; France GPE; ONU ORG United Nations",
    ),
    ("Sabato 18 marzo a Monaco di Baviera.", "Monaco di Baviera GPE Munich"),
    ("W Warszawie mówił Lech Nowak.", "Warszawie GPE Warsaw; Lech Nowak PERSON"),
    (
        "В Берлине и Франции президент США Юрий Волков.",
        "Берлине GPE Berlin; Франции GPE France; США GPE United States; Юрий Волков PERSON",
    ),
    (
        "Yazar Orhan Vural 7 Haziran günü uzun uzun konuştu, sonra Ankara’da ve İzmir’e kadar gitti.",
        "Orhan Vural PERSON; Ankara GPE; İzmir GPE Izmir",
    ),
    (
        "L’Allemagne et l’Italie ont vu Massimo D’Alema et Jean d’Aubrac.",
        "Allemagne GPE Germany; Italie GPE Italy; Massimo D’Alema PERSON; Jean d’Aubrac PERSON",
    ),
    ("أعلن القرار في القاهرة وباريس.", "القاهرة GPE Cairo; باريس GPE Paris"),
    ("美国和联合国在北京举行会议。", "美国 GPE United States; 联合国 ORG United Nations; 北京 GPE Beijing"),
    ("インドネシアとローマで。", "インドネシア GPE Indonesia; ローマ GPE Rome"),
]


@pytest.fixture
def pipeline(tmp_path: Path) -> str:
    """The name of a small pipeline of spaCy, made and saved here."""
    made = spacy.blank("xx")
    ruler = made.add_pipe("entity_ruler")
    ruler.add_patterns(
        [
            {"label": "PER", "pattern": "Ola Dahl"},
            {"label": "WORK_OF_ART", "pattern": "the pier"},
            {"label": "DATE", "pattern": "an hour"},
        ]
    )
    made.to_disk(tmp_path / "pipeline")
    return f"spacy:{tmp_path / 'pipeline'}"


def choose(room: Room, choice: str) -> None:
    """Write the choice into metadata.yml."""
    path = room.folder / "metadata.yml"
    path.write_text(path.read_text().replace("  readingroom:\n", f"  readingroom:\n    entities: {choice}\n"))


def test_a_pipeline_of_spacy_may_find_the_names(room: Room, pipeline: str):
    """Its names are the entities, under our kinds, and dates are none; `runs` names it."""
    choose(room, pipeline)
    room.put("a.md", f"# Report\n\n{ENGLISH * 2}")
    room.ingest()
    assert room.rows("select name, kind, mention_count from entities order by kind") == [
        ("Ola Dahl", "PERSON", 2),
        ("pier", "WORK", 2),
    ]
    assert room.one("select recognisers from runs") == f"all: {pipeline}"


def test_each_language_may_have_its_own(room: Room, pipeline: str):
    """A recogniser named for a language reads only that; `runs` says which read what."""
    choose(room, f'{{de: "{pipeline}"}}')
    room.put("a.md", f"# Bericht\n\n{GERMAN * 2}")
    room.put("b.md", f"# Report\n\n{ENGLISH * 2}")
    room.ingest()
    found = dict(
        room.rows(
            "select language, group_concat(distinct surface) from mentions"
            " join articles on articles.id = article_id group by language"
        )
    )
    assert found["de"] == "Ola Dahl"
    assert "Sandvik" in found["en"]
    assert str(room.one("select recognisers from runs")).startswith(f"de: {pipeline}; en: own; others: ")


def test_another_choice_reads_anew(room: Room, pipeline: str):
    """What was found by one recogniser does not stay when another is chosen."""
    room.put("a.md", f"# Report\n\n{ENGLISH * 2}")
    room.ingest()
    choose(room, pipeline)
    assert room.ingest().read == 1
    assert room.rows("select name from entities order by name") == [("Ola Dahl",), ("pier",)]


def test_a_pipeline_that_was_trained_anew_reads_anew(room: Room, pipeline: str):
    """What its older state found is not taken for what it finds now."""
    choose(room, pipeline)
    room.put("a.md", f"# Report\n\n{ENGLISH * 2}")
    room.ingest()
    other = spacy.blank("xx")
    other.add_pipe("entity_ruler").add_patterns([{"label": "PER", "pattern": "Ola Dahl"}])
    other.to_disk(pipeline.removeprefix("spacy:"))
    assert room.ingest().read == 1
    assert room.rows("select name from entities order by name") == [("Ola Dahl",)]
    assert room.ingest().read == 0


def test_offsets_hold_beyond_what_is_read_at_once(pipeline: str):
    """A long text is read in pieces, and every name stands where it is said to."""
    text = f"{'x' * MOST_AT_ONCE}\n" + "Ola Dahl spoke.\n" * 9000
    spans = recogniser(pipeline)(text)
    assert len(spans) == 9000
    assert all(text[span.start : span.end] == span.surface == "Ola Dahl" for span in spans)


@pytest.mark.parametrize(
    ("choice", "said"),
    [
        ("spacy:xx_none_here", "python -m spacy download xx_none_here"),
        ("magic", "magic is no recogniser"),
        ("{de: spacy:./nowhere}", "is not installed"),
    ],
)
def test_one_that_is_not_there_is_told_at_once(choice: str, said: str, room: Room):
    """Nothing is read before the recogniser is there, and the error says how to get it."""
    choose(room, choice)
    with pytest.raises(SettingsError, match=said):
        room.ingest()


@pytest.mark.parametrize(("text", "wanted"), OTHER_LANGUAGES)
def test_the_rules_read_names_in_other_languages(text: str, wanted: str):
    """Places have the form of the catalogue, a word that only begins a sentence is no part of a name."""
    found = resolve(text, recogniser("rules")(text))
    named = (
        f"{each.surface} {each.kind}" + (f" {each.name}" if each.name != each.surface else "")
        for each in found
    )
    assert "; ".join(named) == wanted
