"""One person is one row: what an article calls somebody, across articles, and as the curator decides."""

import csv
import io
import re
import subprocess
import sys
import tracemalloc
from types import SimpleNamespace
from typing import Any

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from ingest.cli import main
from ingest.collate.entities import collate_entities
from ingest.collate.identity import Identities
from ingest.collate.usages import Usages, fold
from ingest.curation import export_entities, import_entities, suggest_merges
from ingest.decisions import COLUMNS, FILE, add_decisions, read_decisions
from ingest.enrich.resolve import resolve
from ingest.enrich.spans import Span
from ingest.enrich.word_lists import known_as
from ingest.errors import SettingsError
from ingest.model import Decision, Facts, Mention
from tests.conftest import Room

IN_ONE_ARTICLE = [
    (
        "Ann Weld came. See Weld, A. (1962) and Ford, C (1963), but Ford is of no use.",
        {"Ann Weld": "PERSON", "Weld, A.": "PERSON", "Ford, C": "PERSON", "Ford": "PERSON"},
        ["Ann Weld", "Ann Weld", "C. Ford", "C. Ford"],
    ),
    (
        "Ann Weld came. Mel B left.\nWeld A, Ford CB. Ports. J Sea. 1962;1:2.",
        {"Ann Weld": "PERSON", "Mel B": "PERSON", "Weld A": "PERSON", "Ford CB": "PERSON"},
        ["Ann Weld", "Mel B", "Ann Weld", "C. B. Ford"],
    ),
    (
        "Mel B. Born in 1975, she sings.\n1. Malcolm X. Born in 1925, he spoke.\nWeld A. Sea. 1962;1:2.\n",
        {"Mel B": "PERSON", "Malcolm X": "PERSON", "Weld A": "PERSON"},
        ["Mel B", "Malcolm X", "A. Weld"],
    ),
    (
        "Ann Beth Weld came. See Weld, A. C. (1962), Ford, C. D. (1963) and Cora D. Ford.",
        {
            "Ann Beth Weld": "PERSON",
            "Weld, A. C.": "PERSON",
            "Ford, C. D.": "PERSON",
            "Cora D. Ford": "PERSON",
        },
        ["Ann Beth Weld", "A. C. Weld", "Cora D. Ford", "Cora D. Ford"],
    ),
    (
        "Weld, Ann B. and Ann Weld Ford; Sammy Weld, Jr. and A. Ford, or Anna Ford.",
        {"Weld, Ann B.": "PERSON", "Sammy Weld, Jr.": "PERSON", "A. Ford": "PERSON", "Anna Ford": "PERSON"},
        ["Ann B. Weld", "Sammy Weld, Jr.", "Anna Ford", "Anna Ford"],
    ),
    # names and kinds in the order of the text; then what each is called
    (
        "Asa Weld Jr. spoke. Weld left. Ida Moe Sr. stayed. Moe left.",
        {"Asa Weld Jr.": "PERSON", "Weld left": "PERSON", "Ida Moe Sr.": "PERSON", "Moe": "PERSON"},
        ["Asa Weld Jr.", "Asa Weld Jr.", "Ida Moe Sr.", "Ida Moe Sr."],
    ),
    (
        "Asa Weld Jr. came. Asa Weld, Jr. spoke, and Weld left.",
        {"Asa Weld Jr.": "PERSON", "Asa Weld, Jr.": "PERSON", "Weld left": "PERSON"},
        ["Asa Weld, Jr."] * 3,
    ),
    ("Vladimir Putin met Mr Putin.", {"Vladimir Putin": "PERSON", "Putin": "PERSON"}, ["Vladimir Putin"] * 2),
    (
        "Donald Trump and Melania Trump came; Trump spoke.",
        {"Donald Trump": "PERSON", "Melania Trump": "PERSON", " Trump ": "PERSON"},
        ["Donald Trump", "Melania Trump", "Trump"],
    ),
    (
        "TITUSVILLE, Fla. - JAMES VAN ALLEN came. Van Allen spoke in Titusville of the USSR.",
        {
            "TITUSVILLE": "GPE",
            "JAMES VAN ALLEN": "PERSON",
            "Van Allen": "PERSON",
            "Titusville": "GPE",
            "USSR": "GPE",
        },
        ["Titusville", "James Van Allen", "James Van Allen", "Titusville", "USSR"],
    ),
    (
        "Ursula von der Leyen spoke. Later von der Leyen left.",
        {"Ursula von der Leyen": "PERSON", " von der Leyen left": "PERSON"},
        ["Ursula von der Leyen"] * 2,
    ),
    (
        "The Baltic Fishing Council (BFC) met. The BFC agreed.",
        {"Baltic Fishing Council": "ORG", "BFC": "ORG"},
        ["Baltic Fishing Council"] * 2,
    ),
    (
        "The BFC (Baltic Fishing Council) met.",
        {"BFC": "ORG", "Baltic Fishing Council": "ORG"},
        ["Baltic Fishing Council"] * 2,
    ),
    (
        "The Baltic Fishing Council met. The BFC agreed.",
        {"Baltic Fishing Council": "ORG", "BFC": "ORG"},
        ["Baltic Fishing Council"] * 2,
    ),
    (
        "The Baltic Fishing Council and the Bonn Film Club met. The BFC agreed.",
        {"Baltic Fishing Council": "ORG", "Bonn Film Club": "ORG", "BFC": "ORG"},
        ["Baltic Fishing Council", "Bonn Film Club", "BFC"],
    ),
    (
        "The Department of Fish and Game (DFG) met. The DFG agreed.",
        {"Department of Fish and Game": "ORG", "DFG": "ORG", " DFG ": "ORG"},
        ["Department of Fish and Game"] * 3,
    ),
    (
        "The Ministry of Baltic Affairs (BA) met. The BA agreed.",
        {"Ministry of Baltic Affairs": "ORG", "BA": "ORG", " BA ": "ORG"},
        ["Ministry of Baltic Affairs"] * 3,
    ),
    (
        "The Riga Town Hall Baltic Fishing Council (BFC) met. The BFC agreed.",
        {"Riga Town Hall Baltic Fishing Council": "ORG", "BFC": "ORG", " BFC ": "ORG"},
        ["Riga Town Hall Baltic Fishing Council"] * 3,
    ),
    (
        "Mary Anne Jones (AJ) came.",
        {"Mary Anne Jones": "PERSON", "AJ": "PERSON"},
        ["Mary Anne Jones", "AJ"],
    ),
    (
        "Centers of Fishing (CoF) opened. A CoF is small.",
        {"Centers of Fishing": "ORG", "CoF": "ORG", " CoF ": "ORG"},
        ["Centers of Fishing"] * 3,
    ),
    (
        "The Baltic Fishing Council (BFCBF) met.",
        {"Baltic Fishing Council": "ORG", "BFCBF": "ORG"},
        ["Baltic Fishing Council", "BFCBF"],
    ),
    (
        "John F. Kennedy spoke. John Kennedy left. Robert Kennedy stayed.",
        {"John F. Kennedy": "PERSON", "John Kennedy": "PERSON", "Robert Kennedy": "PERSON"},
        ["John F. Kennedy", "John F. Kennedy", "Robert Kennedy"],
    ),
    (
        "Juan Perea Lobo spoke. Perea Lobo left. Mary Ann Weld met Ann Weld.",
        {
            "Juan Perea Lobo": "PERSON",
            "Perea Lobo": "PERSON",
            "Mary Ann Weld": "PERSON",
            " Ann Weld": "PERSON",
        },
        ["Juan Perea Lobo", "Juan Perea Lobo", "Mary Ann Weld", "Ann Weld"],
    ),
    (
        "Juan Perea Lobo met Ida Perea Lobo. Perea Lobo left.",
        {"Juan Perea Lobo": "PERSON", "Ida Perea Lobo": "PERSON", "Perea Lobo": "PERSON"},
        ["Juan Perea Lobo", "Ida Perea Lobo", "Perea Lobo"],
    ),
    (
        "Mary Weld met Peter Weld. Mr. Weld sat, Mrs. Weld left.",
        {"Mary Weld": "PERSON", "Peter Weld": "PERSON", " Weld": "PERSON", "Weld left": "PERSON"},
        ["Mary Weld", "Peter Weld", "Peter Weld", "Mary Weld"],
    ),
    (
        "Asa Weld (Asa Bernard Weld) came with Ida Weld's book. Weld left.",
        {"Asa Weld": "PERSON", "Asa Bernard Weld": "PERSON", "Weld left": "PERSON"},
        ["Asa Weld"] * 3,
    ),
    (
        "Mary Weld met Mary Ann Weld and Mary Jane Weld.",
        {"Mary Weld": "PERSON", "Mary Ann Weld": "PERSON", "Mary Jane Weld": "PERSON"},
        ["Mary Weld", "Mary Ann Weld", "Mary Jane Weld"],
    ),
    (
        "Asa Weld ran. Weld won. Ida Weld, his sister, said Weld fell.\nWeld left.",
        {
            "Asa Weld": "PERSON",
            "Weld won": "PERSON",
            "Ida Weld": "PERSON",
            "Weld fell": "PERSON",
            "Weld left": "PERSON",
        },
        ["Asa Weld", "Asa Weld", "Ida Weld", "Weld", "Asa Weld"],
    ),
    (
        "Mary Weld ran. Weld won. Ida Weld came.\nMr. Weld left.",
        {"Mary Weld": "PERSON", "Weld won": "PERSON", "Ida Weld": "PERSON", "Weld left": "PERSON"},
        ["Mary Weld", "Mary Weld", "Ida Weld", "Weld"],
    ),
    (
        "Mary Weld met Peter Weld and Robin Weld. Mr. Weld sat.",
        {"Mary Weld": "PERSON", "Peter Weld": "PERSON", "Robin Weld": "PERSON", " Weld": "PERSON"},
        ["Mary Weld", "Peter Weld", "Robin Weld", "Weld"],
    ),
]


