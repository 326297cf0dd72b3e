"""The benchmark compares like with like, counts all processes, and says what was reached."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks.bench import Row, Table, describe_growth, figure
from benchmarks.files import write
from benchmarks.scale import cost_of_one
from tests.conftest import ROOT


def test_the_same_numbers_give_the_same_files(tmp_path: Path):
    """Whoever measures elsewhere reads the same articles; the sample's own texts do where no others are."""
    one, other = (write(tmp_path / name, 30, tmp_path / "nothing") for name in ("one", "other"))
    contents = [
        {path.relative_to(folder): path.read_bytes() for path in folder.rglob("*.*")}
        for folder in (one, other)
    ]
    assert contents[0] == contents[1]
    suffixes = [path.suffix for path in contents[0]]
    assert [suffixes.count(each) for each in (".html", ".md", ".txt")] == [20, 5, 5]


@pytest.mark.parametrize(
    ("ours", "processor", "target", "reached"),
    [
        (8.0, None, "ingest", "yes"),
        (2.0, None, "ingest", "no"),
        (2.0, 5.0, "ingest", "by processor"),
        (8.0, 7.0, "unchanged", "no"),
        (4.0, None, "unchanged", "yes"),
        (4.0, None, "", ""),
    ],
)
def test_a_row_says_whether_its_target_is_reached(
    ours: float, processor: float | None, target: str, reached: str
):
    """More is better for rates and less for times; what only the processor's time shows is told apart."""
    row = Row(
        size=10,
        measure="m",
        unit="u",
        ours=ours,
        peer=2.0,
        beside="p",
        target=target,
        processor=processor,
    )
    assert row.reached() == reached
    assert row.line().count(" | ") == 8


def test_growth_is_the_power_of_the_size(capsys: pytest.CaptureFixture[str]):
    """Ten times the articles in ten times the time is 1, in a hundred times the time 2."""
    table = Table(growth={"linear": {10: 1.0, 100: 10.0}, "square": {10: 1.0, 100: 100.0}})
    lines = describe_growth(table).splitlines()
    assert [line.split(" | ")[-1] for line in lines[2:]] == ["1.00 |", "2.00 |"]
    assert not capsys.readouterr().out


@pytest.mark.parametrize(
    ("value", "shown"), [(0, "0"), (0.01234, "0.0123"), (5.0, "5.00"), (12345, "12,345")]
)
def test_figures_have_three_digits_that_matter(value: float, shown: str):
    """No figure pretends to be finer than it was measured."""
    assert figure(value) == shown


def test_what_a_command_takes_counts_all_its_processes(tmp_path: Path):
    """Memory and the processor's time of a grandchild count, though its parent is gone before it ends."""
    burning = tmp_path / "burning.py"
    burning.write_text(
        "import os, time\nif os.fork():\n    time.sleep(1)\n    os._exit(0)\nif os.fork():\n    os._exit(0)\n"
        "held = b'x' * 100_000_000\nwhile time.process_time() < 1.5:\n    pass\n"
    )
    script = (
        "import json, sys\nfrom dataclasses import asdict\nfrom benchmarks.processes import python, run\n"
        "print(json.dumps(asdict(run(python(sys.argv[1])))))"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, str(burning)], cwd=ROOT, capture_output=True, text=True, check=True
    )
    used = json.loads(done.stdout)
    assert used["processor"] >= 1.5
    assert used["peak"] > 90


def test_nothing_is_reckoned_from_too_few_articles():
    """Where more articles took no more of something, no figure below zero is printed but the reason."""
    few = {"articles": 10.0, "seconds of reading": 2.0, "bytes of collection.db": 4096.0}
    many = {"articles": 40.0, "seconds of reading": 5.0, "bytes of collection.db": 4096.0}
    with pytest.raises(SystemExit, match=r"10 took as many bytes of collection\.db as 40"):
        cost_of_one(few, many)
    assert cost_of_one(few, {**many, "bytes of collection.db": 7096.0}) == {
        "seconds of reading": 0.1,
        "bytes of collection.db": 100.0,
    }
