"""Brings what lies elsewhere onto this machine, so that it is read like any file.

Web addresses and anything that fsspec opens (`s3://`, `gs://`, `sftp://` …). What was fetched
is kept in the workspace and fetched again only when its stamp (an ETag, a time, a size) is new.
Only addresses that the curator wrote into metadata.yml are asked, never one found in an article.
"""

from __future__ import annotations

import hashlib
import http.client
import ipaddress
import socket
import time
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from threading import Timer
from typing import TYPE_CHECKING, Any, BinaryIO, NamedTuple
from urllib.parse import quote, urljoin, urlsplit

import msgspec

from ingest.errors import MACHINE, ItemError
from ingest.limits import HINT, MIB
from ingest.model import Finding, Hint, Item, Problem
from ingest.sources import publication_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import Self

    from ingest.limits import Limits

WEB = ("http", "https")
MOST_REDIRECTS = 5
PIECE = 1 << 16
SECONDS_TO_CONNECT = 15
REDIRECTS = frozenset({301, 302, 303, 307, 308})
OK, NOT_MODIFIED = 200, 304
AGENT = "readingroom (an archive of articles; asks only for what its curator named)"
# What an address may hold as it is; all else is written with percent signs, as browsers do.
IN_ADDRESSES = "%/:?#[]@!$&'()*+,;=~"
MARK = "the mark of a folder, which holds nothing itself"
AGAIN = "Check the address and the network, then run again."


@dataclass(frozen=True, kw_only=True)
class Place:
    """Where fetched files are kept, what fetching may cost, and whether intranets are allowed.

    Files on a file system elsewhere are left there unless `fetching` is set: the items then say
    how to open them.
    """

    folder: Path
    limits: Limits
    private: bool = False
    fetching: bool = True


@dataclass(frozen=True, kw_only=True)
class Copy:
    """What is known of a file that was fetched."""

    stamp: str
    media_type: str | None = None
    charset: str | None = None
    url: str | None = None


@dataclass(frozen=True, kw_only=True)
class There:
    """A file at a source that fsspec knows, by its name there; calling it opens it, on any machine.

    `size` is what it has in bytes, where the list of files says so.
    """

    source: str
    name: str
    size: int | None = None

    def __call__(self) -> BinaryIO:
        """Open it for reading; raises `OSError`, and `ItemError` where a library is missing."""
        files, _ = _file_system(self.source)
        opened: BinaryIO = files.open(self.name, "rb")
        return opened


class Line:
    """The connections over which a page is fetched, until the time for it is over.

    A server that sends a letter a second is late for no single answer; so they are hung up.
    """

    def __init__(self, seconds: float) -> None:
        """Let so many seconds pass."""
        self._ends = time.monotonic() + seconds
        self._open: list[socket.socket] = []
        self._timer = Timer(seconds, self._hang_up)
        self._timer.daemon = True

    def __enter__(self) -> Self:
        """Begin to wait."""
        self._timer.start()
        return self

    def __exit__(self, *_: object) -> None:
        """Wait no longer."""
        self._timer.cancel()
        for each in self._open:
            each.close()

    def keep(self, connection: socket.socket) -> socket.socket:
        """Return a connection, which will be hung up with the others."""
        self._open.append(connection.dup())  # what is encrypted gets another object
        return connection

    def check(self) -> None:
        """Raise `ItemError` when the time is over, since what came last may be a part only."""
        if time.monotonic() > self._ends:
            raise _too_much()

    def _hang_up(self) -> None:
        for each in self._open:
            with suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)


class Kept(NamedTuple):
    """An item of the last fetch: its locator, the name of its file, its stamp and hint.

    `there` is its name on the file system where it lies, where it does.
    """

    locator: str
    name: str
    stamp: str
    hint: Hint
    there: str = ""