def spans_of(text: str, kinds: dict[str, str]) -> list[Span]:
    """Return the names as spans, each found behind the one before; outer spaces and verbs only place them."""
    spans = []
    cursor = 0
    for phrase, kind in kinds.items():
        start = text.index(phrase, cursor)
        start += len(phrase) - len(phrase.lstrip())
        surface = re.sub(r" (?:left|won|fell|sat)$", "", phrase.strip())
        cursor = start + len(surface)
        spans.append(Span(start=start, end=cursor, surface=surface, kind=kind))
    return spans


LISTED = {
    # What an article itself explains counts, whatever a list knows of other countries.
    "Arlington National Cemetery (ANC) is large. The ANC closes at six.": ["Arlington National Cemetery"] * 3,
    "The African National Congress (ANC) met. The ANC voted.": ["African National Congress"] * 3,
    "The White House Office of Management and Budget (OMB) met.": ["Office of Management and Budget"] * 2,
    "The Court of the European Union (EU) ruled.": ["Court of the European Union", "European Union"],
    "US Airways landed in the USA.": ["US Airways", "United States"],
    "The U.S. Department of Labor met.": ["United States Department of Labor"],
    "U.S. Ship Builders met.": ["U.S. Ship Builders"],
    "Kurds met a Kurd.": ["Kurd", "Kurd"],
}
LISTED_KINDS = {
    "Arlington National Cemetery": "FAC",
    "African National Congress": "ORG",
    "ANC": "ORG",
    "US Airways": "ORG",
    "White House Office of Management and Budget": "ORG",
    "OMB": "ORG",
    "Court of the European Union": "ORG",
    "EU": "ORG",
    "USA": "GPE",
    "U.S. Department of Labor": "ORG",
    "U.S. Ship Builders": "ORG",
    "Kurds": "NORP",
    "Kurd": "NORP",
}


