"""The evidence of a world: its networks are trained and measured, and their rows are written as one bundle.

Existing results are used, and missing ones are made. A run that is killed and started again continues, and ends with an
identical table.
"""

import hashlib
import json
import platform
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
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
    """The folder of the run's bundle; the bundle is made unless it exists.

    One process at a time makes a bundle, and other processes wait. The table does not depend on ``workers`` or ``executor``.

    :param root: folder of all runs; None stands for :func:`empirical.storage.cache_root`.
    :param progress, workers, executor, discard: see :func:`empirical.pipeline.workers.run_steps`.
    :param networks: numbers of the bundle's networks; None stands for all. Bundles of some networks can be merged.
    :raises GeomemError: the message says the cause and what to do; finished work is kept.
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
    """The run's folder; this process alone works on these networks of the run, and other processes wait."""
    folder = make_folder(run_folder(spec, root))
    with FileLock(folder / f".lock{folders.part_of(spec, networks)}"):
        yield folder


def merge(spec: RunSpec, bundle: Path, seconds: float, networks: Sequence[int] | None = None) -> None:
    """Write the bundle of networks that are all measured; its folder is beside their rows.

    :param bundle: folder of the bundle.
    :param seconds: time that training and measuring took.
    :param networks: numbers of the networks; None stands for all.
    """
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
    about = {**_manifest(spec, seconds, abouts.values()), "quantities": quantities, **of_networks(finals, checks), **pictured}
    write_bundle(bundle, about, rows)


def _manifest(spec: RunSpec, seconds: float, abouts: Iterable[dict]) -> dict:
    work = [about["seconds"] for about in abouts]
    return {
        "world": spec.name,
        "spec": asdict(spec),
        "n_classes": spec.n_classes,
        "provenance": fingerprint(spec),
        "made": {
            "utc": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
            "seconds": round(seconds, 1),
            **{f"{step}_seconds": round(sum(one[step] for one in work), 1) for step in ("training", "measuring")},
            "host": platform.node(),
            "commit": commit(),
        },
    }


def load(spec: RunSpec, root: Path | None = None) -> Bundle:
    """The run's bundle, read from the folder where it is made.

    :raises EvidenceMissing: the bundle has not been made.
    """
    return read_bundle(bundle_folder(spec, root))
