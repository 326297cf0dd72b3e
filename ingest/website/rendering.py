"""Asks the pages' own code for pages: the very Datasette that `serve` runs, without a network."""

from __future__ import annotations

from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import httpx
import yaml
from datasette.app import Datasette
from datasette.database import Database
from jinja2 import TemplateNotFound, UndefinedError

from ingest.errors import SettingsError
from ingest.serving import SETTINGS
from ingest.website.addresses import DATABASE
from ingest.website.links import SERVER

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from ingest.settings import Settings

SHOWN = (200, 410)  # an article that was taken down has a page that says so


@dataclass(frozen=True, kw_only=True)
class Renderer:
    """A reading room that answers in this process."""

    folder: Path
    datasette: Any
    client: httpx.AsyncClient

    async def get(self, address: str) -> str:
        """Return what stands at an address; raises `SettingsError` if the pages fail at it."""
        answer = await self.client.get(address)
        if answer.status_code not in SHOWN:
            message = (
                f"The page {address} fails with status {answer.status_code}. See it with: readingroom serve"
            )
            raise SettingsError(message)
        return answer.text

    async def render(self, template: str, context: dict[str, Any]) -> str:
        """Return a template of ours, which may extend the pages' own, filled in.

        Raises `SettingsError` where the collection's pages are of another version.
        """
        try:
            page = await self.datasette.render_template(
                self.datasette.jinja_env.from_string(template), context
            )
        except (TemplateNotFound, UndefinedError) as error:
            message = (
                f"The pages in plugins/ are not those of this version ({error})."
                f" Bring them up to date: readingroom renew {self.folder}"
            )
            raise SettingsError(message) from error
        return str(page)

    def setting(self, name: str) -> object:
        """Return one of the collection's settings of the reading room."""
        return (self.datasette.plugin_config("readingroom") or {}).get(name)


@asynccontextmanager
async def open_renderer(settings: Settings, database: Path) -> AsyncIterator[Renderer]:
    """Open a database, which must not change meanwhile, with the pages of a collection's folder."""
    folder = settings.folder
    templates = folder / "templates"
    datasette = Datasette(
        metadata=yaml.safe_load((folder / "metadata.yml").read_text(encoding="utf-8")) or {},
        plugins_dir=str(folder / "plugins"),
        template_dir=str(templates) if templates.is_dir() else None,
        settings={**SETTINGS, "num_sql_threads": 1, "sql_time_limit_ms": 60_000},
    )
    datasette.add_database(Database(datasette, path=str(database), is_mutable=False), name=DATABASE)
    await datasette.invoke_startup()
    transport = httpx.ASGITransport(app=datasette.app())
    try:
        # One client for all pages: making one costs as much as rendering a page.
        async with httpx.AsyncClient(transport=transport, base_url=SERVER) as client:
            yield Renderer(folder=folder, datasette=datasette, client=client)
    finally:
        for each in datasette.databases.values():
            each.close()
