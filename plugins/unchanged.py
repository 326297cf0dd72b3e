"""Tells whoever has an article's page already that it is unchanged, without making it anew.

A page of one article follows from its address, from the files that are read, and from what this process
started with: pages, settings, other plugins. So it carries a mark of the two latter, and whoever sends
the mark back is answered 304 for as long as both are the same. Pages that search or count carry none:
under load they may say less than they could.
"""

import re
import secrets
from typing import Any

from datasette import hookimpl
from datasette.plugins import pm

PAGES = re.compile(r"/article/[0-9a-f]+(\.(bib|ris|csl\.json|txt))?")
# A browser asks each time, so that an ingest shows at once; a cache before the site, once a minute.
KEPT = b"max-age=0, s-maxage=60"
# With these an answer is one person's own, of which Datasette says that nobody may keep it.
PERSONAL = {b"authorization", b"cookie"}
FOUND, UNCHANGED = 200, 304
STARTED = secrets.token_hex(8)
GIVEN = re.compile(rb'"([\w-]+)"')


def mark(datasette: Any) -> bytes:
    """Return what changes when the files do, or when the site is started anew."""
    states = getattr(datasette, "room_states", None)
    return f"{STARTED}-{states.number if states else 0}".encode()


def is_page(datasette: Any, scope: Any) -> bool:
    """Tell whether a page of one article is asked for, or a citation of it."""
    path = pm.get_plugin("guard_requests.py").path_of(scope, datasette.setting("base_url"))
    return PAGES.fullmatch(path) is not None


@hookimpl(tryfirst=True)
def asgi_wrapper(datasette: Any) -> Any:
    """Stand within what keeps to one state of the files, so that a mark is that of the state shown."""

    def wrap(app: Any) -> Any:
        async def wrapped(scope: Any, receive: Any, send: Any) -> None:
            sent = dict(scope.get("headers", ()))
            if scope["type"] != "http" or sent.keys() & PERSONAL or not is_page(datasette, scope):
                await app(scope, receive, send)
                return
            now = mark(datasette)
            headers = [(b"etag", b'W/"' + now + b'"'), (b"cache-control", KEPT)]
            if now in GIVEN.findall(sent.get(b"if-none-match", b"")):
                headers.append((b"vary", b"Cookie, Authorization"))
                await send({"type": "http.response.start", "status": UNCHANGED, "headers": headers})
                await send({"type": "http.response.body", "body": b""})
                return

            async def marking(event: Any) -> None:
                if event["type"] == "http.response.start" and event["status"] == FOUND:
                    given = list(event.get("headers", ()))
                    # What Datasette or another plugin says of keeping a page goes before.
                    if not {name.lower() for name, _ in given} & {b"cache-control", b"set-cookie", b"etag"}:
                        event = {**event, "headers": given + headers}
                await send(event)

            await app(scope, receive, marking)

        return wrapped

    return wrap
