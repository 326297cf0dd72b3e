"""The commands that bring a collection before the public, one a way of publishing."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

import click

from ingest.commands import EXISTING_DATABASE, NEW_FOLDER, Group, collection_folder, now, quoted
from ingest.website.command import static

if TYPE_CHECKING:
    from pathlib import Path


@click.group(cls=Group)
def publish() -> None:
    """Bring an edition before the public.

    \b
    Examples:
      readingroom publish check public.db
      readingroom publish server my-server my-collection
      readingroom publish static my-site my-collection
    """


@publish.command()
@click.argument("target", type=NEW_FOLDER)
@collection_folder
@click.option("--host", default="articles.example.org", show_default=True, help="Name of the site.")
@click.option("--download", is_flag=True, help="Let visitors download the whole database.")
@click.option("--yes", is_flag=True, help="Go on though something in the edition may surprise you.")
def server(target: Path, folder: Path, host: str, *, download: bool, yes: bool) -> None:
    """Write what a server needs to show the collection in FOLDER to the public into TARGET.

    TARGET gets an edition of the collection (see `readingroom edition --help`), a Dockerfile, a
    systemd unit, configurations for nginx and Caddy, and notes for Fly.io, Cloud Run and a
    small server. It must be empty, not there yet, or one written before; what you changed
    there of these files is kept beside them; a page that left the collection's plugins/ goes.

    \b
    Example:
      readingroom publish server my-server my-collection --host articles.example.org
    """
    from ingest.deployment import Choices, datasette_publish_options, write_server_files  # noqa: PLC0415
    from ingest.serving import check_path  # noqa: PLC0415

    check_path(target)
    chosen = Choices(host=host, now=now(), download=download, accept=yes)
    files = write_server_files(folder, target, chosen)
    for line in files.edition.lines():
        click.echo(line, err=True)
    for path in files.written:
        click.echo(path)
    for path in files.kept:
        click.echo(f"  {path.name} is how it was before; carry your change over, then delete it.", err=True)
    click.echo(f"\nHow to go on stands in {target / 'DEPLOY.md'}. With Datasette's own command, in {target}:")
    click.echo(f"  {datasette_publish_options(download=download)}")


publish.add_command(static)


@publish.command()
@collection_folder
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option(
    "--port", default=8001, show_default=True, type=click.IntRange(1, 65535), help="Port to listen on."
)
@click.option("--download", is_flag=True, help="Let visitors download the whole database.")
@click.option(
    "--state",
    type=NEW_FOLDER,
    help="A folder to write in while it serves, where FOLDER may not be written.",
)
def run(folder: Path, host: str, port: int, *, download: bool, state: Path | None) -> None:
    """Serve FOLDER as a server for the public does, until Ctrl+C.

    The collection is taken as finished; when another ingest has put a new one in its place, it
    is shown without a pause. A collection of which not everything may be shown is refused; `publish
    server` makes an edition of it.

    \b
    Example:
      readingroom publish run my-server --port 8001
    """
    from ingest import public  # noqa: PLC0415 - quick start of --help
    from ingest.serving import check_path, check_port  # noqa: PLC0415
    from ingest.settings import load_ingested  # noqa: PLC0415
    from ingest.website.site import check_rights  # noqa: PLC0415

    settings = load_ingested(folder)
    remedy = f"Serve an edition: readingroom publish server my-server {quoted(folder)}"
    check_rights(settings, settings.database, remedy)
    check_path(folder)
    check_port(host, port)
    command = [sys.executable, public.__file__, str(settings.database), "--host", host]
    command += ["--port", str(port), "--metadata", str(folder / "metadata.yml")]
    command += ["--plugins-dir", str(folder / "plugins"), *(["--download"] if download else [])]
    command += ["--state", str(state)] if state else []
    sys.stdout.flush()
    os.execv(command[0], command)  # noqa: S606 - the very interpreter we run on


@publish.command()
@click.argument("database", type=EXISTING_DATABASE)
@click.option("--yes", is_flag=True, help="End with exit code 0 though something may surprise you.")
def check(database: Path, *, yes: bool) -> None:
    """Tell what strangers will see of DATABASE, and where it fits.

    Looks for what its owner may not expect: texts that should be withheld, paths of a machine,
    e-mail addresses and telephone numbers, damage. Ends with exit code 4 if there is any of it,
    unless --yes says that it is meant so. Nothing is written, and nothing is sent.

    \b
    Example:
      readingroom publish check public.db
    """
    from ingest.editions.preflight import check_database  # noqa: PLC0415 - quick start of --help
    from ingest.errors import SurpriseError  # noqa: PLC0415

    preflight = check_database(database)
    for line in preflight.facts:
        click.echo(line)
    if preflight.surprises and not yes:
        raise SurpriseError(preflight.surprises, f"{database} may surprise you.")
    for surprise in preflight.surprises:
        click.echo(f"Warning: {surprise}")
    click.echo("Nothing else to tell." if preflight.surprises else "Nothing in it should surprise you.")
