"""Refuses what no reader sends, closes what tells of the machine, and adds the headers that are missing."""

import asyncio
import errno
import re
import sys
import time
import traceback
from collections.abc import Awaitable, Callable
from contextlib import asynccontextmanager
from importlib import import_module
from types import SimpleNamespace
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from datasette import Response, hookimpl
from datasette.database import QueryInterrupted
from datasette.plugins import pm
from datasette.utils.asgi import Base400
from datasette.views.base import DatasetteError

METHODS = ("GET", "HEAD", "OPTIONS")
# Harvesters may ask by POST; it is read as an address is.
POSTED, LONGEST_BODY = "/oai", 4000
LONGEST_PATH = 1000
LONGEST_QUERY = 60_000
MOST_ARGUMENTS = 100
LONGEST_SQL = 10_000
LONGEST_NUMBER = 12
# Seconds: a cache before the site must not show for longer what is taken down.
LONGEST_KEPT = 300
MOST_FACETS = 10
MOST_CONDITIONS = 10
# Answers that are being made or sent at once, each of some megabytes at most.
MOST_OPEN = 12
LONGEST_SENDING = 30.0
# Pages of ours that ask by a key alone, or nothing at all; all others take turns.
QUICK = re.compile(r"/|/article/[0-9a-f]+(\.[\w.]+)?|/-/room/.*|/robots\.txt|/opensearch\.xml")
NUMBERS = ("_size", "_ttl", "_timelimit", "_facet_size")
SPECIAL_NUMBERS = ("max", "")
TOO_MANY, UNAVAILABLE = 429, 503
RETRY_AFTER = {TOO_MANY: "5", UNAVAILABLE: "30"}  # seconds
LATE = "This page took too long to put together. Please ask for less, or try again later."
BUSY = "Many queries are running just now. Please try again in a few seconds."
INTERNALS = re.compile(
    r"/-/(actor|allow-debug|allowed|auth-token|check|config|create-token|databases|jump|logout|messages"
    r"|metadata|patterns|permissions|plugins|rules|settings|threads|tokens|versions)(\.\w+|/.*)?"
)
# Datasette can say in JSON what a database holds, not as a table.
WHOLE_AS_TABLE = re.compile(r"/[^/.]+\.csv")
DOWNLOAD = re.compile(r"/[^/.]+\.db")
# Datasette's own pages carry scripts and styles within them; nothing may come from elsewhere.
POLICY = (
    "default-src 'none'; script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data:; connect-src 'self'; font-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'self'"
)
HEADERS = (
    (b"content-security-policy", POLICY.encode()),
    (b"permissions-policy", b"camera=(), geolocation=(), microphone=(), payment=(), usb=()"),
    (b"referrer-policy", b"strict-origin-when-cross-origin"),
    (b"x-content-type-options", b"nosniff"),
)
HANDLER = "datasette.handle_exception"
# By this address machines ask whether the site is well, and give up after a few seconds.
HEALTH = ("/search.json", b"size=1")
# What Datasette says with 500 of a column that a table does not have, and of two orders at once.
UNSORTED = ("Cannot sort table by ", "Cannot use _sort ")
# What it raises where it takes a part of an address for JSON or a number, and it is another.
MISREAD = (ArithmeticError, AssertionError, AttributeError, LookupError, TypeError, ValueError)
# What a disk says of an address that it takes for a file within a file, or with too long a name.
NO_FILE = (errno.ENOTDIR, errno.ENAMETOOLONG)
MISSING = "There is no such page."
UNREAD = "What stands after the question mark cannot be understood."
# A name or an address, and a port; nothing else names a site.
HOST = re.compile(r"([\w.-]*|\[[0-9A-Fa-f:.]+\])(:\d{1,5})?", re.ASCII)
LONGEST_HOST = 255
Send = Callable[[Any], Awaitable[None]]


@hookimpl(trylast=True)
def asgi_wrapper(datasette: Any) -> Any:
    """Stand around everything else: look at each request before, and at the headers after."""

    def wrap(app: Any) -> Any:
        routes = plugin_routes(datasette)
        open_now: list[str] = []
        # One thread of Datasette's stays free for the quick pages.
        places = asyncio.Semaphore(max(1, datasette.setting("num_sql_threads") - 1))

        async def guarded(scope: Any, receive: Any, send: Send) -> None:
            if scope["type"] != "http":
                await app(scope, receive, send)
                return
            safely = sending(send)
            scope = without_unread_cookies(scope)
            path = path_of(scope, datasette.setting("base_url"))
            refused = refuse(scope, path)
            ours = refused is None and any(route.match(path) for route in routes)
            if refused is None and not ours:
                refused = refuse_whole(scope, path)
            if ours:
                quick = bool(QUICK.fullmatch(path)) or (path, scope.get("query_string")) == HEALTH
                async with in_turn(places, quick=quick) as turn:
                    await app({**scope, "turn": turn}, receive, ending(turn, safely))
            elif refused is None and len(open_now) >= MOST_OPEN:
                await refusal(path, TOO_MANY, BUSY).asgi_send(safely)
            elif refused is None:
                # A download may last, and is no load; what else is not taken in time is given up.
                holder = open_now if not DOWNLOAD.fullmatch(path) else []
                async with stranger(datasette, holder, path):
                    await app(scope, receive, safely)
            else:
                await refusal(path, *refused).asgi_send(safely)

        return guarded

    return wrap


