"""One benchmark case, measured in a process of its own so that its peak memory is its own: ``python -m benchmarks.case JSON``.

The process prints its measurements as one line of JSON.
"""

import json
import statistics
import subprocess
import sys
import warnings
from pathlib import Path
from typing import Any

from benchmarks import machine, worlds
from benchmarks.manifold_products import operations
from theory.geometry.manifolds import manifold_geometry

ROOT = Path(__file__).parents[1]
# The functions whose time is reported. The solver is the inner problem with its certificate.
PLACES = {
    "inner products": ("theory.geometry.manifolds.grams_of",),
    "centres": ("theory.geometry.manifolds.center_structure",),
    "solver": ("theory.geometry.anchor_statistics.anchor_weights",),
}


def run_apart(case: dict) -> dict:
    """The measurements of :func:`run`, made in a new process.

    :raises RuntimeError: the process failed; the error gives the last line that it printed.
    """
    command = [sys.executable, "-m", "benchmarks.case", json.dumps(case)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode:
        last = (done.stderr.strip().splitlines() or ["no message"])[-1]
        raise RuntimeError(f"case {case.get('name', '')} failed with {last!r}: run python -m benchmarks.case to see all of it")
    return json.loads(done.stdout.splitlines()[-1])


def run(case: dict) -> dict:
    """Time, memory and rates of measuring the geometry of the case's clouds, by name.

    The geometry is measured once to warm up, and then ``repeats`` times. Peak memory is that of the whole process. The memory
    before measuring, clouds included, is reported too.
    """
    device = case.get("device")
    clouds: Any = worlds.clouds_of(case)
    if device is not None:
        import torch

        clouds = torch.from_numpy(clouds).to(device)
    side = case.get("side", machine.SIDE)
    rate, before = machine.product_rate(device, side), machine.peak_bytes()
    options = {name: case[name] for name in ("n_probes", "correlations")}
    found, kept = [], []
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for _ in range(1 + case.get("repeats", 3)):
            with machine.clocked(PLACES, device) as spent:
                found.append(machine.seconds(lambda: kept.append(manifold_geometry(clouds, **options)), device))
    # The better of two rates, because other processes may have slowed one of them.
    rate = max(rate, machine.product_rate(device, side))
    geometry, wall = kept[-1], [seconds for seconds, _ in found[1:]]
    median, share = statistics.median(wall), {name: seconds / wall[-1] for name, seconds in spent.items()}
    n_manifolds, n_points, n_features = clouds.shape
    needed = operations(n_manifolds, n_points, n_features, case["n_probes"])
    return {
        "shape": list(clouds.shape),
        "seconds": median,
        "fastest": min(wall),
        "slowest": max(wall),
        "processor_seconds": statistics.median(used for _, used in found[1:]),
        "probes_per_second": clouds.shape[0] * case["n_probes"] / median,
        "shares": share,
        "kkt_residual": geometry.kkt_residual,
        "center_rank": geometry.center_rank,
        "capacity": geometry.capacity.value,
        "peak_bytes": machine.peak_bytes(),
        "bytes_before": before,
        "operations": needed,
        "product_rate": rate,
        "product_rate_reached": needed / median / rate,
    }


def main() -> None:
    """Run the case that the first argument describes, and print its measurements."""
    case = json.loads(sys.argv[1])
    if "network" in case:
        from benchmarks import layers

        print(json.dumps(layers.run(case)))
    else:
        print(json.dumps(run(case)))


if __name__ == "__main__":
    main()
