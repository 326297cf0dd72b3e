"""Leads from what a name was called before to what it is called now, so that addresses go on being good."""

import re
import sqlite3
from typing import Any

from datasette.plugins import pm
from datasette.utils import sqlite_timelimit

CALLED = """
    select alias, key from entity_aliases join entities on entities.id = entity_id
    where length(alias) between :least and :most and alias like :pattern
        and not exists (select 1 from entities where key = :key)
"""
# What names have with no accent, so that it stands in a name as in its key; marks may stand anywhere.
SURE_LETTER = re.compile("[bfmpqvx0-9]")
MILLISECONDS = 1000
LONGEST_KEY = 200


async def key_now(datasette: Any, key: str) -> str:
    """Return the key of the only name that goes by a key that is nobody's; empty if there is none.

    Curators merge and rename, and what was known by a surname gets a fuller name with the articles
    that come. Addresses that were shared before lead on.
    """
    if not key or len(key) > LONGEST_KEY:
        return ""
    slug = pm.get_plugin("search_sql.py").slug
    pattern = "".join(f"%{letter}" for letter in SURE_LETTER.findall(key)) + "%"
    known = {"key": key, "pattern": pattern, "least": len(key) // 2, "most": 2 * len(key) + 10}

    def find(connection: Any) -> set[str]:
        with sqlite_timelimit(connection, MILLISECONDS):
            try:
                rows = connection.execute(CALLED, known)
                return {now for alias, now in rows if slug(alias) == key}
            except sqlite3.OperationalError as error:
                if "interrupted" not in str(error):
                    raise
                return set()

    keys = await pm.get_plugin("layout.py").collection(datasette).execute_fn(find)
    return keys.pop() if len(keys) == 1 else ""
