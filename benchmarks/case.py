"""One case, measured in a process of its own, so that its peak memory is its own: ``python -m benchmarks.case JSON``.

Prints what it found as one line of JSON.
"""

import json
import statistics
import subprocess
import sys
import warnings
from pathlib import Path
from typing import Any

from benchmarks import machine, worlds
from theory.geometry.manifolds import manifold_geometry
from theory.numerics.nnls import STEPS

ROOT = Path(__file__).parents[1]
# Where the time goes. The solver is the inner problem with its certificate.
PLACES = {
    "inner products": ("theory.geometry.manifolds.grams_of",),
    "centres": ("theory.geometry.manifolds.center_structure",),
    "solver": ("theory.geometry.anchor_statistics.anchor_weights",),
}
# Products of n_probes by M by M beside the splitting's: probes with frames, the splitting's offset, slack, displacement.
OTHER_PRODUCTS = 4


def run_apart(case: dict) -> dict:
    """What :func:`run` finds, in a fresh process.

    :raises RuntimeError: it failed; the message has the last it said.
    """
    command = [sys.executable, "-m", "benchmarks.case", json.dumps(case)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"case {case.get('name', '')}: {(done.stderr.strip().splitlines() or ['no message'])[-1]}")
    return json.loads(done.stdout.splitlines()[-1])


def operations(n_manifolds: int, n_points: int, n_features: int, n_probes: int) -> float:
    """Floating-point operations that the geometry needs, all of them in matrix products.

    2 N P (M^2 + M P + P): Gram blocks, products with the centres, centres; and 2 P n_t M^2 (steps + 4): every step of the
    splitting and four products beside. The exact solves on active sets and the search for common directions are not counted.
    """
    products = 2 * n_features * n_manifolds * (n_points**2 + n_points * n_manifolds + n_manifolds)
    return products + 2 * n_manifolds * n_probes * n_points**2 * (STEPS + OTHER_PRODUCTS)


def run(case: dict) -> dict:
    """Measure the geometry of the case's clouds, once to warm up and ``repeats`` times.

    Peak memory is that of the whole process (getrusage), and beside it what it was before measuring, clouds included.
    """
    device = case.get("device")
    clouds: Any = worlds.clouds_of(case)
    if device is not None:
        import torch

        clouds = torch.from_numpy(clouds).to(device)
    side = case.get("side", machine.SIDE)
    rate, before = machine.product_rate(device, side), machine.peak_bytes()
    options = {name: case[name] for name in ("n_probes", "center_rank")}
    found, kept = [], []
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for _ in range(1 + case.get("repeats", 3)):
            with machine.clocked(PLACES, device) as spent:
                found.append(machine.seconds(lambda: kept.append(manifold_geometry(clouds, **options)), device))
    # The better of two: other processes may have been at work during one.
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
    """Run the case of the first argument."""
    case = json.loads(sys.argv[1])
    if "network" in case:
        from benchmarks import layers

        print(json.dumps(layers.run(case)))
    else:
        print(json.dumps(run(case)))


if __name__ == "__main__":
    main()
