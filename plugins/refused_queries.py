"""Answers SQL that cannot be run with a page that says why and has the query at hand, to be put right."""

import re
from typing import Any
from urllib.parse import parse_qsl

from datasette import Response, hookimpl

REFUSED = 400
LATE = "SQL Interrupted"
TOO_LONG = (
    "This query took too long, and was stopped. Ask for less: narrow what is looked at, for example to a year"
    " or a publication; a limit alone helps little where everything must be sorted or counted first."
)
FORMAT = re.compile(r"\.\w+$")


@hookimpl(tryfirst=True)
def handle_exception(datasette: Any, request: Any, exception: Exception) -> Any:
    """Answer before Datasette does, whose page of errors is a dead end; programs are told by Datasette."""
    sql = request.args.get("sql")
    if getattr(exception, "status", 500) != REFUSED or not sql or FORMAT.search(request.path):
        return None

    async def answer() -> Response:
        title = getattr(exception, "title", None) or "Invalid SQL"
        context = {
            "heading": title,
            "said": TOO_LONG if title == LATE else getattr(exception, "message", None) or str(exception),
            "sql": sql,
            "others": [each for each in parse_qsl(request.query_string) if each[0] != "sql"],
        }
        page = await datasette.render_template("room_refused.html", context, request=request)
        return Response.html(page, status=REFUSED)

    return answer
