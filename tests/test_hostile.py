"""A quick share of the hostile suite (`make hostile` runs all of it): nothing lost, nothing escapes."""

from pathlib import Path

import pytest

from tests.conftest import Room
from tests.hostile import remove, run_group
from tests.hostile_cases import CASES

pytestmark = pytest.mark.xdist_group("hostile")
PATIENCE = 120
COLLECTIONS = ("eml", "warc", "feeds", "fuzz", "xml-bombs", "pdf")


def test_hostile_files_end_as_promised(tmp_path: Path):
    """Bombs, loops, lies and damage each end as one outcome, within bounds, and touch nothing else."""
    try:
        # No test is timed: on a busy machine a document may take its time, `make hostile` bounds it.
        tally = run_group(tmp_path, [case for case in CASES if case.quick], seconds=PATIENCE)
    finally:
        remove(tmp_path)
    assert tally.cases >= 30
    assert not tally.lost
    assert not tally.outside
    assert not tally.unmet


@pytest.mark.shared
@pytest.mark.parametrize("name", COLLECTIONS)
def test_other_projects_test_files(shared: Path, room: Room, name: str):
    """Malformed files that other projects collected are read or refused, and all accounted for."""
    (room.folder / "metadata.yml").write_text(
        f"plugins:\n  readingroom:\n    sources: ['{shared / 'data' / name}']\n"
        f"    limits: {{seconds: {PATIENCE}}}\n"
    )
    report = room.ingest()
    assert report.found == report.articles + report.duplicates + report.skipped + report.problems
    assert report.found == room.one("select count(*) from files")
    assert report.found >= sum(path.is_file() for path in (shared / "data" / name).rglob("*"))
    assert not room.rows("select * from files where outcome != 'article' and coalesce(reason, '') = ''")
    assert not room.rows("select * from problems where code in ('crash', 'timeout', 'memory')")
