"""Harvesting by OAI-PMH 2.0: the catalogue as Dublin Core, for libraries and aggregators.

A record's datestamp is the moment when the file came to where it is read, and never before the collection
was built, as `runs` has it: a build makes all records anew, and the file does not know since when each of
them says what it says. So a harvester that asks for what is new since it came last gets all records or
none, and never misses a change, though hours lie between a build and its way to the server. An article
that was taken down is a deleted record. Of which set it was is not known any more, so every set tells it:
whoever harvests one learns what to delete, and at worst of a record that was never there.
"""

import re
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote
from xml.etree import ElementTree as ET

from datasette import NotFound, Response, hookimpl
from datasette.plugins import pm

OAI = "http://www.openarchives.org/OAI/2.0/"
OAI_DC = "http://www.openarchives.org/OAI/2.0/oai_dc/"
DC = "http://purl.org/dc/elements/1.1/"
XSI = "http://www.w3.org/2001/XMLSchema-instance"
PREFIX = "oai_dc"
MOMENT = "%Y-%m-%dT%H:%M:%SZ"
SCHEMAS = {OAI: "http://www.openarchives.org/OAI/2.0/OAI-PMH.xsd"}
SCHEMAS[OAI_DC] = "http://www.openarchives.org/OAI/2.0/oai_dc.xsd"
PAGE, PAGE_OF_SETS = 100, 500
KEY = re.compile(r"[0-9a-f]{1,64}")
RESTRICTED = {
    "excerpt": "Only an excerpt of the text may be shown.",
    "metadata": "Only catalogue data may be shown.",
}
COLUMNS = """
    articles.key, title, description, published, sources.name as source, sources.key as source_key, section,
    language, url, articles.rights, 0 as gone from articles left join sources on sources.id = source_id
"""
ONE = f"select {COLUMNS} where articles.key = :key"
PAGE_OF_ALL = f"select {COLUMNS} where articles.key > :after order by articles.key limit :limit"
# A publication with a large share is met often enough on a walk through all keys; the articles of
# a small one are sorted. The plus signs say which of both, so that no page costs more than about
# the square root of all articles times that of a page.
OF_LARGE = f"""
    select {COLUMNS} where +source_id = :source and articles.key > :after order by articles.key limit :limit
"""
OF_SMALL = f"""
    select {COLUMNS} where source_id = :source and +articles.key > :after order by +articles.key limit :limit
"""
SETS = "select key, name from sources where key > :after order by key limit :limit"
SET = "select id, article_count from sources where key = :key"
COUNT = "select (select count(*) from articles), (select count(*) from tombstones)"
GONE = "select key, null as source_key, 1 as gone from tombstones"
ONE_GONE = f"{GONE} where key = :key"
PAGE_OF_GONE = f"{GONE} where key > :after order by key limit :limit"
BUILT = "select built from runs order by id desc limit 1"


@dataclass(frozen=True, kw_only=True)
class Repository:
    """What every answer speaks of: the collection, its address, its curator and since when it is here."""

    database: Any
    datasette: Any
    request: Any
    address: str
    contact: str
    since: str

    def identifier(self, key: str) -> str:
        """Return the identifier of an article's record."""
        host = re.sub(r":\d*$", "", self.request.host or "")
        return f"oai:{quote(host, safe='') or 'localhost'}:{key}"

    async def one(self, sql: str, **known: object) -> Any:
        """Return the first row of a query, or nothing."""
        return (await self.database.execute(sql, known)).first()

    async def rows(self, sql: str, **known: object) -> Sequence[Any]:
        """Return the rows of a query."""
        rows: Sequence[Any] = (await self.database.execute(sql, known)).rows
        return rows


@hookimpl
def register_routes() -> list[tuple[str, Any]]:
    """Serve harvesters."""
    return [(r"^/oai$", answer)]


@hookimpl
def skip_csrf(scope: Any) -> bool:
    """Let harvesters ask by POST, as the protocol allows; nothing here changes anything."""
    return bool(scope["type"] == "http" and scope["path"].endswith("/oai"))


def part(name: str) -> Any:
    """Return another file of these plugins."""
    return pm.get_plugin(f"{name}.py")


def refuse(code: str, message: str) -> Exception:
    """Return the error that is answered with a code of the protocol."""
    error: Exception = part("oai_requests").ProtocolError(code, message)
    return error


