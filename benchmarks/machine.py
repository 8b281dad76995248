"""Seconds and peak memory of a process, and the machine's rate of matrix products."""

import os
import platform
import resource
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib import metadata
from pathlib import Path
from unittest import mock

import numpy as np

SIDE, PRODUCTS = 1500, 5
PACKAGES = ("numpy", "scipy", "torch")


def peak_bytes() -> int:
    """The peak memory of this process in bytes, including libraries and all arrays.

    On Linux it is VmHWM, because getrusage there starts at the memory of the parent process. Elsewhere it is from getrusage.
    """
    status = Path("/proc/self/status")
    if status.is_file():
        return 1024 * next(int(line.split()[1]) for line in status.read_text().splitlines() if line.startswith("VmHWM"))
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most if sys.platform == "darwin" else 1024 * most


def waiting(device: str | None) -> Callable[[], None]:
    """A function that returns once the device has done its work."""
    if device is None or not device.startswith("cuda"):
        return lambda: None
    import torch

    return torch.cuda.synchronize


def seconds(work: Callable[[], object], device: str | None = None) -> tuple[float, float]:
    """Wall seconds of one call, and processor seconds, which depend less on other processes."""
    wait = waiting(device)
    wait()
    start, used = time.perf_counter(), time.process_time()
    work()
    wait()
    return time.perf_counter() - start, time.process_time() - used


def product_rate(device: str | None = None, side: int = SIDE) -> float:
    """Floating-point operations per second in a product of square float64 matrices, the best of a few products."""
    square = np.random.default_rng(0).standard_normal((side, side))
    if device is not None:
        import torch

        square = torch.from_numpy(square).to(device)
    return 2 * side**3 / min(seconds(lambda: square @ square, device)[0] for _ in range(PRODUCTS))


@contextmanager
def clocked(places: dict[str, tuple[str, ...]], device: str | None = None) -> Iterator[dict[str, float]]:
    """Seconds spent in functions while the context lasts, by name.

    :param places: by name, where each function is looked up ("module.function"). :param device: a torch device to wait for.
    """
    spent, patches = dict.fromkeys(places, 0.0), []
    for name, targets in places.items():
        for target in targets:
            module, _, function = target.rpartition(".")
            __import__(module)
            inner = getattr(sys.modules[module], function)
            patches.append(mock.patch(target, _clocked(inner, name, spent, waiting(device))))
    for patch in patches:
        patch.start()
    try:
        yield spent
    finally:
        for patch in patches:
            patch.stop()


def _clocked(inner: Callable, name: str, spent: dict[str, float], wait: Callable[[], None]) -> Callable:
    def outer(*arguments, **options):
        wait()
        start = time.perf_counter()
        try:
            return inner(*arguments, **options)
        finally:
            wait()
            spent[name] += time.perf_counter() - start

    return outer


def about() -> dict:
    """Processor, number of cores, requested threads and versions, by name."""
    return {
        "machine": platform.machine(),
        "cores": os.cpu_count(),
        "threads": os.environ.get("OMP_NUM_THREADS", "not set"),
        "python": platform.python_version(),
        **{name: _version(name) for name in PACKAGES},
    }


def _version(package: str) -> str:
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return "missing"
