"""What all pages share: templates, styles, dates in words, charts, and the menu."""

import hashlib
import mimetypes
import re
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from textwrap import dedent
from typing import Any
from urllib.parse import unquote, urlencode

from datasette import Response, hookimpl
from datasette.database import QueryInterrupted
from jinja2 import ChoiceLoader, Environment, FileSystemLoader
from markupsafe import Markup, escape

HERE = Path(__file__).parent
STATIC = {path.name: path for path in (HERE / "static").iterdir() if path.is_file()}
VERSION = hashlib.sha256(b"".join(STATIC[name].read_bytes() for name in sorted(STATIC))).hexdigest()[:8]
MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
KINDS = {
    "PERSON": ("person", "People"),
    "ORG": ("organisation", "Organisations"),
    "GPE": ("place", "Places"),
    "LOC": ("place", "Places"),
    "FAC": ("place", "Places"),
    "NORP": ("group", "Nationalities and groups"),
}
OTHER = ("other name", "Other names")
NOT_FOUND = 404
YEAR, MONTH, DAY = 4, 7, 10
MONTHS_A_YEAR = 12
MOST_BARS = 350
LONGEST_NUMBER = 5
WEB = re.compile(r"https?://[^\s\\]", re.IGNORECASE)
LABEL = re.compile(r"\d{4}(?:-(?:0[1-9]|1[0-2])(?:-(?:0[1-9]|[12]\d|3[01]))?)?", re.ASCII)
CALENDAR = re.compile(r"\d{4}(?:-(?:0[1-9]|1[0-2])(?:-\d\d(?:T(?P<time>\S+))?)?)?")
SEASONS = {"SP": "spring", "SU": "summer", "FA": "autumn", "WI": "winter"}
Say = Callable[[re.Match[str]], str]
# How the other forms of TIMEX3 are read out: decades, centuries, parts of a year, years not known.
SPANS: tuple[tuple[re.Pattern[str], Say], ...] = (
    (re.compile(r"(\d{3})X?"), lambda found: f"{found[1]}0s"),
    (re.compile(r"(\d{2})(?:XX)?"), lambda found: f"{_ordinal(int(found[1]) + 1)} century"),
    (re.compile(r"(\d{4})-W0?(\d+)"), lambda found: f"week {found[2]} of {found[1]}"),
    (re.compile(r"(\d{4})-W0?(\d+)-WE"), lambda found: f"weekend of week {found[2]} of {found[1]}"),
    (re.compile(r"(\d{4})-Q(\d)"), lambda found: f"{_ordinal(int(found[2]))} quarter of {found[1]}"),
    (re.compile(r"(\d{4})-H(\d)"), lambda found: f"{_ordinal(int(found[2]))} half of {found[1]}"),
    (re.compile(r"(\d{4})-(SP|SU|FA|WI)"), lambda found: f"{SEASONS[found[2]]} {found[1]}"),
    (re.compile(r"BC0*(\d+)"), lambda found: f"{found[1]} BC"),
    (re.compile(r"FY(\d{4})"), lambda found: f"fiscal {found[1]}"),
    (re.compile(r"XXXX-(0[1-9]|1[0-2])"), lambda found: MONTHS[int(found[1]) - 1]),
    (
        re.compile(r"XXXX-(0[1-9]|1[0-2])-(\d\d)"),
        lambda found: f"{int(found[2])} {MONTHS[int(found[1]) - 1]}",
    ),
)
DAYPARTS = {"MO": "morning", "MI": "midday", "AF": "afternoon", "EV": "evening", "NI": "night"}
OUR_FILES = "/-/room/"
POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self' data:; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'self'"
)
SAFE_HEADERS = (
    (b"content-security-policy", POLICY.encode()),
    (b"referrer-policy", b"strict-origin-when-cross-origin"),
    (b"x-content-type-options", b"nosniff"),
)


@hookimpl
def prepare_jinja2_environment(env: Environment) -> None:
    """Put this folder's templates before Datasette's, and give them our words."""
    templates = FileSystemLoader(str(HERE / "templates"))
    env.loader = ChoiceLoader([templates, env.loader] if env.loader else [templates])
    env.filters["when"] = date_in_words
    env.filters["continuous"] = continuous
    env.filters["has_gaps"] = has_gaps
    env.filters["web_address"] = web_address
    env.filters["highlighted"] = highlight
    env.filters["kind"] = lambda kind: KINDS.get(kind, OTHER)[0]
    env.filters["thousands"] = lambda number: f"{number or 0:,}"