async def answer(datasette: Any, request: Any) -> Response:
    """Return the answer to a harvester's request; it is never a failure of HTTP."""
    # Before anything is read: what takes its place meanwhile is newer than this answer.
    answered = datetime.now(UTC)
    stated = await _asked(request)  # first, since a body may come slowly, and the database is for all
    repository = await _open(datasette, request)
    root = ET.Element("OAI-PMH", {"xmlns": OAI, "xmlns:xsi": XSI, "xsi:schemaLocation": _schema(OAI)})
    add(root, "responseDate", answered.strftime(MOMENT))
    asked = add(root, "request", repository.address)
    requests = part("oai_requests")
    try:
        arguments = requests.read_arguments(stated)
        asked.attrib.update({name: _text(value) for name, value in arguments.items()})
        root.append(await ANSWERS[arguments["verb"]](repository, arguments))
    except requests.ProtocolError as error:
        if error.code in {"badVerb", "badArgument"}:
            asked.attrib.clear()  # the protocol does not repeat what it cannot understand
        add(root, "error", str(error), code=error.code)
    body = ET.tostring(root, encoding="unicode")
    return Response(
        f'<?xml version="1.0" encoding="UTF-8"?>\n{body}\n', content_type="text/xml; charset=utf-8"
    )


async def _open(datasette: Any, request: Any) -> Repository:
    contact = (datasette.plugin_config("readingroom") or {}).get("contact")
    if not contact:
        message = (
            "This collection is not open to harvesters yet. Its owner can open it by an address for their"
            " questions: `contact: you@example.org` under `readingroom` in metadata.yml."
        )
        raise NotFound(message)
    database = part("layout").collection(datasette)
    row = (await database.execute(BUILT)).first()
    moment = datetime.fromisoformat(row["built"]).astimezone(UTC)
    shown = datetime.fromtimestamp(getattr(datasette, "shown_since", 0), UTC)
    return Repository(
        database=database,
        datasette=datasette,
        request=request,
        address=datasette.absolute_url(request, datasette.urls.path("/oai")),
        contact=str(contact),
        since=max(moment, came(database.path), shown).strftime(MOMENT),
    )


def came(path: str | None) -> datetime:
    """Return when a file came to where it lies; long ago where nothing tells.

    It is when its place was last changed: whatever puts a file there, a copy or a rename, sets that time,
    and may keep all others.
    """
    with suppress(OSError):
        if path:
            return datetime.fromtimestamp(Path(path).stat().st_ctime, UTC)
    return datetime.min.replace(tzinfo=UTC)


async def _asked(request: Any) -> str:
    """Return the arguments of a request, from its address or its body."""
    if request.method != "POST":
        return str(request.query_string)
    body, more = b"", True
    while more and len(body) <= part("oai_requests").LONGEST_REQUEST:
        event = await request.receive()
        body += event.get("body", b"")
        more = event.get("more_body", False)
    return body.decode("utf-8", "replace")


async def identify(repository: Repository, _: dict[str, str]) -> ET.Element:
    """Return what the repository is."""
    title = await part("layout").room_title(repository.datasette)
    said = ET.Element("Identify")
    add(said, "repositoryName", title)
    add(said, "baseURL", repository.address)
    add(said, "protocolVersion", "2.0")
    add(said, "adminEmail", repository.contact)
    add(said, "earliestDatestamp", repository.since)
    # Takedowns are told as long as the curator lists them; a file that is gone leaves no trace.
    add(said, "deletedRecord", "transient")
    add(said, "granularity", "YYYY-MM-DDThh:mm:ssZ")
    return said


async def list_formats(repository: Repository, arguments: dict[str, str]) -> ET.Element:
    """Return the one format there is, of all records or of one."""
    if "identifier" in arguments:
        await _find(repository, arguments["identifier"])
    said = ET.Element("ListMetadataFormats")
    form = add(said, "metadataFormat")
    add(form, "metadataPrefix", PREFIX)
    add(form, "schema", SCHEMAS[OAI_DC])
    add(form, "metadataNamespace", OAI_DC)
    return said


async def list_sets(repository: Repository, arguments: dict[str, str]) -> ET.Element:
    """Return the publications."""
    listing = part("oai_requests").read_listing(arguments)
    rows = await repository.rows(SETS, after=listing.after, limit=PAGE_OF_SETS + 1)
    if not rows:
        if listing.after:
            raise refuse("badResumptionToken", "Nothing follows this token.")
        raise refuse("noSetHierarchy", "No article here is of a known publication.")
    said = ET.Element("ListSets")
    for row in rows[:PAGE_OF_SETS]:
        one = add(said, "set")
        add(one, "setSpec", set_spec(row["key"]))
        add(one, "setName", row["name"])
    _continue(said, listing, [row["key"] for row in rows], PAGE_OF_SETS)
    return said


async def list_articles(repository: Repository, arguments: dict[str, str]) -> ET.Element:
    """Return a page of headers or of records, in the order of the articles' keys."""
    listing = part("oai_requests").read_listing(arguments)
    _check_format(listing.chosen.get("metadataPrefix", ""))
    nothing = "badResumptionToken" if listing.after else "noRecordsMatch"
    if not part("oai_requests").is_within(repository.since, listing.chosen):
        raise refuse(nothing, f"All records are of {repository.since}.")
    total, rows = await _page(repository, listing)
    if not rows:
        raise refuse(nothing, "No record fits.")
    said = ET.Element(listing.verb)
    shown = rows[:PAGE]
    if listing.verb == "ListRecords":
        said.extend(await _records(repository, shown))
    else:
        said.extend([_header(repository, row) for row in shown])
    _continue(said, listing, [row["key"] for row in rows], PAGE, total)
    return said


