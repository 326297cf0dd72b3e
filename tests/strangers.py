"""Sends a running server what strangers might, and looks whether anybody else is the worse for it.

    python -m tests.strangers [FOLDER]

FOLDER is a collection; `benchmarks/corpus.py` makes a large one. The server is the one for the
public, in a process of its own. While one stranger after another asks, and then three at once, a
bystander reads articles. Prints what took longest and every promise that was not kept.
"""

from __future__ import annotations

import http.client
import os
import signal
import socket
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from tests.conftest import ROOT
from tests.processes import family, memory_of
from tests.strangers_cases import ADDRESSES, HONEST, STATEMENTS

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

SECONDS = 2.0
BYSTANDER_SECONDS = 1.0
MEBIBYTE = 2**20
MEMORY = 512 * MEBIBYTE
ANSWER = 10 * MEBIBYTE
TEMPORARY = 256 * MEBIBYTE
PATIENCE = 60
WORST = ("between", "within", "preparing", "memory", "disk")


@dataclass
class Watch:
    """What was seen of a server and of a bystander while strangers asked."""

    processes: list[int] = field(default_factory=list)
    memory: int = 0
    temporary: int = 0
    waits: list[float] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)


@dataclass
class Outcome:
    """How one request ended."""

    kind: str
    what: str
    status: int
    seconds: float
    size: int
    body: bytes


def cases() -> list[tuple[str, str]]:
    """Return all hostile requests as kinds and paths."""
    asked = [
        (kind, "/collection.json?" + urlencode({"sql": each}))
        for kind, all_ in STATEMENTS.items()
        for each in all_
    ]
    return asked + [("address", each) for each in ADDRESSES]


def ask(port: int, path: str, kind: str = "") -> Outcome:
    """Return how a request ended; status 0 where there was no answer."""
    started = time.monotonic()
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
    body, status = b"", 0
    try:
        connection.putrequest("GET", path.replace(" ", "%20"), skip_accept_encoding=True)
        connection.endheaders()
        answer = connection.getresponse()
        status, body = answer.status, answer.read(2 * ANSWER)
    except (OSError, http.client.HTTPException) as error:
        body = repr(error).encode()
    finally:
        connection.close()
    return Outcome(kind, path, status, time.monotonic() - started, len(body), body)


@contextmanager
def serving(database: Path, plugins: Path = ROOT / "plugins") -> Iterator[tuple[int, int]]:
    """Serve a collection to the public; give the port and the process."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, str(ROOT / "ingest" / "public.py"), str(database), "--port", str(port)]
    command += ["--metadata", str(database.with_name("metadata.yml")), "--plugins-dir", str(plugins)]
    with (
        tempfile.TemporaryDirectory() as scratch,
        (Path(scratch) / "log").open("wb") as log,
        subprocess.Popen(command, stderr=log, stdout=log, env={**os.environ, "TMPDIR": scratch}) as server,
    ):
        try:
            for _ in range(600):
                if server.poll() is not None or ask(port, "/robots.txt").status:
                    break
                time.sleep(0.2)
            yield port, server.pid
        finally:
            server.send_signal(signal.SIGTERM)
            server.wait(PATIENCE)


def temporary_of(pid: int) -> int:
    """Return the bytes of the files that a process has open and nobody else can see."""
    total = 0
    for each in Path(f"/proc/{pid}/fd").glob("*"):
        try:
            total += each.stat().st_size if "(deleted)" in str(each.readlink()) else 0
        except OSError:
            continue
    return total


@contextmanager
def watching(port: int, pid: int, keys: Sequence[str]) -> Iterator[Watch]:
    """Read articles and look at the server's memory and files until the strangers are done."""
    watch, over = Watch(), threading.Event()

    def look() -> None:
        while not over.wait(0.1):
            processes = family(pid)
            watch.memory = max(watch.memory, sum(map(memory_of, processes)))
            watch.temporary = max(watch.temporary, sum(map(temporary_of, processes)))

    def read() -> None:
        number = 0
        while not over.wait(0.15):
            number += 1
            outcome = ask(port, f"/article/{keys[number % len(keys)]}")
            watch.waits.append(outcome.seconds)
            if outcome.status != 200:
                watch.failed.append(f"{outcome.status} {outcome.what}")

    threads = [threading.Thread(target=each) for each in (look, read)]
    for each in threads:
        each.start()
    try:
        yield watch
    finally:
        over.set()
        for each in threads:
            each.join()


