"""Datasette in a reader's browser: opened within Pyodide, and asked request by request.

It runs there without threads, processes or a network of its own, from the folder that
`datasette_files` packed; so it imports nothing but Datasette and the addresses of the site.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urljoin, urlsplit

from datasette.app import Datasette
from datasette.database import Database
from datasette.url_builder import Urls

from ingest.website.addresses import DATABASE, PAGE, SQL, Layout, place

# Longer than on a server: nobody else waits, and the parts of a file come one by one over the network.
SETTINGS = {
    "num_sql_threads": 0,
    "sql_time_limit_ms": 20_000,
    "facet_time_limit_ms": 3_000,
    "suggest_facets": False,
    "truncate_cells_html": 300,
    "allow_download": False,  # the file lies beside the pages
}
METHODS = ("GET", "HEAD")
# Datasette's own pages carry scripts and styles within them; nothing may come from elsewhere.
POLICY = (
    "default-src 'none'; script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data:; connect-src 'self'; font-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'self'"
)


@dataclass(frozen=True, kw_only=True)
class Room:
    """A Datasette that answers at `address`, three folders below the top of the site."""

    app: Any
    address: str

    @property
    def base(self) -> str:
        """The path below which it answers."""
        return urlsplit(self.address).path


class Addresses(Urls):  # type: ignore[misc] # Datasette has no types
    """Addresses below a base; Datasette's own put it twice before an address that has it already."""

    def path(self, path: str, format: str | None = None) -> Any:  # noqa: A002 - as Datasette calls it
        """Return a path as readers see it."""
        return super().path(str(path).removeprefix(self.ds.setting("base_url")), format)


class BasedDatasette(Datasette):  # type: ignore[misc] # as above
    """A Datasette whose links are right below a base."""

    @property
    def urls(self) -> Addresses:
        """What makes addresses."""
        return Addresses(self)


async def open_room(folder: str, database: str, address: str) -> Room:
    """Open a database, which never changes, with what was packed into a folder."""
    packed = Path(folder)
    templates = packed / "templates"
    datasette = BasedDatasette(
        metadata=json.loads((packed / "metadata.json").read_text(encoding="utf-8")),
        inspect_data=json.loads((packed / "inspect.json").read_text(encoding="utf-8")),
        plugins_dir=str(packed / "plugins"),
        template_dir=str(templates) if templates.is_dir() else None,
        settings={**SETTINGS, "base_url": urlsplit(address).path},
    )
    datasette.add_database(Database(datasette, path=database, is_mutable=False), name=DATABASE)
    await datasette.invoke_startup()
    return Room(app=datasette.app(), address=address)


async def answer(room: Room, method: str, path: str, query: str) -> tuple[int, list[tuple[str, str]], bytes]:
    """Return status, headers and body for a request; `path` and `query` are as the address has them.

    What the site has as a page of its own is shown there, so that it looks and works as everywhere.
    """
    if method not in METHODS:
        return (
            405,
            [("content-type", "text/plain; charset=utf-8")],
            b"This collection can be read, not written.\n",
        )
    inside = f"/{path.removeprefix(room.base)}"
    if inside == "/":  # the site's front page leads on from the line above
        return 302, [("location", urljoin(room.address, DATABASE))], b""
    if elsewhere := find_page(inside + ("?" if query else "") + query):
        return 302, [("location", urljoin(room.address, f"../../../{elsewhere}"))], b""
    return await _ask(room, method, path, query)


def find_page(address: str) -> str | None:
    """Return the file of the site that shows what stands at an address; None for Datasette's own pages."""
    target = place(address, Layout())
    file = urlsplit(target or "").path
    return target if file.endswith(PAGE) and file != SQL else None


async def _ask(room: Room, method: str, path: str, query: str) -> tuple[int, list[tuple[str, str]], bytes]:
    """Put one request through ASGI (https://asgi.readthedocs.io/en/latest/specs/www.html)."""
    site = urlsplit(room.address)
    status, headers, body = 500, [], bytearray()

    async def receive() -> dict[str, object]:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(event: dict[str, Any]) -> None:
        nonlocal status, headers
        if event["type"] == "http.response.start":
            status = event["status"]
            headers = [(name.decode("latin-1"), value.decode("latin-1")) for name, value in event["headers"]]
        else:
            body.extend(event.get("body", b""))

    scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": method,
        "scheme": site.scheme,
        "path": unquote(path),
        "raw_path": path.encode(),
        "query_string": query.encode(),
        "root_path": "",
        "headers": [(b"host", site.netloc.encode())],
        "server": (site.hostname, site.port or 0),
        "client": ("127.0.0.1", 0),
    }
    await room.app(scope, receive, send)
    if not any(name.lower() == "content-security-policy" for name, _ in headers):
        headers.append(("content-security-policy", POLICY))
    return status, headers, bytes(body)
