"""Ways back into the room: keys in tables and in the rows of anybody's SQL lead to their pages."""

import re
from typing import Any
from urllib.parse import quote

from datasette import hookimpl
from datasette.plugins import pm
from markupsafe import Markup

ARTICLE = "/article/"
# Where a key leads, by its table and column.
PLACES = {
    ("articles", "key"): ARTICLE,
    ("article_list", "key"): ARTICLE,
    ("article_mentions", "article_key"): ARTICLE,
    ("entities", "key"): "/entity/",
    ("sources", "key"): "/search?source=",
    ("article_list", "source_key"): "/search?source=",
    ("tags", "key"): "/search?tag=",
}
# What a query names `key` may be anything; only the keys of articles are told by their form.
KEY = re.compile(r"[0-9a-f]{12}")


@hookimpl
def render_cell(value: Any, column: str, table: str | None, database: str, datasette: Any) -> Markup | None:
    """Return a key as a link to the page of what it stands for."""
    if not isinstance(value, str):
        return None
    of_query = table is None and column == "key" and KEY.fullmatch(value)
    place = ARTICLE if of_query else PLACES.get((table or "", column))
    if place is None or database != pm.get_plugin("layout.py").collection(datasette).name:
        return None
    return Markup('<a href="{}">{}</a>').format(datasette.urls.path(place + quote(value)), value)
