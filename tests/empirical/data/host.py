"""A host of files on this machine, as good or as bad as a test wants it."""

import threading
import time
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

PIECE = 2**14


@dataclass
class Host:
    """What it serves and how; what it was asked.

    cuts: after how many bytes it hangs up, one for each request in turn; None: not.
    statuses: what it answers instead of the file, one for each request in turn; 0: the file.
    stalls: whether it says nothing more, in place of hanging up, until ``released``.
    """

    files: dict[str, bytes]
    cuts: list = field(default_factory=list)
    statuses: list = field(default_factory=list)
    takes_ranges: bool = True
    offset_error: int = 0
    pause: float = 0.0
    stalls: bool = False
    released: threading.Event = field(default_factory=threading.Event)
    ranges: list = field(default_factory=list)
    sent: int = 0
    base: str = ""


@contextmanager
def serving(host: Host):
    """The host, listening."""
    handler = type("Handler", (_Handler,), {"host": host})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        host.base = f"http://127.0.0.1:{server.server_port}/"
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        try:
            yield host
        finally:
            host.released.set()
            server.shutdown()


class _Handler(BaseHTTPRequestHandler):
    host: Host

    def do_GET(self):
        host = self.host
        host.ranges.append(self.headers["Range"])
        content = host.files.get(self.path.lstrip("/"))
        status = host.statuses.pop(0) if host.statuses else 0
        start = int(self.headers["Range"].removeprefix("bytes=").rstrip("-")) if self.headers["Range"] else 0
        if status or content is None:
            self.send_error(status or 404)
        elif start and host.takes_ranges and start >= len(content):
            self.send_error(416)
        else:
            self._send(content, start if host.takes_ranges else 0)

    def _send(self, content, start):
        self.send_response(206 if start else 200)
        if start:
            said = start + self.host.offset_error
            self.send_header("Content-Range", f"bytes {said}-{len(content) - 1}/{len(content)}")
        self.send_header("Content-Length", str(len(content) - start))
        self.end_headers()
        cut = self.host.cuts.pop(0) if self.host.cuts else None
        self._pieces(content[start:][:cut])
        if cut is not None and self.host.stalls:
            self.host.released.wait(60)

    def handle(self):
        # The other side may hang up too; socketserver would print that.
        with suppress(ConnectionError):
            super().handle()

    def _pieces(self, content):
        for begin in range(0, len(content), PIECE):
            # Counted first: who has received it may ask at once how much was sent.
            self.host.sent += len(content[begin : begin + PIECE])
            self.wfile.write(content[begin : begin + PIECE])
            time.sleep(self.host.pause)

    def log_message(self, *_):
        pass
