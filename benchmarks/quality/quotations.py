"""Quotations and their speakers, on novels (LitBank) and on news annotated for this project.

    python -m benchmarks.quality.quotations [DATA]

prints both halves of every collection and how far each confidence can be trusted; the table of
`python -m benchmarks.quality` holds the held-out halves only. A document is of the development
half where the SHA-256 of its name begins with 0 to 7.

LitBank names a speaker by a label made of one of its mentions, such as `Mrs_Bennet-7`, and gives
no other mention. A speaker counts as right where the last word of the label is a word of the name
given here, or the other way round, and titles do not contradict. That is harsh on narrators and on
people whose label is a description, so the grouping of quotations by speaker is scored too (B³).

In news a speaker is right where the words given, or the name that they were resolved to, share
the last word with the annotated name. Spans are compared without marks and spaces at their ends.

How far the figures may be trusted: whoever wrote the rules annotated the news, and the held-out
half was measured several times while general rules were still added. Posts of digital.gov were
annotated last of all; 64 of the 65 were right at the first measurement, and one rule followed.
"""

from __future__ import annotations

import re
import sys
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.quality.measure import Measure, f1
from benchmarks.quotation_texts import (
    confirm,
    development,
    inner,
    read_gold,
    read_gum,
    read_litbank,
    read_meantime,
    read_posts,
)
from ingest.enrich.names import find_names
from ingest.enrich.quotations import attribute
from ingest.model import Article, Facts

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from benchmarks.quotation_texts import Spoken, Text
    from ingest.model import Mention, Quote

ROOT = Path(__file__).parents[2]
GOLD = ROOT / "tests" / "gold" / "quotations.json"
WORD = re.compile(r"[^\W_]+")
SMALL = frozenset(
    [
        "the",
        "a",
        "an",
        "of",
        "and",
        "or",
        "in",
        "for",
        "at",
        "on",
        "to",
        "from",
        "by",
        "his",
        "her",
        "their",
        "my",
        "our",
    ]
)
TITLES = {
    "m": frozenset(
        [
            "mr",
            "sir",
            "lord",
            "king",
            "prince",
            "uncle",
            "father",
            "monsieur",
            "herr",
            "master",
            "duke",
            "count",
            "brother",
            "boy",
            "man",
        ]
    ),
    "f": frozenset(
        [
            "mrs",
            "ms",
            "miss",
            "lady",
            "queen",
            "princess",
            "aunt",
            "mother",
            "madame",
            "frau",
            "dame",
            "duchess",
            "sister",
            "girl",
            "woman",
        ]
    ),
}
OTHER_TITLES = frozenset(
    ["dr", "general", "senator", "president", "prime", "minister", "captain", "colonel", "professor"]
)
BINS = 10


@dataclass
class Score:
    """Counts over one half of one collection."""

    gold: int = 0
    found: int = 0
    right: int = 0
    speakers: Counter[str] = field(default_factory=Counter)
    wanted: Counter[str] = field(default_factory=Counter)
    entities: Counter[str] = field(default_factory=Counter)
    judged: list[tuple[str, float, bool]] = field(default_factory=list)
    groups: list[tuple[str, str]] = field(default_factory=list)

    def span_f1(self) -> float:
        """Return the F1 of exact spans."""
        return f1(self.right, self.found, self.gold)

    def accuracy(self, kind: str) -> float:
        """Return how many gold quotations of a kind were found with the right speaker."""
        return self.speakers[kind] / self.wanted[kind] if self.wanted[kind] else 0.0

    def calibration_error(self) -> float:
        """Return the expected calibration error over ten bins of confidence."""
        bins: dict[int, list[tuple[float, bool]]] = defaultdict(list)
        for _, confidence, right in self.judged:
            bins[min(int(confidence * BINS), BINS - 1)].append((confidence, right))
        gaps = (abs(sum(each[0] - each[1] for each in group)) for group in bins.values())
        return sum(gaps) / len(self.judged) if self.judged else 0.0

    def b_cubed(self) -> float:
        """Return the B³ F1 of grouping the gold quotations by speaker; one not found is alone."""
        gold, here = (Counter(pair[side] for pair in self.groups) for side in (0, 1))
        both = Counter(self.groups)
        precision = sum(count * count / here[pair[1]] for pair, count in both.items())
        recall = sum(count * count / gold[pair[0]] for pair, count in both.items())
        total = len(self.groups)
        return 2 * precision * recall / (precision + recall) / total if total else 0.0


