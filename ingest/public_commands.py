"""The commands that put a collection on a server: `publish server` and `publish run`."""

from __future__ import annotations

import os
import shlex
import sys
from datetime import UTC, datetime
from pathlib import Path

import click

FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)


@click.command()
@click.argument("target", type=click.Path(file_okay=False, path_type=Path))
@click.argument("folder", type=FOLDER, default=".")
@click.option("--host", default="articles.example.org", show_default=True, help="Name of the site.")
@click.option("--download", is_flag=True, help="Let visitors download the whole database.")
@click.option("--yes", is_flag=True, help="Go on though something in the edition may surprise you.")
def server(target: Path, folder: Path, host: str, *, download: bool, yes: bool) -> None:
    """Write what a server needs to show the collection in FOLDER to the public into TARGET.

    TARGET gets an edition of the collection (see `readingroom edition --help`), a Dockerfile, a
    systemd unit, configurations for nginx and Caddy, and notes for Fly.io, Cloud Run and a
    small server.

    \b
    Example:
      readingroom publish server my-server my-collection --host articles.example.org
    """
    from ingest.deployment import Choices, datasette_publish_options, write_server_files  # noqa: PLC0415
    from ingest.serving import check_path  # noqa: PLC0415

    check_path(target)
    now = datetime.now(UTC).isoformat(timespec="seconds")
    chosen = Choices(host=host, now=now, download=download, accept=yes)
    written, report = write_server_files(folder, target, chosen)
    for line in report.lines():
        click.echo(line, err=True)
    for path in written:
        click.echo(path)
    click.echo(f"\nHow to go on stands in {target / 'DEPLOY.md'}. With Datasette's own command, in {target}:")
    click.echo(f"  {datasette_publish_options(download=download)}")


@click.command()
@click.argument("folder", type=FOLDER, default=".")
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option(
    "--port", default=8001, show_default=True, type=click.IntRange(1, 65535), help="Port to listen on."
)
@click.option("--download", is_flag=True, help="Let visitors download the whole database.")
@click.option(
    "--state",
    type=click.Path(file_okay=False, path_type=Path),
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
    remedy = f"Serve an edition: readingroom publish server my-server {shlex.quote(str(folder))}"
    check_rights(settings, settings.database, remedy)
    check_path(folder)
    check_port(host, port)
    command = [sys.executable, public.__file__, str(folder / "collection.db"), "--host", host]
    command += ["--port", str(port), "--metadata", str(folder / "metadata.yml")]
    command += ["--plugins-dir", str(folder / "plugins"), *(["--download"] if download else [])]
    command += ["--state", str(state)] if state else []
    sys.stdout.flush()
    os.execv(command[0], command)  # noqa: S606 - the very interpreter we run on
