"""The command `readingroom`: each command parses, calls one function, prints.

Exit codes: 0 done (warnings included), 1 an error with the next step, 2 wrong usage,
3 `--strict` and something could not be read, 4 something to look at before it is published,
74 the disk is full or failing, 75 another run holds the collection, 130 stopped with Ctrl+C.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from rich.console import Console

import ingest
from ingest.commands import (
    DATABASE_FILE,
    EXISTING_DATABASE,
    EXISTING_FILE,
    NEW_FOLDER,
    STOPPED,
    Group,
    collection_folder,
    now,
    quoted,
)
from ingest.publish import publish

if TYPE_CHECKING:
    from collections.abc import Iterator


STRICT = 3
SHOWN_AS = {
    "full": "articles in full",
    "excerpt": "as excerpts",
    "metadata": "as catalogue entries",
    "taken down": "taken down",
}


@click.group(cls=Group, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 92})
@click.version_option(ingest.__version__, prog_name="readingroom")
def main() -> None:
    """Turn a folder of articles into a searchable, citable collection.

    \b
    Start here:
      readingroom new my-collection
      readingroom ingest my-collection
      readingroom serve my-collection

    \b
    Exit codes: 0 done, 1 error, 2 wrong usage, 3 problems under --strict, 4 something
    to look at before it is published, 74 the disk is full or failing, 75 another run is
    writing the same collection, 130 stopped with Ctrl+C.
    """


@main.command()
@click.argument("folder", type=NEW_FOLDER)
def new(folder: Path) -> None:
    """Make a folder for a new collection.

    It gets metadata.yml, plugins/ for the pages, sources/ for the articles, and a README. A
    folder that holds something already is left alone.

    \b
    Example:
      readingroom new my-collection
    """
    from ingest.scaffold import make_collection  # noqa: PLC0415 - quick start of --help
    from ingest.serving import check_path  # noqa: PLC0415 - as above

    check_path(folder)
    make_collection(folder)
    click.echo(f"Made {folder}. Put articles into {folder / 'sources'}, then:")
    click.echo(f"  readingroom ingest {quoted(folder)}")
    click.echo(f"  readingroom serve {quoted(folder)}")


@main.command()
@click.argument("folder", type=NEW_FOLDER, default=".")
def renew(folder: Path) -> None:
    """Bring the pages of FOLDER, by default the current one, up to this version.

    After an update of Reading Room the files in plugins/ are still those of the version that made
    the collection. Those that you changed are kept beside the new ones, as `article.py.before`;
    files of your own are left alone.

    \b
    Example:
      readingroom renew my-collection
    """
    from ingest.scaffold import renew_pages  # noqa: PLC0415 - quick start of --help

    renewal = renew_pages(folder)
    done = f"{len(renewal.renewed)} files put in place anew" if renewal.renewed else "up to date"
    click.echo(f"{folder / 'plugins'}: {done}.")
    for name in renewal.kept:
        click.echo(f"  {name} is how you had it; carry your change over, then delete it.")


@main.command("ingest")
@click.argument("path", callback=lambda _context, _parameter, value: _place(value))
@click.option(
    "--into",
    "collection",
    type=NEW_FOLDER,
    help="The collection that PATH is added to; made if it is not there.",
)
@click.option("--strict", is_flag=True, help="End with exit code 3 if anything could not be read.")
@click.option("--workers", type=click.IntRange(0), help="Processes to work with; by default one a core.")
@click.option(
    "--engine",
    type=click.Choice(["local", "dask"]),
    help="What reads: this machine, or a cluster of dask.distributed.",
)
@click.option("--scheduler", help="The address of the cluster's scheduler, tcp://HOST:PORT.")
def ingest_command(path: str, collection: Path | None, *, strict: bool, **engine: Any) -> None:
    """Read articles and bring collection.db up to date.

    PATH is a collection; or, with --into, a folder or file of articles, a pattern such as
    "letters/*/*.txt" in quotation marks, a web address or one such as s3://bucket/folder,
    which stays where it is and is remembered in metadata.yml.
    Only what changed is read again; an article whose file is gone goes too. What cannot be
    read is listed in the table `problems`; where nothing at all could be, the exit code is 1,
    and articles of before stay.

    \b
    Examples:
      readingroom ingest my-collection
      readingroom ingest ~/clippings --into my-collection
      readingroom ingest my-collection --engine dask --scheduler tcp://10.0.0.1:8786
    """
    workers, scheduler = _engine(**engine)
    from ingest.account import print_report  # noqa: PLC0415 - quick start of --help
    from ingest.pipeline import STEPS, ingest_collection  # noqa: PLC0415
    from ingest.progress import drawn  # noqa: PLC0415
    from ingest.scaffold import is_unmade, make_collection  # noqa: PLC0415
    from ingest.settings import add_source, check_source, load_settings  # noqa: PLC0415

    if collection is not None:
        check_source(collection, path)
        if is_unmade(collection):
            make_collection(collection)
        add_source(collection, path)
    settings = load_settings(collection or Path(path))
    try:
        with drawn(Console(stderr=True), STEPS) as (progress, stage):
            report = ingest_collection(
                settings, now=now(), workers=workers, scheduler=scheduler, progress=progress, stage=stage
            )
    except KeyboardInterrupt:
        message = "Stopped. What was read is kept: run the same command again to go on."
        click.echo(f"{message} The published collection is as it was.", err=True)
        sys.exit(STOPPED)
    print_report(report, settings.folder)
    if strict and report.problems:
        sys.exit(STRICT)
    if report.problems and not report.articles:
        click.echo("Error: The collection is empty, since nothing could be read.", err=True)
        sys.exit(1)


def _engine(workers: int | None, engine: str | None, scheduler: str | None) -> tuple[int | None, str | None]:
    """Return the number of processes and the scheduler's address, of which one at most is given."""
    if engine == "dask" and not scheduler:
        message = "--engine dask needs --scheduler, the address that `dask scheduler` prints."
        raise click.UsageError(message)
    if engine != "dask" and scheduler:
        message = "--scheduler is for --engine dask."
        raise click.UsageError(message)
    if scheduler and workers is not None:
        message = "--workers is for this machine; a cluster has those that `dask worker` starts."
        raise click.UsageError(message)
    return workers, scheduler