def same_speaker(wanted: str, given: str | None) -> bool:
    """Tell whether a name given is an annotated one; alternatives stand between bars."""
    return given is not None and any(_alike(_words(each), _words(given)) for each in wanted.split("|"))


def same_label(label: str, given: str | None) -> bool:
    """Tell whether a name given is that of a LitBank label."""
    wanted = _words(re.sub(r"-\d+$", "", label).replace("_", " "))
    if given is None:
        return False
    if given in {"I", "me"}:
        return bool({"i", "narrator", "me", "my"} & set(wanted))
    return _alike(wanted, _words(given))


def _words(name: str) -> list[str]:
    words = [word.lower() for word in WORD.findall(name)]
    return [word for word in words if word not in SMALL] or words


def _alike(wanted: list[str], given: list[str]) -> bool:
    for first, second in (("m", "f"), ("f", "m")):
        if TITLES[first] & set(wanted) and TITLES[second] & set(given):
            return False
    titles = OTHER_TITLES | TITLES["m"] | TITLES["f"]
    wanted, given = ([word for word in words if word not in titles] or words for words in (wanted, given))
    return bool(wanted and given) and (wanted[-1] in given or given[-1] in wanted)


def find(text: str, mentions: Sequence[Mention] | None) -> list[tuple[Quote, str]]:
    """Return the quotes of a text with the rules that chose their speakers."""
    article = Article(title="", body="", text=text, language="en")
    facts = Facts(mentions=tuple(find_names(article, Facts()) if mentions is None else mentions))  # type: ignore[arg-type] # it yields mentions only
    return list(attribute(article, facts))


def tally(
    score: Score, text: Text, gold: Sequence[Spoken], quotes: list[tuple[Quote, str]], same: object
) -> None:
    """Add one document to a score; `same` tells whether a speaker is the annotated one."""
    found = {inner(text.text, quote.start, quote.end): (quote, rule) for quote, rule in quotes}
    wanted = {inner(text.text, each.start, each.end): each for each in gold}
    score.gold += len(wanted)
    score.found += len(found)
    score.right += len(found.keys() & wanted.keys())
    for place, each in wanted.items():
        score.wanted[each.kind] += 1
        quote, rule = found.get(place, (None, ""))
        given = (quote.speaker_name or quote.speaker) if quote else None
        right = same(each.speaker, given)  # type: ignore[operator] # one of the two above
        score.speakers[each.kind] += right
        score.entities[each.kind] += bool(right and quote and quote.speaker_name)
        alone = (
            f"{text.name} {place}" if given is None or given.lower() in {"he", "she", "they", "it"} else ""
        )
        score.groups.append((f"{text.name} {each.speaker}", alone or f"{text.name} {given}".lower()))
        if quote is not None and quote.speaker is not None:
            score.judged.append((rule, quote.confidence, right))


def novels(data: Path, *, developing: bool) -> Score:
    """Return the score on one half of LitBank."""
    score = Score()
    for text, gold in read_litbank(data / "quotes" / "litbank"):
        if development(text.name) == developing:
            tally(score, text, gold, find(text.text, None), same_label)
    return score


def news(data: Path, *, developing: bool, given_names: bool = False) -> Score:
    """Return the score on one half of the annotated news.

    `given_names` uses gold mentions, which only GUM has for whole texts, and so leaves MEANTIME out.
    """
    score = Score()
    annotated = read_gold(GOLD)
    sources = list(read_gum(data / "gum", ("news", "interview")))
    if not given_names:
        sources += [(text, []) for text in read_meantime(data / "meantime")]
    for text, mentions in sources:
        if text.name in annotated and development(text.name) == developing:
            confirm(text.text, annotated[text.name])
            quotes = find(text.text, mentions if given_names else None)
            tally(score, text, annotated[text.name], quotes, same_speaker)
    return score


def posts(data: Path) -> Score:
    """Return the score on the direct quotations of posts; not all in them are annotated."""
    score = Score()
    annotated = read_gold(GOLD, "posts")
    for text in read_posts(data / "digitalgov" / "news", list(annotated)):
        confirm(text.text, annotated[text.name])
        tally(score, text, annotated[text.name], find(text.text, None), same_speaker)
    return score


