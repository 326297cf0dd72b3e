"""A server for the public: what it is given, and that nothing withheld is in it."""

import ast
import os
import re
import shutil
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest
import yaml
from click.testing import CliRunner

from ingest import public
from ingest.cli import main
from ingest.editions.edition import make_edition
from ingest.public import count_withheld
from ingest.settings import add_source, load_settings
from tests.browsers import free_port
from tests.conftest import NOW, ROOT, Room

MODULES = {"markdown_it": "markdown-it-py"}


def publish(room: Room, target: Path, *options: str) -> str:
    """Run the command and return what it prints."""
    answer = CliRunner().invoke(main, ["publish", "server", str(target), str(room.folder), *options])
    assert answer.exit_code == 0, answer.output
    return answer.output


def test_the_server_gets_an_edition(room: Room, tmp_path: Path):
    """What an article's rights withhold is in no file of the server's folder, nor where its places lie."""
    room.put("a.md", "---\ntitle: Open\n---\n\nThe ferry leaves at seven.\n")
    room.put("b.md", "---\ntitle: Closed\nrights: metadata\n---\n\nA quetzalcoatlus flew over the harbour.\n")
    settings = room.folder / "metadata.yml"
    own = "    places: {Quetzalcoatlus Bay: [1, 2]}\n    # publications:\n"
    settings.write_text(settings.read_text().replace("    # publications:\n", own, 1))
    room.ingest()
    target = tmp_path / "server"
    assert "DEPLOY.md" in publish(room, target, "--yes")
    for path in target.rglob("*"):
        assert not path.is_file() or b"quetzalcoatlus" not in path.read_bytes().lower(), path
    assert (target / "collection.db").is_file()
    publish(room, target, "--yes")  # again, over the edition that is there


def test_a_server_is_not_written_among_other_files(room: Room, tmp_path: Path):
    """A folder of articles, or of a collection not ingested yet, is left alone; a try ended before is not."""
    room.put("a.md", "The ferry leaves at seven.\n")
    room.ingest()
    other = tmp_path / "other"
    assert CliRunner().invoke(main, ["new", str(other)]).exit_code == 0
    for place in (room.folder / "sources", room.folder / "plugins", other):
        before = {path: path.stat().st_mtime_ns for path in place.rglob("*")}
        answer = CliRunner().invoke(main, ["publish", "server", str(place), str(room.folder), "--yes"])
        assert answer.exit_code == 1
        assert "Choose a folder that is empty or not there yet." in answer.output
        assert {path: path.stat().st_mtime_ns for path in place.rglob("*")} == before
    begun = tmp_path / "begun"
    (begun / ".git").mkdir(parents=True)
    make_edition(load_settings(room.folder), begun / "collection.db", now=NOW)
    publish(room, begun, "--yes")


def test_what_was_changed_of_the_files_for_a_server_is_kept(room: Room, tmp_path: Path):
    """Whoever changed the configuration for nginx finds it beside the new one, and is told."""
    room.put("a.md", "The ferry leaves at seven.\n")
    room.ingest()
    target = tmp_path / "server"
    publish(room, target, "--yes")
    ours = (target / "nginx.conf").read_text()
    (target / "nginx.conf").write_text("# with our certificates\n")
    told = publish(room, target, "--yes")
    assert (target / "nginx.conf").read_text() == ours
    assert (target / "nginx.conf.before").read_text() == "# with our certificates\n"
    assert "nginx.conf.before is how it was before" in told
    assert [path.name for path in target.glob("*.before*")] == ["nginx.conf.before"]


def test_a_page_that_left_the_collection_leaves_the_server(room: Room, tmp_path: Path):
    """A page that was taken down is in no file for the server; one that was added there is kept aside."""
    room.put("a.md", "The ferry leaves at seven.\n")
    room.ingest()
    own, pages = room.folder / "plugins", tmp_path / "server" / "plugins"
    names = ("staff.py", "templates/staff.html", "static/staff.svg")
    for name in names:
        (own / name).write_text("# the telephone of Anna Petrova\n")
    publish(room, tmp_path / "server", "--yes")
    assert all((pages / name).is_file() for name in names)
    for name in names:
        (own / name).unlink()
    (pages / "__pycache__").mkdir()
    publish(room, tmp_path / "server", "--yes")
    for path in (tmp_path / "server").rglob("*"):
        assert not path.is_file() or b"Anna Petrova" not in path.read_bytes(), path
    assert not list((tmp_path / "server").glob("plugins.*"))
    # Written by nobody knows whom: it is served no more, and not lost either.
    (pages / "static" / "notes.html").write_text("of the server's owner")
    told = publish(room, tmp_path / "server", "--yes")
    assert "plugins.before is how it was before" in told
    assert not (pages / "static" / "notes.html").exists()
    assert (tmp_path / "server" / "plugins.before" / "static" / "notes.html").is_file()
    assert {path.name for path in own.glob("*.py")} == {path.name for path in pages.glob("*.py")}


