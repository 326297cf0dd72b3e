"""The command `readingroom publish static`."""

from __future__ import annotations

import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path

import click


@click.command()
@click.argument("site", type=click.Path(file_okay=False, path_type=Path))
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path), default=".")
@click.option("--url", default="", help="Public address of the site; gives it a feed and a sitemap.")
@click.option(
    "--database",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Publish this edition that was made before, instead of a fresh one.",
)
@click.option("--yes", is_flag=True, help="Go on though something in the edition may surprise you.")
@click.option(
    "--sqlite",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="SQLite for browsers, where it was fetched by hand.",
)
def static(
    site: Path, folder: Path, url: str, database: Path | None, *, yes: bool, sqlite: Path | None
) -> None:
    """Write the collection in FOLDER as plain files into SITE.

    What is written is an edition (see `readingroom edition --help`): nothing that may not be
    shown is in any file. Every article, name, list and quotation is a page; search and SQL run
    in the reader's browser on the database beside them. Any web server will do, such as GitHub
    Pages or a bucket; one that answers range requests lets search read a few parts of a large
    database. Opened from a disk, the pages work, search does not. SITE must be empty, not there
    yet, or a site written before, which is replaced; .git and CNAME in it stay.

    \b
    Examples:
      readingroom publish static site my-collection --url https://example.org/news/
      readingroom publish static site my-collection --database public.db
    """
    from ingest.editions.edition import make_edition  # noqa: PLC0415 - quick start of --help
    from ingest.settings import load_settings  # noqa: PLC0415 - quick start of --help
    from ingest.website.site import GITHUB_MOST, Options, publish_site  # noqa: PLC0415

    if url and not url.startswith(("https://", "http://")):
        message = f"{url} is no web address; it begins with https:// or http://."
        raise click.BadParameter(message, param_hint="--url")
    settings = load_settings(folder)
    with (
        tempfile.TemporaryDirectory(prefix="readingroom-") as making,
        click.progressbar(length=1, label="Writing", file=sys.stderr) as bar,
    ):
        if database is None:
            database = Path(making) / "edition.db"
            now = datetime.now(UTC).isoformat(timespec="seconds")
            report = make_edition(settings, database, now=now, accept=yes)
            for surprise in report.surprises:
                click.echo(f"Warning: {surprise}", err=True)

        def advance(done: int, total: int) -> None:
            bar.length = total
            bar.update(done - bar.pos)

        written = publish_site(settings, site, Options(url=url, database=database, sqlite=sqlite), advance)
    size, database_size = _mib(written.bytes), _mib(written.database_bytes)
    click.echo(f"{site}: {written.pages:,} pages, {written.files:,} files, {size}; {database_size} of them")
    click.echo("are the database that search and SQL read.")
    if not url:
        click.echo("Without --url it has no feed and no sitemap.")
    if written.database_bytes > GITHUB_MOST:
        click.echo("Warning: GitHub takes no file above 100 MiB; another host or a bucket does.")
    click.echo(f"Look at it with: python3 -m http.server --directory {site}")


def _mib(size: int) -> str:
    return f"{size / 2**20:,.1f} MiB"