def measure(data: Path) -> Iterator[Measure]:
    """Yield the figures of the held-out halves."""
    if (data / "quotes" / "litbank").is_dir():
        score = novels(data, developing=False)
        count = score.gold
        yield Measure(name="quotations: spans in novels, F1", value=score.span_f1(), count=count)
        yield Measure(
            name="quotations: speakers in novels by name", value=score.accuracy("direct"), count=count
        )
        yield Measure(name="quotations: speakers in novels, B³ F1", value=score.b_cubed(), count=count)
    if (data / "gum").is_dir() and (data / "meantime").is_dir():
        score = news(data, developing=False)
        direct = score.wanted["direct"]
        yield Measure(name="quotations: spans in news, F1", value=score.span_f1(), count=score.gold)
        yield Measure(
            name="quotations: speakers of direct ones in news", value=score.accuracy("direct"), count=direct
        )
        yield Measure(
            name="quotations: speakers of partial ones in news",
            value=score.accuracy("partial"),
            count=score.wanted["partial"],
        )
        yield Measure(
            name="quotations: confidence in news, 1 - calibration error",
            value=1 - score.calibration_error(),
            count=len(score.judged),
        )
        given = news(data, developing=False, given_names=True)
        yield Measure(
            name="quotations: speakers of direct ones in GUM, names given",
            value=given.accuracy("direct"),
            count=given.wanted["direct"],
        )

    if (data / "digitalgov").is_dir():
        score = posts(data)
        yield Measure(
            name="quotations: speakers of direct ones in posts",
            value=score.accuracy("direct"),
            count=score.wanted["direct"],
        )


def main(data: Path) -> None:
    """Print both halves and the reliability of each rule."""
    print("| texts | half | quotations | span F1 | direct | partial | as entity | B³ | calibration error |")
    print("| --- | --- | --- | --- | --- | --- | --- | --- | --- |")
    by_rule: dict[str, Counter[str]] = defaultdict(Counter)
    bins: dict[str, dict[int, list[tuple[float, bool]]]] = defaultdict(lambda: defaultdict(list))
    for name, half, score in _scores(data):
        direct = score.wanted["direct"]
        print(
            f"| {name} | {half} | {score.gold} | {score.span_f1():.3f} | {score.accuracy('direct'):.3f}"
            f" of {direct} | {score.accuracy('partial'):.3f} of {score.wanted['partial']}"
            f" | {score.entities['direct'] / max(1, direct):.3f} | {score.b_cubed():.3f}"
            f" | {score.calibration_error():.3f} |"
        )
        for rule, confidence, right in score.judged if name in {"news", "novels"} else ():
            by_rule[rule].update({f"{name} {half} n": 1, f"{name} {half} right": int(right)})
            bins[f"{name} {half}"][min(int(confidence * BINS), BINS - 1)].append((confidence, right))
    score = posts(data)
    print(f"\nPosts: {score.speakers['direct']} of {score.gold} direct quotations have the right speaker.")
    _print_bins(bins)
    _print_rules(by_rule)


def _scores(data: Path) -> Iterator[tuple[str, str, Score]]:
    for half, developing in (("development", True), ("held out", False)):
        yield "news", half, news(data, developing=developing)
        yield "GUM, names given", half, news(data, developing=developing, given_names=True)
        yield "novels", half, novels(data, developing=developing)


def _print_bins(bins: dict[str, dict[int, list[tuple[float, bool]]]]) -> None:
    """Print how often speakers were right, by the confidence given."""
    print("\n| texts | confidence | quotations | mean confidence | right |")
    print("| --- | --- | --- | --- | --- |")
    for name, groups in bins.items():
        for number, group in sorted(groups.items()):
            mean = sum(confidence for confidence, _ in group) / len(group)
            right = sum(right for _, right in group) / len(group)
            span = f"{number / BINS:.1f} to {(number + 1) / BINS:.1f}"
            print(f"| {name} | {span} | {len(group)} | {mean:.2f} | {right:.2f} |")


def _print_rules(by_rule: dict[str, Counter[str]]) -> None:
    """Print how often each rule was right."""
    columns = ("news development", "news held out", "novels development", "novels held out")
    print(f"\n| rule | {' | '.join(columns)} |")
    print("| --- | --- | --- | --- | --- |")
    for rule, counts in sorted(by_rule.items()):
        cells = " | ".join(f"{counts[f'{where} right']} of {counts[f'{where} n']}" for where in columns)
        print(f"| {rule} | {cells} |")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT.parent / "shared" / "data")
