"""Making a world's evidence: its networks trained and measured, then one bundle.

What is there is used, what is missing is made. Killed at any moment and started again, a run continues and ends with the
same table.
"""

import hashlib
import json
import platform
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path

from filelock import FileLock

from empirical.evidence.bundle import Bundle, all_passed, is_made, of_networks, read_bundle, write_bundle
from empirical.evidence.measurement import Measurement, parse_table
from empirical.evidence.quantities import QUANTITIES
from empirical.pipeline.workers import run_steps
from empirical.runs import folders
from empirical.runs.folders import bundle_folder, run_folder
from empirical.runs.provenance import commit, fingerprint
from empirical.runs.runspec import RunSpec
from empirical.storage import make_folder, write_atomic


def make_bundle(
    spec: RunSpec,
    root: Path | None = None,
    progress: Callable | None = None,
    workers: int | None = None,
    executor: Executor | None = None,
    *,
    networks: Sequence[int] | None = None,
    discard: bool = False,
) -> Path:
    """Make the run's bundle, or find it made.

    One process at a time makes a bundle; another waits for it. The table does not depend on ``workers`` or ``executor``.

    :param progress, workers, executor, discard: see :func:`empirical.pipeline.workers.run_steps`.
    :param networks: those the bundle is of, by default all; each is a job of its own, and bundles of some can be merged.
    :returns: the bundle's folder.
    :raises GeomemError: with cause and next step; what was done so far is kept.
    """
    with working_on(spec, root, networks) as folder:
        bundle = bundle_folder(spec, root, networks)
        if not is_made(bundle):
            started = time.time()
            # Asked for now: what is edited while it trains is not what this process runs.
            commit()
            run_steps(spec, folder, folders.STEPS, progress, workers, executor, networks=networks, discard=discard)
            merge(spec, bundle, time.time() - started, networks)
        elif discard:
            for network in folders.numbers_of(spec, networks):
                with folders.held(folder, network):
                    folders.discard_checkpoints(folder, network)
    return bundle


@contextmanager
def working_on(spec: RunSpec, root: Path | None = None, networks: Sequence[int] | None = None) -> Iterator[Path]:
    """The run's folder, its work on these networks held by this process alone; another one waits."""
    folder = make_folder(run_folder(spec, root))
    with FileLock(folder / f".lock{folders.part_of(spec, networks)}"):
        yield folder


def merge(spec: RunSpec, bundle: Path, seconds: float, networks: Sequence[int] | None = None) -> None:
    """Write the bundle of networks that are all measured, in a folder beside their rows."""
    measured = bundle.parent
    rows: list[Measurement] = []
    abouts: dict[int, dict] = {}
    for network in folders.numbers_of(spec, networks):
        path = folders.rows_path(measured, network)
        rows += parse_table(path.read_text(encoding="utf-8"), str(path))
        abouts[network] = json.loads(folders.checks_path(measured, network).read_text(encoding="utf-8"))
    pictured = {}
    if folders.PICTURED in abouts:
        outputs = (measured / folders.OUTPUTS).read_bytes()
        write_atomic(make_folder(bundle) / folders.OUTPUTS, outputs)
        pictured = {"outputs_sha256": hashlib.sha256(outputs).hexdigest()}
    finals = {network: about["final_digest"] for network, about in abouts.items()}
    checks = all_passed(about["checks"] for about in abouts.values())
    quantities = {name: QUANTITIES[name] for name in sorted({row.quantity for row in rows})}
    about = {**_manifest(spec, seconds), "quantities": quantities, **of_networks(finals, checks), **pictured}
    write_bundle(bundle, about, rows)


def _manifest(spec: RunSpec, seconds: float) -> dict:
    return {
        "world": spec.name,
        "spec": asdict(spec),
        "n_classes": spec.n_classes,
        "provenance": fingerprint(spec),
        "made": {
            "utc": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
            "seconds": round(seconds, 1),
            "host": platform.node(),
            "commit": commit(),
        },
    }


def load(spec: RunSpec, root: Path | None = None) -> Bundle:
    """Read the run's bundle where it was made.

    :raises EvidenceMissing: it was not.
    """
    return read_bundle(bundle_folder(spec, root))
