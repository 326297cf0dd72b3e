"""The curator's decisions about entities, kept in `entities.csv` beside metadata.yml.

    action,entity,value,note
    merge,Putin,Vladimir Putin,
    kind,Georgia,GPE,the country
    ignore,Read More,,

One line a decision, applied on every ingest and reviewed in version control like any text. An
entity is named as the reading room names it, or by an alias that only one entity has; where two
share a name, with the kind behind it: `Georgia (PERSON)`.
"""

from __future__ import annotations

import codecs
import csv
import io
import re
from typing import TYPE_CHECKING, TypeVar, get_args

from ingest import swap
from ingest.errors import SettingsError
from ingest.model import KINDS, Action, Decision

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from pathlib import Path

    Line = dict[str, str]

FILE = "entities.csv"
COLUMNS = ("action", "entity", "value", "note")
ACTIONS: tuple[Action, ...] = get_args(Action)
FORMULA = ("=", "+", "-", "@")
WIKIDATA = re.compile(r"Q[1-9]\d*")
WIKIDATA_PAGE = re.compile(r"https?://(?:www\.)?wikidata\.org/(?:wiki|entity)/(?=Q)", re.IGNORECASE)
BEYOND = "\0"
MOST_TOLD = 10
# The first line of a table that tells Excel what stands between the columns.
EXCELS_LINE = re.compile(r'"?sep=(?P<separator>[^\n"])"?', re.IGNORECASE)
UTF_16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
Meaning = TypeVar("Meaning")


def read_decisions(path: Path) -> tuple[Decision, ...]:
    """Return the decisions in a file, none where there is no file.

    A byte-order mark, UTF-16, semicolons or tabs between the columns, `sep=;` above them, and any order
    of columns are what spreadsheets write. Raises `SettingsError` naming the lines that cannot be understood.
    """
    return read_lines(path, _decision, required=COLUMNS[:2]) if path.exists() else ()


def read_lines(
    path: Path, read: Callable[[int, Line], Meaning], *, required: Iterable[str]
) -> tuple[Meaning, ...]:
    """Return what `read` makes of each line of a table, given its number and its values by column.

    Raises `SettingsError` with every line for which `read` raises one, ten of them at most, as well
    as where the table itself cannot be read.
    """
    meant, wrong = [], []
    for line, row in read_table(path, required=required):
        try:
            if BEYOND in row:
                message = (
                    f"{row[BEYOND]} stands in no column. Put a value with a comma between quotation marks,"
                    ' as in "Smith, John".'
                )
                raise SettingsError(message)  # noqa: TRY301 - told with the others
            meant.append(read(line, row))
        except SettingsError as error:
            wrong.append(f"line {line}: {error}")
    if len(wrong) == 1:
        message = f"{path}, {wrong[0]}"
        raise SettingsError(message)
    if wrong:
        more = [f"and {len(wrong) - MOST_TOLD} more lines"] if len(wrong) > MOST_TOLD else []
        told = "".join(f"\n  - {each}" for each in [*wrong[:MOST_TOLD], *more])
        message = f"{path}: {len(wrong)} lines cannot be understood:{told}"
        raise SettingsError(message)
    return tuple(meant)


def read_table(path: Path, *, required: Iterable[str]) -> list[tuple[int, Line]]:
    """Return the rows of a table as line number and values by column, rows without a value left out.

    What stands behind the last column is told under `BEYOND`.
    Raises `SettingsError` when it cannot be decoded, when a required column is missing, or a quotation
    mark is left open, which would swallow the lines after it.
    """
    text = text_of(path)
    columns, separator, above = _head(text)
    if text.strip() and (missing := [name for name in required if name not in columns]):
        message = f"{path} has no column {missing[0]}; its first line must name it. Add it and try again."
        raise SettingsError(message)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    found = []
    try:
        for row in reader:
            cells = [as_written(cell) for cell in row]
            values = dict(zip(columns, cells, strict=False))
            if beyond := next(filter(None, cells[len(columns) :]), ""):
                values[BEYOND] = beyond
            if any("\n" in value for value in values.values()):
                message = f"{path}, before line {reader.line_num}: a quotation mark is left open. Close it."
                raise SettingsError(message)
            if reader.line_num > above + 1 and any(values.values()):
                found.append((reader.line_num, values))
    except csv.Error as error:
        message = f"{path}, line {reader.line_num}: {error}. Look for a quotation mark too many or too few."
        raise SettingsError(message) from error
    return found


