"""The command `readingroom publish static`."""

from __future__ import annotations

import sys
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import click

from ingest.commands import EXISTING_FILE, NEW_FOLDER, collection_folder, now


@click.command()
@click.argument("site", type=NEW_FOLDER)
@collection_folder
@click.option("--url", default="", help="Public address of the site; for its citations, feed and sitemap.")
@click.option(
    "--database",
    type=EXISTING_FILE,
    help="Publish this edition that was made before, instead of a fresh one.",
)
@click.option("--yes", is_flag=True, help="Go on though something in the edition may surprise you.")
@click.option("--with-datasette", is_flag=True, help="Add Datasette itself, to run in the reader's browser.")
@click.option("--with-notebooks", is_flag=True, help="Add notebooks, to run in the reader's browser.")
@click.option(
    "--sqlite",
    type=EXISTING_FILE,
    help="SQLite for browsers, where it was fetched by hand.",
)
@click.option(
    "--pyodide",
    type=EXISTING_FILE,
    help="Python for browsers, where it was fetched by hand.",
)
def static(site: Path, folder: Path, *, yes: bool, **chosen: Any) -> None:
    """Write the collection in FOLDER as plain files into SITE.

    What is written is an edition (see `readingroom edition --help`): nothing that may not be
    shown is in any file. Every article, name, list and quotation is a page; search and SQL run
    in the reader's browser on the database beside them. Any web server will do, such as GitHub
    Pages or a bucket; one that answers range requests lets search read a few parts of a large
    database. Opened from a disk, the pages work, search does not. SITE must be empty, not there
    yet, or a site written before, which is replaced; .git and CNAME in it stay. Copy it to a host
    so that what is gone goes there too (`rsync --delete`, `aws s3 sync --delete`): else what was
    taken down stays public.

    With --with-datasette the readers also have Datasette's own pages, tables with filters and
    facets, rows, SQL, JSON and CSV, without a server; with them the map, the timeline and who is
    named together. Their browser loads Datasette first, so the other pages stay as light as before.
    It needs an address that begins with https://.

    With --with-notebooks they have JupyterLab, too: notebooks whose Python, with its standard
    library and SQLite, asks the same database in their browser. Publishing fetches it from npm and
    PyPI; a reader's browser asks nobody but the site, unless the reader's own code does.

    \b
    Examples:
      readingroom publish static site my-collection --url https://example.org/news/
      readingroom publish static site my-collection --database public.db
      readingroom publish static site my-collection --with-datasette --with-notebooks
    """
    from ingest.editions.edition import make_edition  # noqa: PLC0415 - quick start of --help
    from ingest.settings import load_settings  # noqa: PLC0415 - quick start of --help
    from ingest.website.site import DATABASE, GITHUB_MOST, Options, publish_site  # noqa: PLC0415

    options = Options(**chosen)
    if options.url and not options.url.startswith(("https://", "http://")):
        message = f"{options.url} is no web address; it begins with https:// or http://."
        raise click.BadParameter(message, param_hint="--url")
    if any(mark in options.url for mark in "?#"):
        message = f"{options.url} has a ? or #, below which no page can lie."
        raise click.BadParameter(message, param_hint="--url")
    settings = load_settings(folder)
    with (
        tempfile.TemporaryDirectory(prefix="readingroom-") as making,
        click.progressbar(length=1, label="Writing", file=sys.stderr) as bar,
    ):
        if options.database is None:
            edition = Path(making) / "edition.db"
            options = replace(options, database=edition)
            report = make_edition(settings, edition, now=now(), accept=yes, before=site / DATABASE)
            for line in report.lines():
                click.echo(line, err=True)

        def advance(done: int, total: int) -> None:
            bar.length = total
            bar.update(done - bar.pos)

        written = publish_site(settings, site, options, advance)
    size, database_size = _mib(written.bytes), _mib(written.database_bytes)
    click.echo(f"{site}: {written.pages:,} pages, {written.files:,} files, {size}; {database_size} of them")
    click.echo("are the database that search and SQL read.")
    if written.datasette:
        click.echo(f"Datasette in the reader's browser loads {written.datasette.cost} when asked for.")
        if left_out := written.datasette.left_out:
            told = ", ".join(f"{name} {reason}" for name, reason in left_out.items())
            click.echo(f"Plugins that no browser can run are not in it: {told}.")
    if not options.url:
        click.echo("Without --url it has no feed and no sitemap, and 404.html leads to the top of its host.")
    if written.database_bytes > GITHUB_MOST:
        click.echo("Warning: GitHub takes no file above 100 MiB; another host or a bucket does.")
    click.echo(f"Look at it with: python3 -m http.server --directory {site}")


def _mib(size: int) -> str:
    return f"{size / 2**20:,.1f} MiB"
