"""The commands that bring a collection before the public, one a way of publishing."""

from __future__ import annotations

from pathlib import Path

import click

from ingest.commands import Group
from ingest.public_commands import run, server
from ingest.website.command import static


@click.group(cls=Group)
def publish() -> None:
    """Bring an edition before the public.

    \b
    Examples:
      readingroom publish check public.db
      readingroom publish server my-server my-collection
      readingroom publish static my-site my-collection
    """


publish.add_command(server)
publish.add_command(static)
publish.add_command(run)


@publish.command()
@click.argument("database", type=click.Path(exists=True, dir_okay=False, path_type=Path))
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
