"""Sources elsewhere: a real web server and a real S3-compatible server, on this machine."""

import errno
import io
import os
import socket
import time
from collections.abc import Iterator
from contextlib import suppress
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest

from ingest import remote
from ingest.errors import StorageError
from ingest.settings import add_source
from tests.browsers import free_port
from tests.buckets import KEYS, bucket_server
from tests.conftest import Room

pytestmark = pytest.mark.xdist_group("remote")
ARTICLE = "Sputnik Rises\n\nOctober 5, 1957\n\nThe ship rose at nine.\nIt sang over Kazakhstan.\n"


class Handler(SimpleHTTPRequestHandler):
    """A web server that also redirects, and keeps quiet."""

    def do_GET(self) -> None:
        """Answer `/away` with a redirect to the rest of the path, anything else with a file.

        Of a file called `.cut` half is sent, and all announced; to `/slow-head` and `/slow-body` goes a
        letter now and then, without end.
        """
        if self.path.startswith("/away/"):
            self.send_response(302)
            self.send_header("Location", self.path.removeprefix("/away/"))
            self.end_headers()
        elif self.path.startswith("/slow-"):
            self.wfile.write(b"HTTP/1.0 200 OK\r\nContent-Type: text/plain\r\n")
            self.wfile.write(b"\r\n" if self.path == "/slow-body" else b"X: ")
            with suppress(OSError):
                for _ in range(100):
                    self.wfile.write(b"x")
                    time.sleep(0.2)
        elif self.path.endswith(".cut"):
            content = Path(self.translate_path(self.path)).read_bytes()
            self.send_response(200)
            self.send_header("Content-Type", "text/plain")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content[: len(content) // 2])
        else:
            super().do_GET()

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def web(tmp_path: Path) -> Iterator[tuple[str, Path]]:
    """The address and the folder of a web server."""
    folder = tmp_path / "web"
    folder.mkdir()
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Handler, directory=str(folder)))
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}", folder
    server.shutdown()
    server.server_close()


def allow_private(room: Room, more: str = "") -> None:
    """Let the collection ask servers of its own network."""
    path = room.folder / "metadata.yml"
    text = path.read_text().replace(
        "  readingroom:\n", f"  readingroom:\n    private_addresses: true\n{more}", 1
    )
    path.write_text(text)


def test_a_file_on_the_web(room: Room, web: tuple[str, Path]):
    """A web address is fetched, read, and fetched anew only when it changed."""
    address, folder = web
    (folder / "sputnik.txt").write_text(ARTICLE)
    allow_private(room)
    add_source(room.folder, f"{address}/sputnik.txt")
    assert room.ingest().articles == 1
    assert room.rows("select title, published from articles") == [("Sputnik Rises", "1957-10-05")]
    assert room.ingest().read == 0
    (folder / "sputnik.txt").write_text(ARTICLE.replace("Sputnik", "Laika"))
    os.utime(folder / "sputnik.txt", (2e9, 2e9))
    assert room.ingest().read == 1
    assert room.one("select title from articles") == "Laika Rises"


def test_an_outage_loses_no_article(room: Room, web: tuple[str, Path]):
    """What was fetched before stays in the collection while its server does not answer."""
    address, folder = web
    (folder / "sputnik.txt").write_text(ARTICLE)
    allow_private(room)
    add_source(room.folder, f"{address}/sputnik.txt")
    room.ingest()
    (folder / "sputnik.txt").unlink()
    report = room.ingest()
    assert (report.articles, report.problems) == (1, 1)


def test_an_empty_answer_loses_no_article(room: Room, web: tuple[str, Path]):
    """A site that broke down and sends nothing, as if all were well, is told; what was there before stays."""
    address, folder = web
    page = folder / "sputnik.txt"
    page.write_text(ARTICLE)
    os.utime(page, (1_000_000_000, 1_000_000_000))  # a server tells whole seconds
    allow_private(room)
    add_source(room.folder, f"{address}/sputnik.txt")
    room.ingest(workers=0)
    page.write_text("")
    report = room.ingest(workers=0)
    assert (report.articles, report.problems) == (1, 1)
    assert room.one("select message from problems") == "Nothing came."
    page.write_text(ARTICLE.replace("Sputnik", "Laika Now"))
    assert room.ingest(workers=0).problems == 0
    assert room.one("select title from articles") == "Laika Now Rises"


def test_addresses_that_end_alike_are_all_read(room: Room, web: tuple[str, Path]):
    """Feeds that are both called `feed` lose nothing to each other, nor to a file here that is called so."""
    address, folder = web
    for section in ("sea", "land"):
        (folder / section).mkdir()
        (folder / section / "feed").write_text(ARTICLE.replace("Sputnik", section.title()))
        add_source(room.folder, f"{address}/{section}/feed")
    room.put(f"{address.removeprefix('http://')}/feed", ARTICLE)
    allow_private(room)
    report = room.ingest()
    assert (report.found, report.articles) == (3, 3)
    assert {title for (title,) in room.rows("select title from articles")} == {
        "Sputnik Rises",
        "Sea Rises",
        "Land Rises",
    }
    assert room.ingest().read == 0


