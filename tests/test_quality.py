"""Quality only rises: every measure on gold data is at or above its floor."""

import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks.quality.__main__ import topics
from tests.conftest import ROOT


@pytest.mark.parametrize("topic", topics())
def test_no_measure_sinks_below_its_floor(topic: str, shared: Path):
    """What `make quality` prints of a topic is nowhere below what was reached before."""
    command = [sys.executable, "-m", "benchmarks.quality", topic, "--data", str(shared / "data")]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