def fetch(source: str, place: Place) -> Iterator[Item | Finding]:
    """Yield an item for each file at an address; one that cannot be had is a problem.

    When the network fails, what was fetched before is yielded again beside the problem.
    """
    try:
        parts = urlsplit(source)
    except ValueError:
        yield _problem(source, _no_address(source))
        return
    prefix = parts.path.rstrip("/").rpartition("/")[2] or parts.netloc
    index = place.folder / f"{_name_of(source)}.index"
    try:
        if parts.scheme in WEB:
            found: list[Item | Finding] = [_fetch_page(source, f"{parts.netloc}/{prefix}", place)]
        else:
            found = list(_fetch_tree(source, prefix, place))
    except ItemError as error:
        yield _problem(source, error)
        yield from _fetched_before(index, source)
    except (OSError, http.client.HTTPException) as error:
        if isinstance(error, OSError) and error.errno in MACHINE:
            raise  # a full disk here is no fault of what lies elsewhere
        yield _problem(source, ItemError("unreachable", f"{type(error).__name__}: {error}.", hint=AGAIN))
        yield from _fetched_before(index, source)
    else:
        items = [item for item in found if isinstance(item, Item)]
        if items:
            place.folder.mkdir(parents=True, exist_ok=True)
            kept = [
                Kept(
                    item.locator,
                    Path(item.path).name if item.path else "",
                    item.stamp,
                    item.hint,
                    item.opener.name if isinstance(item.opener, There) else "",
                )
                for item in items
            ]
            write_atomically(index, msgspec.json.encode(kept))
        yield from found


def _fetched_before(index: Path, source: str) -> Iterator[Item]:
    """Yield the items of the last fetch that went well, so that an outage loses no article."""
    try:
        kept = msgspec.json.decode(index.read_bytes(), type=list[Kept])
    except (OSError, msgspec.DecodeError):
        return
    for each in kept:
        path = index.with_name(each.name) if each.name else None
        if path and path.is_file():
            yield Item(locator=each.locator, path=str(path), stamp=each.stamp, hint=each.hint)
        elif each.there:
            opener = There(source=source, name=each.there)
            yield Item(locator=each.locator, opener=opener, stamp=each.stamp, hint=each.hint)


def _fetch_page(url: str, locator: str, place: Place) -> Item:
    path, known = _kept(url, place)
    with Line(place.limits.download_seconds) as line:
        response, address = _open(url, known.stamp if known else "", place, line)
        if response is not None:
            with response:
                # A site that broke down often sends an empty page and says that all is well.
                _save(path, partial(_read_whole, response, line), place, 1)
            headers = response.headers
            stated = headers.get("ETag") or headers.get("Last-Modified") or ""
            known = Copy(
                stamp=stated,
                media_type=headers.get_content_type() if "Content-Type" in headers else None,
                charset=headers.get_content_charset(),
                url=address,
            )
            _remember(path, known)
    if known is None:
        raise ItemError("refused", f"The server says that {url} did not change.", hint=AGAIN)
    status = path.stat()
    hint = Hint(
        publication=urlsplit(url).hostname,
        media_type=known.media_type,
        charset=known.charset,
        url=known.url,
    )
    return Item(locator=locator, path=str(path), stamp=f"{status.st_size}:{status.st_mtime_ns}", hint=hint)


def _read_whole(response: http.client.HTTPResponse, line: Line, size: int) -> bytes:
    """Return the next piece; raises `IncompleteRead` when a server hangs up before all that it announced."""
    piece = response.read(size)
    line.check()
    if not piece and response.length:  # http.client says so only to who reads all in one go
        raise http.client.IncompleteRead(piece, response.length)
    return piece


def _open(url: str, stamp: str, place: Place, line: Line) -> tuple[http.client.HTTPResponse | None, str]:
    """Return the answer of a web server, None when nothing changed; redirects are checked anew."""
    for _ in range(MOST_REDIRECTS + 1):
        connection, target = _connection(url)
        # http.client has this hook for itself; it lets us connect to the very address we checked.
        connection._create_connection = _connector(place, line)  # type: ignore[attr-defined]  # noqa: SLF001
        headers = {"User-Agent": AGENT, "Accept-Encoding": "identity"}
        if stamp:
            headers["If-Modified-Since" if "," in stamp else "If-None-Match"] = stamp
        connection.request("GET", target, headers=headers)
        response = connection.getresponse()
        line.check()
        if response.status == OK:
            return response, url
        response.close()
        connection.close()
        if response.status == NOT_MODIFIED:
            return None, url
        if response.status not in REDIRECTS:
            raise ItemError("refused", f"The server answered {response.status} for {url}.", hint=AGAIN)
        url, stamp = _redirected(url, response.headers.get("Location", "")), ""
    raise ItemError("redirects", f"More than {MOST_REDIRECTS} redirects.", hint=AGAIN)


