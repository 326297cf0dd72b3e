"""Tells how an ingest ended: the four outcomes, which add up, and what a person should look at."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.console import Console
from rich.table import Table

from ingest.moves import tell_moves, tell_unknown
from ingest.store import list_problems, list_unknown_formats, list_unmatched

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from ingest.model import Report

SHOWN = 10
MOST_FORMATS = 12
MOST_GONE = 3
OUTCOMES = (
    ("articles", "articles", ""),
    ("duplicates", "duplicates", "the same text under another name"),
    ("skipped", "skipped", "no article, or of an unknown format; see the table files"),
    ("problems", "problems", "could not be read"),
)


def print_report(report: Report, folder: Path) -> None:
    """Print how many items ended as what, then what a person should look at."""
    console = Console(highlight=False, soft_wrap=True, emoji=False)
    table = Table.grid(padding=(0, 2))
    table.add_row(f"{report.found:,}", "found", "", style="bold")
    for attribute, name, meaning in OUTCOMES:
        table.add_row(f"{getattr(report, attribute):,}", name, f"[dim]{meaning}[/dim]")
    table.columns[0].justify = "right"
    console.print(table)
    state = "made anew" if report.rebuilt else "up to date, nothing changed"
    if report.skipped:
        _print_unknown(console, folder)
    console.print(f"collection.db: {state}; {report.read:,} read in {report.seconds:.1f} s.")
    if report.problems:
        console.print(f"[yellow]Warning:[/yellow] {report.problems:,} could not be read:")
        _print_problems(console, folder)
    if report.warnings:
        doubts = "1 doubt is" if report.warnings == 1 else f"{report.warnings:,} doubts are"
        console.print(f"{doubts} in the table problems too, about what was read all the same.")
    _print_gone(console, report)
    _print_unmatched(console, folder)
    if report.moved:
        console.print("[yellow]Warning:[/yellow]", end=" ")
        console.print(tell_moves(report.moved), markup=False)
    if report.unknown:
        console.print("[yellow]Warning:[/yellow]", end=" ")
        console.print(tell_unknown(report.unknown), markup=False)
    if report.rekeyed:
        console.print("[yellow]Warning:[/yellow]", end=" ")
        console.print(tell_rekeyed(report.rekeyed), markup=False)
    if not report.found:
        console.print(f"Nothing there yet. Put articles into {folder / 'sources'} and run this again.")


def _print_gone(console: Console, report: Report) -> None:
    """Tell which articles left the collection, by what became of their files."""
    for places, tell in ((report.gone, tell_gone), (report.dropped, tell_dropped)):
        if places:
            console.print(tell(places), markup=False)


def tell_gone(places: Sequence[str]) -> str:
    """Tell that articles left the collection, which nobody means of a disk that is not mounted."""
    told = _tell_left(places, "with its file at", "with their files at")
    return f"{told}. If a disk is missing there, mount it and ingest again."


def tell_dropped(places: Sequence[str]) -> str:
    """Tell that files hold articles no longer, which nobody means of a feed that is saved every night."""
    told = _tell_left(places, "since its file holds it no longer:", "since their files hold them no longer:")
    kept = "A feed holds its latest entries alone; to keep all, save it under another name each time."
    return f"{told}. {kept}"


def _tell_left(places: Sequence[str], one: str, many: str) -> str:
    shown = ", ".join(places[:MOST_GONE]) + (" …" if len(places) > MOST_GONE else "")
    if len(places) == 1:
        return f"1 article of before is gone, {one} {shown}"
    return f"{len(places):,} articles of before are gone, {many} {shown}"


def tell_rekeyed(rekeyed: Sequence[tuple[str, str]]) -> str:
    """Tell that publications have new addresses, and what keeps the old ones."""
    lines = "".join(f"\n  {name}: key: {key}" for key, name in rekeyed)
    return (
        "publications have new names, so that links to all their articles, and sets of OAI-PMH, lead nowhere."
        f" To keep those, write each key beside the name in metadata.yml and ingest again:{lines}"
    )


def _print_problems(console: Console, folder: Path) -> None:
    """Show one problem of each kind, and say where the others are."""
    kinds = list_problems(folder / "collection.db")
    for locator, message, hint, others in kinds[:SHOWN]:
        more = f" and {others:,} like it" if others else ""
        console.print(f"  {locator}{more}: {message} {hint}", markup=False)
    if len(kinds) > SHOWN or any(others for *_, others in kinds):
        console.print("  All are in the table problems (/collection/problems in the reading room).")


def _print_unknown(console: Console, folder: Path) -> None:
    """Show the formats that nothing reads, so that no kind of document is passed over in silence."""
    if formats := list_unknown_formats(folder / "collection.db"):
        listed = ", ".join(f"{name} ({count:,})" for name, count, _ in formats[:MOST_FORMATS])
        rest = " …" if len(formats) > MOST_FORMATS else ""
        console.print(f"Formats that nothing reads yet: {listed}{rest}.", markup=False, end=" ")
        console.print("Documents among them: save them as PDF, or in another format of the README.")
        advised: dict[str, list[str]] = {}
        for name, _, advice in formats:
            advised.setdefault(advice, []).append(name)
        for advice, names in advised.items():
            if advice:
                console.print(f"  {', '.join(names)}: {advice}.", markup=False)


def _print_unmatched(console: Console, folder: Path) -> None:
    """Show the decisions that fit no entity, so that none is dropped in silence."""
    for locator, message, hint in list_unmatched(folder / "collection.db"):
        console.print(f"[yellow]Warning:[/yellow] {locator}:", end=" ")
        console.print(f"{message} {hint}", markup=False)