@hookimpl
def extra_template_vars(datasette: Any) -> Any:
    """Tell every template where the styles are and what the collection is called."""

    async def tell() -> dict[str, object]:
        metadata = await stated_metadata(datasette)
        return {
            "room_title": title_in(metadata),
            "room_description": metadata.get("description") or "",
            "room_sql": partial(sql_address, datasette),
            "room_static": lambda name: datasette.urls.path(f"/-/room/{name}?v={VERSION}"),
            "room_database": collection(datasette).name,
            # The page of a database would tell of the temporary tables of our search as one to join with.
            **({} if datasette.crossdb else {"attached_databases": []}),
        }

    return tell


@hookimpl
def extra_css_urls(datasette: Any) -> list[str]:
    """Give Datasette's own pages the same colours and letters."""
    return [datasette.urls.path(f"/-/room/datasette.css?v={VERSION}")]


@hookimpl
def extra_js_urls(datasette: Any) -> list[dict[str, Any]]:
    """Tell screen readers what Datasette's own pages leave unsaid."""
    return [{"url": datasette.urls.path(f"/-/room/datasette.js?v={VERSION}"), "module": True}]


@hookimpl
def menu_links(datasette: Any) -> list[dict[str, str]]:
    """Lead from Datasette's own pages back into the reading room."""
    return [
        {"href": datasette.urls.path("/search"), "label": "Search"},
        {"href": datasette.urls.path("/entities"), "label": "Names"},
        {"href": datasette.urls.path("/timeline"), "label": "Timeline"},
        {"href": datasette.urls.path("/map"), "label": "Map"},
        {"href": datasette.urls.path("/company"), "label": "Named together"},
    ]


@hookimpl(tryfirst=True)
def handle_exception(datasette: Any, request: Any, exception: Exception) -> Any:
    """Answer what is not there with a page of ours that leads on; other errors are Datasette's."""

    async def answer() -> Response | None:
        if getattr(exception, "status", 500) != NOT_FOUND or request.path.endswith(".json"):
            return None
        # Ours are sentences; Datasette's, such as "Database not found", are no words for readers.
        said = str(exception)
        context = {"message": said if said.endswith(".") else "There is no such page."}
        page = await datasette.render_template("room_missing.html", context, request=request)
        return Response.html(page, status=NOT_FOUND)

    return answer


@hookimpl
def register_routes() -> list[tuple[str, Any]]:
    """Serve the styles."""
    return [(r"^/-/room/(?P<name>[\w.-]+)$", static_file)]


@hookimpl
def asgi_wrapper(datasette: Any) -> Any:
    """Forbid scripts and anything from elsewhere on our pages, whatever an article contains."""

    def wrap(app: Any) -> Any:
        async def wrapped(scope: Any, receive: Any, send: Any) -> None:
            async def send_safely(event: Any) -> None:
                if event["type"] == "http.response.start":
                    event = {**event, "headers": [*event.get("headers", ()), *SAFE_HEADERS]}
                await send(event)

            path = scope.get("path", "").removeprefix(datasette.setting("base_url").rstrip("/"))
            first = path.split("/")[1] if "/" in path else ""
            theirs = path.startswith("/-/") or re.split(r"[.;]", first)[0] in datasette.databases
            ours = scope["type"] == "http" and (not theirs or path.startswith(OUR_FILES))
            await app(scope, receive, send_safely if ours else send)

        return wrapped

    return wrap


async def static_file(request: Any) -> Response:
    """Return one of the files in `static`, to be kept by the browser."""
    path = STATIC.get(request.url_vars["name"])
    if path is None:
        return Response.text("Not found", status=404)
    kind = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    headers = {"cache-control": "public, max-age=31536000, immutable"}
    return Response(path.read_bytes(), content_type=f"{kind}; charset=utf-8", headers=headers)


async def room_title(datasette: Any) -> str:
    """Return what the collection is called."""
    return title_in(await stated_metadata(datasette))


def title_in(metadata: dict[str, Any]) -> str:
    """Return what metadata.yml calls the collection; `title: 1984` is a number there."""
    return str(metadata.get("title") or "Reading room")


async def stated_metadata(datasette: Any) -> dict[str, Any]:
    """Return what metadata.yml says of the whole collection."""
    if hasattr(datasette, "get_instance_metadata"):  # Datasette 1.0
        return dict(await datasette.get_instance_metadata())
    return dict(datasette.metadata())


def collection(datasette: Any) -> Any:
    """Return the collection's database, whatever else is served beside it."""
    return datasette.get_database("collection" if "collection" in datasette.databases else None)


def sql_address(
    datasette: Any, sql: str, values: Mapping[str, object] | None = None, ending: str = ""
) -> str:
    """Return the address of Datasette's SQL page with a query and the values of its parameters.

    With an `ending` such as `.json`, that of its rows in another format.
    """
    name = collection(datasette).name
    path = datasette.urls.database(name) + ("/-/query" if hasattr(datasette.urls, "database_query") else "")
    asked = {name: value for name, value in dict(values or {}).items() if re.search(rf":{name}\b", sql)}
    return f"{path}{ending}?{urlencode({'sql': dedent(sql).strip(), **asked})}"