@pytest.mark.parametrize(("text", "names"), LISTED.items(), ids=LISTED)
def test_lists_know_names_that_the_article_does_not_explain(text: str, names: list[str]):
    """A listed form has the list's name, with `U.S.` before it too, unless the article says otherwise."""
    forms = "|".join(sorted(LISTED_KINDS, key=len, reverse=True))
    spans = []
    for match in re.finditer(rf"\b(?:{forms})\b", text):
        known = known_as(match[0])
        spans.append(
            Span(
                start=match.start(),
                end=match.end(),
                surface=match[0],
                kind=LISTED_KINDS[match[0]],
                known=known.name if known else None,
            )
        )
    assert [mention.name for mention in resolve(text, spans)] == names


def test_and_is_written_in_two_ways():
    """A name with a sign for `and` is the same; one that is a sign itself is another."""
    assert fold("Centers for Medicare & Medicaid") == fold("The Centers for Medicare and Medicaid")
    assert fold("AT&T") == "at&t"


@pytest.mark.parametrize(
    "forms",
    [
        ("Cassidy's Kitchen", "Cassidy’s Kitchen"),
        ("Anne-Marie Duval", "Anne\u2011Marie Duval"),
        ("Quickpipe", "Quickpipe®", "Quickpipe™"),
    ],
    ids=str,
)
def test_signs_are_written_in_several_ways(forms: tuple[str, ...]):
    """Curly apostrophes, hyphens that do not break and signs of trademarks part no name."""
    assert len({fold(form) for form in forms}) == 1


def test_a_son_is_one_however_that_is_written(room: Room):
    """A comma before `Jr.` and the point behind it make no other person; `Sr.` does."""
    for number, form in enumerate(
        ("Osgood Weld Jr.", "Osgood Weld Jr", "Osgood Weld, Jr.", "Osgood Weld Sr.")
    ):
        room.put(f"{number}.md", report(f"The governor, {form} of Boston, visited the town on Monday."))
    room.ingest()
    names = kept(room)
    assert [count for name, (_, count) in names.items() if "Weld" in name and "Sr" not in name] == [3]


def test_a_company_is_one_with_and_without_its_legal_form(room: Room):
    """`Corporation`, `Co., Ltd.` and `& Company` are no part of what a company is known by."""
    for number, form in enumerate(
        ("Halvorsen Motor Company", "Halvorsen Motor Co.", "Halvorsen Motor Co., Ltd.")
    ):
        room.put(f"{number}.md", report(f"The car maker {form} opened a plant in Oslo."))
    room.ingest()
    assert [count for name, (_, count) in kept(room).items() if "Halvorsen" in name] == [3]


