"""The addresses where data sets are published, and downloads from there."""

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
    """The published files of a data set.

    base: address of their folder on the host.
    md5: the MD5 of each file by its name.
    note: what a user should know before the download.
    """

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
    """Download a data set and bring it in; a local copy that is there and unaltered is left as it is.

    One process at a time downloads a data set, and other processes wait. After a kill, the same call resumes the download.

    :param progress: called with (bytes received, bytes in all) for the current file.
    :param base: address of another folder with the same files; None stands for the publisher's.
    :raises GeomemError: the message says the cause and what to do; the bytes received are kept, unless they are wrong.
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
