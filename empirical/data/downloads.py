"""Downloads that are checked against a published MD5 and resume after an interruption, also in another process."""

import os
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pooch
import requests
import urllib3

from empirical.errors import DownloadError, StorageError
from empirical.storage import explain, make_folder

# Seconds to connect, and from one piece to the next.
TIMEOUT = (10, 30)
# Seconds between attempts that bring nothing more; the first that does starts them anew.
PAUSES = (1, 5, 20)
CHUNK = 2**14
CUT_OFF = (requests.RequestException, urllib3.exceptions.HTTPError)


def fetch(url: str, md5: str, folder: Path, progress: Callable[[int, int], None] | None = None) -> Path:
    """The path of the file in ``folder``; the file is downloaded unless it is there with this MD5.

    :param url: address of the file.
    :param progress: called with (bytes received, bytes in all); the second number is 0 where the host does not give it.
    :raises DownloadError: the host does not give the file, or gives a file with another MD5, which is removed.
    :raises StorageError: there is no space, or the file system refuses for another reason; the bytes received are kept.
    """
    path = make_folder(folder) / url.rsplit("/", 1)[-1]
    # Else pooch would say on stderr what it does.
    pooch.get_logger().setLevel("WARNING")
    resuming = Resuming(path.with_name(f"{path.name}.part"), progress or (lambda done, total: None))
    try:
        pooch.retrieve(url, f"md5:{md5}", fname=path.name, path=folder, downloader=resuming)
    except ValueError as error:
        raise DownloadError(f"{url}: {error} Run the same command again") from error
    except OSError as error:
        raise StorageError(explain(error, path)) from error
    return path


@dataclass(frozen=True)
class Resuming:
    """A downloader for pooch, which calls it with address and file; bytes are kept in ``part`` until the file is complete."""

    part: Path
    progress: Callable[[int, int], None]

    def __call__(self, *asked: Any, **_: Any) -> None:
        url, output = asked[:2]
        pauses, most = iter(PAUSES), self._size()
        while not self._is_complete(url, pauses):
            # An attempt that starts over brings more only once it is beyond all earlier ones.
            if self._size() > most:
                pauses, most = iter(PAUSES), self._size()
        os.replace(self.part, output)

    def _is_complete(self, url: str, pauses) -> bool:
        """Try once to complete the file, and pause if the connection was cut off.

        :raises DownloadError: no pause is left, or the host has no such file.
        """
        try:
            self._attempt(url)
            return True
        except CUT_OFF as error:
            pause = next(pauses, None)
            if pause is None or _is_final(error):
                raise DownloadError(
                    f"cannot download {url}: {_reason(error)}; the {self._size():,} bytes received are kept: run the same "
                    "command again"
                ) from error
        time.sleep(pause)
        return False

    def _attempt(self, url: str) -> None:
        # The last byte once more, so that of a file that is complete there is something left to ask for.
        start = max(self._size() - 1, 0)
        headers = {"Accept-Encoding": "identity"} | ({"Range": f"bytes={start}-"} if start else {})
        with requests.get(url, headers=headers, stream=True, timeout=TIMEOUT) as response:
            goes_on = response.headers.get("Content-Range", "").startswith(f"bytes {start}-")
            if response.status_code == 416 or (response.status_code == 206 and not goes_on):
                self.part.unlink()
            if response.status_code != 200 and not goes_on:
                raise requests.HTTPError(f"{response.status_code} {response.reason}", response=response)
            self._receive(response, start if response.status_code == 206 else 0)

    def _receive(self, response: requests.Response, start: int) -> None:
        length = int(response.headers.get("Content-Length", 0))
        total = start + length if length else 0
        with open(self.part, "r+b" if start else "wb") as file:
            file.seek(start)
            for piece in response.raw.stream(CHUNK, decode_content=False):
                file.write(piece)
                self.progress(file.tell(), total)

    def _size(self) -> int:
        return self.part.stat().st_size if self.part.exists() else 0


def _is_final(error: Exception) -> bool:
    """Whether a further attempt is useless: the host refuses, but not because it is busy or because its file has changed."""
    response = getattr(error, "response", None)
    return response is not None and 400 <= response.status_code < 500 and response.status_code not in (408, 416, 429)


def _reason(error: BaseException) -> str:
    """The innermost cause of the error, in one line."""
    while inner := error.__cause__ or error.__context__:
        error = inner
    words = getattr(error, "strerror", None) or str(error) or type(error).__name__
    return words.splitlines()[0]