def keys_of(database: Path) -> list[str]:
    """Return the keys of some articles."""
    with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as connection:
        return [key for (key,) in connection.execute("select key from articles limit 500")]


def unkept(outcomes: Sequence[Outcome]) -> list[str]:
    """Return what was promised of every request and is not so, time apart."""
    found = []
    for each in outcomes:
        name = f"{each.kind}: {each.what[:150]}"
        if each.status == 0 or each.status >= 500:
            found.append(f"{each.status or 'no answer'} {name} {each.body[-300:]!r}")
        if each.size > ANSWER:
            found.append(f"{each.size:,} bytes {name}")
        if each.kind in {"leaks", "writes"} and each.status == 200:
            found.append(f"answered {name}")
    return found


def attack(port: int, asked: Sequence[tuple[str, str]], at_once: int = 1) -> list[Outcome]:
    """Send requests, by so many strangers at once, and return how they ended."""
    outcomes: list[Outcome] = []

    def send(share: Sequence[tuple[str, str]]) -> None:
        outcomes.extend([ask(port, path, kind) for kind, path in share])

    threads = [threading.Thread(target=send, args=(asked[start::at_once],)) for start in range(at_once)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    return outcomes


def report(title: str, outcomes: Sequence[Outcome], watch: Watch) -> list[str]:
    """Print the figures and return what was not kept."""
    times = sorted(each.seconds for each in outcomes)
    waits = sorted(watch.waits) or [0.0]
    print(
        f"{title}: {len(outcomes)} requests; longest {times[-1]:.2f} s, median {times[len(times) // 2]:.2f} s"
    )
    print(f"  largest answer {max(each.size for each in outcomes) / MEBIBYTE:.1f} MiB")
    print(f"  memory {watch.memory / MEBIBYTE:.0f} MiB, temporary files {watch.temporary / MEBIBYTE:.0f} MiB")
    print(
        f"  bystander: {len(waits)} articles, median {waits[len(waits) // 2]:.3f} s,"
        f" 99 % {waits[int(len(waits) * 0.99)]:.3f} s, longest {waits[-1]:.2f} s, {len(watch.failed)} failed"
    )
    broken = [*unkept(outcomes), *(f"bystander: {each}" for each in watch.failed)]
    broken += [f"{o.seconds:.2f} s {o.kind}: {o.what[:150]}" for o in outcomes if o.seconds > SECONDS]
    broken += [f"bystander waited {each:.2f} s" for each in waits if each > BYSTANDER_SECONDS]
    broken += [f"memory {watch.memory:,}"] if watch.memory > MEMORY else []
    broken += [f"temporary files {watch.temporary:,}"] if watch.temporary > TEMPORARY else []
    for each in broken:
        print(f"  NOT KEPT {each}")
    return broken


def main() -> None:
    """Run the whole suite."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT
    database = folder / "collection.db"
    keys = keys_of(database)
    with serving(database) as (port, pid):
        ask(port, "/search?q=the")
        before = family(pid)[:2]
        with watching(port, pid, keys) as watch:
            time.sleep(10)
        waits = sorted(watch.waits)
        print(f"alone: bystander median {waits[len(waits) // 2]:.3f} s, longest {waits[-1]:.2f} s")
        with watching(port, pid, keys) as watch:
            outcomes = attack(port, cases())
        broken = report("one after another", outcomes, watch)
        with watching(port, pid, keys) as watch:
            outcomes = attack(port, [each for each in cases() if each[0] in WORST], at_once=3)
        broken += report("three at once", outcomes, watch)
        answers = [ask(port, path) for path in HONEST]
        failed = [each for each in answers if each.status != 200 or not each.body.strip(b"[]{} \n")]
        print(f"honest queries: {len(answers)}, {len(failed)} failed")
        for each in failed:
            print(f"  NOT KEPT {each.status} {each.what[:150]} {each.body[:200]!r}")
        died = family(pid)[:2] != before
        print("the server died" if died else "the server lives")
    load = os.getloadavg()[0]
    print(f"{os.cpu_count()} cores, load of the last minute {load:.1f}")
    sys.exit(bool(broken or failed or died))


if __name__ == "__main__":
    main()
