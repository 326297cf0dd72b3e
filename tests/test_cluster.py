"""Reading on a cluster: a real scheduler and real workers, each a process of its own."""

import gc
import json
import os
import shutil
import signal
import subprocess
import sys
import time
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from ingest import cluster as engine
from ingest.errors import ClusterError
from ingest.model import Report
from ingest.pipeline import ingest_collection
from ingest.reading import Conditions
from ingest.settings import load_settings
from ingest.sources import find_items, plan_roots
from tests.browsers import free_port
from tests.buckets import KEYS, bucket_server
from tests.conftest import NOW, ROOT, Room

distributed = pytest.importorskip("distributed", reason="dask.distributed is not installed")
pytestmark = [
    pytest.mark.xdist_group("cluster"),
    # A connection that dies with its worker is what these tests are about.
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]
ARTICLE = (
    "Sputnik Rises\n\nOctober 5, 1957\n\nShip {0} rose at nine.\nIt sang over Kazakhstan in orbit {0}.\n"
)
UNGUARDED = {"DASK_DISTRIBUTED__WORKER__DAEMON": "False"}
# Reads .slow files slowly, dies of .segfault files, and kills the cluster's worker over .killer files.
READERS = """
import ctypes, os, time
from pathlib import Path
from ingest.model import RawDocument
from ingest.registry import reader

def text(item, source):
    return RawDocument(locator=item.locator, format="text", content=source.read().decode())

@reader(name="slow", version="1", suffixes=(".slow",), media_types=("text/x-slow",))
def read_slow(item, source):
    time.sleep(0.05)
    yield text(item, source)

@reader(name="segfault", version="1", suffixes=(".segfault",), media_types=("text/x-segfault",))
def read_segfault(item, source):
    ctypes.string_at(0)
    yield text(item, source)

@reader(name="killer", version="1", suffixes=(".killer",), media_types=("text/x-killer",))
def read_killer(item, source):
    status = Path(f"/proc/{os.getppid()}/stat").read_text()
    worker = int(status.rpartition(")")[2].split()[1])
    # An orphan must not kill whoever adopted it.
    if worker > 1 and b"spawn_main" in Path(f"/proc/{worker}/cmdline").read_bytes():
        ctypes.CDLL(None).kill(worker, 9)
    time.sleep(60)
    yield text(item, source)
"""


class Cluster:
    """A scheduler, and workers that are started on demand."""

    def __init__(self, folder: Path, **environment: str) -> None:
        """Start the scheduler."""
        self.folder = folder
        self.processes: list[subprocess.Popen[bytes]] = []
        self.environment = environment
        file = folder / "scheduler.json"
        self.start("scheduler", "--host", "127.0.0.1", "--port", "0", "--scheduler-file", str(file))
        self.address = str(json.loads(waited_for(lambda: file.exists() and file.read_text()))["address"])
        self.client = distributed.Client(self.address, set_as_default=False)

    def start(self, *command: str, **environment: str) -> subprocess.Popen[bytes]:
        """Start `dask COMMAND`, away from the checkout, which is on its path."""
        path = os.pathsep.join(filter(None, (str(ROOT), os.environ.get("PYTHONPATH", ""))))
        process = subprocess.Popen(
            [sys.executable, "-m", "dask", *command, "--no-dashboard"],
            cwd=self.folder,
            start_new_session=True,  # what dies there takes nothing of ours with it
            env={**os.environ, "PYTHONPATH": path, **self.environment, **environment},
            stdout=subprocess.DEVNULL,
            stderr=(self.folder / "log").open("ab"),
        )
        self.processes.append(process)
        return process

    def work(self, *options: str, **environment: str) -> subprocess.Popen[bytes]:
        """Start one worker of one thread."""
        return self.start("worker", self.address, "--nthreads", "1", *options, **environment)

    def await_workers(self, count: int) -> dict[str, int]:
        """Wait for so many workers, and return their process numbers by address."""
        waited_for(lambda: len(self.client.nthreads()) == count)
        return dict(self.client.run(os.getpid))

    def stop(self, *processes: subprocess.Popen[bytes]) -> None:
        """End processes, and wait until the scheduler has forgotten their workers."""
        for process in processes:
            process.terminate()
        for process in processes:
            process.wait(60)

    def close(self) -> None:
        """End everything, the scheduler last."""
        self.client.close()
        self.stop(*reversed(self.processes))