def test_a_company_is_one_with_and_without_its_line_of_business(room: Room):
    """Where an article has a company both ways, it is one everywhere; where none has, it may be two."""
    both = "Korvexa Motors Ltd. sold 300 vans, Korvexa Motors said. The car maker Korvexa sold more."
    room.put("0.md", report(both))
    room.put("1.md", report("The car maker Korvexa opened a plant in Oslo."))
    room.put("2.md", report("The company Tessivo Bank closed its doors."))
    room.put("3.md", report("The software company Tessivo opened a plant in Oslo."))
    room.ingest()
    names = {name: count for name, (kind, count) in kept(room).items() if kind == "ORG"}
    assert names == {"Korvexa": 2, "Tessivo": 1, "Tessivo Bank": 1}


def entry(*named: tuple[str, str]) -> Any:
    """Return an article that mentions these names of these kinds."""
    mentions = tuple(Mention(start=0, end=1, surface=name, name=name, kind=kind) for name, kind in named)
    return SimpleNamespace(facts=Facts(mentions=mentions))


def test_a_company_does_not_become_a_person():
    """Where its short name is hardly ever a company's, it keeps its own."""
    both = entry(("Weld Motor Company", "ORG"), ("Weld", "ORG"))
    identities = Identities(Usages([both, *[entry(("Weld", "PERSON"))] * 8]))
    assert identities(0) == ("weld motor", "other")
    assert Identities(Usages([both]))(0) == ("weld motor", "other")


@pytest.mark.parametrize(("text", "kinds", "names"), IN_ONE_ARTICLE, ids=[each[0] for each in IN_ONE_ARTICLE])
def test_an_article_tells_who_is_meant(text: str, kinds: dict[str, str], names: list[str]):
    """Short forms take the full name that the article gives; two bearers of a surname are not mixed."""
    assert [mention.name for mention in resolve(text, spans_of(text, kinds))] == names


def report(*sentences: str) -> str:
    """Return an article of a few sentences."""
    body = " ".join(sentences)
    return f"# Report {len(body)}\n\n{body} It rained in the evening, and the meeting ended early.\n"


def kept(room: Room) -> dict[str, tuple[str, int]]:
    """Return kind and number of articles of each entity."""
    return {
        name: (kind, count)
        for name, kind, count in room.rows("select name, kind, article_count from entities")
    }


@pytest.fixture
def kennedys(room: Room) -> Room:
    """Three articles that name a president in full, and one each by two other forms."""
    for number in range(3):
        room.put(f"{number}.md", report(f"President John Kennedy spoke in Berlin {number} times."))
    room.put("3.md", report("Then Mr. Kennedy left Berlin."))
    room.put("4.md", report("President Jack Kennedy spoke in Berlin."))
    return room


def decide(room: Room, *lines: str) -> None:
    """Write decisions and ingest."""
    (room.folder / FILE).write_text("\n".join([",".join(COLUMNS), *lines]) + "\n")
    room.ingest()


@pytest.mark.parametrize(
    ("decision", "names"),
    [
        ("ignore,Kennedy,", {"John Kennedy": 7}),
        ("rename,Kennedy,One of two", {"John Kennedy": 7, "One of two": 1}),
        ("merge,Kennedy,Jack Kennedy", {"John Kennedy": 7}),
        ("ignore,John Kennedy,", {"Kennedy": 1}),
    ],
)
def test_a_decision_about_a_shared_surname_is_about_nobody_else(
    decision: str, names: dict[str, int], room: Room
):
    """Where an article names two who bear it, it is an entity of its own, though elsewhere it means one."""
    for number in range(6):
        room.put(f"{number}.md", report(f"President John Kennedy spoke in Berlin {number} times."))
    both = "President John Kennedy wrote to Mr Okafor. Mr Jack Kennedy answered. Kennedy was glad."
    room.put("both.md", report(both))
    room.ingest()
    assert kept(room)["Kennedy"] == ("PERSON", 1)
    decide(room, decision)
    told = {
        name: count
        for name, (_, count) in kept(room).items()
        if name in {"John Kennedy", "Kennedy", "One of two"}
    }
    assert told == names
    assert not room.rows("select * from problems where stage = 'decide'")


def test_a_surname_joins_the_one_who_bears_it(kennedys: Room):
    """A surname alone belongs to the person whom nearly all articles name in full."""
    kennedys.put("5.md", report("President John Kennedy came back."))
    for number in range(6, 12):
        kennedys.put(f"{number}.md", report(f"President John Kennedy spoke {number} times."))
    kennedys.ingest()
    assert kept(kennedys)["John Kennedy"] == ("PERSON", 11)
    assert "Kennedy" not in kept(kennedys)


@pytest.mark.parametrize(("others", "count"), [(["Rose"], 6), (["Rose", "Rose"], 5), (["Rose", "Robert"], 5)])
def test_one_slip_does_not_part_a_surname(others: list[str], count: int, room: Room):
    """Another bearer in one article is no rival of one in five; two articles or two bearers are."""
    for number in range(5):
        room.put(f"{number}.md", report(f"President John Kennedy spoke in Berlin {number} times."))
    for number, other in enumerate(others):
        room.put(f"other-{number}.md", report(f"Senator {other} Kennedy spoke in Bonn {number} times."))
    room.put("short.md", report("Then Mr. Kennedy left Berlin."))
    room.ingest()
    assert kept(room)["John Kennedy"] == ("PERSON", count)


