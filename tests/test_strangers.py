"""A share of what strangers may send (`make strangers` sends all of it), to a real server."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.parse import quote
from urllib.request import urlopen

import pytest
import uvicorn

from ingest import public
from tests.conftest import ROOT
from tests.processes import family
from tests.strangers import ask, serving, unkept
from tests.strangers_cases import ADDRESSES, ENDLESS, HONEST, STATEMENTS, honest

pytestmark = pytest.mark.xdist_group("strangers")
SHARE = [
    (kind, each)
    for kind, all_ in STATEMENTS.items()
    for each in all_[:: 4 if kind in {"leaks", "writes"} else 9]
]


@pytest.fixture(scope="module")
def server(sample: Path) -> Iterator[tuple[int, int]]:
    """The port and the process of a server for the public."""
    with serving(sample / "collection.db") as running:
        yield running


@pytest.mark.parametrize(("kind", "statement"), SHARE, ids=lambda each: each[:40])
def test_no_statement_breaks_the_server(server: tuple[int, int], kind: str, statement: str):
    """A hostile statement is answered or refused, within bounds, by a server that lives on."""
    port, pid = server
    before = family(pid)[1]
    outcome = ask(port, honest(statement), kind)
    assert not unkept([outcome])
    assert family(pid)[1] == before


@pytest.mark.parametrize("address", ADDRESSES[::5], ids=lambda each: each[:40])
def test_no_address_breaks_the_server(server: tuple[int, int], address: str):
    """Nor does an address, however long or strange."""
    assert not unkept([ask(server[0], address)])


@pytest.mark.parametrize("address", HONEST[::3], ids=lambda each: each[:60])
def test_honest_questions_are_answered(server: tuple[int, int], address: str):
    """What a reader may want to know is told: full text, JSON and windows among it."""
    assert ask(server[0], address).status == 200


def test_a_refusal_says_why(server: tuple[int, int]):
    """What is too long or too much is refused with a sentence that says how much is allowed."""
    for address, sentence in (
        ("/collection/articles.json?" + "&".join(["_facet=title"] * 90), "At most 10 facets"),
        ("/collection.json?x=" + "y" * 61_000, "at most 60,000 bytes"),
        (honest("select '" + "x" * 10_500 + "'"), "at most 10,000 characters"),
        (honest("/**/" + " " * 60 + "x"), "Begin the statement with select"),
        (honest("select zeroblob(4000000) from articles"), "larger than 4,000,000 characters"),
        (honest(ENDLESS + "select count(*) from n"), "took too long"),
        # Else a cache before the site would show for a year what is taken down tomorrow.
        ("/collection/articles.json?_ttl=60&_ttl=31536000", "300 seconds at most"),
    ):
        outcome = ask(server[0], address)
        assert outcome.status == 400
        assert sentence in outcome.body.decode()


def test_every_answer_carries_the_safe_headers(server: tuple[int, int]):
    """Datasette's own pages, refusals and missing pages are as guarded as ours."""
    for path in ("/", "/collection", "/collection/articles", "/-/threads", "/nothing"):
        try:
            headers = urlopen(f"http://127.0.0.1:{server[0]}{path}").headers
        except HTTPError as error:
            headers = error.headers
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"]
        assert "camera=()" in headers["permissions-policy"]
        assert "frame-ancestors 'self'" in headers["content-security-policy"]
        assert len(headers.get_all("content-security-policy")) == 1


def test_a_killed_query_leaves_others_alone(server: tuple[int, int]):
    """While statements are ended in the middle of a step, a page of the reading room is answered."""
    port, _ = server
    hungry = honest(STATEMENTS["within"][0])
    threads = [threading.Thread(target=ask, args=(port, hungry)) for _ in range(3)]
    for each in threads:
        each.start()
    statuses = [ask(port, "/search?q=moon").status for _ in range(5)]
    for each in threads:
        each.join()
    assert statuses == [200] * 5
    assert ask(port, HONEST[0]).status == 200


