"""A synthetic world in which the paper's claims are true, or are made false: tables without training, for tests only."""

from dataclasses import asdict, replace

import numpy as np

from empirical.evidence.measurement import Measurement
from empirical.runs import runspec

EPOCHS = np.arange(13)
PEAK = 4


def rows(n_networks=10, forgetting=0.2, spread=0.005, seed=0):
    """Accuracies of the four groups over 13 epochs: test peaks at epoch 4 and falls by ``forgetting``.

    ``spread``: standard deviation between networks and epochs, independent.
    """
    rng = np.random.default_rng(seed)
    rise, fall = np.minimum(EPOCHS / PEAK, 1), np.maximum(EPOCHS - PEAK, 0) / (EPOCHS[-1] - PEAK)
    curves = {
        ("unpermuted", ""): 0.1 + 0.85 * rise,
        ("permuted", ""): 0.08 + 0.9 * fall,
        ("restored", ""): 0.1 + 0.7 * rise - 0.75 * fall,
        ("test", "select"): 0.1 + 0.7 * rise - forgetting * fall,
        ("test", "report"): 0.1 + 0.7 * rise - forgetting * fall,
    }
    return [
        Measurement(network, seed, int(epoch), "network", 1.0, group, choice, "accuracy", float(value), 0.01, 300)
        for network in range(n_networks)
        for (group, choice), curve in curves.items()
        for epoch, value in zip(EPOCHS, curve + rng.normal(0, spread, len(EPOCHS)), strict=True)
    ]


def flat_rows(n_networks=10, spread=0.02, seed=0):
    """Nothing is ever forgotten: from the start test accuracy only fluctuates about one value."""
    kept = [row for row in rows(n_networks, seed=seed) if row.group != "test"]
    rng = np.random.default_rng(seed + 1)
    return kept + [
        Measurement(network, seed, int(epoch), "network", 1.0, "test", half, "accuracy", 0.8 + rng.normal(0, spread), 0.01, 300)
        for network in range(n_networks)
        for half in ("select", "report")
        for epoch in EPOCHS
    ]


def manifest(n_networks=10):
    spec = replace(runspec.load("digits"), name="synthetic", n_networks=n_networks)
    about = {"world": "synthetic", "spec": asdict(spec), "n_classes": 10, "checks": {"no_nan": True}}
    return {**about, "networks": list(range(n_networks))}
