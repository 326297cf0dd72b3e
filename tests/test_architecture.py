"""The shape of the house: who may import whom, and what every room must have."""

import ast
from pathlib import Path

import pytest

from ingest import schema
from ingest.fingerprint import ENRICHING, READING
from tests.conftest import ROOT

PACKAGE = ROOT / "ingest"
# Lowest first; a room may import those before it in this list, and its own files.
ORDER = (
    "errors",
    "read_only",
    "model",
    "registry",
    "fingerprint",
    "personal_names",
    "calendars",
    "field_names",
    "labels",
    "latin_charsets",
    "charset",
    "columns",
    "exports",
    "sheets",
    "limits",
    "archives",
    "libraries",
    "directions",
    "layout",
    "looks",
    "saved_pages",
    "beside",
    "sources",
    "remote",
    "readers",
    "normalize",
    "enrich",
    "known_facts",
    "reading",
    "workspace",
    "memory",
    "worker",
    "preload",
    "fork_server",
    "engine",
    "cluster",
    "collate",
    "schema",
    "company",
    "summaries",
    "postings",
    "swap",
    "store",
    "decisions",
    "moves",
    "settings",
    "passes",
    "pipeline",
    "curation",
    "serving",
    "public",
    "scaffold",
    "search",
    "editions",
    "deployment",
    "commands",
    "website",
    "publish",
    "access",
    "frames",
    "keywords",
    "collection",
    "notebooks",
    "account",
    "progress",
    "cli",
)
MAY_IMPORT = {
    "readers": {
        "errors",
        "model",
        "registry",
        "field_names",
        "labels",
        "charset",
        "columns",
        "exports",
        "sheets",
        "archives",
        "libraries",
        "directions",
        "layout",
        "looks",
    },
    "exports": {"model", "field_names"},
    "normalize": {"errors", "model", "calendars", "field_names"},
    "enrich": {"model", "registry", "personal_names", "calendars"},
    "collate": {"errors", "model", "registry", "personal_names", "calendars", "normalize"},
    "schema": set(),
    "swap": set(),
    "company": set(),
    "summaries": {"company"},
    "postings": {"schema"},
    "store": {"errors", "read_only", "model", "schema", "summaries", "postings", "swap"},
    "known_facts": {"read_only", "model", "registry"},
    "workspace": {"errors", "model", "known_facts"},
    "memory": {"errors", "workspace"},
    "access": {"errors", "read_only"},
    "search": {"scaffold"},
    "frames": set(),
    "keywords": set(),
    "collection": {"errors", "access", "search", "frames", "keywords"},
}
LONGEST_MODULE = 500
MODULES = sorted(path for path in PACKAGE.rglob("*.py"))
PLUGINS = sorted((ROOT / "plugins").glob("*.py"))


def imports(path: Path) -> set[str]:
    """Return the full names of what a file imports."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            found |= {f"{node.module}.{alias.name}" for alias in node.names}
    return found


def room(name: str) -> str:
    """Return the room of a module below `ingest`."""
    return name.split(".")[1] if name.startswith("ingest.") else ""


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_imports_point_one_way(path: Path):
    """A room imports only rooms before it, so that data flows one way."""
    own = path.relative_to(PACKAGE).with_suffix("").parts[0]
    if own.startswith("__"):
        return
    used = {room(name) for name in imports(path)} - {"", own, "__version__"}
    used &= set(ORDER)
    allowed = MAY_IMPORT.get(own, set(ORDER[: ORDER.index(own)]))
    assert used <= allowed, f"{own} may not import {sorted(used - allowed)}"


def test_what_reading_depends_on_is_known():
    """A change of anything that readers and enrichers use makes files be read anew."""
    rooms = {name.removesuffix(".py") for name in READING}
    used = {each for name in rooms for each in MAY_IMPORT.get(name, set())}
    assert used - rooms <= {"errors", "registry"}


def test_what_enriching_depends_on_is_known():
    """A change of anything that enrichers use makes facts be found anew."""
    rooms = {name.removesuffix(".py") for name in ENRICHING}
    used = {each for name in rooms for each in MAY_IMPORT.get(name, set())}
    assert used - rooms <= {"errors", "registry"}


def test_every_room_has_its_place():
    """A new room is put into the order on purpose."""
    rooms = {path.relative_to(PACKAGE).with_suffix("").parts[0] for path in MODULES} - {
        "__init__",
        "__main__",
    }
    assert rooms == set(ORDER)


@pytest.mark.parametrize("path", PLUGINS, ids=lambda path: path.name)
def test_plugins_speak_sql_only(path: Path):
    """Pages never import the package: the contract between them is the database."""
    assert not {name for name in imports(path) if name.split(".")[0] == "ingest"}


@pytest.mark.parametrize("path", MODULES + PLUGINS, ids=lambda path: path.name)
def test_modules_stay_small(path: Path):
    """A file that passes 500 lines wants to be two."""
    assert len(path.read_text(encoding="utf-8").splitlines()) <= LONGEST_MODULE


def test_no_room_for_leftovers():
    """Nothing is called utils, helpers or common: a newcomer finds a room by its name."""
    names = {part for path in MODULES for part in path.relative_to(ROOT).with_suffix("").parts}
    assert not names & {"utils", "util", "helpers", "common", "misc"}


def test_tables_are_described():
    """Every table and every column says what it means, and points to tables there are."""
    for table in schema.TABLES:
        assert table.description.endswith(".")
        for column in table.columns:
            assert column.description
            assert column.references is None or column.references in schema.BY_NAME