def test_a_new_file_comes_in_without_a_failed_request(sample: Path, tmp_path: Path):
    """While another file takes the place, every request is answered, and then from the new one."""
    for name in ("collection.db", "metadata.yml"):
        shutil.copy(sample / name, tmp_path)
    statuses: list[int] = []
    over = threading.Event()
    with serving(tmp_path / "collection.db") as (port, pid):

        def visit() -> None:
            while not over.is_set():
                statuses.append(ask(port, "/search.json?q=moon").status)

        visitor = threading.Thread(target=visit)
        visitor.start()
        before = family(pid)[1]
        shutil.copy(sample / "collection.db", tmp_path / "new.db")
        (tmp_path / "new.db").replace(tmp_path / "collection.db")
        until = time.monotonic() + 120
        while before in family(pid) and time.monotonic() < until:
            time.sleep(0.2)
        over.set()
        visitor.join()
        assert before not in family(pid)
    assert set(statuses) == {200}
    assert not list(tmp_path.glob(".serving*"))


def test_two_servers_share_a_file(sample: Path, tmp_path: Path):
    """A second server of the same file, come or gone, takes nothing away from the first."""
    for name in ("collection.db", "metadata.yml"):
        shutil.copy(sample / name, tmp_path)
    with serving(tmp_path / "collection.db") as (first, _):
        with serving(tmp_path / "collection.db") as (second, _):
            assert [ask(port, honest("select 1")).status for port in (first, second)] == [200, 200]
        assert ask(first, honest("select 2")).status == 200


def test_a_killed_server_leaves_its_port_free(sample: Path, tmp_path: Path):
    """What it had started ends as well, so that the next one can begin, and clears what is left."""
    for name in ("collection.db", "metadata.yml"):
        shutil.copy(sample / name, tmp_path)
    with serving(tmp_path / "collection.db") as (port, pid):
        assert ask(port, "/robots.txt").status == 200
        os.kill(pid, signal.SIGKILL)
        until = time.monotonic() + 60
        while ask(port, "/robots.txt").status and time.monotonic() < until:
            time.sleep(0.2)
    command = [sys.executable, public.__file__, tmp_path / "collection.db", "--port", str(port)]
    command += ["--plugins-dir", str(ROOT / "plugins")]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as again:
        assert again.stderr is not None
        assert again.stderr.readline().startswith("Serving ")
        refused = subprocess.run(command, capture_output=True, text=True, check=False)
        assert "is not free" in refused.stderr
        assert "Traceback" not in refused.stderr
        again.terminate()
    assert not list(tmp_path.glob(".serving*"))


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ("_through=%ff", "after the question mark"),
        ("_through={}", "after the question mark"),
        ('_through={"table":1,"column":2,"value":3}', "after the question mark"),
        ('_facet={"x":1}', "after the question mark"),
        ("year__in=[", "after the question mark"),
        ("_sort=%25", "Cannot sort table by %"),
        ("_sort=title&_sort_desc=title", "at the same time"),
        ("_timelimit=max", "_timelimit is a number"),
    ],
)
def test_what_cannot_be_understood_is_told(server: tuple[int, int], arguments: str, sentence: str):
    """A part of an address that is none of Datasette's is the stranger's mistake, not the server's."""
    endings = (".json",) if "_facet" in arguments else (".json", ".csv")  # facets are in no table
    for ending in endings:
        outcome = ask(server[0], f"/collection/articles{ending}?{quote(arguments, safe='=&%')}")
        assert (outcome.status, sentence in outcome.body.decode()) == (400, True)


@pytest.mark.parametrize(
    ("header", "status"),
    [
        ("Host: [::1", 400),
        ("Host: <b>", 400),
        ("Host: " + "a" * 300, 400),
        ("Host: [::1]:8001", 200),
        ("Host: xn--caf-dma.example:80", 200),
        ("Cookie: caf\xe9=1", 200),
        ("", 200),
    ],
)
@pytest.mark.parametrize("path", ["/", "/collection/articles.json"])
def test_no_header_breaks_a_page(server: tuple[int, int], path: str, header: str, status: int):
    """A cookie of another site's, a name that is none, or none at all is no error of the server's."""
    with socket.create_connection(("127.0.0.1", server[0])) as visitor:
        lines = [f"GET {path} HTTP/1.0", *([header] if header else [])]
        visitor.sendall("\r\n".join([*lines, "", ""]).encode("latin-1"))
        assert int(visitor.makefile("rb").readline().split()[1]) == status