@hookimpl
def startup() -> None:
    """Let an error be told in the plain way: with `rich`, every typing mistake takes seconds to draw.

    What strangers can bring about at will is told to them, not to the log.
    """
    vars(import_module(HANDLER)).update(rich=None, traceback=SimpleNamespace(print_exc=print_unexpected))


def print_unexpected() -> None:
    """Print where an error came from, unless a page ran out of time or an address was no good."""
    error = sys.exception()
    if not isinstance(error, QueryInterrupted) and UNREAD not in getattr(error, "__notes__", ()):
        traceback.print_exc()


@hookimpl
def handle_exception(request: Any, exception: Exception) -> Any:
    """Say so where a page of ours ran out of time, and whether to ask for less or to come again.

    Where nothing was asked for but the page, as just after a restart, a crawler may come again, and so
    may a harvester, who cannot ask for less: 503 with a time is what the protocol has for it.
    """
    if (status := getattr(exception, "status", None)) in RETRY_AFTER:
        return refusal(request.path, status, str(exception))
    if str(exception).startswith(UNSORTED):
        return refusal(request.path, 400, f"{exception}.")
    if isinstance(exception, OSError) and exception.errno in NO_FILE:
        exception.add_note(UNREAD)  # Datasette is asked as well, and would print it
        return refusal(request.path, 404, MISSING)
    if request.path.endswith(".csv") and isinstance(exception, DatasetteError | Base400):
        # Who takes a table away is mostly a program, and no page of HTML helps it.
        return refusal(request.path, exception.status, str(exception))
    guard = pm.get_plugin("guard.py")
    if request.query_string and guard.DEADLINE.get() is not None and isinstance(exception, MISREAD):
        exception.add_note(UNREAD)  # Datasette is asked as well, and would print it
        return refusal(request.path, 400, UNREAD)
    if not isinstance(exception, QueryInterrupted):
        return None
    asked = request.query_string and not request.path.endswith(POSTED)
    return refusal(request.path, 400 if asked else UNAVAILABLE, LATE)


@asynccontextmanager
async def stranger(datasette: Any, open_now: list[str], path: str) -> Any:
    """Hold that a stranger's request is answered, until it is over or has lasted too long."""
    guard = pm.get_plugin("guard.py")
    token = guard.DEADLINE.set(time.monotonic() + guard.PATIENCE * datasette.sql_time_limit_ms / 1000)
    taken_away = guard.TAKEN_AWAY.set(path.endswith(".csv"))
    open_now.append(path)
    try:
        async with asyncio.timeout(None if DOWNLOAD.fullmatch(path) else LONGEST_SENDING):
            yield
    except TimeoutError:
        return  # the connection is closed with what was sent
    finally:
        open_now.remove(path)
        guard.TAKEN_AWAY.reset(taken_away)
        guard.DEADLINE.reset(token)


@asynccontextmanager
async def in_turn(places: asyncio.Semaphore, *, quick: bool) -> Any:
    """Hold that a page of ours takes its turn at one of these places; a quick one does not wait for it."""
    guard = pm.get_plugin("guard.py")
    turn = guard.Turn(places, quick=quick)
    token = guard.TURN.set(turn)
    try:
        yield turn
    finally:
        turn.end()
        guard.TURN.reset(token)


def ending(turn: Any, send: Send) -> Send:
    """Return a `send` that ends a turn as soon as there is an answer."""

    async def sent(event: Any) -> None:
        turn.end()
        await send(event)

    return sent


def plugin_routes(datasette: Any) -> list[re.Pattern[str]]:
    """Return the patterns of all plugins' pages, which Datasette asks before its own."""
    found = (each for routes in pm.hook.register_routes(datasette=datasette) for each in routes or ())
    return [re.compile(route[0]) for route in found]


def path_of(scope: Any, base: str) -> str:
    """Return the path as Datasette routes it: as it was sent, without what comes before all paths."""
    raw = scope.get("raw_path")
    path: str = raw.decode("latin-1").partition("?")[0] if raw else scope["path"]
    return "/" + path.removeprefix(base) if base != "/" and path.startswith(base) else path