def test_pages_written_by_an_earlier_version_are_told_apart(room: Room, tmp_path: Path):
    """Where nobody noted what a server's pages were, all are written anew, and others kept beside."""
    room.put("a.md", "The ferry leaves at seven.\n")
    room.ingest()
    publish(room, tmp_path / "server", "--yes")
    pages = tmp_path / "server" / "plugins"
    (pages / ".pages.json").unlink()
    publish(room, tmp_path / "server", "--yes")
    assert not list((tmp_path / "server").glob("plugins.*"))
    (pages / ".pages.json").unlink()
    (pages / "staff.py").write_text("# taken down\n")
    publish(room, tmp_path / "server", "--yes")
    assert not (pages / "staff.py").exists()
    assert (tmp_path / "server" / "plugins.before" / "staff.py").is_file()


def test_a_collection_with_withheld_texts_is_not_served_to_the_public(
    room: Room, monkeypatch: pytest.MonkeyPatch
):
    """What serves as a server for the public does shows nobody what an edition would not have."""
    room.put("b.md", "---\ntitle: Closed\nrights: metadata\n---\n\nA quetzalcoatlus flew over the harbour.\n")
    room.ingest()
    monkeypatch.setattr(os, "execv", lambda *_: pytest.fail("it is served"))
    answer = CliRunner().invoke(main, ["publish", "run", str(room.folder)])
    assert answer.exit_code == 1
    assert "1 article may not be shown in full" in answer.output
    assert "readingroom publish server" in answer.output
    # Nor is it taken in where it comes to the place of an edition later.
    assert count_withheld(room.folder / "collection.db") == 1
    make_edition(load_settings(room.folder), room.folder / "public.db", now=NOW)
    assert count_withheld(room.folder / "public.db") == 0
    command = [
        sys.executable,
        public.__file__,
        str(room.folder / "collection.db"),
        "--port",
        str(free_port()),
    ]
    served = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert served.returncode == 1
    assert "Of 1 articles" in served.stderr


def test_a_cache_lets_go_of_what_was_taken_down():
    """The notice of a takedown takes the place of the page that nginx kept."""
    stated = (ROOT / "ingest" / "deployment" / "files" / "nginx.conf").read_text()
    assert "410" in re.findall(r"proxy_cache_valid ([\d ]+) \d+s;", stated)[0].split()


def test_the_server_is_not_told_where_the_articles_lie(room: Room, tmp_path: Path):
    """Of metadata.yml it gets what the pages ask, and no path of this machine; of plugins/ nothing hidden."""
    room.put("a.md", "---\ntitle: Open\n---\n\nThe ferry leaves Georgia at seven.\n")
    settings = (room.folder / "metadata.yml").read_text()
    own = "    crawling: none\n    places: {Georgia: [32.7, -83.4]}\n    publications: {jane: Letters}\n"
    (room.folder / "metadata.yml").write_text(settings.replace("    # publications:\n", own, 1))
    papers = tmp_path / "papers-of-jane"
    papers.mkdir()
    add_source(room.folder, str(papers))
    room.ingest()
    for name in (".env", "layout.py~"):
        (room.folder / "plugins" / name).write_text("a word of the owner")
    publish(room, tmp_path / "server", "--yes")
    assert not {".env", "layout.py~"} & {path.name for path in (tmp_path / "server" / "plugins").iterdir()}
    text = (tmp_path / "server" / "metadata.yml").read_text()
    assert "jane" not in text
    told, stated = yaml.safe_load(text), yaml.safe_load((room.folder / "metadata.yml").read_text())
    kept = {"crawling": "none", "places": {"Georgia": [32.7, -83.4]}}
    assert told == {**stated, "plugins": {"readingroom": kept}}


