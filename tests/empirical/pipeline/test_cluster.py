import os
import signal
import threading
import time

import pytest

from empirical.errors import GeomemError
from empirical.evidence.bundle import TABLE
from empirical.pipeline import cluster, make_bundle

distributed = pytest.importorskip("distributed")


@pytest.fixture
def local():
    """Two worker processes and their nannies, on this machine."""
    with distributed.LocalCluster(
        n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None, host="127.0.0.1"
    ) as made:
        yield made


@pytest.mark.settled(reads=["empirical/__main__.py"])
def test_a_cluster_goes_on_when_a_worker_is_killed(local, quick, undisturbed, tmp_path):
    killed = []
    threading.Thread(target=_kill_one, args=(local, tmp_path, killed), daemon=True).start()
    with cluster.executor_at(local.scheduler_address) as executor:
        made = make_bundle.make_bundle(quick, tmp_path, executor=executor)
    assert killed
    assert (made / TABLE).read_bytes() == (undisturbed / TABLE).read_bytes()


def _kill_one(local, folder, killed):
    """The worker that has a network, as soon as one has trained an epoch."""
    with distributed.Client(local, set_as_default=False) as client:
        pids = client.run(os.getpid)
        while not list(folder.glob("*/*/epoch-0001.safetensors")):
            time.sleep(0.005)
        at_work = next(address for address, keys in client.processing().items() if keys)
        os.kill(pids[at_work], signal.SIGKILL)
        killed.append(at_work)


def test_where_no_scheduler_is_it_says_so():
    import dask

    with dask.config.set({"distributed.comm.timeouts.connect": "100ms"}):
        for address in ("tcp://127.0.0.1:1", "nonsense://x"):
            with pytest.raises(GeomemError, match="no Dask scheduler at"), cluster.executor_at(address):
                pass
