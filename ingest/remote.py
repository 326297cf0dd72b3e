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
from typing import TYPE_CHECKING, Any, BinaryIO, NamedTuple
from urllib.parse import urljoin, urlsplit

import msgspec

from ingest.errors import MACHINE, ItemError
from ingest.limits import HINT, MIB
from ingest.model import Finding, Hint, Item, Problem
from ingest.sources import publication_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from ingest.limits import Limits

WEB = ("http", "https")
MOST_REDIRECTS = 5
PIECE = 1 << 16
SECONDS_TO_CONNECT = 15
REDIRECTS = frozenset({301, 302, 303, 307, 308})
OK, NOT_MODIFIED = 200, 304
AGENT = "readingroom (an archive of articles; asks only for what its curator named)"
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
    """A file at a source that fsspec knows, by its name there; calling it opens it, on any machine."""

    source: str
    name: str

    def __call__(self) -> BinaryIO:
        """Open it for reading; raises `OSError`, and `ItemError` where a library is missing."""
        files, _ = _file_system(self.source)
        opened: BinaryIO = files.open(self.name, "rb")
        return opened


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
    parts = urlsplit(source)
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
    response, address = _open(url, known.stamp if known else "", place)
    if response is not None:
        with response:
            headers = response.headers
            stated = headers.get("ETag") or headers.get("Last-Modified") or ""
            _save(path, partial(_read_whole, response), place)
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


def _read_whole(response: http.client.HTTPResponse, size: int) -> bytes:
    """Return the next piece; raises `IncompleteRead` when a server hangs up before all that it announced."""
    piece = response.read(size)
    if not piece and response.length:  # http.client says so only to who reads all in one go
        raise http.client.IncompleteRead(piece, response.length)
    return piece


def _open(url: str, stamp: str, place: Place) -> tuple[http.client.HTTPResponse | None, str]:
    """Return the answer of a web server, None when nothing changed; redirects are checked anew."""
    for _ in range(MOST_REDIRECTS + 1):
        parts = urlsplit(url)
        if parts.scheme not in WEB or not parts.hostname:
            raise ItemError("address", f"{url} is no web address.", hint=AGAIN)
        secure = parts.scheme == "https"
        kind = http.client.HTTPSConnection if secure else http.client.HTTPConnection
        connection = kind(parts.hostname, parts.port, timeout=SECONDS_TO_CONNECT)
        # http.client has this hook for itself; it lets us connect to the very address we checked.
        connection._create_connection = _connector(place)  # type: ignore[attr-defined]  # noqa: SLF001
        headers = {"User-Agent": AGENT, "Accept-Encoding": "identity"}
        if stamp:
            headers["If-Modified-Since" if "," in stamp else "If-None-Match"] = stamp
        connection.request(
            "GET", f"{parts.path or '/'}{f'?{parts.query}' if parts.query else ''}", headers=headers
        )
        response = connection.getresponse()
        if response.status == OK:
            return response, url
        response.close()
        connection.close()
        if response.status == NOT_MODIFIED:
            return None, url
        if response.status not in REDIRECTS:
            raise ItemError("refused", f"The server answered {response.status} for {url}.", hint=AGAIN)
        url, stamp = urljoin(url, response.headers.get("Location", "")), ""
    raise ItemError("redirects", f"More than {MOST_REDIRECTS} redirects.", hint=AGAIN)


def _connector(place: Place) -> Callable[..., socket.socket]:
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
                return socket.create_connection((target, port), *arguments, **options)  # type: ignore[arg-type]
        return socket.create_connection((targets[-1], port), *arguments, **options)  # type: ignore[arg-type]

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
                _save(path, opened.read, Place(folder=path.parent, limits=limits))
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
        listed = files.find(root, detail=True)
    if not listed:
        raise ItemError("not-found", f"There is nothing at {source}.", hint=AGAIN)
    for name, about in sorted(listed.items()):
        inside = name[len(root.rstrip("/")) :].lstrip("/") if name != root else ""
        locator = f"{prefix}/{inside}".rstrip("/")
        stamp = ":".join(str(about.get(key, "")) for key in ("ETag", "etag", "LastModified", "mtime", "size"))
        hint = Hint(publication=publication_of(inside) or prefix)
        if not place.fetching:
            yield Item(locator=locator, opener=There(source=source, name=name), stamp=stamp, hint=hint)
            continue
        path, known = _kept(f"{source}\n{name}", place)
        try:
            if known is None or known.stamp != stamp:
                with _reaching(), files.open(name, "rb") as opened:
                    _save(path, opened.read, place)
                _remember(path, Copy(stamp=stamp))
            yield Item(locator=locator, path=str(path), stamp=stamp, hint=hint)
        except (ItemError, OSError) as error:
            told = ItemError("unreachable", f"{error}.", hint=AGAIN) if isinstance(error, OSError) else error
            if known is None:
                yield _problem(locator, told)
                continue
            # Another file of it came before: its article stays, and the next run tries anew.
            yield Item(locator=locator, path=str(path), stamp=known.stamp, hint=hint)
            yield _problem(f"{locator}#now", told)


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


def _save(path: Path, read: Callable[[int], bytes], place: Place) -> None:
    """Write a stream to its place, whole or not at all, within size and time."""
    path.parent.mkdir(parents=True, exist_ok=True)
    ends = time.monotonic() + place.limits.download_seconds
    left = place.limits.download_mib * MIB
    part = path.with_suffix(".part")
    with part.open("wb") as file:
        while piece := read(PIECE):
            left -= len(piece)
            if left < 0 or time.monotonic() > ends:
                part.unlink()
                raise ItemError("too-large", "It is larger or slower than what may be fetched.", hint=HINT)
            file.write(piece)
    part.replace(path)


def write_atomically(path: Path, data: bytes) -> None:
    """Write a small file so that it is there whole or not at all."""
    part = path.with_name(f"{path.name}.part")
    part.write_bytes(data)
    part.replace(path)


def _problem(locator: str, error: ItemError) -> Finding:
    problem = Problem(stage="find", code=error.code, message=error.message, hint=error.hint)
    return Finding(locator=locator, outcome="problem", reason=error.message, problems=(problem,))
