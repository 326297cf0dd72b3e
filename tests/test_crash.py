"""A share of `make crash`: runs broken at the system calls that matter most leave nothing half."""

import os

import pytest

from tests.breaking import Ground, Point, missing, order_of_syncing, strike, two_at_once

NEEDED = os.environ.get("READINGROOM_NEED_STRACE") == "1"
WHY_NOT = missing()
pytestmark = pytest.mark.skipif(bool(WHY_NOT) and not NEEDED, reason=f"crash tests skipped: {WHY_NOT}")
BUILDING = "@/.collection.db.building"
CACHE = "@/.readingroom/work.db-wal"


@pytest.fixture(scope="module")
def ground(tmp_path_factory: pytest.TempPathFactory) -> Ground:
    """Rooms to break; that none can be broken is a failure where strace was promised."""
    assert not WHY_NOT, f"READINGROOM_NEED_STRACE promises strace: {WHY_NOT}"
    return Ground(tmp_path_factory.mktemp("crash"))


@pytest.mark.parametrize(
    ("call", "path", "nth", "fault", "seen"),
    [
        ("pwrite64", BUILDING, 60, "KILL", "old"),
        ("rename", BUILDING, 1, "KILL", "old"),
        ("fsync", "@", 1, "KILL", "new"),
        ("pwrite64", CACHE, 3, "KILL", "old"),
        ("openat", BUILDING, 1, "ENOSPC", "old"),
        ("rename", BUILDING, 1, "ENOSPC", "old"),
        ("fsync", BUILDING, 1, "EIO", "old"),
        ("pwrite64", BUILDING, 75, "EIO", "old"),
    ],
)
def test_a_broken_update_leaves_old_or_new(
    call: str, path: str, nth: int, fault: str, seen: str, ground: Ground
):
    """Whatever strikes, the published file is sound and whole, and the next run completes the work."""
    point = Point(scenario=ground.scenarios["update"], call=call, path=path, nth=nth, fault=fault)
    outcome = strike(ground, point)
    assert outcome.struck
    assert (outcome.seen, outcome.converged, outcome.faults) == (seen, True, ()), outcome.said


def test_a_disk_that_stays_full(ground: Ground):
    """From one write on none succeeds: one line with the next step, and the old file."""
    scenario = ground.scenarios["update"]
    outcome = strike(
        ground, Point(scenario=scenario, call="pwrite64", path="@", nth=20, fault="ENOSPC", lasting=True)
    )
    assert outcome.struck
    assert (outcome.seen, outcome.faults) == ("old", ()), outcome.said


def test_metadata_is_replaced_as_a_whole(ground: Ground):
    """A run killed while it adds a source leaves the settings as they were, for the next to change."""
    scenario = ground.scenarios["join"]
    outcome = strike(
        ground,
        Point(scenario=scenario, call="rename", path="@/.metadata.yml.building", nth=1, fault="KILL"),
    )
    assert outcome.struck
    assert (outcome.seen, outcome.faults) == ("old", ()), outcome.said


def test_files_are_on_disk_before_they_take_their_name(ground: Ground):
    """A power cut, too, leaves the old file or the new: file to disk, rename, folder to disk."""
    assert not order_of_syncing(ground)


def test_of_two_runs_at_once_one_is_refused(ground: Ground):
    """The second is told which process is at work, and the first is not disturbed."""
    assert not two_at_once(ground, "openat", ".collection.db.building")


def test_building_in_place_is_seen_to_fail(ground: Ground):
    """The control: without the protection the same fault shows a broken collection."""
    scenario = ground.scenarios["control"]
    outcome = strike(
        ground, Point(scenario=scenario, call="pwrite64", path="@/collection.db", nth=60, fault="KILL")
    )
    assert outcome.struck
    assert outcome.seen in ("half", "corrupt")
