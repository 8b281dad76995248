"""Where data sets are published, and bringing them in from there."""

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from filelock import FileLock

from empirical.data import datasets
from empirical.data.downloads import fetch
from empirical.errors import DownloadError
from empirical.storage import cache_root, make_folder


@dataclass(frozen=True)
class Published:
    """A host's folder, the MD5 of each of its files, and what to expect of it."""

    base: str
    md5: dict[str, str]
    note: str = ""


PUBLISHED = {
    "cifar100": Published(
        "https://www.cs.toronto.edu/~kriz/",
        {"cifar-100-binary.tar.gz": "03b5dce01913d631647c71ecec9e9cb8"},
        "the host is slow (50 to 80 kB/s since June 2026: 169 MB in 35 minutes to an hour) and cuts off; an interrupted "
        "download goes on when the command is run again; any local copy will do: --from PATH",
    ),
    "mnist": Published(
        "https://ossci-datasets.s3.amazonaws.com/mnist/",
        {
            "train-images-idx3-ubyte.gz": "f68b3c2dcbeaaa9fbdd348bbdeb94873",
            "train-labels-idx1-ubyte.gz": "d53e105ee54ea40749a09fcbcd1e9432",
            "t10k-images-idx3-ubyte.gz": "9fb629c4189551a2d022fa330f9573f3",
            "t10k-labels-idx1-ubyte.gz": "ec29112dd5afa0611ce80d1b7f02629c",
        },
    ),
}


def download(name: str, progress: Callable[[int, int], None] | None = None, base: str | None = None) -> None:
    """Download a data set and bring it in; what is here already, unaltered, is left as it is.

    One process at a time downloads it, another waits for it. Killed at any moment and started again, it goes on.

    :param progress: called with (bytes here, bytes in all) of the file that is coming.
    :param base: where to take the same files from instead, a folder's address; None: the publisher's.
    :raises GeomemError: with cause and next step; what was downloaded so far is kept, unless it is wrong.
    """
    copy, published = datasets.local_copy(name), PUBLISHED[name]
    folder = make_folder(cache_root() / "data" / f"{name}-download")
    with FileLock(folder / ".lock"):
        if not copy.is_whole():
            take = (base or published.base, folder, progress)
            paths = [_fetched(name, file, md5, *take) for file, md5 in published.md5.items()]
            copy.bring(folder if len(paths) > 1 else paths[0])
    shutil.rmtree(folder, ignore_errors=True)


def _fetched(name: str, file: str, md5: str, base: str, folder: Path, progress) -> Path:
    try:
        return fetch(base + file, md5, folder, progress)
    except DownloadError as error:
        raise DownloadError(f"{error}, or take any copy: python -m empirical data {name} --from PATH") from error
