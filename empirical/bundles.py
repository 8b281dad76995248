"""Making a world's evidence: its networks trained and measured, then one bundle.

What is there is used, what is missing is made. Killed at any moment and started again, a run continues and ends with the
same table.
"""

import hashlib
import json
import platform
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path

from filelock import FileLock

from empirical import jobs
from empirical.measurements import MANIFEST, Bundle, Measurement, parse_table, read_bundle, write_bundle
from empirical.provenance import commit, fingerprint, run_folder
from empirical.quantities import QUANTITIES
from empirical.runspec import RunSpec
from empirical.storage import make_folder, write_atomic


def make_bundle(spec: RunSpec, root: Path | None = None, progress: Callable | None = None, workers: int | None = None) -> Path:
    """Make the run's bundle, or find it made.

    One process at a time works on a run; another waits for it. The table does not depend on ``workers``.

    :param progress: called with (files done, files in all) now and then.
    :returns: the bundle's folder.
    :raises GeomemError: with cause and next step; what was done so far is kept.
    """
    with working_on(spec, root) as folder:
        if not is_made(bundle_folder(spec, root)):
            started = time.time()
            # Asked for now: what is edited while it trains is not what this process runs.
            commit()
            jobs.run_steps(spec, folder, jobs.STEPS, progress, workers)
            merge(spec, folder, time.time() - started)
    return bundle_folder(spec, root)


def bundle_folder(spec: RunSpec, root: Path | None = None) -> Path:
    """Where the run's bundle is, or would be."""
    return jobs.measured_folder(spec, run_folder(spec, root)) / "bundle"


@contextmanager
def working_on(spec: RunSpec, root: Path | None = None) -> Iterator[Path]:
    """The run's folder, held by this process alone; another one waits."""
    folder = make_folder(run_folder(spec, root))
    with FileLock(folder / ".lock"):
        yield folder


def is_made(folder: Path) -> bool:
    """Whether a bundle is there. One that was edited is: it is reported, never silently replaced."""
    return (folder / MANIFEST).is_file()


def merge(spec: RunSpec, folder: Path, seconds: float) -> None:
    """Write the bundle of networks that are all measured."""
    measured = jobs.measured_folder(spec, folder)
    rows: list[Measurement] = []
    checks: dict[str, bool] = {}
    finals = []
    for network in range(spec.n_networks):
        path = jobs.rows_path(measured, network)
        rows += parse_table(path.read_text(encoding="utf-8"), str(path))
        about = json.loads(jobs.checks_path(measured, network).read_text(encoding="utf-8"))
        finals.append(about["final_digest"])
        for name, passed in about["checks"].items():
            checks[name] = checks.get(name, True) and passed
    checks["networks_distinct"] = len(set(finals)) == len(finals)
    outputs = (measured / jobs.OUTPUTS).read_bytes()
    write_atomic(make_folder(measured / "bundle") / jobs.OUTPUTS, outputs)
    about = {**_manifest(spec, checks, seconds), "outputs_sha256": hashlib.sha256(outputs).hexdigest()}
    write_bundle(measured / "bundle", about, rows)


def _manifest(spec: RunSpec, checks: dict[str, bool], seconds: float) -> dict:
    return {
        "world": spec.name,
        "spec": asdict(spec),
        "n_classes": spec.n_classes,
        "provenance": fingerprint(spec),
        "checks": checks,
        "quantities": QUANTITIES,
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