@contextmanager
def visited(body: bytes) -> Iterator[tuple[int, public.Server]]:
    """The port of a server for the public that answers everything with one body, and the server."""

    async def app(_scope: Any, _receive: Any, send: Any) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": body})

    server = public.Server(uvicorn.Config(app, port=0, lifespan="off", log_level="critical"))
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    try:
        yield server.servers[0].sockets[0].getsockname()[1], server
    finally:
        server.should_exit = True
        thread.join()


def ends(visitor: socket.socket) -> bool:
    """Tell whether the server closes a connection within a few seconds."""
    visitor.settimeout(5)
    try:
        while visitor.recv(1_000_000):
            pass
    except ConnectionError:
        return True
    except TimeoutError:
        return False
    return True


def held(server: public.Server) -> int:
    """Return how many bytes lie in memory for visitors."""
    return sum(each.transport.get_write_buffer_size() for each in list(server.server_state.connections))


def test_what_is_not_taken_is_not_held(monkeypatch: pytest.MonkeyPatch):
    """Whoever asks for much and takes nothing loses the connection, with what lay in memory for it."""
    monkeypatch.setattr(public, "DRAIN", 0)
    monkeypatch.setattr(public, "TAKING", 0.5)
    monkeypatch.setattr(public, "PACE", 1_000_000_000)
    with visited(bytes(20_000_000)) as (port, server), socket.socket() as visitor:
        visitor.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        visitor.connect(("127.0.0.1", port))
        visitor.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
        until = time.monotonic() + 5
        while not held(server):
            assert time.monotonic() < until
        while server.server_state.connections and time.monotonic() < until:
            time.sleep(0.05)
        assert not server.server_state.connections


def test_many_who_take_nothing_fill_no_memory(monkeypatch: pytest.MonkeyPatch):
    """What lies ready for all together is bounded, and who has been taking longest goes first."""
    monkeypatch.setattr(public, "DRAIN", 0)
    monkeypatch.setattr(public, "MOST_UNTAKEN", 50_000_000)
    with visited(bytes(20_000_000)) as (port, server), ExitStack() as stack:
        for _ in range(6):
            visitor = stack.enter_context(socket.socket())
            visitor.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            visitor.connect(("127.0.0.1", port))
            visitor.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
            visitor.recv(1)
        time.sleep(0.5)
        assert 0 < held(server) <= 50_000_000
        assert ask(port, "/").size == 20_000_000


@pytest.mark.parametrize("sent", [b"", b"GET / HT", b"GET / HTTP/1.1\r\nHost: x\r\n\r\nG"])
def test_a_place_is_not_held_without_asking(monkeypatch: pytest.MonkeyPatch, sent: bytes):
    """Whoever sends no request, or never the whole of one, loses the connection after a while."""
    monkeypatch.setattr(public, "DRAIN", 0)
    monkeypatch.setattr(public, "ASKING", 0.5)
    with visited(b"well") as (port, _), socket.create_connection(("127.0.0.1", port)) as visitor:
        visitor.sendall(sent)
        assert ends(visitor)


def test_it_refuses_to_start_without_limits(monkeypatch: pytest.MonkeyPatch):
    """Where SQLite cannot be bounded, nothing is served, and the way out is told."""
    spec = spec_from_file_location("guard_alone", ROOT / "plugins" / "guard.py")
    assert spec is not None
    assert spec.loader is not None
    guard = module_from_spec(spec)
    spec.loader.exec_module(guard)

    class Unbounded:
        Connection = object

    monkeypatch.setattr(guard, "sqlite3", Unbounded)
    with pytest.raises(SystemExit, match="without pysqlite3"):
        guard.startup(None)