def _connection(url: str) -> tuple[http.client.HTTPConnection, str]:
    """Return the connection to be made for an address, and what to ask for over it."""
    try:
        parts = urlsplit(url)
        host, port = (parts.hostname or "").encode("idna").decode(), parts.port
    except ValueError as error:
        raise _no_address(url) from error
    if parts.scheme not in WEB or not host:
        raise _no_address(url)
    kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
    target = f"{parts.path or '/'}{f'?{parts.query}' if parts.query else ''}"
    return kind(host, port, timeout=SECONDS_TO_CONNECT), quote(target, safe=IN_ADDRESSES)


def _redirected(url: str, to: str) -> str:
    """Return the address that a server leads on to, which it may give in the bytes of any charset."""
    try:
        return urljoin(url, quote(to.encode("latin-1"), safe=IN_ADDRESSES))
    except ValueError as error:
        raise _no_address(to) from error


def _connector(place: Place, line: Line) -> Callable[..., socket.socket]:
    """Return a function that connects to a host only if each of its addresses is public."""

    def connect(address: tuple[str, int], *arguments: object, **options: object) -> socket.socket:
        host, port = address
        try:
            found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except socket.gaierror as error:
            raise ItemError("unreachable", f"No machine called {host} is known.", hint=AGAIN) from error
        targets = [str(each[4][0]) for each in found]
        if not place.private and not all(
            ipaddress.ip_address(each.partition("%")[0]).is_global for each in targets
        ):
            hint = "If it is your own network, set private_addresses: true in metadata.yml."
            raise ItemError("private-address", f"{host} is not a public address.", hint=hint)
        for target in targets[:-1]:  # a machine may have addresses that this network cannot reach
            with suppress(OSError):
                return line.keep(socket.create_connection((target, port), *arguments, **options))  # type: ignore[arg-type]
        return line.keep(socket.create_connection((targets[-1], port), *arguments, **options))  # type: ignore[arg-type]

    return connect


def _file_system(source: str) -> tuple[Any, str]:
    """Return fsspec's file system for an address, and the place within it."""
    try:
        from fsspec.core import url_to_fs  # noqa: PLC0415 - only for remote sources

        files, root = url_to_fs(source)
    except ImportError as error:
        hint = "Install what it needs, e.g.: pip install 'readingroom[remote]'"
        raise ItemError("no-filesystem", f"{error}.", hint=hint) from error
    except ValueError as error:
        raise ItemError("address", f"{error}.", hint=AGAIN) from error
    return files, root


@contextmanager
def _reaching() -> Iterator[None]:
    """Turn what a file system elsewhere raises into an `ItemError`; `OSError` passes."""
    try:
        yield
    except (ItemError, OSError):
        raise
    except Exception as error:
        raise ItemError("unreachable", f"{type(error).__name__}: {error}.", hint=AGAIN) from error


def bring(item: Item, path: Path, limits: Limits) -> Item | Finding:
    """Return an item that lies elsewhere, or came as bytes, as a file at `path`, within the limits.

    What cannot be had is a problem, to be tried anew by the next run.
    """
    try:
        if item.opener is None:
            path.write_bytes(item.data or b"")
        else:
            with _reaching(), item.opener() as opened:
                size = item.opener.size if isinstance(item.opener, There) else None
                _save(path, opened.read, Place(folder=path.parent, limits=limits), size)
    except ItemError as error:
        return _problem(item.locator, error)
    except OSError as error:
        if error.errno in MACHINE:  # not one that is GONE, which servers are as well
            raise
        return _problem(item.locator, ItemError("unreachable", f"{error}.", hint=AGAIN))
    return replace(item, path=str(path), data=None, opener=None)


