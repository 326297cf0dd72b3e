"""Plain file servers for tests: one that answers range requests, as most hosts do, and one that does not.

python -m tests.file_server FOLDER PORT
"""

import re
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

RANGE = re.compile(r"bytes=(\d+)-(\d+)")


class Answered:
    """What a server was asked for and how much it sent: path, status, bytes; and how much it did at once.

    `ranges` are the bytes of each answer that is a part of a file.
    """

    def __init__(self) -> None:
        """Begin with nothing."""
        self.rows: list[tuple[str, int, int]] = []
        self.ranges: list[range] = []
        self.open = self.most_open = 0
        self.lock = threading.Lock()

    def begin(self) -> None:
        """Count a request that is being answered."""
        with self.lock:
            self.open += 1
            self.most_open = max(self.most_open, self.open)

    def end(self) -> None:
        """Count it no more."""
        with self.lock:
            self.open -= 1

    def bytes(self, ending: str) -> int:
        """Return how many bytes were sent of files whose name ends so."""
        return sum(size for path, _, size in self.rows if path.partition("?")[0].endswith(ending))


def handler(
    folder: Path, answered: Answered, *, ranges: bool, policy: str = "", delay: float = 0.0
) -> type[SimpleHTTPRequestHandler]:
    """Return what answers requests for the files of a folder."""

    class Handler(SimpleHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        # Head and body are written apart, and the second would wait until the first is acknowledged.
        disable_nagle_algorithm = True

        def __init__(self, *arguments: object, **options: object) -> None:
            super().__init__(*arguments, directory=str(folder), **options)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

        def end_headers(self) -> None:
            if policy:
                self.send_header("content-security-policy", policy)
            super().end_headers()

        def do_GET(self) -> None:
            answered.begin()
            try:
                time.sleep(delay)
                self.answer()
            finally:
                answered.end()

        def answer(self) -> None:
            asked = RANGE.fullmatch(self.headers.get("range", ""))
            path = Path(self.translate_path(self.path))
            if not (ranges and asked and path.is_file()):
                if path.is_file():
                    answered.rows.append((self.path, 200, path.stat().st_size))
                super().do_GET()
                return
            size = path.stat().st_size
            start, end = int(asked[1]), min(int(asked[2]), size - 1)
            with path.open("rb") as file:
                file.seek(start)
                content = file.read(end - start + 1)
            answered.rows.append((self.path, 206, len(content)))
            answered.ranges.append(range(start, start + len(content)))
            self.send_response(206)
            self.send_header("content-type", "application/octet-stream")
            self.send_header("content-range", f"bytes {start}-{end}/{size}")
            self.send_header("content-length", str(len(content)))
            self.send_header("etag", f'"{size}-{path.stat().st_mtime_ns}"')
            self.end_headers()
            self.wfile.write(content)

    return Handler


@contextmanager
def serving(
    folder: Path, *, ranges: bool = True, port: int = 0, policy: str = "", delay: float = 0.0
) -> Iterator[tuple[str, Answered]]:
    """Serve a folder, with a policy for all its files; gives its address, and what was asked.

    A host that is `delay` seconds away answers each request that much later.
    """
    answered = Answered()
    with ThreadingHTTPServer(
        ("127.0.0.1", port), handler(folder, answered, ranges=ranges, policy=policy, delay=delay)
    ) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_address[1]}", answered
        finally:
            server.shutdown()


if __name__ == "__main__":
    with serving(Path(sys.argv[1]), port=int(sys.argv[2])) as (place, _):
        sys.stdout.write(f"{place}\n")
        sys.stdout.flush()
        threading.Event().wait()
