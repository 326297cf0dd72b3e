"""The reference of the tables, as the README prints it."""

from __future__ import annotations

from ingest.schema import TABLES
from ingest.schema.views import POSTINGS, SEARCH_INDEXES, VIEWS


def describe() -> str:
    """Return the tables as Markdown, one heading and one list of columns each."""
    parts = []
    for table in TABLES:
        columns = "\n".join(
            f"| `{column.name}` | {column.description}"
            f"{f' → `{column.references}`' if column.references else ''} |"
            for column in table.columns
        )
        parts.append(
            f"#### `{table.name}`\n\n{table.description}\n\n| column | meaning |\n| --- | --- |\n{columns}"
        )
    others = [(view.name, f"View. {view.description}") for view in VIEWS]
    others += [
        (index.name, f"FTS5 over {', '.join(index.columns)}. {index.description}") for index in SEARCH_INDEXES
    ]
    others.append((POSTINGS.name, POSTINGS.description))
    listed = "\n".join(f"| `{name}` | {description} |" for name, description in others)
    parts.append(f"#### Views and search indexes\n\n| name | meaning |\n| --- | --- |\n{listed}")
    return "\n\n".join(parts)