def web_address(stated: str | None) -> str:
    """Return an address that a link may lead to; nothing where it is none of the web, such as a script."""
    return stated if stated and WEB.match(stated) else ""


def read_number(text: str | None, otherwise: int) -> int:
    """Return the number above zero that an address asks for, such as a page; the other where it is none."""
    text = text or ""
    if text.isascii() and text.isdecimal() and len(text) < LONGEST_NUMBER and int(text):
        return int(text)
    return otherwise


def named(request: Any) -> str:
    """Return the key of the name whose page is asked for: `bj%C3%B8rn` in an address is `bjørn`."""
    return unquote(request.url_vars["key"])


async def ask(datasette: Any, sql: str, known: dict[str, Any]) -> list[Any] | None:
    """Return rows of the collection; None when they are not found within Datasette's limit of time."""
    database = collection(datasette)
    try:
        return list((await database.execute(sql, known)).rows)
    except QueryInterrupted:
        return None


def as_data(datasette: Any, sql: str, known: dict[str, Any]) -> dict[str, str]:
    """Return the addresses where Datasette gives a query's rows, by format."""
    return {
        "JSON": sql_address(datasette, sql, known, ".json") + "&_shape=array",
        "CSV": sql_address(datasette, sql, known, ".csv"),
        "SQL": sql_address(datasette, sql, known),
    }


def date_in_words(value: str | None) -> str:
    """Return `1961-04-12` as `12 April 1961`; a month stays a month and a year a year.

    What the texts speak of may also be a decade, a century, a week, a quarter or a season. A year of
    fewer than four digits says that it is one: `0079` is `AD 79`.
    """
    if not value:
        return "undated"
    if not (calendar := CALENDAR.fullmatch(value)):
        return next((say(found) for form, say in SPANS if (found := form.fullmatch(value))), value)
    year = value[:YEAR] if value[0] != "0" else f"AD {int(value[:YEAR])}"
    if len(value) == YEAR:
        return year
    month = MONTHS[int(value[5:MONTH]) - 1]
    if len(value) == MONTH:
        return f"{month} {year}"
    time = calendar["time"] or ""
    part = DAYPARTS.get(time) or (time[:5] if time[:1].isdigit() and ":" in time else "")
    return f"{int(value[8:DAY])} {month} {year}{f', {part}' if part else ''}"


def _ordinal(number: int) -> str:
    """Return a number as a rank: `1st`, `12th`, `23rd`."""
    tens = number // 10 % 10
    return f"{number}{'th' if tens == 1 else {1: 'st', 2: 'nd', 3: 'rd'}.get(number % 10, 'th')}"


def continuous(rows: Sequence[Any]) -> list[dict[str, Any]]:
    """Return a point for each year or month from the first row's to the last's, of count 0 between.

    `share` is the count over the largest. Beyond so many that they could not be told apart, and for
    days, only the rows themselves.
    """
    counts = {str(row["label"]).zfill(YEAR): row["count"] for row in rows}
    found = {label: count for label, count in counts.items() if LABEL.fullmatch(label)}
    if not any(found.values()):
        return []
    size = len(next(iter(found)))
    monthly = size == MONTH
    first, last = (_months(label) for label in (min(found), max(found)))
    step = 1 if monthly else MONTHS_A_YEAR
    labels = sorted(found)
    if size < DAY and (last - first) // step <= MOST_BARS:
        labels = [
            f"{number // MONTHS_A_YEAR:04}" + (f"-{number % MONTHS_A_YEAR + 1:02}" if monthly else "")
            for number in range(first, last + 1, step)
        ]
    most = max(found.values())
    return [
        {"label": label, "count": found.get(label, 0), "share": found.get(label, 0) / most}
        for label in labels
    ]


def has_gaps(points: Sequence[Any]) -> bool:
    """Tell whether years or months between the points of a chart are left out, so that it is no scale."""
    labels = [point["label"] for point in points]
    step = MONTHS_A_YEAR if len(labels[0]) == YEAR else 1
    return len(labels[0]) < DAY and (_months(labels[-1]) - _months(labels[0])) // step >= len(labels)


def _months(label: str) -> int:
    """Return a year or month as a number of months."""
    return int(label[:YEAR]) * MONTHS_A_YEAR + (int(label[5:MONTH]) - 1 if len(label) == MONTH else 0)


def highlight(snippet: str | None) -> Markup:
    """Return a search snippet with its hits marked; anything else in it is plain text."""
    marked = str(escape(snippet or "")).replace("\x02", "<mark>").replace("\x03", "</mark>")
    return Markup(marked)  # noqa: S704 - escaped in the line above