def test_the_pages_find_what_they_import():
    """Every package that a page imports is among the pinned ones."""
    files = ROOT / "ingest" / "deployment" / "files"
    pinned = set(re.findall(r"^([\w.-]+)==", (files / "requirements.txt").read_text(), re.MULTILINE))
    for path in sorted((ROOT / "plugins").glob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            for name in {each.partition(".")[0] for each in names} - sys.stdlib_module_names:
                assert MODULES.get(name, name) in pinned, f"{path.name} imports {name}"


# When the echo was asked.
ASKED: list[float] = []


class Echo(BaseHTTPRequestHandler):
    """Answers with the name of the site that it was asked for."""

    def do_GET(self) -> None:
        """Say it, at once or as slowly as a search under load."""
        self.server.asked.append(time.monotonic())  # type: ignore[attr-defined]
        time.sleep(0.5 if self.path.startswith("/search") else 0)
        self.send_response(200)
        self.end_headers()
        self.wfile.write(self.headers["host"].encode())

    def log_message(self, *_: object) -> None:
        """Say nothing else."""


@pytest.fixture
def nginx(room: Room, tmp_path: Path) -> Iterator[tuple[str, Path]]:
    """The address of an nginx with our file for it, and where it keeps pages; an echo is behind it."""
    if not (program := shutil.which("nginx")):
        pytest.skip("no nginx here (apt-get install nginx-light)")
    room.put("a.md", "# The ferry\n\nIt leaves at seven.\n")
    room.ingest()
    publish(room, tmp_path / "server", "--yes", "--download")
    port, behind, cache = free_port(), free_port(), tmp_path / "cache"
    stated = (tmp_path / "server" / "nginx.conf").read_text()
    for ours, here in (
        ("listen 80;", f"listen 127.0.0.1:{port};"),
        ("127.0.0.1:8001", f"127.0.0.1:{behind}"),
        ("/var/cache/nginx/reading-room", str(cache)),
        ("/opt/reading-room", str(tmp_path / "server")),
    ):
        assert ours in stated
        stated = stated.replace(ours, here)
    places = "".join(
        f"{kind}_temp_path {tmp_path}/{kind};"
        for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    around = f"pid {tmp_path}/pid; error_log {tmp_path}/log; {'user root;' if os.getuid() == 0 else ''}"
    whole = f"daemon off; {around} events {{}} http {{ access_log off; {places} {stated} }}"
    (tmp_path / "whole.conf").write_text(whole)
    process = subprocess.Popen([program, "-c", tmp_path / "whole.conf", "-e", tmp_path / "log"])
    for _ in range(100):
        with suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            break
        time.sleep(0.1)
    with ThreadingHTTPServer(("127.0.0.1", behind), Echo) as server:
        server.asked = ASKED  # type: ignore[attr-defined]
        ASKED.clear()
        threading.Thread(target=server.serve_forever).start()
        yield f"http://127.0.0.1:{port}", cache
        server.shutdown()
    process.terminate()
    process.wait()


def test_nginx_gives_the_whole_file_itself(nginx: tuple[str, Path], tmp_path: Path):
    """A download goes on where it broke off, and whatever stands behind it, no copy fills the disk."""
    address, cache = nginx
    whole = (tmp_path / "server" / "collection.db").read_bytes()
    with urlopen(f"{address}/collection.db?again=1") as answer:
        assert answer.read() == whole
        assert answer.headers["content-disposition"].startswith("attachment")
        assert answer.headers["x-content-type-options"] == "nosniff"
        stamp = answer.headers["etag"]
    with urlopen(Request(f"{address}/collection.db", headers={"Range": "bytes=100-199"})) as answer:
        assert (answer.status, answer.read()) == (206, whole[100:200])
    for path, headers, status in (
        ("collection.db", {"If-None-Match": stamp}, 304),
        ("c~6Fllection.db", {}, 404),
        ("metadata.yml.db", {}, 404),
    ):
        with pytest.raises(HTTPError) as refused:
            urlopen(Request(f"{address}/{path}", headers=headers))
        refused.value.close()
        assert refused.value.code == status
    assert not [path for path in cache.rglob("*") if path.is_file()]


def test_a_visitor_cannot_name_the_site_for_others(nginx: tuple[str, Path]):
    """A page that nginx keeps states the site's own addresses, whatever name somebody asked for it by."""
    for headers in ({"Host": "evil.example"}, {"X-Forwarded-Host": "evil.example"}, {}):
        with urlopen(Request(f"{nginx[0]}/article/0123456789ab", headers=headers)) as answer:
            assert answer.read() == b"articles.example.org"


def search_at_once(address: str, count: int) -> list[int]:
    """Send so many searches from one address at once, and return how they were answered."""

    def search(number: int) -> int:
        try:
            with urlopen(f"{address}/search?q={number}", timeout=60) as answer:
                return int(answer.status)
        except HTTPError as refused:
            refused.close()
            return refused.code

    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(search, range(count)))


def test_a_class_behind_one_address_is_answered(nginx: tuple[str, Path]):
    """Forty readers of one address who search at the same moment all get their answers."""
    assert search_at_once(nginx[0], 40) == [200] * 40


def test_one_address_cannot_flood_the_room(nginx: tuple[str, Path]):
    """Of two hundred searches at once some come through, a few a second, and the others are refused."""
    answers = search_at_once(nginx[0], 200)
    assert set(answers) == {200, 429}
    assert answers.count(200) <= 85
    assert sum(asked < ASKED[0] + 1 for asked in ASKED) <= 30


@pytest.mark.parametrize("options", [(), ("--download",)], ids=("kept", "given"))
def test_the_files_for_servers_are_understood(room: Room, tmp_path: Path, options: tuple[str, ...]):
    """No mark is left in them, the whole file is given only where chosen; Caddy reads its own."""
    room.put("a.md", "# The ferry\n\nIt leaves at seven.\n")
    room.ingest()
    publish(room, tmp_path / "server", "--yes", *options)
    for name in ("nginx.conf", "Caddyfile", "reading-room.service", "Dockerfile", "DEPLOY.md"):
        assert not re.search(r"@[A-Z_]+@[^:]", (tmp_path / "server" / name).read_text()), name
    for name, wanted in (
        ("nginx.conf", "location = /collection.db {"),
        ("Caddyfile", "handle /collection.db {"),
    ):
        lines = [line.strip() for line in (tmp_path / "server" / name).read_text().splitlines()]
        assert (wanted in lines) == bool(options)
        assert (f"# {wanted}" in lines) != bool(options)
    if caddy := shutil.which("caddy"):
        command = [caddy, "validate", "--adapter", "caddyfile", "--config", tmp_path / "server" / "Caddyfile"]
        read = subprocess.run(
            command, capture_output=True, text=True, check=False, env={"HOME": str(tmp_path)}
        )
        assert read.returncode == 0, read.stderr


@pytest.mark.parametrize("name", ["1950s #2", "what?", "50%25", "a[b]"])
@pytest.mark.parametrize("command", [("serve",), ("publish", "run")], ids=("serve", "run"))
def test_a_path_that_datasette_mistakes_is_told(room: Room, command: tuple[str, ...], name: str):
    """Rather than pages with errors, or pages without what guards them, there is a sentence."""
    room.put("a.md", "# The ferry\n\nIt leaves at seven.\n")
    room.ingest()
    folder = room.folder.rename(room.folder.with_name(name))
    answer = CliRunner().invoke(main, [*command, str(folder)])
    assert answer.exit_code == 1
    assert "Rename the folder" in answer.output


@pytest.mark.parametrize("command", [("new",), ("publish", "server")], ids=("new", "server"))
def test_nothing_is_made_where_datasette_would_not_guard_it(
    room: Room, tmp_path: Path, command: tuple[str, ...]
):
    """Plain Datasette finds no plugins in such a path, and would serve strangers' SQL without bounds."""
    room.put("a.md", "# The ferry\n\nIt leaves at seven.\n")
    room.ingest()
    target = tmp_path / "a[b]" / "made"
    options = [str(room.folder), "--yes"] if command[0] == "publish" else []
    answer = CliRunner().invoke(main, [*command, str(target), *options])
    assert answer.exit_code == 1
    assert "because of '['" in answer.output
    assert not target.exists()


def serve_in_vain(*options: str | Path) -> str:
    """Start a server for the public that cannot be, and return why."""
    command = [sys.executable, public.__file__, *options, "--port", str(free_port())]
    served = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert served.returncode == 1
    assert "Traceback" not in served.stderr
    return served.stderr


def test_a_server_that_cannot_start_says_why(room: Room, tmp_path: Path):
    """Where nothing can be written, the way out is told; without a guard, nothing is served."""
    room.put("a.md", "# The ferry\n\nIt leaves at seven.\n")
    room.ingest()
    database = room.folder / "collection.db"
    (tmp_path / "file").write_text("no folder")
    assert "--state names a folder" in serve_in_vain(database, "--state", tmp_path / "file")
    (tmp_path / "plugins").mkdir()
    assert "holds no guard.py" in serve_in_vain(database, "--plugins-dir", tmp_path / "plugins")
    assert "Name the folder of guard.py" in serve_in_vain(database)
