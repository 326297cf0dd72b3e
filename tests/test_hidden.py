"""What the maker of a workbook hid is in no article, and is told where it could be missed."""

from pathlib import Path

from openpyxl import Workbook

from tests.conftest import Room

HEAD = ("Headline", "Text", "Informant")
ROWS = (
    ("The ferry", "The ferry lay at the quay.", "Ida"),
    ("The dock", "The dock was dry all summer.", "Ola"),
    ("The mole", "The mole broke in the storm.", "Per"),
)
OF_ROW = "a hidden row, be it by a filter; show it in the workbook to have it read"
OF_SHEET = "a hidden sheet; show it in the workbook to have it read"
SPACE = "urn:oasis:names:tc:opendocument:xmlns"
FODS = (
    f'<office:document xmlns:office="{SPACE}:office:1.0" xmlns:table="{SPACE}:table:1.0"'
    f' xmlns:text="{SPACE}:text:1.0" xmlns:style="{SPACE}:style:1.0"><office:automatic-styles>'
    '<style:style style:name="ta2" style:family="table"><style:table-properties table:display="false"/>'
    "</style:style></office:automatic-styles><office:body><office:spreadsheet>{}</office:spreadsheet>"
    "</office:body></office:document>"
)


def save_workbook(path: Path) -> None:
    """Write a workbook with a hidden row, a hidden column and a hidden sheet."""
    workbook = Workbook()
    for sheet in (workbook.active, workbook.create_sheet("Old")):
        for row in (HEAD, *ROWS):
            sheet.append([f"{cell} before" if sheet.title == "Old" else cell for cell in row])
    shown = workbook.active
    shown.title = "Shown"
    shown.row_dimensions[3].hidden = True
    shown.column_dimensions["C"].hidden = True
    workbook["Old"].sheet_state = "veryHidden"
    workbook.save(path)


def open_workbook(row: str = "collapse") -> str:
    """Return a workbook of OpenDocument with the same hidden in it."""

    def written(cells: tuple[str, ...], attributes: str = "") -> str:
        within = "".join(f"<table:table-cell><text:p>{cell}</text:p></table:table-cell>" for cell in cells)
        return f"<table:table-row{attributes}>{within}</table:table-row>"

    column = "<table:table-column table:{}/>"
    columns = column.format('number-columns-repeated="2"') + column.format('visibility="collapse"')
    hidden = written(ROWS[1], f' table:visibility="{row}"')
    shown = f"{columns}{written(HEAD)}{written(ROWS[0])}{hidden}{written(ROWS[2])}"
    old = "".join(map(written, (HEAD, *ROWS)))
    return FODS.format(
        f'<table:table table:name="Shown">{shown}</table:table>'
        f'<table:table table:name="Old" table:style-name="ta2">{old}</table:table>'
    )


def test_what_is_hidden_in_a_workbook_is_not_read(room: Room):
    """Hidden rows and sheets are listed as skipped, and of hidden columns it is told that they are."""
    save_workbook(room.put("a.xlsx", b""))
    room.put("a.fods", open_workbook().replace("The ", "A "))
    room.put("b.fods", open_workbook("filter").replace("The ", "One "))
    report = room.ingest()
    assert (report.articles, report.skipped) == (6, 6)
    assert set(room.rows("select substr(locator, -5), reason from files where outcome = 'skipped'")) == {
        ("row=3", OF_ROW),
        ("t=Old", OF_SHEET),
    }
    assert room.one("select count(*) from fields where value in ('Ida', 'Ola', 'Per')") == 0
    assert (
        room.rows("select code, message from problems")
        == [("hidden-columns", "Hidden columns were not read: Informant.")] * 3
    )


def test_a_hidden_column_that_the_curator_names_is_read(room: Room):
    """What metadata.yml says of columns wins over how the workbook looks."""
    (room.folder / "metadata.yml").write_text(
        "plugins:\n  readingroom:\n    columns: {author: Informant, section: Shelf}\n"
    )
    save_workbook(room.put("a.xlsx", b""))
    assert room.ingest().articles == 2
    assert room.rows("select name from authors order by name") == [("Ida",), ("Per",)]
    assert room.one("select count(*) from problems") == 0
