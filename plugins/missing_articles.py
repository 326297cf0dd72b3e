"""Answers for an article that is no more: what was taken down says since when and why, a copy leads to it."""

import re
from collections.abc import Generator
from typing import Any

from datasette import Response, hookimpl
from datasette.plugins import pm

ARTICLE = re.compile(r"/article/(?P<key>[0-9a-f]{12})(?![0-9a-f])")
TOMBSTONE = "select key, reason, date from tombstones where key = :key"
NOW = "select key from articles where id = (select article_id from former_keys where key = :key)"
NOT_FOUND, GONE = 404, 410


@hookimpl(hookwrapper=True)
def handle_exception(datasette: Any, request: Any, exception: Exception) -> Generator[None, Any, None]:
    """Answer before anybody says that the article was never there."""
    outcome = yield
    if getattr(exception, "status", None) == NOT_FOUND and (found := ARTICLE.search(request.path)):
        outcome.force_result([_answer(datasette, request, found), *outcome.get_result()])


async def _answer(datasette: Any, request: Any, found: re.Match[str]) -> Response | None:
    database = pm.get_plugin("layout.py").collection(datasette)

    async def known(table: str, sql: str) -> Any:
        there = await database.table_exists(table)
        return (await database.execute(sql, {"key": found["key"]})).first() if there else None

    if tombstone := await known("tombstones", TOMBSTONE):
        return await _say_why(datasette, request, tombstone)
    if now := await known("former_keys", NOW):
        rest = request.path[found.end() :] + (f"?{request.query_string}" if request.query_string else "")
        return Response.redirect(datasette.urls.path(f"/article/{now['key']}{rest}"))
    return None


async def _say_why(datasette: Any, request: Any, tombstone: Any) -> Response:
    if request.path.endswith(".json"):
        error = {"ok": False, "error": tombstone["reason"], "date": tombstone["date"], "status": GONE}
        return Response.json(error, status=GONE)
    page = await datasette.render_template("room_gone.html", {"tombstone": tombstone}, request=request)
    return Response.html(page, status=GONE)
