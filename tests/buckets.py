"""A real S3-compatible server in a process of its own."""

import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

KEYS = {"AWS_ACCESS_KEY_ID": "reader", "AWS_SECRET_ACCESS_KEY": "reader", "AWS_DEFAULT_REGION": "us-east-1"}
SECONDS_TO_START = 180


@contextmanager
def bucket_server(address: str) -> Iterator[Any]:
    """Give a client of a server that listens at an address."""
    pytest.importorskip("moto.server", reason="moto is not installed")
    boto = pytest.importorskip("botocore.session", reason="botocore is not installed")
    s3fs = pytest.importorskip("s3fs", reason="s3fs is not installed")
    command = [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", address.rpartition(":")[2]]
    server = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        ends = time.monotonic() + SECONDS_TO_START
        while not answers(address):
            assert server.poll() is None, "the server ended"
            assert time.monotonic() < ends, "the server does not answer"
            time.sleep(0.1)
        # What s3fs once connected to it keeps as long as the process lives.
        s3fs.S3FileSystem.clear_instance_cache()
        yield boto.Session().create_client("s3", endpoint_url=address)
    finally:
        server.terminate()
        server.wait(60)


def answers(address: str) -> bool:
    """Tell whether a web server is there."""
    try:
        urllib.request.urlopen(address, timeout=1).close()
    except OSError:
        return False
    return True
