"""Leads from the key of a copy to the article whose text it is, so that addresses go on being good."""

import re
from collections.abc import Generator
from typing import Any

from datasette import Response, hookimpl
from datasette.plugins import pm

ARTICLE = re.compile(r"/article/(?P<key>[0-9a-f]{12})(?![0-9a-f])")
NOW = "select key from articles where id = (select article_id from former_keys where key = :key)"
NOT_FOUND = 404


@hookimpl(hookwrapper=True)
def handle_exception(datasette: Any, request: Any, exception: Exception) -> Generator[None, Any, None]:
    """Answer for an article that became a copy, before anybody says that it was never there."""
    outcome = yield
    if getattr(exception, "status", None) == NOT_FOUND and (found := ARTICLE.search(request.path)):
        outcome.force_result([_answer(datasette, request, found), *outcome.get_result()])


async def _answer(datasette: Any, request: Any, found: re.Match[str]) -> Response | None:
    database = pm.get_plugin("layout.py").collection(datasette)
    if not await database.table_exists("former_keys"):
        return None
    now = (await database.execute(NOW, {"key": found["key"]})).first()
    if now is None:
        return None
    rest = request.path[found.end() :] + (f"?{request.query_string}" if request.query_string else "")
    return Response.redirect(datasette.urls.path(f"/article/{now['key']}{rest}"))