def test_a_broken_download_is_not_taken_for_the_whole(room: Room, web: tuple[str, Path]):
    """A connection that ends before all that was announced has come is told, and tried again."""
    address, folder = web
    (folder / "sputnik.cut").write_text(ARTICLE)
    allow_private(room)
    add_source(room.folder, f"{address}/sputnik.cut")
    for _ in range(2):
        report = room.ingest(workers=0)
        assert (report.articles, report.problems) == (0, 1)
        assert room.one("select code from problems") == "unreachable"


def test_a_file_elsewhere_that_cannot_be_fetched_anew_stays_as_it_was(
    room: Room, monkeypatch: pytest.MonkeyPatch
):
    """One of a folder, whose list says that it changed; the next run has what it says now."""
    memory = pytest.importorskip("fsspec").filesystem("memory")
    memory.pipe("/letters/a.txt", ARTICLE.encode())
    add_source(room.folder, "memory://letters")
    room.ingest(workers=0)
    memory.pipe("/letters/a.txt", ARTICLE.replace("Sputnik", "Laika Now").encode())

    def refuse(*_: object, **__: object) -> None:
        raise TimeoutError

    with monkeypatch.context() as patched:
        patched.setattr(type(memory), "open", refuse)
        report = room.ingest(workers=0)
    assert (report.articles, report.problems) == (1, 1)
    assert room.rows("select title from articles") == [("Sputnik Rises",)]
    assert room.ingest(workers=0).problems == 0
    assert room.rows("select title from articles") == [("Laika Now Rises",)]


def test_a_file_elsewhere_that_came_in_part_is_not_taken_for_the_whole(
    room: Room, monkeypatch: pytest.MonkeyPatch
):
    """Fewer bytes than the list announced are told, and the next run fetches them all."""
    memory = pytest.importorskip("fsspec").filesystem("memory")
    memory.pipe("/posts/a.txt", ARTICLE.encode())
    add_source(room.folder, "memory://posts")
    with monkeypatch.context() as patched:
        patched.setattr(type(memory), "open", lambda *_, **__: io.BytesIO(ARTICLE.encode()[:40]))
        report = room.ingest(workers=0)
    assert (report.articles, report.problems) == (0, 1)
    assert room.one("select code from problems") == "unreachable"
    assert room.ingest(workers=0).articles == 1
    assert "Kazakhstan" in str(room.one("select text from article_text"))


def test_private_addresses_are_refused(room: Room, web: tuple[str, Path]):
    """A web address within the own network is not asked unless the curator allows it."""
    address, folder = web
    (folder / "a.txt").write_text(ARTICLE)
    add_source(room.folder, f"{address}/a.txt")
    assert room.ingest().articles == 0
    assert room.one("select code from problems") == "private-address"


@pytest.mark.parametrize(
    ("path", "code"),
    [
        ("/nothing.txt", "refused"),
        ("/away/ftp://example.org/x", "address"),
        ("/away/file:///etc/hostname", "address"),
        ("/away/http://[::1/x", "address"),
        ("/away/http://127.0.0.1:99999/x", "address"),
        ("/away/http://" + "a" * 80 + ".example/", "address"),
        ("/away//caf\u00e9 1.txt", "refused"),
        ("/away//away//away//away//away//away//away/x", "redirects"),
    ],
)
def test_what_cannot_be_had_is_a_problem(room: Room, web: tuple[str, Path], path: str, code: str):
    """A missing page, a redirect to anything but the web, and endless redirects are told."""
    allow_private(room)
    add_source(room.folder, f"{web[0]}{path}")
    assert room.ingest().problems == 1
    assert room.one("select code from problems") == code


def test_a_server_is_asked_at_each_of_its_addresses(
    room: Room, web: tuple[str, Path], monkeypatch: pytest.MonkeyPatch
):
    """The first may be one that this network cannot reach."""
    address, folder = web
    (folder / "sputnik.txt").write_text(ARTICLE)
    port = int(address.rpartition(":")[2])
    known = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (host, port)) for host in ("127.1.1.1", "127.0.0.1")]
    find = socket.getaddrinfo
    monkeypatch.setattr(
        socket,
        "getaddrinfo",
        lambda host, *rest, **more: known if host == "two.example" else find(host, *rest, **more),
    )
    allow_private(room)
    add_source(room.folder, f"http://two.example:{port}/sputnik.txt")
    assert room.ingest(workers=0).articles == 1


def test_a_name_that_no_machine_has_is_told_in_words(room: Room):
    """A mistyped address is no matter of error numbers."""
    add_source(room.folder, "https://planet.invalid/news.xml")
    assert room.ingest().problems == 1
    assert room.rows("select code, message from problems") == [
        ("unreachable", "No machine called planet.invalid is known.")
    ]


