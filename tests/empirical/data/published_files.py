"""Small data sets in the layouts in which the large ones are published."""

import gzip
import io
import tarfile

import numpy as np

from empirical.data import cifar100, mnist

CIFAR = {"train.bin": 200, "test.bin": 100}
MNIST = {"train": (3, 2) * 5, "t10k": (1,) * 10}


def cifar_files() -> dict[str, bytes]:
    """Its files, by name."""
    rng = np.random.default_rng(0)
    found = {}
    for name, n in CIFAR.items():
        records = rng.integers(0, 256, (n, cifar100.RECORD), dtype=np.uint8)
        records[:, 1] = rng.permutation(np.arange(n) % 100)
        records[:, 0] = records[:, 1] // 5
        found[name] = records.tobytes()
    return found


def cifar_archive(files: dict[str, bytes], folder: str = "cifar-100-binary/") -> bytes:
    """The archive of these files, as published; each in this folder."""
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w:gz", compresslevel=1) as archive:
        for name, content in files.items():
            member = tarfile.TarInfo(f"{folder}{name}")
            member.size = len(content)
            archive.addfile(member, io.BytesIO(content))
    return packed.getvalue()


def mnist_files() -> dict[str, bytes]:
    """Its files, uncompressed, by name: images of random pixels, labels in random order."""
    rng = np.random.default_rng(0)
    found = {}
    for part, counts in MNIST.items():
        n = sum(counts)
        pixels = rng.integers(0, 256, (n, mnist.SIDE, mnist.SIDE), dtype=np.uint8)
        labels = rng.permutation(np.repeat(np.arange(10, dtype=np.uint8), counts))
        found[f"{part}-images-idx3-ubyte"] = np.array([2051, n, 28, 28], ">i4").tobytes() + pixels.tobytes()
        found[f"{part}-labels-idx1-ubyte"] = np.array([2049, n], ">i4").tobytes() + labels.tobytes()
    return found


def zipped(files: dict[str, bytes]) -> dict[str, bytes]:
    """Each of them compressed, as published."""
    return {f"{name}.gz": gzip.compress(content, 1) for name, content in files.items()}