def refuse(scope: Any, path: str) -> tuple[int, str] | None:
    """Return a status and a sentence for a request that is not answered; None for all others."""
    query = scope.get("query_string", b"")
    if scope["method"] not in METHODS and not is_harvester(scope, path):
        return 405, "This site can be read, not written: only GET and HEAD are answered."
    if len(path) > LONGEST_PATH or not path.isascii() or not path.isprintable():
        return 400, f"This address is not one of this site: a path has at most {LONGEST_PATH:,} characters."
    if not all(names_site(value) for name, value in scope["headers"] if name == b"host"):
        return 400, "The name that this site was asked for by cannot be one."
    if INTERNALS.fullmatch(path):
        return 404, MISSING
    if len(query) > LONGEST_QUERY:
        return 400, f"The address is too long: after the question mark stand at most {LONGEST_QUERY:,} bytes."
    if query.count(b"&") >= MOST_ARGUMENTS:
        return 400, f"The address has too many parts: at most {MOST_ARGUMENTS} are answered."
    return refuse_arguments(arguments_of(scope))


def names_site(host: bytes) -> bool:
    """Tell whether a site may be called so; Datasette puts it into addresses."""
    name = host.decode("latin-1")
    try:
        urlsplit(f"http://{name}")
    except ValueError:  # no address of the sixth kind
        return False
    return len(name) <= LONGEST_HOST and HOST.fullmatch(name) is not None


def without_unread_cookies(scope: Any) -> Any:
    """Return a request without cookies that Datasette cannot read; no page of ours needs any."""
    kept = [(name, value) for name, value in scope["headers"] if name != b"cookie" or value.isascii()]
    return {**scope, "headers": kept}


def arguments_of(scope: Any) -> list[tuple[str, str]]:
    """Return what an address asks for behind the question mark."""
    return parse_qsl(scope.get("query_string", b"").decode("latin-1"), keep_blank_values=True)


def refuse_whole(scope: Any, path: str) -> tuple[int, str] | None:
    """Return a status and a sentence where Datasette is asked for all tables as one; None for all others."""
    if WHOLE_AS_TABLE.fullmatch(path) and not dict(arguments_of(scope)).get("sql"):
        return 400, "Name a table, as in /collection/articles.csv, or ask SQL: /collection.csv?sql=select …"
    return None


def is_harvester(scope: Any, path: str) -> bool:
    """Tell a harvester that asks by POST, in so few words as an address would take."""
    lengths = [value for name, value in scope["headers"] if name == b"content-length"]
    stated = [int(length) for length in lengths if length.isdigit() and len(length) <= LONGEST_NUMBER]
    return scope["method"] == "POST" and path == POSTED and len(stated) == 1 and stated[0] <= LONGEST_BODY


def refuse_arguments(arguments: list[tuple[str, str]]) -> tuple[int, str] | None:
    """Return a status and a sentence for what no page of Datasette's should have to bear."""
    if sum(name.startswith("_facet") and name != "_facet_size" for name, _ in arguments) > MOST_FACETS:
        return 400, f"At most {MOST_FACETS} facets are counted at once."
    if sum(name == "_where" for name, _ in arguments) > MOST_CONDITIONS:
        return 400, f"At most {MOST_CONDITIONS} conditions _where are answered at once."
    for name, value in arguments:
        number = value.isascii() and value.isdigit() and len(value) <= LONGEST_NUMBER
        special = name != "_timelimit" and value in SPECIAL_NUMBERS
        if name in NUMBERS and not special and not number:
            return 400, f"{name} is a number, such as {name}=20."
        if name == "_ttl" and number and int(value) > LONGEST_KEPT:
            return 400, f"A page is kept for {LONGEST_KEPT} seconds at most, so _ttl is no more than that."
        if name in {"sql", "_where"} and len(value) > LONGEST_SQL:
            return 400, f"The SQL is too long: at most {LONGEST_SQL:,} characters are answered."
        # Datasette looks for the first word behind comments and spaces in a way that may take for ever.
        if name == "sql" and first_word(value).startswith("/*"):
            return 400, "Begin the statement with select or with; a comment may follow."
    return None


def first_word(sql: str) -> str:
    """Return the statement without the lines of comment at its head, as Datasette leaves them out."""
    return "\n".join(line for line in sql.split("\n") if not line.strip().startswith("--")).strip()


def refusal(path: str, status: int, sentence: str) -> Response:
    """Return an answer that says why there is no other, and when to come again where that helps."""
    headers = {"Retry-After": RETRY_AFTER[status]} if status in RETRY_AFTER else {}
    if path.endswith(".json"):
        told = {"ok": False, "error": sentence, "status": status}
        return Response.json(told, status=status, headers=headers)
    return Response.text(sentence + "\n", status=status, headers=headers)


def sending(send: Send) -> Send:
    """Return a `send` that adds the headers an answer lacks."""

    async def safely(event: Any) -> None:
        if event["type"] == "http.response.start":
            given = list(event.get("headers", ()))
            names = {name.lower() for name, _ in given}
            event = {**event, "headers": given + [each for each in HEADERS if each[0] not in names]}
        await send(event)

    return safely
