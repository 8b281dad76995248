"""The growth of the time with each of P, M, N and n_t: the exponent of a power law through 1, 2, 4 and 8 times a base size."""

import numpy as np

from benchmarks.case import run_apart

FACTORS = (1, 2, 4, 8)
BASE = {"n_manifolds": 32, "n_points": 40, "n_features": 2000, "n_probes": 200, "correlations": 0}
QUICK = {"n_manifolds": 4, "n_points": 5, "n_features": 20, "n_probes": 10, "correlations": 0, "repeats": 1, "side": 50}
SYMBOLS = {"n_manifolds": "P", "n_points": "M", "n_features": "N", "n_probes": "n_t"}


def cases(quick: bool) -> list[tuple[str, str, list[dict]]]:
    """The series of cases: symbol of the size that grows, correction of centres in words, and the cases."""
    base = QUICK if quick else BASE
    found = [(symbol, "K = 0", _growing(base, name)) for name, symbol in SYMBOLS.items()]
    return [*found, ("P", "published K", _growing({**base, "correlations": "published"}, "n_manifolds"))]


def _growing(base: dict, name: str) -> list[dict]:
    return [{**base, name: factor * base[name], "name": f"{name} {factor * base[name]}"} for factor in FACTORS]


def measure(growing: list[dict]) -> dict:
    """Seconds of each case, the exponent over all cases, and that of the last doubling, where constant costs weigh least."""
    wall = [run_apart(case)["seconds"] for case in growing]
    exponent = np.polyfit(np.log(FACTORS), np.log(wall), 1)[0]
    return {"cases": growing, "seconds": wall, "exponent": float(exponent), "last": float(np.log2(wall[-1] / wall[-2]))}