def test_a_shared_surname_stays_alone(kennedys: Room):
    """With two bearers in the collection, a surname alone is nobody's, and says so."""
    kennedys.put("5.md", report("Robert Kennedy and Edward Kennedy met. Then Mr. Kennedy left."))
    kennedys.ingest()
    assert "Kennedy" in kept(kennedys)
    assert kennedys.one("select origin from entity_aliases where alias = 'Kennedy'") in {"shared", "text"}


@pytest.mark.parametrize(
    ("line", "gone", "there"),
    [
        ("merge,Jack Kennedy,John Kennedy,", "Jack Kennedy", "John Kennedy"),
        ("merge,Jack Kennedy,J. F. K.,", "Jack Kennedy", "J. F. K."),
        ("merge,Jack Kennedy,John Kennedy (JFK),", "Jack Kennedy", "John Kennedy (JFK)"),
        ("rename,Berlin,West Berlin,", "Berlin", "West Berlin"),
        ("ignore,Berlin,,", "Berlin", "John Kennedy"),
        ("split,John Kennedy,Kennedy,", "nobody", "Kennedy"),
    ],
)
def test_decisions_are_carried_out(line: str, gone: str, there: str, kennedys: Room):
    """What the curator decided is so after the next ingest."""
    kennedys.put("5.md", report("President John Kennedy rose. Then Mr. Kennedy left."))
    decide(kennedys, line)
    assert gone not in kept(kennedys)
    assert there in kept(kennedys)
    assert not kennedys.rows("select * from problems where stage = 'decide'")


def test_merged_mentions_are_counted_together(kennedys: Room):
    """A merge moves every mention, and the aliases say that it was decided."""
    decide(kennedys, "merge,Jack Kennedy,John Kennedy,", "merge,Kennedy,John Kennedy,")
    assert kept(kennedys)["John Kennedy"] == ("PERSON", 5)
    assert kennedys.one("select origin from entity_aliases where alias = 'Jack Kennedy'") == "decision"


def test_kind_and_link_are_kept(kennedys: Room):
    """A kind and a Wikidata number stand in the entity's row."""
    decide(kennedys, "kind,Berlin,ORG,the film festival", "link,Berlin,Q64,")
    assert kennedys.rows("select kind, wikidata from entities where name = 'Berlin'") == [("ORG", "Q64")]


def test_merges_in_a_circle_end(kennedys: Room):
    """Contradictory decisions neither hang the run nor lose a mention."""
    decide(
        kennedys,
        "merge,Jack Kennedy,John Kennedy,",
        "merge,John Kennedy,Jack Kennedy,",
        "split,John Kennedy,Jack Kennedy,",
        "merge,Jack Kennedy,John Kennedy,",
    )
    assert kennedys.one("select count(*) from mentions where surface like '%Kennedy'") == 5


def test_a_decision_that_fits_nothing_is_told(kennedys: Room):
    """It is a problem with its line, not dropped; the others still hold."""
    decide(kennedys, "merge,Nobody Here,John Kennedy,", "rename,Berlin,West Berlin,")
    assert kennedys.rows("select locator, code from problems where stage = 'decide'") == [
        ("entities.csv, line 2", "decision-unmatched")
    ]
    assert "West Berlin" in kept(kennedys)


def test_decisions_build_on_those_before(kennedys: Room):
    """What was merged is meant by its old name too, and an alias may be taken out of it again."""
    decide(
        kennedys,
        "merge,Jack Kennedy,John Kennedy,",
        "rename,Jack Kennedy,President Kennedy,",
        "split,President Kennedy,Jack Kennedy,",
    )
    assert {"President Kennedy", "Jack Kennedy"} <= set(kept(kennedys))
    assert not kennedys.rows("select * from problems where stage = 'decide'")


def test_a_name_goes_into_its_like_of_another_kind(kennedys: Room):
    """Of two that are called the same, one is merged into the other, though only one is told by its kind."""
    decide(
        kennedys, "rename,Jack Kennedy,Berlin (PERSON),", "merge,Berlin (PERSON),Berlin,an error of reading"
    )
    assert kennedys.rows("select kind from entities where name = 'Berlin'") == [("GPE",)]
    assert not kennedys.rows("select * from problems where stage = 'decide'")


