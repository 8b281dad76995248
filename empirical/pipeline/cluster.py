"""The workers of a Dask cluster as an executor."""

from collections.abc import Iterator
from concurrent.futures import Executor
from contextlib import contextmanager

from empirical.errors import GeomemError, how_to_install
from empirical.pipeline.workers import KILLED


@contextmanager
def executor_at(address: str) -> Iterator[Executor]:
    """An executor for the workers of the Dask scheduler at ``address``; networks of a worker that dies go to another worker.

    Workers have this program installed, and share a file system with this process. If data sets were brought in, they also
    share the environment variable GEOMEM_CACHE. Each worker has one thread (``dask worker --nthreads 1``), because a process
    trains one network at a time.

    :param address: tcp://host:port.
    :raises GeomemError: dask is not installed, there is no scheduler at the address, or the workers of a network died
        repeatedly.
    """
    try:
        from distributed import Client
        from distributed.scheduler import KilledWorker
    except ModuleNotFoundError as error:
        raise GeomemError(f"--scheduler needs {error.name}, which is not installed: {how_to_install('cluster')}") from error
    try:
        client = Client(address)
    except (OSError, ValueError) as error:
        raise GeomemError(f"no Dask scheduler at {address!r} ({error}); start one there, or leave --scheduler out") from error
    with client:
        try:
            # The same call twice is work twice: the first may have found a full disk.
            yield client.get_executor(pure=False)
        except KilledWorker as error:
            raise GeomemError(KILLED) from error
