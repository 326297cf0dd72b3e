"""The page of an article that was taken down: it is gone, since when, and why."""

import re
from collections.abc import Generator
from typing import Any

from datasette import Response, hookimpl
from datasette.plugins import pm

ARTICLE = re.compile(r"/article/(?P<key>[0-9a-f]{12})(?![0-9a-f])")
TOMBSTONE = "select key, reason, date from tombstones where key = :key"
NOT_FOUND, GONE = 404, 410


@hookimpl(hookwrapper=True)
def handle_exception(datasette: Any, request: Any, exception: Exception) -> Generator[None, Any, None]:
    """Answer for an article that was taken down, before anybody says that it was never there."""
    outcome = yield
    if getattr(exception, "status", None) == NOT_FOUND and (found := ARTICLE.search(request.path)):
        outcome.force_result([_answer(datasette, request, found["key"]), *outcome.get_result()])


async def _answer(datasette: Any, request: Any, key: str) -> Response | None:
    database = pm.get_plugin("layout.py").collection(datasette)
    if not await database.table_exists("tombstones"):
        return None
    tombstone = (await database.execute(TOMBSTONE, {"key": key})).first()
    if tombstone is None:
        return None
    if request.path.endswith(".json"):
        error = {"ok": False, "error": tombstone["reason"], "date": tombstone["date"], "status": GONE}
        return Response.json(error, status=GONE)
    page = await datasette.render_template("room_gone.html", {"tombstone": tombstone}, request=request)
    return Response.html(page, status=GONE)