def test_what_has_no_effect_is_told(kennedys: Room):
    """A decision that cannot be carried out is a problem that says why, not a silent success."""
    kennedys.put("5.md", report("Engineers of NASA came to Berlin."))
    listed = {
        "rename,Nobody Here,Somebody,": "nothing here is called Nobody Here.",
        "ignore,Berlin (PERSON),,": "nothing here is called Berlin (PERSON).",
        "split,Berlin,No Such Alias,": "No Such Alias is no form of it.",
        "split,Berlin,Jack Kennedy,": "Jack Kennedy is no form of it.",
        "merge,BERLIN,Berlin,": "it and Berlin are one already.",
        "rename,Jack Kennedy,John KENNEDY,": "another is called John KENNEDY already.",
        "merge,Jack Kennedy,John Kennedy,": None,
        "merge,John Kennedy,Jack Kennedy,": "it and Jack Kennedy are one already.",
        "rename,Kennedy,Berlin,": "another is called Berlin already.",
        "rename,Kennedy,Berlin (ORG),": "it is no ORG.",
        "rename,Kennedy,Berlin (PERSON),a person of the same name": None,
        "link,Berlin,Q64,": "more than one here is called Berlin.",
        "link,Berlin (GPE),Q64,": None,
        "merge,NASA,Berlin,": "more than one here is called Berlin.",
        "ignore,NASA,,": None,
        "link,NASA,Q23548,": "NASA is ignored by a line before.",
        "merge,Berlin (PERSON),NASA,": "NASA is ignored by a line before.",
    }
    decide(kennedys, *listed)
    told = kennedys.rows("select locator, message from problems where stage = 'decide' order by id")
    assert told == [
        (f"entities.csv, line {number}", f"{' '.join(line.split(',')[:2])}: {said}")
        for number, (line, said) in enumerate(listed.items(), start=2)
        if said
    ]


def test_a_decision_names_an_entity_by_any_form_of_its_own(room: Room):
    """What the page of a name lists as its forms names it in a decision too."""
    room.put("1.md", report("The USAF flew. The U.S. Air Force landed."))
    decide(room, "rename,USAF,The Air Force,")
    assert "The Air Force" in kept(room)


def test_of_one_name_now_and_one_before_the_present_is_meant(kennedys: Room):
    """A name that was given up may be given to another, and means that one from then on."""
    decide(kennedys, "rename,John Kennedy,JFK,", "rename,Jack Kennedy,John Kennedy,", "link,John Kennedy,Q1,")
    assert kennedys.one("select wikidata from entities where name = 'John Kennedy'") == "Q1"
    assert kennedys.one("select wikidata from entities where name = 'JFK'") is None


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ('action,entity,value\nignore,"A,\nkind,B,GPE\n', "quotation mark|unexpected end"),
        ("entity,value\nA,B\n", "no column action"),
        ("action,entity,value\nmarry,A,B\n", "line 2: marry is no action"),
        ("action,entity,value\nmerge,A,\n", "line 2: merge needs a value"),
        ("action,entity,value\n\n\nmerge,,B\n", "line 4: no entity"),
        ("action,entity,value\nkind,A,HUMAN\n", "HUMAN is no kind"),
        ("action,entity,value\nrename,Smith, John,John Smith\n", "line 2: John Smith stands in no column"),
        ("action,entity,value\nlink,A,42\n", "no Wikidata number"),
    ],
)
def test_a_wrong_line_is_named(content: str, said: str, room: Room):
    """A file that cannot be understood ends the run before anything is read, naming the line."""
    (room.folder / FILE).write_text(content)
    with pytest.raises(SettingsError, match=said):
        room.ingest()


def test_a_kind_and_a_number_may_be_written_as_they_are_found(room: Room):
    """A kind in small letters and the address of a page of Wikidata are understood."""
    lines = ["kind,A,gpe", "link,A,https://www.wikidata.org/wiki/Q64", "link,A,q64"]
    (room.folder / FILE).write_text("\n".join(["action,entity,value", *lines]))
    assert [each.value for each in read_decisions(room.folder / FILE)] == ["GPE", "Q64", "Q64"]


def test_all_wrong_lines_are_named(room: Room):
    """Ten at most are told at once, each by its number, and how many more there are."""
    path = room.folder / FILE
    path.write_text("action,entity,value\nkind,A,CITY\nignore,B,\nlink,C,\n,D,\n")
    with pytest.raises(SettingsError) as told:
        read_decisions(path)
    first, *lines = str(told.value).splitlines()
    assert first == f"{path}: 3 lines cannot be understood:"
    assert [line[:11] for line in lines] == ["  - line 2:", "  - line 4:", "  - line 5:"]
    path.write_text("action,entity,value\n" + "kind,A,CITY\n" * 12)
    with pytest.raises(SettingsError, match=r"(?s)12 lines .* line 11: .*\n  - and 2 more lines$"):
        read_decisions(path)


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_spreadsheets_may_write_the_file(separator: str, mark: str, room: Room):
    """Byte-order mark, CRLF, semicolons and quoted cells are read as they are meant."""
    lines = ["note|Entity|ACTION|value", '"a|b"|A|merge|"B ""x"""', "", "|C|ignore|"]
    text = mark + "\r\n".join(lines).replace("|", separator).replace(f"a{separator}b", "a b") + "\r\n"
    (room.folder / FILE).write_bytes(text.encode())
    assert read_decisions(room.folder / FILE) == (
        Decision(action="merge", entity="A", value='B "x"', note="a b", line=2),
        Decision(action="ignore", entity="C", line=4),
    )


