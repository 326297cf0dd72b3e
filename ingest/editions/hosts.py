"""Where an edition may be put, and what each place takes, as its documentation says."""

from __future__ import annotations

from dataclasses import dataclass

MB, GB = 1000**2, 1000**3
MIB, GIB, TIB = 1024**2, 1024**3, 1024**4
LOOKED_UP = "2026-11"


@dataclass(frozen=True, kw_only=True)
class Host:
    """A place for an edition: the largest file it takes, in bytes, and what else to know."""

    name: str
    kind: str
    largest_file: int
    note: str


HOSTS = (
    Host(
        name="Cloudflare Pages",
        kind="static",
        largest_file=25 * MIB,
        note="25 MiB a file; 20,000 files a site, 100,000 on paid plans",
    ),
    Host(
        name="GitHub Pages",
        kind="static",
        largest_file=100 * MIB,
        note="1 GB a site, 100 MiB a file, as a repository takes no larger one",
    ),
    Host(
        name="Amazon S3",
        kind="static",
        largest_file=int(48.8 * TIB),
        note="48.8 TiB an object; over 5 GiB only in several parts",
    ),
    Host(
        name="Google Cloud Run",
        kind="server",
        largest_file=32 * GIB,
        note="32 GiB of memory at most, and whatever is written there counts; what is in the image does not",
    ),
    Host(
        name="Fly.io",
        kind="server",
        largest_file=500 * GB,
        note="500 GB a volume, on one machine; a new one has 1 GB unless more is asked for",
    ),
)


def describe_fit(size: int) -> list[str]:
    """Return a line for each host: whether one file of so many bytes fits, and its limits."""
    width = max(len(host.name) for host in HOSTS)
    fits = [(host, "fits" if size <= host.largest_file else "TOO LARGE") for host in HOSTS]
    return [f"{host.name:{width}}  {host.kind:6}  {fit:9}  {host.note}" for host, fit in fits]
