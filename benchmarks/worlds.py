"""The clouds that are measured: Gaussian clouds, pixels, and layers of trained networks."""

from pathlib import Path

import numpy as np

# One record of CIFAR-100's binary files: coarse label, fine label, 32 x 32 pixels in three channels.
RECORD, TRAIN = 3074, Path("cifar-100-binary", "train.bin")


def clouds_of(case: dict) -> np.ndarray:
    """The clouds of a case, (P, M, N) in float64: from its "file", from the pixels of its "data", or Gaussian."""
    if "file" in case:
        return np.load(case["file"]).astype(float)
    if "data" in case:
        return _pixels(Path(case["data"]), case["n_manifolds"], case["n_points"])
    shape = (case["n_manifolds"], case["n_points"], case["n_features"])
    return np.random.default_rng(case.get("seed", 0)).standard_normal(shape)


def has_cifar(data: Path | None) -> bool:
    """Whether the folder has CIFAR-100's training images."""
    return data is not None and (data / TRAIN).is_file()


def cifar(data: Path) -> tuple[np.ndarray, np.ndarray]:
    """CIFAR-100's training images, (n, 3, 32, 32), 0..255, read from disk when used; and their labels, 0..99, (n,)."""
    records = np.memmap(data / TRAIN, dtype=np.uint8, mode="r").reshape(-1, RECORD)
    return records[:, 2:].reshape(-1, 3, 32, 32), records[:, 1].astype(np.int64)


def _pixels(data: Path, n_manifolds: int, n_points: int) -> np.ndarray:
    images, labels = cifar(data)
    chosen = [np.flatnonzero(labels == label)[:n_points] for label in range(n_manifolds)]
    return np.stack([images[index].reshape(n_points, -1) for index in chosen]) / 255