@pytest.mark.parametrize("ends", ["\n", "\r\n"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_excels_own_line_and_encoding_are_understood(encoding: str, ends: str, room: Room):
    """`sep=;` above the names of the columns is none of them, and UTF-16 is what "Unicode text" means."""
    path = room.folder / FILE
    path.write_bytes(ends.join(["sep=;", "action;entity;value", "merge;Æ, B;B", ""]).encode(encoding))
    decided = Decision(action="merge", entity="Æ, B", value="B", line=3)
    assert read_decisions(path) == (decided,)
    assert add_decisions(path, [Decision(action="ignore", entity="C")]) == 1
    assert read_decisions(path) == (decided, Decision(action="ignore", entity="C", line=4))


def test_no_lines_are_proposed_for_a_file_of_another_encoding(room: Room):
    """A shell that appends them would write two encodings into one file."""
    room.ingest()
    (room.folder / FILE).write_bytes("action\tentity\tvalue\n".encode("utf-16"))
    answer = CliRunner().invoke(main, ["entities", "suggest", str(room.folder)])
    assert answer.exit_code == 1
    assert "is not UTF-8" in answer.output


def test_decisions_are_added_once(room: Room):
    """What is there already is not written again, and what a person wrote stays."""
    path = room.folder / FILE
    path.write_text("note;action;entity;value\nmine;rename;A;B")
    new = [Decision(action="rename", entity="A", value="B"), Decision(action="ignore", entity="=cmd()")]
    assert add_decisions(path, new) == 1
    assert add_decisions(path, new) == 0
    assert path.read_text().startswith("note;action;entity;value\nmine;rename;A;B\n")
    assert read_decisions(path)[1].entity == "=cmd()"


def test_of_several_decisions_about_the_same_the_last_holds(room: Room):
    """Who goes back to what was decided before is heard, though that line is there already."""
    path = room.folder / FILE
    path.write_text("action,entity,value\nkind,A,ORG\nkind,A,GPE\nkind,B,ORG\n")
    back = [
        Decision(action="kind", entity="A", value="ORG"),
        Decision(action="kind", entity="B", value="ORG"),
    ]
    assert add_decisions(path, back) == 1
    assert [each.value for each in read_decisions(path) if each.entity == "A"] == ["ORG", "GPE", "ORG"]


@pytest.mark.parametrize(
    "before", ["", "note;entity;action;value\n;Berlin;kind;GPE", "action,entity,value\n"]
)
def test_proposals_may_be_appended_to_the_file(before: str, kennedys: Room):
    """What `suggest >> entities.csv` leaves is understood, a file that the shell has just made included."""
    kennedys.ingest()
    path = kennedys.folder / FILE
    path.write_text(before)
    run = [sys.executable, "-m", "ingest", "entities", "suggest", str(kennedys.folder)]
    with path.open("a") as file:
        subprocess.run(run, stdout=file, check=True)
    merged = [each for each in read_decisions(path) if each.action == "merge"]
    assert [(each.entity, each.value) for each in merged] == [("Jack Kennedy", "John Kennedy")]


def test_an_exported_table_comes_back_without_loss(kennedys: Room):
    """Unedited it asks for nothing, though a spreadsheet saved it in its own manner."""
    kennedys.ingest()
    database = kennedys.folder / "collection.db"
    table = export_entities(database)
    saved = kennedys.folder / "names.csv"
    rows = list(csv.reader(io.StringIO(table)))
    written = io.StringIO()
    csv.writer(written, delimiter=";").writerows(rows)
    saved.write_bytes(b"\xef\xbb\xbf" + written.getvalue().encode())
    assert import_entities(database, saved) == []
    assert len(rows) - 1 == kennedys.one("select count(*) from entities")


def test_edits_in_a_table_become_decisions(kennedys: Room):
    """A changed name renames or merges, and the next ingest shows it."""
    kennedys.ingest()
    saved = kennedys.folder / "names.csv"
    rows = list(csv.DictReader(io.StringIO(export_entities(kennedys.folder / "collection.db"))))
    for row in rows:
        if row["entity"] == "Jack Kennedy":
            row["name"] = "John Kennedy"
        if row["entity"] == "Berlin":
            row["name"], row["wikidata"] = "West Berlin", "http://www.wikidata.org/entity/Q56036"
    with saved.open("w", newline="") as file:
        writer = csv.DictWriter(file, rows[0])
        writer.writeheader()
        writer.writerows(rows)
    run = [sys.executable, "-m", "ingest", "entities", "import", str(saved), str(kennedys.folder)]
    done = subprocess.run(run, capture_output=True, text=True, check=True)
    assert done.stdout.startswith("3 new decisions")
    (kennedys.folder / "entities.csv").write_text(
        "".join((kennedys.folder / "entities.csv").read_text().splitlines(keepends=True)[:-1])
    )
    done = subprocess.run(run, capture_output=True, text=True, check=True)
    assert done.stdout.startswith("1 new decision in ")
    kennedys.ingest()
    assert kept(kennedys)["John Kennedy"][1] >= 4
    assert kennedys.one("select wikidata from entities where name = 'West Berlin'") == "Q56036"


def test_merges_are_proposed_with_their_evidence(kennedys: Room):
    """Short forms of given names, spellings and initials are proposed; different people are not."""
    kennedys.put("5.md", report("President Robert Kennedy went to Berlin."))
    kennedys.ingest()
    proposed = list(suggest_merges(kennedys.folder / "collection.db"))
    assert [(each.entity, each.value) for each in proposed] == [("Jack Kennedy", "John Kennedy")]
    assert "short form" in proposed[0].note


def test_what_is_linked_is_known_to_be_the_same_or_not(kennedys: Room):
    """Names of two numbers are proposed no more, those of one number are, however they are spelt."""
    decide(kennedys, "link,Jack Kennedy,Q1,", "link,John Kennedy,Q2,", "link,Berlin,Q1,")
    proposed = list(suggest_merges(kennedys.folder / "collection.db"))
    assert {each.entity for each in proposed} <= {"Jack Kennedy", "Berlin"}
    assert [each.note.partition(";")[0] for each in proposed] == ["linked to one number of Wikidata"]


def test_a_link_goes_with_a_merge(kennedys: Room):
    """The number of a name that is merged is that of the one it goes into, unless that has its own."""
    decide(kennedys, "link,Jack Kennedy,Q9696,", "merge,Jack Kennedy,John Kennedy,")
    assert kennedys.one("select wikidata from entities where name = 'John Kennedy'") == "Q9696"


def test_all_edits_of_a_line_hold(kennedys: Room):
    """A line may change name, kind and number at once, of a name that two have, too."""
    decide(kennedys, "rename,Jack Kennedy,Berlin (PERSON),a namesake")
    database, saved = kennedys.folder / "collection.db", kennedys.folder / "names.csv"
    table = list(csv.DictReader(io.StringIO(export_entities(database))))
    for row in table:
        if row["entity"] == "Berlin (PERSON)":
            row |= {"name": "Berlin Film", "kind": "EVENT", "wikidata": "Q130871"}
    with saved.open("w", newline="") as file:
        writer = csv.DictWriter(file, table[0])
        writer.writeheader()
        writer.writerows(table)
    add_decisions(kennedys.folder / FILE, import_entities(database, saved))
    kennedys.ingest()
    sql = "select kind, wikidata from entities where name = ?"
    assert kennedys.rows(sql, "Berlin Film") == [("EVENT", "Q130871")]
    assert kennedys.rows(sql, "Berlin") == [("GPE", None)]
    table = export_entities(database).replace("Q130871", "")
    saved.write_text(table)
    with pytest.raises(SettingsError, match="Berlin Film is linked to Q130871 by a line"):
        import_entities(database, saved)


def test_a_nationality_points_to_its_country(room: Room):
    """`Russian` is a kind of its own, and its row names the country."""
    room.put("1.md", report("The Russian delegation came from Russia."))
    room.ingest()
    sql = (
        "select entities.kind, countries.name from entities join entities as countries"
        " on countries.id = entities.country_id where entities.name = 'Russian'"
    )
    assert room.rows(sql) == [("NORP", "Russia")]


@given(st.lists(st.lists(st.sampled_from(["Ann Weld", "ANN WELD", "Ida Moe", "Weld"]), max_size=4)))
def test_an_article_counts_once_for_a_name_however_it_writes_it(named: list[list[str]]):
    """Articles are counted, not mentions, however many of them are counted together."""
    usages = Usages(entry(*((name, "PERSON") for name in names)) for names in named)
    names = [usages.name(number)[0] for number in range(len(usages.listed))]
    numbers = [["ann weld", "ida moe", "weld"].index(name) for name in names]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("ingest.collate.usages.TOGETHER", 2)
        counted = usages.articles(numbers).tolist()
    folded = [{name.casefold() for name in names} for names in named]
    expected = [sum(name in names for names in folded) for name in ("ann weld", "ida moe", "weld")]
    assert counted == expected[: len(counted)]
    assert not any(expected[len(counted) :])
    assert usages.articles([-1] * len(numbers)).tolist() == []


def test_a_name_is_not_held_twice():
    """Of names that one article each has, each takes a few hundred bytes, its string and key included."""
    many = 30_000
    entries = [entry((f"Ann Weld{number}", "PERSON")) for number in range(many)]
    for number, each in enumerate(entries):
        each.id = number
    corpus: Any = SimpleNamespace(entries=lambda: entries, decisions=())
    tracemalloc.start()
    try:
        rows = sum(1 for _ in collate_entities(corpus))
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert rows == 4 * many
    assert peak / many < 750