@main.group(cls=Group)
def entities() -> None:
    """Correct people, organisations and places.

    Decisions stand in entities.csv beside metadata.yml, a line each, and are applied by every
    ingest. Columns: action, entity, value, note. Actions: merge (into the entity named by the
    value), split (take the alias in the value out), rename, kind, ignore (no entity at all),
    link (a Wikidata number). Two entities of one name are told apart by their kind,
    `Georgia (PERSON)`; a name that another has is given only so.

    \b
    Example of a decision:
      merge,Jack Kennedy,John F. Kennedy,the same man

    \b
    Examples:
      readingroom entities suggest my-collection
      readingroom entities export my-collection > names.csv
    """


@entities.command()
@collection_folder
def suggest(folder: Path) -> None:
    """Propose merges, with the evidence, as lines for entities.csv.

    Names that are linked to one number of Wikidata are proposed; those that are linked to two
    are known to be different, and are not.

    \b
    Example:
      readingroom entities suggest my-collection >> my-collection/entities.csv
    """
    from ingest.curation import suggest_merges  # noqa: PLC0415 - quick start of --help
    from ingest.decisions import FILE, lines_behind, text_of  # noqa: PLC0415

    database = _database(folder)
    proposed = list(suggest_merges(database))
    decided = folder / FILE
    # A shell that appends to the file has made it, empty, before this reads it.
    before = text_of(decided, as_utf_8=True) if decided.exists() else ""
    click.echo(lines_behind(before, proposed), nl=False)
    click.echo(f"Proposals: {len(proposed)}; keep what is right, in entities.csv, then ingest.", err=True)


@entities.command()
@collection_folder
def export(folder: Path) -> None:
    """Print all entities as a table for a spreadsheet or OpenRefine.

    Change the columns name, kind, wikidata and ignore (yes) there, and read it back with
    `import`. Entities that are given the same name become one.

    \b
    Example:
      readingroom entities export my-collection > names.csv
    """
    from ingest.curation import export_entities  # noqa: PLC0415 - quick start of --help

    # Python's own way to print may leave out, untold, what a full disk did not take.
    left = memoryview(export_entities(_database(folder)).encode())
    stream = sys.stdout.buffer
    while left:
        left = left[stream.write(left) :]
    stream.flush()


@entities.command("import")
@click.argument("table", type=EXISTING_FILE)
@collection_folder
def import_command(table: Path, folder: Path) -> None:
    """Write the changes made in an exported TABLE into entities.csv.

    \b
    Example:
      readingroom entities import names.csv my-collection
    """
    from ingest.curation import import_entities  # noqa: PLC0415 - quick start of --help
    from ingest.decisions import FILE, add_decisions  # noqa: PLC0415

    decided = folder / FILE
    added = add_decisions(decided, import_entities(_database(folder), table))
    click.echo(f"{added:,} new {'decision' if added == 1 else 'decisions'} in {decided}.")
    if added:
        click.echo(f"They take effect with: readingroom ingest {quoted(folder)}")


@main.command()
@collection_folder
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option(
    "--port", default=8001, show_default=True, type=click.IntRange(1, 65535), help="Port to listen on."
)
@click.option("--open", "open_browser", is_flag=True, help="Also open it in a browser.")
def serve(folder: Path, host: str, port: int, *, open_browser: bool) -> None:
    """Serve the reading room of FOLDER, by default the current one, until Ctrl+C.

    It is Datasette with this collection's pages. What an ingest brings shows at once, what
    metadata.yml says of titles and pages after a restart.

    \b
    Example:
      readingroom serve my-collection --port 8080
    """
    from ingest.serving import check_port, datasette_command  # noqa: PLC0415 - quick start of --help

    command = datasette_command(folder, host=host, port=port, open_browser=open_browser)
    check_port(host, port)
    click.echo(f"The reading room is at http://{host}:{port}/ (stop with Ctrl+C)")
    sys.stdout.flush()
    os.execv(command[0], command)  # noqa: S606 - the very interpreter we run on