def _fetch_tree(source: str, prefix: str, place: Place) -> Iterator[Item | Finding]:
    files, root = _file_system(source)
    with _reaching():
        listed = _listed(files, root)
    if not listed:
        raise ItemError("not-found", f"There is nothing at {source}.", hint=AGAIN)
    for name, about in sorted(listed.items()):
        inside = name[len(root.rstrip("/")) :].lstrip("/") if name != root else ""
        locator = f"{prefix}/{inside}".rstrip("/")
        stamp = ":".join(str(about.get(key, "")) for key in ("ETag", "etag", "LastModified", "mtime", "size"))
        size = about.get("size")
        if name.endswith("/") and not size:
            yield Finding(locator=locator, outcome="skipped", reason=MARK)
            continue
        hint = Hint(publication=publication_of(inside) or prefix)
        if not place.fetching:
            opener = There(source=source, name=name, size=size)
            yield Item(locator=locator, opener=opener, stamp=stamp, hint=hint)
            continue
        path, known = _kept(f"{source}\n{name}", place)
        try:
            if known is None or known.stamp != stamp:
                with _reaching(), files.open(name, "rb") as opened:
                    _save(path, opened.read, place, size)
                _remember(path, Copy(stamp=stamp))
            yield Item(locator=locator, path=str(path), stamp=stamp, hint=hint)
        except (ItemError, OSError) as error:
            if isinstance(error, OSError) and error.errno in MACHINE:
                raise
            told = ItemError("unreachable", f"{error}.", hint=AGAIN) if isinstance(error, OSError) else error
            if known is None:
                yield _problem(locator, told)
                continue
            # Another file of it came before: its article stays, and the next run tries anew.
            yield Item(locator=locator, path=str(path), stamp=known.stamp, hint=hint)
            yield _problem(f"{locator}#now", told)


def _listed(files: Any, root: str) -> dict[str, dict[str, Any]]:
    """Return all files at a place by their names; raises `OSError` when a folder there cannot be listed.

    Where fsspec goes from folder to folder itself, it would leave such a one out without a word.
    """
    from fsspec import AbstractFileSystem  # noqa: PLC0415 - only for remote sources
    from fsspec.asyn import AsyncFileSystem  # noqa: PLC0415 - as above

    kind = type(files)
    is_async = isinstance(files, AsyncFileSystem)
    goes = kind._find is AsyncFileSystem._find if is_async else kind.find is AbstractFileSystem.find  # noqa: SLF001
    listed: dict[str, dict[str, Any]] = {}
    if not goes or not files.isdir(root):
        listed.update(files.find(root, detail=True))
        return listed
    waiting = [root]
    while waiting:
        for _, folders, inside in files.walk(waiting.pop(), maxdepth=1, detail=True, on_error="raise"):
            listed.update((each["name"], each) for each in inside.values())
            waiting.extend(each["name"] for each in folders.values())
    return listed


def _kept(address: str, place: Place) -> tuple[Path, Copy | None]:
    """Return where a fetched file is kept, and what is known of it if it is there."""
    path = place.folder / _name_of(address)
    try:
        known = msgspec.json.decode(path.with_suffix(".json").read_bytes(), type=Copy)
    except (OSError, msgspec.DecodeError):
        return path, None
    return path, known if path.is_file() else None


def _name_of(address: str) -> str:
    return hashlib.sha256(address.encode("utf-8", "surrogatepass")).hexdigest()


def _remember(path: Path, copy: Copy) -> None:
    write_atomically(path.with_suffix(".json"), msgspec.json.encode(copy))


def _save(path: Path, read: Callable[[int], bytes], place: Place, size: int | None = None) -> None:
    """Write a stream to its place, whole or not at all, within size and time.

    One that ends before the `size` that it has, or has at least, is not whole.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    ends = time.monotonic() + place.limits.download_seconds
    left = place.limits.download_mib * MIB
    part = path.with_suffix(".part")
    with part.open("wb") as file:
        while piece := read(PIECE):
            left -= len(piece)
            if left < 0 or time.monotonic() > ends:
                part.unlink()
                raise _too_much()
            file.write(piece)
        came = file.tell()
    if size and came < size:
        part.unlink()
        message = f"Of its {size:,} bytes {came:,} came." if came else "Nothing came."
        raise ItemError("unreachable", message, hint=AGAIN)
    part.replace(path)


def write_atomically(path: Path, data: bytes) -> None:
    """Write a small file so that it is there whole or not at all."""
    part = path.with_name(f"{path.name}.part")
    part.write_bytes(data)
    part.replace(path)


def _too_much() -> ItemError:
    return ItemError("too-large", "It is larger or slower than what may be fetched.", hint=HINT)


def _no_address(url: str) -> ItemError:
    return ItemError("address", f"{url} is no web address.", hint=AGAIN)


def _problem(locator: str, error: ItemError) -> Finding:
    problem = Problem(stage="find", code=error.code, message=error.message, hint=error.hint)
    return Finding(locator=locator, outcome="problem", reason=error.message, problems=(problem,))
