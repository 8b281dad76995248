"""The workers of a Dask cluster as an executor."""

from collections.abc import Iterator
from concurrent.futures import Executor
from contextlib import contextmanager

from empirical.errors import GeomemError
from empirical.pipeline.workers import KILLED


@contextmanager
def executor_at(address: str) -> Iterator[Executor]:
    """The workers of the scheduler at ``address``, tcp://host:port; networks of a worker that dies go to another.

    They share a file system with this process, and the environment variable GEOMEM_CACHE where data sets were brought in, and
    have this program installed. One thread each (``dask worker --nthreads 1``): a process trains one network at a time.

    :raises GeomemError: no dask, no scheduler there, or a network whose workers died again and again.
    """
    try:
        from distributed import Client
        from distributed.scheduler import KilledWorker
    except ModuleNotFoundError as error:
        raise GeomemError(f"a cluster needs {error.name}: python -m pip install -e '.[cluster]'") from error
    try:
        client = Client(address)
    except (OSError, ValueError) as error:
        raise GeomemError(f"no Dask scheduler at {address!r} ({error}); start one, or leave --scheduler out") from error
    with client:
        try:
            # The same call twice is work twice: the first may have found a full disk.
            yield client.get_executor(pure=False)
        except KilledWorker as error:
            raise GeomemError(KILLED) from error