@main.command()
@click.argument("target", type=DATABASE_FILE)
@collection_folder
@click.option("--yes", is_flag=True, help="Make it though something in it may surprise you.")
def edition(target: Path, folder: Path, *, yes: bool) -> None:
    """Make a second database, TARGET, with what may be shown of the collection in FOLDER.

    The rights of publications in metadata.yml and of articles in their front matter decide:
    `full` is shown, `excerpt` as its first words (`edition: {excerpt_words: 60}` in
    metadata.yml), `metadata` as its catalogue entry alone. What takedowns.csv names (article,
    reason, date) is not there at all; its page says why. What is withheld is in no part of the
    file.

    \b
    Example:
      readingroom edition public.db my-collection
    """
    from ingest.editions.edition import make_edition  # noqa: PLC0415 - quick start of --help
    from ingest.settings import load_settings  # noqa: PLC0415

    report = make_edition(load_settings(folder), target, now=now(), accept=yes)
    for line in report.lines():
        click.echo(line, err=True)
    counts = ", ".join(f"{count:,} {SHOWN_AS[level]}" for level, count in report.articles.items())
    click.echo(f"{target}: {counts}.")
    click.echo(f"Before it leaves the house: readingroom publish check {quoted(target)}")


@main.command()
@click.argument("database", type=EXISTING_DATABASE)
def verify(database: Path) -> None:
    """Check that DATABASE, a collection or an edition, is sound, whole and unchanged.

    Prints a line for each check, and ends with exit code 1 if one fails. Nothing is written; the
    file may lie on a read-only disk.

    \b
    Example:
      readingroom verify public.db
    """
    from ingest.editions.verification import verify as look_over  # noqa: PLC0415 - quick start of --help

    checks = look_over(database)
    for check in checks:
        click.echo(str(check))
    if any(check.wrong for check in checks):
        click.echo(
            "Put a sound copy in its place, or move it away and make it anew: a collection with `readingroom"
            " ingest`, which may else take it for up to date, an edition with `readingroom edition`.",
            err=True,
        )
        sys.exit(1)


main.add_command(publish)


@main.command()
@collection_folder
@click.option("--port", default=8888, show_default=True, type=click.IntRange(1, 65535), help="Port to use.")
@click.option("--open/--no-open", "open_browser", default=True, help="Also open it in a browser.")
def notebook(folder: Path, port: int, *, open_browser: bool) -> None:
    """Open JupyterLab on the collection of FOLDER, by default the current one, until Ctrl+C.

    Notebooks to begin with are copied into its folder notebooks/, where they are not there yet.
    Needs: pip install 'readingroom[notebook]'

    \b
    Example:
      readingroom notebook my-collection
    """
    from ingest.notebooks import copy_notebooks, jupyter_command  # noqa: PLC0415 - quick start of --help

    _database(folder)
    command = jupyter_command(folder, port=port, open_browser=open_browser)
    for path in copy_notebooks(folder):
        click.echo(f"Copied {path}")
    sys.stdout.flush()
    os.execv(command[0], command)  # noqa: S606 - the very interpreter we run on


def _database(folder: Path) -> Path:
    """Return the database of a collection that was ingested."""
    from ingest.settings import load_ingested  # noqa: PLC0415 - quick start of --help

    return load_ingested(folder).database


def _place(value: str) -> str:
    """Return what PATH names, an address or something on this machine that is there."""
    from ingest.sources import divide_pattern  # noqa: PLC0415 - quick start of --help

    if "://" in value:
        return value
    folder, pattern = divide_pattern(Path(value))
    if not folder.exists():
        message = f"{value} does not exist."
        raise click.BadParameter(message)
    # A mistyped pattern would otherwise be remembered, and every later run fail because of it.
    if pattern and next(folder.glob(pattern), None) is None:
        message = f"nothing fits {value}."
        raise click.BadParameter(message)
    return value


def describe_commands() -> str:
    """Return the help of every command as Markdown, for the README."""
    texts = []
    for name, command in _commands("readingroom", main):
        context = click.Context(command, info_name=name, max_content_width=92, terminal_width=92)
        texts.append(f"### `{name}`\n\n```text\n{command.get_help(context)}\n```")
    return "\n\n".join(texts)


def _commands(name: str, command: click.Command) -> Iterator[tuple[str, click.Command]]:
    """Yield a command and all those below it, with their full names."""
    yield name, command
    for each, below in command.commands.items() if isinstance(command, click.Group) else ():
        yield from _commands(f"{name} {each}", below)


def describe_formats() -> str:
    """Return the table of formats as Markdown, for the README."""
    from ingest.registry import discover  # noqa: PLC0415 - quick start of --help

    head = "| format | files | library | kept | not kept |\n| --- | --- | --- | --- | --- |\n"
    rows = (
        f"| {each.name} | {', '.join(f'`{suffix}`' for suffix in each.suffixes if suffix)} "
        f"| {each.library} | {each.keeps} | {each.loses} |"
        for each in sorted(discover().readers.values(), key=lambda each: each.name)
    )
    return head + "\n".join(rows)