async def get_record(repository: Repository, arguments: dict[str, str]) -> ET.Element:
    """Return one record."""
    row = await _find(repository, arguments["identifier"])
    _check_format(arguments["metadataPrefix"])
    said = ET.Element("GetRecord")
    said.extend(await _records(repository, [row]))
    return said


ANSWERS = {
    "Identify": identify,
    "ListMetadataFormats": list_formats,
    "ListSets": list_sets,
    "ListIdentifiers": list_articles,
    "ListRecords": list_articles,
    "GetRecord": get_record,
}


def set_spec(key: str) -> str:
    """Return a publication's key in the few characters that a setSpec may have."""
    return quote(key, safe="").replace("%", "~")


async def _page(repository: Repository, listing: Any) -> tuple[int, Sequence[Any]]:
    """Return how many records the list has in all, and those of this page and one more."""
    total, gone = await repository.one(COUNT)
    known: dict[str, object] = {"after": listing.after, "limit": PAGE + 1}
    if "set" not in listing.chosen:
        count, there = total, await repository.rows(PAGE_OF_ALL, **known)
    else:
        key = unquote(listing.chosen["set"].replace("~", "%"))
        count, there = await _page_of_set(repository, key, total, known)
    rows = [*there, *await repository.rows(PAGE_OF_GONE, **known)]
    return count + gone, sorted(rows, key=lambda row: str(row["key"]))[: PAGE + 1]


async def _page_of_set(
    repository: Repository, key: str, total: int, known: dict[str, object]
) -> tuple[int, Sequence[Any]]:
    """Return how many of all articles a publication has, and those of a page; none of an unknown one."""
    source = await repository.one(SET, key=key)
    if source is None:
        return 0, []
    count = source["article_count"]
    sql = OF_LARGE if count * count > PAGE * total else OF_SMALL
    return count, await repository.rows(sql, source=source["id"], **known)


def _check_format(prefix: str) -> None:
    if prefix != PREFIX:
        raise refuse("cannotDisseminateFormat", f"Records are given as {PREFIX} only.")


def _continue(
    said: ET.Element, listing: Any, keys: Sequence[str], size: int, total: int | None = None
) -> None:
    """Add the token that continues a list; an empty one ends a list that had several parts."""
    goes_on = len(keys) > size
    if not goes_on and not listing.after:
        return
    following = replace(listing, after=keys[:size][-1], cursor=listing.cursor + size)
    sizes = {"cursor": str(listing.cursor)}
    if total is not None:
        sizes["completeListSize"] = str(total)
    add(said, "resumptionToken", following.token() if goes_on else "", **sizes)


async def _find(repository: Repository, identifier: str) -> Any:
    """Return the row of an identifier."""
    key = identifier.rpartition(":")[2]
    row = None
    if KEY.fullmatch(key) and identifier == repository.identifier(key):
        row = await repository.one(ONE, key=key) or await repository.one(ONE_GONE, key=key)
    if row is None:
        raise refuse("idDoesNotExist", "There is no such record here.")
    return row


def _header(repository: Repository, row: Any) -> ET.Element:
    header = ET.Element("header", {"status": "deleted"} if row["gone"] else {})
    add(header, "identifier", repository.identifier(row["key"]))
    add(header, "datestamp", repository.since)
    if row["source_key"]:
        add(header, "setSpec", set_spec(row["source_key"]))
    return header


async def _records(repository: Repository, rows: Sequence[Any]) -> list[ET.Element]:
    citations, describing = part("citations"), part("article_metadata")
    records = []
    there = [row for row in rows if not row["gone"]]
    references = iter(await citations.refer(repository.datasette, repository.request, there))
    for row in rows:
        record = ET.Element("record")
        record.append(_header(repository, row))
        records.append(record)
        if row["gone"]:
            continue
        described = add(
            add(record, "metadata"),
            "oai_dc:dc",
            **{
                "xmlns:oai_dc": OAI_DC,
                "xmlns:dc": DC,
                "xmlns:xsi": XSI,
                "xsi:schemaLocation": _schema(OAI_DC),
            },
        )
        page = citations.absolute(repository.datasette, repository.request, row["key"])
        for element, value in describing.list_dublin_core(next(references), page):
            if value:
                add(described, f"dc:{element}", value)
        if row["rights"] in RESTRICTED:
            add(described, "dc:rights", RESTRICTED[row["rights"]])
    return records


def _schema(namespace: str) -> str:
    return f"{namespace} {SCHEMAS[namespace]}"


def add(parent: ET.Element, name: str, text: str | None = None, **attributes: str) -> ET.Element:
    """Add an element and return it; what XML cannot hold is left out of its text."""
    child = ET.SubElement(parent, name, attributes)
    child.text = _text(text) if text else None
    return child


def _text(text: str) -> str:
    return text.translate(part("search_feeds").XML_FORBIDDEN)
