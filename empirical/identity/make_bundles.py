"""The bundles of a world: its networks are trained and measured, and the rows of each value are written as one bundle.

Existing results are used, and missing ones are made. A command that is killed and started again continues, and ends with
identical tables.
"""

import json
import multiprocessing
import os
import platform
import time
from collections.abc import Callable
from concurrent.futures import BrokenExecutor, ProcessPoolExecutor, as_completed
from dataclasses import asdict
from pathlib import Path

from filelock import FileLock

from empirical.errors import GeomemError
from empirical.evidence.bundle import all_passed, is_made, of_networks, write_bundle
from empirical.evidence.measurement import Measurement, parse_table
from empirical.identity.groups import PICTURED, Files, groups, sha256
from empirical.identity.identity_spec import IdentitySpec
from empirical.identity.keys import fingerprint
from empirical.identity.quantities import QUANTITIES
from empirical.identity.sweeps import IdentitySweep
from empirical.runs.folders import OUTPUTS
from empirical.runs.provenance import commit
from empirical.storage import make_folder, write_atomic

KILLED = "a training process was killed (out of memory?); run the same command again: it resumes"
Report = Callable[[int, int], None]


def make_bundles(
    sweep: IdentitySweep,
    root: Path | None = None,
    progress: Report | None = None,
    workers: int | None = None,
    *,
    wait: bool = True,
) -> list[Path]:
    """The folders of the world's bundles, in the order of its values; bundles are made unless they exist.

    One process at a time makes a world, and other processes wait. Tables do not depend on ``workers``.

    :param root: folder of all runs; None stands for :func:`empirical.storage.cache_root`.
    :param progress: called with (groups of networks done, groups in all). :param workers: processes; None: one per core.
    :param wait: for another process that makes the world.
    :raises GeomemError: the message says the cause and what to do; finished work is kept.
    :raises filelock.Timeout: another process makes the world, and is not waited for.
    """
    folder = sweep.folder(root)
    bundles = [folder / spec.name.partition("/")[2] for spec in sweep.specs]
    commit()
    with FileLock(make_folder(folder.parent) / f".{sweep.name}.lock", timeout=-1 if wait else 0):
        missing = [(spec, bundle) for spec, bundle in zip(sweep.specs, bundles, strict=True) if not is_made(bundle)]
        _run_groups([spec for spec, _ in missing], folder.parent / "rows", progress, workers)
        for spec, bundle in missing:
            _merge(spec, folder.parent / "rows" / spec.name, bundle)
    return bundles


def _run_groups(specs: list[IdentitySpec], rows: Path, progress: Report | None, workers: int | None) -> None:
    jobs = [(spec, networks, rows / spec.name) for spec in specs for networks in groups(spec)]
    left = [job for job in jobs if not Files.of(job[2], job[1]).are_made()]
    for done in _done(left, workers or os.cpu_count() or 1):
        if progress:
            progress(len(jobs) - len(left) + done, len(jobs))


def _done(jobs: list, workers: int):
    """The numbers 1, 2, .. of jobs done, as they are done."""
    if min(workers, len(jobs)) < 2:
        for done, job in enumerate(jobs, start=1):
            _run_group(*job)
            yield done
        return
    # A spawned process starts clean: a fork of a process that has used torch's threads can hang. Deep networks first.
    jobs = sorted(jobs, key=lambda job: -job[0].depth)
    with ProcessPoolExecutor(workers, mp_context=multiprocessing.get_context("spawn")) as pool:
        waiting = [pool.submit(_run_group, *job) for job in jobs]
        try:
            for done, job in enumerate(as_completed(waiting), start=1):
                job.result()
                yield done
        except BrokenExecutor as error:
            raise GeomemError(KILLED) from error
        finally:
            pool.shutdown(wait=False, cancel_futures=True)


def _run_group(*job) -> None:
    # Torch takes seconds to load, which the process that waits for others need not spend.
    from empirical.identity.group_job import run_group

    run_group(*job)


def _merge(spec: IdentitySpec, folder: Path, bundle: Path) -> None:
    """Write the bundle of networks that are all measured."""
    rows: list[Measurement] = []
    abouts = []
    for networks in groups(spec):
        files = Files.of(folder, networks)
        rows += parse_table(files.rows.read_text(encoding="utf-8"), str(files.rows))
        abouts.append(json.loads(files.about.read_text(encoding="utf-8")))
    pictured = Files.of(folder, next(one for one in groups(spec) if PICTURED in one)).pictures.read_bytes()
    write_atomic(make_folder(bundle) / OUTPUTS, pictured)
    finals = {int(network): digest for about in abouts for network, digest in about["final_digests"].items()}
    checks = all_passed(about["checks"] for about in abouts)
    about = {
        "world": spec.name,
        "spec": asdict(spec),
        "provenance": fingerprint(spec),
        "quantities": {name: QUANTITIES[name] for name in sorted({row.quantity for row in rows})},
        "outputs_sha256": sha256(pictured),
        "made": {
            "utc": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
            "seconds": round(sum(about["seconds"] for about in abouts), 1),
            "host": platform.node(),
            "commit": commit(),
        },
        **of_networks(finals, checks),
    }
    write_bundle(bundle, about, rows)
