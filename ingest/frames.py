"""Rows as pandas frames: fitting types, dates as precise as they are, and titles that lead back."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Any

import pandas as pd

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

SHOWN = 20
LONGEST_CELL = 120
PRECISIONS = pd.CategoricalDtype(["year", "month", "day", "minute"], ordered=True)
WHOLE = ("year", "words", "articles", "mentions", "copies", "start", "end", "a", "b")
BROKEN = ("confidence", "score", "log_odds", "z")
REPEATED = ("source", "section", "language", "rights", "kind", "other_kind")
TYPES: dict[str, Any] = {
    "precision": PRECISIONS,
    **dict.fromkeys(WHOLE, "Int64"),
    **dict.fromkeys(BROKEN, "float64"),
    **dict.fromkeys(REPEATED, "category"),
}
LABELS = ("title", "name")
HIDDEN = ("key", "link", "url", "speaker_key", "start", "end", "rights")


class Frame(pd.DataFrame):
    """A pandas frame that shows its titles and names as links into the reading room."""

    @property
    def _constructor(self) -> Callable[..., Frame]:
        """Let what is made of a frame be one too, as pandas asks of its subclasses."""
        return Frame

    def _repr_html_(self) -> str:
        """Return the first rows as a table; everything that comes from a text is escaped."""
        label = next((name for name in LABELS if name in self.columns), None)
        linked = label if label and "link" in self.columns else None
        shown = [name for name in self.columns if not linked or name not in HIDDEN]
        heads = (f'<th style="text-align: left">{escape(str(name))}</th>' for name in shown)
        lines = ["<table><thead><tr>", *heads, "</tr></thead>"]
        places = {name: self.columns.get_loc(name) for name in ("link", linked) if name and linked}
        for row in self.head(SHOWN).itertuples(index=False, name=None):
            cells = []
            for name, value in zip(self.columns, row, strict=True):
                if linked and name in HIDDEN:
                    continue
                cell = _cell(value)
                if name == linked:
                    cell = f'<a href="{escape(str(row[places["link"]]))}">{cell or "(untitled)"}</a>'
                whole = "; white-space: nowrap" if name == "published" else ""
                cells.append(f'<td style="text-align: left{whole}">{cell}</td>')
            lines.append(f"<tr>{''.join(cells)}</tr>")
        lines.append("</table>")
        lines.append(f"<p>{_counted(len(self), 'row')}{_more(self, shown)}</p>")
        return "".join(lines)


def _cell(value: object) -> str:
    if value is None or value is pd.NA or value != value:  # noqa: PLR0124 - only NaN is unlike itself
        return ""
    text = f"{value:.2f}" if isinstance(value, float) else str(value)
    cut = text if len(text) <= LONGEST_CELL else text[: LONGEST_CELL - 1].rstrip() + "…"
    return escape(cut)


def _counted(number: int, what: str) -> str:
    return f"{number:,} {what}{'' if number == 1 else 's'}"


def _more(frame: pd.DataFrame, shown: Sequence[str]) -> str:
    first = f", the first {SHOWN} shown" if len(frame) > SHOWN else ""
    hidden = [escape(str(name)) for name in frame.columns if name not in shown]
    return f"{first}; also there: {', '.join(hidden)}" if hidden else first


def frame_of(columns: Sequence[str], rows: Sequence[Sequence[Any]], *, guess: bool = False) -> Frame:
    """Return rows as a frame; names tell the types, or with `guess` the values do.

    A date stays the text it is, `1969` or `1969-07-20`, since any type for points in time would
    invent what was not stated; such texts sort as dates do. Whole numbers may be missing.
    """
    data = {name: [row[place] for row in rows] for place, name in enumerate(columns)}
    return Frame(
        {
            name: pd.Series(values, dtype=_guessed(values) if guess else _type(name))
            for name, values in data.items()
        }
    )


def _type(name: str) -> Any:
    return TYPES.get(name, "string")


def _guessed(values: Sequence[Any]) -> Any:
    kinds = {type(value) for value in values if value is not None}
    if kinds == {int}:
        fits = all(value is None or -(2**63) <= value < 2**63 for value in values)
        return "Int64" if fits else "object"
    if kinds and kinds <= {int, float}:
        return "Float64"
    return "string" if kinds == {str} else "object"
