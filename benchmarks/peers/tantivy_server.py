"""Serves the twenty best articles for a search as JSON, found by tantivy.

    python benchmarks/peers/tantivy_server.py DATABASE --port PORT

Indexes title and text of every article of a collection.db in a scratch folder, each with its title,
its text and its number, then answers `/search?kind=word&q=moon`; the kinds are word, phrase and
prefix. An answer has the number of all that match, and of each shown its title and a snippet, as
Reading Room's own has; it has no facets.
"""

from __future__ import annotations

import asyncio
import json
import sqlite3
import sys
import tempfile
from contextlib import closing
from typing import Any
from urllib.parse import parse_qs

import tantivy
import uvicorn

TOP = 20
SNIPPET = 200
OPTIONS = {"tokenizer_name": "default", "stored": True}


def build(database: str, folder: str) -> tuple[tantivy.Index, tantivy.Schema]:
    """Index the articles of a database."""
    builder = tantivy.SchemaBuilder()
    builder.add_integer_field("id", stored=True, indexed=True)
    builder.add_text_field("title", **OPTIONS)
    builder.add_text_field("text", **OPTIONS)
    schema = builder.build()
    index = tantivy.Index(schema, path=folder)
    writer = index.writer()
    with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as connection:
        for number, title, text in connection.execute(
            "select id, title, text from articles join article_text using (id)"
        ):
            writer.add_document(tantivy.Document(id=number, title=title or "", text=text))
    writer.commit()
    writer.wait_merging_threads()
    index.reload()
    return index, schema


def ask(index: tantivy.Index, schema: tantivy.Schema, kind: str, text: str) -> dict[str, Any]:
    """Return the best articles, and the number of all."""
    query = (
        tantivy.Query.regex_query(schema, "text", f"{text}.*")
        if kind == "prefix"
        else index.parse_query(f'"{text}"' if kind == "phrase" else text, ["title", "text"])
    )
    searcher = index.searcher()
    found = searcher.search(query, TOP)
    snippets = tantivy.SnippetGenerator.create(searcher, query, schema, "text")
    snippets.set_max_num_chars(SNIPPET)
    articles = []
    for _, address in found.hits:
        document = searcher.doc(address)
        snippet = snippets.snippet_from_doc(document).to_html()
        articles.append(
            {"id": document.get_first("id"), "title": document.get_first("title"), "snippet": snippet}
        )
    return {"total": found.count, "articles": articles}


def main() -> None:
    """Index, then answer until ended."""
    with tempfile.TemporaryDirectory() as folder:
        index, schema = build(sys.argv[1], folder)

        async def answer(scope: Any, _receive: Any, send: Any) -> None:
            asked = {name: values[0] for name, values in parse_qs(scope["query_string"].decode()).items()}
            told = await asyncio.to_thread(ask, index, schema, asked.get("kind", "word"), asked.get("q", ""))
            headers = [(b"content-type", b"application/json")]
            await send({"type": "http.response.start", "status": 200, "headers": headers})
            await send({"type": "http.response.body", "body": json.dumps(told).encode()})

        uvicorn.run(answer, port=int(sys.argv[3]), log_level="error", lifespan="off")


if __name__ == "__main__":
    main()