def text_of(path: Path, *, as_utf_8: bool = False) -> str:
    """Return the text of a table in UTF-8, or in UTF-16 as spreadsheets mark it; without its mark.

    Raises `SettingsError` when it is in neither, or in UTF-16 where lines in UTF-8 are to follow it.
    """
    marked = not as_utf_8 and path.read_bytes().startswith(UTF_16)
    try:
        return path.read_text(encoding="utf-16" if marked else "utf-8-sig")
    except UnicodeError as error:
        message = f"{path} is not UTF-8 ({error}). Save it as CSV with the encoding UTF-8."
        raise SettingsError(message) from error


def wikidata_number(stated: str) -> str:
    """Return a number of Wikidata as stated, or that of the page whose address it is."""
    return WIKIDATA_PAGE.sub("", stated).upper() if WIKIDATA.search(stated.upper()) else stated


def as_cell(value: str) -> str:
    """Return a value as a spreadsheet takes it for text, though it begin like a formula."""
    return f"'{value}" if value.startswith(FORMULA) else value


def as_written(cell: str) -> str:
    """Return the value that `as_cell` made a cell of."""
    cell = cell.strip()
    return cell[1:] if cell.startswith("'") and cell[1:].startswith(FORMULA) else cell


def add_decisions(path: Path, decisions: Iterable[Decision]) -> int:
    """Write decisions behind those in the file, and return how many were new.

    One that holds already is left out: of several about the same of an entity the last one holds.
    """
    holding = {(each.action, each.entity): each.value for each in read_decisions(path)}
    new = [each for each in decisions if holding.get((each.action, each.entity)) != each.value]
    if not new:
        return 0
    before = text_of(path) if path.exists() else ""
    swap.write_text(path, before + lines_behind(before, new))
    return len(new)


def lines_behind(before: str, decisions: Iterable[Decision]) -> str:
    """Return decisions as lines that follow what a file has, in its columns; an empty one gets a head."""
    if not before.strip():
        return f"{','.join(COLUMNS)}\n{as_lines(decisions)}"
    return ("" if before.endswith("\n") else "\n") + as_lines(decisions, *_head(before)[:2])


def as_lines(decisions: Iterable[Decision], columns: Sequence[str] = COLUMNS, separator: str = ",") -> str:
    """Return decisions as lines of a table with these columns."""
    lines = io.StringIO()
    writer = csv.DictWriter(
        lines, columns, delimiter=separator, lineterminator="\n", restval="", extrasaction="ignore"
    )
    for each in decisions:
        row = {"action": each.action, "entity": each.entity, "value": each.value, "note": each.note}
        writer.writerow({name: as_cell(value) for name, value in row.items()})
    return lines.getvalue()


def _head(text: str) -> tuple[list[str], str, int]:
    """Return the names of the columns in lower case, what stands between them, and how many lines above."""
    first, _, rest = text.partition("\n")
    told = EXCELS_LINE.match(first.strip())
    head = rest.partition("\n")[0] if told else first
    separator = told["separator"] if told else max(",;\t", key=head.count)
    columns = next(csv.reader([head], delimiter=separator), [])
    return [name.strip().lower() for name in columns], separator, 1 if told else 0


def _decision(line: int, row: Line) -> Decision:
    action, entity, value = row.get("action", "").lower(), row.get("entity", ""), row.get("value", "")
    known = next((each for each in ACTIONS if each == action), None)
    if known is None:
        message = f"{action or 'nothing'} is no action; known are {', '.join(ACTIONS)}."
        raise SettingsError(message)
    if not entity:
        message = "no entity is named. Write its name into the second column."
        raise SettingsError(message)
    if known != "ignore" and not value:
        message = f"{known} needs a value in the third column; see `readingroom entities --help`."
        raise SettingsError(message)
    if known == "kind" and (value := value.upper()) not in KINDS:
        message = f"{value} is no kind; known are {', '.join(KINDS)}."
        raise SettingsError(message)
    if known == "link" and not WIKIDATA.fullmatch(value := wikidata_number(value)):
        message = f"{value} is no Wikidata number such as Q42."
        raise SettingsError(message)
    return Decision(action=known, entity=entity, value=value, note=row.get("note", ""), line=line)