def waited_for(found, seconds: float = 180):
    """Return what a function gives as soon as it gives anything."""
    ends = time.monotonic() + seconds
    while not (result := found()):
        assert time.monotonic() < ends, "it did not come"
        time.sleep(0.1)
    return result


@pytest.fixture(scope="module")
def bucket_address() -> str:
    """Where the S3-compatible server will listen; workers are told when they start."""
    return f"http://127.0.0.1:{free_port()}"


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory, bucket_address: str) -> Iterator[Cluster]:
    """Two workers, each with a Nanny that starts it anew when it dies."""
    made = Cluster(
        tmp_path_factory.mktemp("cluster"),
        DASK_DISTRIBUTED__SCHEDULER__ALLOWED_FAILURES="1",
        AWS_ENDPOINT_URL=bucket_address,
        **UNGUARDED,
        **KEYS,
    )
    made.work()
    made.work()
    made.await_workers(2)
    yield made
    made.close()


@pytest.fixture(scope="module")
def bare(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    """A scheduler without workers."""
    made = Cluster(tmp_path_factory.mktemp("bare"))
    yield made
    made.close()


def rules_only(room: Room, *sources: str) -> Room:
    """Let names be found by rules, since the model is not the point here."""
    path = room.folder / "metadata.yml"
    more = f"    sources: {json.dumps(sources)}\n" if sources else ""
    text = path.read_text()
    if sources:
        text = text.replace("    sources:\n    - sources\n", "")
    path.write_text(text.replace("  readingroom:\n", f"  readingroom:\n    entities: rules\n{more}", 1))
    return room


def copy_of(room: Room, name: str) -> Room:
    """Return a second collection of the same sources, settings and plugins, not yet ingested."""
    folder = room.folder.with_name(name)
    shutil.copytree(room.folder, folder, ignore=shutil.ignore_patterns(".readingroom", "collection.db*"))
    other = Room.__new__(Room)
    other.folder = folder
    return other


def on_cluster(room: Room, address: str, progress=lambda _done, _all: None) -> Report:
    """Bring collection.db up to date by a cluster."""
    settings = load_settings(room.folder)
    return ingest_collection(settings, now=NOW, scheduler=address, progress=progress)


def content(room: Room) -> object:
    """Return the hash over all that collection.db says."""
    return room.one("select content from runs")


def put_articles(room: Room, count: int, suffix: str = "txt") -> None:
    """Write so many short articles."""
    for number in range(count):
        room.put(f"courier/{number:03}.{suffix}", ARTICLE.format(number))


def test_every_engine_makes_the_same_file(room: Room, cluster: Cluster):
    """In this process, over processes, and on a cluster: the same content, damaged items included."""
    shutil.copytree(ROOT / "sample", room.folder / "sources" / "sample")
    rules_only(room)
    in_process, pool = copy_of(room, "in-process"), copy_of(room, "pool")
    report = on_cluster(room, cluster.address)
    assert report.articles == report.read - report.problems - report.skipped - report.duplicates > 40
    in_process.ingest(workers=0)
    pool.ingest(workers=1)
    assert content(room) == content(in_process) == content(pool)
    assert on_cluster(room, cluster.address).read == 0
    assert room.ingest().read == 0


def test_children_guard_on_workers_too(room: Room, cluster: Cluster):
    """An item that breaks its parser costs itself alone; own readers of the collection go along."""
    (room.folder / "plugins" / "own.py").write_text(READERS)
    put_articles(rules_only(room), 4)
    room.put("bad.segfault", ARTICLE)
    pool = copy_of(room, "pool")
    before = cluster.await_workers(2)
    report = on_cluster(room, cluster.address)
    assert (report.articles, report.problems) == (4, 1)
    assert room.rows("select locator, code from problems") == [("bad.segfault", "crash")]
    assert cluster.await_workers(2) == before
    pool.ingest(workers=1)
    assert content(room) == content(pool)


def test_a_lost_worker_costs_its_batch(room: Room, cluster: Cluster):
    """A worker killed while it reads takes nothing with it: others read its batch again."""
    (room.folder / "plugins" / "own.py").write_text(READERS)
    put_articles(rules_only(room), 80, "slow")
    in_process = copy_of(room, "in-process")
    killed: list[str] = []

    def kill_one(_done: int, _all: int) -> None:
        if killed:
            return
        busy = next(worker for worker, batches in cluster.client.processing().items() if batches)
        os.kill(cluster.await_workers(2)[busy], signal.SIGKILL)
        killed.append(busy)

    report = on_cluster(room, cluster.address, kill_one)
    assert (report.read, report.articles) == (80, 80)
    events = [event for _, event in cluster.client.get_events("all")]
    lost = [each for each in events if each.get("action") == "remove-worker" and each["worker"] == killed[0]]
    assert lost[0]["processing-tasks"]
    in_process.ingest(workers=0)
    assert content(room) == content(in_process)
    cluster.await_workers(2)


def test_an_item_that_kills_workers_is_a_problem(room: Room, cluster: Cluster):
    """What breaks out of its child and kills the worker itself becomes a problem; all others are read."""
    (room.folder / "plugins" / "own.py").write_text(READERS)
    put_articles(rules_only(room), 12)
    room.put("courier/bad.killer", ARTICLE)
    report = on_cluster(room, cluster.address)
    assert (report.articles, report.problems) == (12, 1)
    assert room.rows("select locator, code from problems") == [("courier/bad.killer", "crash")]
    cluster.await_workers(2)
    (room.folder / "sources" / "courier" / "bad.killer").unlink()
    on_cluster(room, cluster.address)
    clean = copy_of(room, "clean")
    clean.ingest(workers=0)
    assert content(room) == content(clean)


def test_few_batches_are_on_the_way(
    room: Room, cluster: Cluster, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
):
    """However many items there are, the cluster holds two batches a thread and no more."""
    monkeypatch.setattr(engine, "MOST_ITEMS", 1)
    monkeypatch.setattr(engine, "TICK", 0.001)  # so that waits are in vain, and leave cycles behind
    gc.disable()
    request.addfinalizer(gc.enable)
    put_articles(room, 24)
    items = [*find_items(plan_roots([room.folder / "sources"]))]
    conditions = Conditions(recognisers=(("*", "rules"),))

    def tasks() -> set[str]:
        return set(cluster.client.run_on_scheduler(lambda dask_scheduler: list(dask_scheduler.tasks)))

    # What a run that was ended before may have left is none of ours.
    others = tasks()

    def held() -> int:
        return len(tasks() - others)

    most = 0
    read = set()
    for item, _ in engine.read_on_cluster(items, conditions, cluster.address):
        read.add(item.locator)
        # The scheduler forgets a batch some time after it was given back.
        waited_for(lambda: held() <= engine.AHEAD * 2)
        most = max(most, held())
    assert read == {item.locator for item in items}
    assert most >= 2


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_workers_open_a_bucket_themselves(
    room: Room, cluster: Cluster, bucket_address: str, monkeypatch: pytest.MonkeyPatch
):
    """Files in a bucket go to the workers without a copy here; stamps hold between engines."""
    for name, value in {**KEYS, "AWS_ENDPOINT_URL": bucket_address, "AWS_MAX_ATTEMPTS": "1"}.items():
        monkeypatch.setenv(name, value)
    rules_only(room, "s3://archive/news")
    local = copy_of(room, "local")
    with bucket_server(bucket_address) as s3:
        s3.create_bucket(Bucket="archive")
        for number in range(6):
            body = ARTICLE.format(number).encode()
            s3.put_object(Bucket="archive", Key=f"news/courier/{number}.txt", Body=body)
        report = on_cluster(room, cluster.address)
        assert (report.articles, report.problems, report.read) == (6, 0, 6)
        assert {path.suffix for path in (room.folder / ".readingroom" / "remote").iterdir()} == {".index"}
        local.ingest(workers=0)
        assert content(room) == content(local)
        assert on_cluster(room, cluster.address).read == 0
        assert room.ingest(workers=0).read == 0
        s3.put_object(Bucket="archive", Key="news/courier/0.txt", Body=ARTICLE.format("Zero").encode())
        assert on_cluster(room, cluster.address).read == 1
    # The bucket is away: nothing goes from the collection, whichever engine looks.
    for report in (on_cluster(room, cluster.address), room.ingest(workers=0)):
        assert (report.articles, report.read, report.problems) == (6, 0, 1)


def test_files_that_workers_do_not_see_are_sent(room: Room, cluster: Cluster, tmp_path: Path):
    """Small files go to the workers as bytes; what is too large for that is read on this machine."""
    away = tmp_path / "away"
    away.mkdir()
    # Each process has its own idea of this folder, as each machine has of its own disk.
    rules_only(room, "/proc/self/cwd")
    for number in range(6):
        (away / f"{number}.txt").write_text(ARTICLE.format(number))
    with zipfile.ZipFile(away / "large.zip", "w") as archive:
        archive.writestr("inside.txt", ARTICLE.format("inside"))
        archive.writestr("blob.bin", os.urandom(engine.MOST_SENT + 1))
    in_process = copy_of(room, "in-process")
    command = [sys.executable, "-m", "ingest", "ingest"]
    environment = {**os.environ, "PYTHONPATH": str(ROOT) + os.pathsep + os.environ.get("PYTHONPATH", "")}
    for arguments in (
        [room.folder, "--engine", "dask", "--scheduler", cluster.address],
        [in_process.folder, "--workers", "0"],
    ):
        subprocess.run([*command, *map(str, arguments)], cwd=away, env=environment, check=True)
    assert room.one("select count(*) from articles") == 7
    assert content(room) == content(in_process)


def test_stopping_keeps_what_was_read(room: Room, cluster: Cluster):
    """Ctrl+C ends a run at once, says that it can go on, and the next run reads only the rest."""
    (room.folder / "plugins" / "own.py").write_text(READERS)
    put_articles(rules_only(room), 80, "slow")
    script = (
        "import os, signal, sys, contextlib, ingest.cli as cli, ingest.progress as progress\n"
        # Some shells start what runs behind with the signal ignored.
        "signal.signal(signal.SIGINT, signal.default_int_handler)\n"
        "stop = lambda done, _: os.kill(os.getpid(), signal.SIGINT) if done == 20 else None\n"
        "progress.drawn = lambda *_: contextlib.nullcontext((stop, print))\n"
        "cli.main(['ingest', sys.argv[1], '--engine', 'dask', '--scheduler', sys.argv[2]])\n"
    )
    environment = {**os.environ, "PYTHONPATH": str(ROOT) + os.pathsep + os.environ.get("PYTHONPATH", "")}
    command = [sys.executable, "-c", script, str(room.folder), cluster.address]
    ended = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert ended.returncode == 130
    assert "run the same command again to go on" in ended.stderr
    assert not (room.folder / "collection.db").exists()
    report = on_cluster(room, cluster.address)
    assert report.articles == 80
    assert 0 < report.read <= 60


def test_a_cluster_without_workers_is_an_error(room: Room, bare: Cluster):
    """A scheduler that has none says how to start some."""
    put_articles(room, 1)
    with pytest.raises(ClusterError, match="dask worker"):
        on_cluster(room, bare.address)


def other_code(folder: Path) -> str:
    """Return a folder with the package of which one file differs."""
    package = folder / "ingest"
    package.mkdir()
    for path in (ROOT / "ingest").iterdir():
        (package / path.name).symlink_to(path)
    (package / "limits.py").unlink()
    (package / "limits.py").write_text((ROOT / "ingest" / "limits.py").read_text() + "# newer\n")
    return str(folder)


def no_code(folder: Path) -> str:
    """Return a folder in which the package is another's."""
    (folder / "ingest").mkdir()
    (folder / "ingest" / "__init__.py").touch()
    return str(folder)


@pytest.mark.parametrize(
    ("code", "environment", "message"),
    [
        (other_code, UNGUARDED, "of another version"),
        (no_code, UNGUARDED, "Each needs the Reading Room"),
        (None, {}, "DASK_DISTRIBUTED__WORKER__DAEMON=False"),
    ],
    ids=["other code", "no code", "daemon"],
)
def test_workers_unlike_the_client_are_refused(
    room: Room, bare: Cluster, tmp_path: Path, code, environment: dict[str, str], message: str
):
    """A worker with other code, without ours, or that may not have children reads nothing."""
    put_articles(room, 1)
    path = {"PYTHONPATH": code(tmp_path) + os.pathsep + os.environ.get("PYTHONPATH", "")} if code else {}
    worker = bare.work(**environment, **path)
    waited_for(bare.client.nthreads)
    with pytest.raises(ClusterError, match=message):
        on_cluster(room, bare.address)
    assert not (room.folder / "collection.db").exists()
    bare.stop(worker)
    waited_for(lambda: not bare.client.nthreads())


def test_the_last_worker_is_lost(room: Room, bare: Cluster, monkeypatch: pytest.MonkeyPatch):
    """When no worker comes back the run ends, what was read is kept, and another engine goes on."""
    monkeypatch.setattr(engine, "SECONDS_WITHOUT_WORKERS", 1)
    (room.folder / "plugins" / "own.py").write_text(READERS)
    put_articles(rules_only(room), 40, "slow")
    worker = bare.work("--no-nanny")
    waited_for(bare.client.nthreads)

    def kill(_done: int, _all: int) -> None:
        worker.kill()

    with pytest.raises(ClusterError, match="No worker came back"):
        on_cluster(room, bare.address, kill)
    worker.wait(60)
    report = room.ingest(workers=1)
    assert report.articles == 40
    assert 0 < report.read < 40


def test_the_scheduler_is_lost(room: Room, tmp_path: Path, capfd: pytest.CaptureFixture[str]):
    """A run says so, whenever it goes, and blames no disk; what was read is kept, and the next goes on."""
    (room.folder / "plugins" / "own.py").write_text(READERS)
    put_articles(rules_only(room), 40, "slow")
    made = Cluster(tmp_path, **UNGUARDED)
    try:
        made.work("--no-nanny")
        made.await_workers(1)
        made.client.close()

        def kill(_done: int, _all: int) -> None:
            made.processes[0].kill()
            made.processes[0].wait(60)

        with pytest.raises(ClusterError, match="The scheduler was lost"):
            on_cluster(room, made.address, kill)
    finally:
        made.close()
    assert "Traceback" not in capfd.readouterr().err
    report = room.ingest(workers=1)
    assert report.articles == 40
    assert 0 < report.read < 40


def test_a_file_that_a_worker_may_not_read_is_sent(room: Room, monkeypatch: pytest.MonkeyPatch):
    """It may run as another user than this machine, which may read it."""
    put_articles(room, 1)
    (item,) = find_items(plan_roots([room.folder / "sources"]))
    order = engine.Order(conditions=Conditions(), own=(), version=engine.code_version(None))
    monkeypatch.setattr(os, "access", lambda *_: False)
    assert engine.read_batch((item,), order).unseen == (0,)


def test_no_scheduler(room: Room, monkeypatch: pytest.MonkeyPatch):
    """A scheduler that does not answer is an error that names the next step."""
    monkeypatch.setattr(engine, "SECONDS_TO_CONNECT", 1)
    put_articles(room, 1)
    with pytest.raises(ClusterError, match="dask scheduler"):
        on_cluster(room, f"tcp://127.0.0.1:{free_port()}")


def test_without_the_extra(room: Room, monkeypatch: pytest.MonkeyPatch):
    """Where dask.distributed is not installed, the error says how to install it."""
    monkeypatch.setitem(sys.modules, "distributed", None)
    put_articles(room, 1)
    with pytest.raises(ClusterError, match=r"pip install 'readingroom\[cluster\]'"):
        on_cluster(room, "tcp://127.0.0.1:1")


@pytest.mark.parametrize(
    "arguments",
    [
        ["--engine", "dask"],
        ["--scheduler", "tcp://127.0.0.1:1"],
        ["--engine", "dask", "--scheduler", "tcp://127.0.0.1:1", "--workers", "2"],
    ],
)
def test_options_that_do_not_fit(room: Room, arguments: list[str]):
    """An engine without its scheduler, or a scheduler without its engine, is wrong usage."""
    command = [sys.executable, "-m", "ingest", "ingest", str(room.folder), *arguments]
    ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert ended.returncode == 2