def test_a_download_is_bounded(room: Room, web: tuple[str, Path]):
    """A file larger than what may be fetched is a problem, and nothing of it is kept."""
    address, folder = web
    (folder / "large.txt").write_bytes(b"word " * 500_000)
    allow_private(room, "    limits: {download_mib: 1}\n")
    add_source(room.folder, f"{address}/large.txt")
    assert room.ingest().problems == 1
    assert room.one("select code from problems") == "too-large"
    assert not list((room.folder / ".readingroom" / "remote").iterdir())


@pytest.mark.parametrize("path", ["/slow-head", "/slow-body"])
def test_a_server_that_dawdles_is_left(room: Room, web: tuple[str, Path], path: str):
    """A letter now and then keeps no run waiting for ever, and what came of the file is not taken for it."""
    allow_private(room, "    limits: {download_seconds: 1}\n")
    add_source(room.folder, f"{web[0]}{path}")
    began = time.monotonic()
    report = room.ingest(workers=0)
    assert (report.articles, report.problems) == (0, 1)
    assert room.one("select code from problems") == "too-large"
    assert time.monotonic() - began < 15


def test_an_address_may_have_letters_of_any_script(room: Room, web: tuple[str, Path]):
    """As it stands in a browser; it is asked for as a browser asks."""
    address, folder = web
    (folder / "caf\u00e9 1.txt").write_text(ARTICLE)
    allow_private(room)
    add_source(room.folder, f"{address}/caf\u00e9 1.txt")
    assert room.ingest(workers=0).articles == 1


def test_a_folder_elsewhere_that_cannot_be_listed_loses_nothing(
    room: Room, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    """One folder of a place that refuses is told, and what was read in all of them stays."""
    files = type(pytest.importorskip("fsspec").filesystem("file"))
    for name in ("courier", "herald"):
        (tmp_path / "papers" / name).mkdir(parents=True)
        (tmp_path / "papers" / name / "a.txt").write_text(ARTICLE.replace("Sputnik", name.title()))
    add_source(room.folder, f"file://{tmp_path}/papers")
    assert room.ingest(workers=0).articles == 2
    listed = files.ls

    def refuse(self: object, path: str, *arguments: object, **options: object) -> object:
        if path.endswith("herald"):
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), path)
        return listed(self, path, *arguments, **options)

    with monkeypatch.context() as patched:
        patched.setattr(files, "ls", refuse)
        report = room.ingest(workers=0)
    assert (report.articles, report.problems) == (2, 1)
    assert room.one("select code from problems") == "unreachable"
    assert room.ingest(workers=0).problems == 0


def test_a_full_disk_is_no_fault_of_the_server(
    room: Room, web: tuple[str, Path], monkeypatch: pytest.MonkeyPatch
):
    """Nobody is sent to look after the network when there is no room for what it brings."""
    address, folder = web
    (folder / "a.txt").write_text(ARTICLE)
    allow_private(room)
    add_source(room.folder, f"{address}/a.txt")

    def refuse(*_: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(remote, "_save", refuse)
    with pytest.raises(StorageError, match="Free some space"):
        room.ingest(workers=0)


def test_a_server_that_is_gone(room: Room):
    """A server that does not answer is a problem, and the rest is read."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
    allow_private(room)
    room.put("a.txt", ARTICLE)
    add_source(room.folder, f"http://127.0.0.1:{port}/a.txt")
    report = room.ingest()
    assert (report.articles, report.problems) == (1, 1)
    assert room.one("select code from problems") == "unreachable"


@pytest.fixture
def s3(monkeypatch: pytest.MonkeyPatch) -> Iterator[object]:
    """A client of a server whose address and keys are in the environment."""
    address = f"http://127.0.0.1:{free_port()}"
    for name, value in {**KEYS, "AWS_ENDPOINT_URL": address}.items():
        monkeypatch.setenv(name, value)
    with bucket_server(address) as client:
        yield client


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
@pytest.mark.filterwarnings("ignore::ResourceWarning")
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_a_bucket(room: Room, s3):
    """A folder in a bucket is read like a folder here; what is unchanged is not fetched again."""
    s3.create_bucket(Bucket="archive")
    for name in ("sputnik", "laika"):
        body = ARTICLE.replace("Sputnik", name.title()).encode()
        s3.put_object(Bucket="archive", Key=f"news/courier/{name}.txt", Body=body)
    s3.put_object(Bucket="archive", Key="news/courier/", Body=b"")
    add_source(room.folder, "s3://archive/news")
    report = room.ingest()
    assert not room.rows("select code, message from problems")
    assert (report.articles, report.skipped, report.problems) == (2, 1, 0)
    assert room.rows("select locator from files") == [
        ("news/courier",),
        ("news/courier/laika.txt",),
        ("news/courier/sputnik.txt",),
    ]
    assert room.ingest().read == 0
    s3.delete_object(Bucket="archive", Key="news/courier/laika.txt")
    assert room.ingest().articles == 1
