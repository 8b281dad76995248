"""A synthetic world in which every claim about networks is true, including claims of papers that contradict each other."""

from functools import cache

import numpy as np

from empirical.evidence.names import NETWORK
from tests.verify.synthetic import identity, noise_levels, noise_sweeps, widths
from tests.verify.synthetic.critical_samples import critical_samples
from tests.verify.synthetic.label_errors import label_errors
from tests.verify.synthetic.means import (
    CLASSES,
    DEEP,
    EPOCHS,
    LAYERS,
    LEARNED,
    MEMORIZED,
    NETWORKS,
    READOUT,
    blocks,
    choices,
    compressed,
    distances,
    other_starts,
    probes,
    round_manifolds,
    tested_geometry,
)
from tests.verify.synthetic.small_networks import small_networks
from theory.capacity import unstructured_points
from theory.learning import permuted_gradient
from verify.measurements.architectures import ARCHITECTURES
from verify.measurements.runs import Runs, nothing_beside
from verify.measurements.series import Key, Series
from verify.measurements.sweeps import Sweep

COUNTS = np.full(CLASSES, 60.0)
SIMULATED = (("unpermuted", ""), ("permuted", ""), ("permuted", "shuffled"))
METHODS = ("corrected", "cavity", "joint")
# M, of which the shuffled baseline has the geometry.
POINTS = 20.0
GRADIENTS = ("standard", "batch_statistics", "zero_logits")


def story(seed: int = 0, spread: float = 0.01, memorized: np.ndarray = MEMORIZED) -> Runs:
    """The runs; ``spread`` is the standard deviation of a logarithm between networks. Other worlds are beside them."""
    parts = (
        *(_accuracies(), _geometry(memorized), _rewinding(), _gradients(), tested_geometry()),
        *(choices(memorized), other_starts(memorized), blocks(), probes(), distances(1.0), critical_samples("real")),
        *(compressed(), round_manifolds()),
    )
    table = _drawn(parts, seed, spread) | _jacobians() | small_networks(seed, spread) | label_errors(seed, spread)
    return _runs(table, ("unpermuted", "permuted"), lambda suffix: BESIDE[suffix](seed + 1000))


def permuted(seed: int = 0, critical: str = "late") -> Runs:
    """A world in which every label is permuted: nothing is learned, and then all is memorized."""
    accuracies = {("permuted", ""): [0.1, 0.12, 0.15, 0.97], ("restored", ""): [0.1, 0.1, 0.1, 0.03]}
    tested = {("test", half): [0.1] * 4 for half in ("select", "report")}
    geometry = [(key, means) for key, means in _geometry(MEMORIZED) if key.group in ("permuted", "all")]
    parts = [_named(accuracies | tested), geometry, distances(2.0), critical_samples(critical)]
    return _runs(_drawn(parts, seed), ("permuted",))


def noise_inputs(seed: int = 0) -> Runs:
    """A world in which every image is noise."""
    accuracies = {("unpermuted", ""): [0.1, 0.5, 0.95, 0.99]}
    tested = {("test", half): [0.1] * 4 for half in ("select", "report")}
    return _runs(_drawn([_named(accuracies | tested), critical_samples("randX")], seed), ("unpermuted",))


def clean(seed: int = 0) -> Runs:
    """A world in which no label is permuted."""
    accuracies = {("unpermuted", ""): [0.1, 0.5, 0.95, 0.99]}
    tested = {("test", half): [0.1, 0.5, 0.9, 0.9] for half in ("select", "report")}
    return _runs(_drawn([_named(accuracies | tested), distances(0.0)], seed), ("unpermuted",))


BESIDE = {
    **{"-clean": clean, "-permuted": permuted, "-bfloat16": story},
    **dict.fromkeys(ARCHITECTURES, lambda seed: alike(seed)),
    **{"-randX": noise_inputs, "-randY": lambda seed: permuted(seed, "randY"), "-input-noise": noise_levels.inputs},
    "-dropout": lambda seed: story(seed, memorized=MEMORIZED / 2),
}


def told(claim, seed: int = 0) -> Runs | Sweep:
    """The world of a claim: a sweep where it is about one, the permuted one where it is about no other."""
    if claim.labels == ("images",):
        return identity.told(claim, seed)
    if claim.sweep in noise_levels.SWEPT:
        return noise_levels.SWEPT[claim.sweep](seed)
    if claim.sweep:
        return noise_sweeps.told(claim, seed) if claim.beside else widths.story(seed)
    return permuted(seed) if claim.labels == ("permuted",) else alike(seed)


@cache
def alike(seed: int) -> Runs:
    """The story of networks that hardly differ; the same object for every claim that asks."""
    return story(seed, spread=0.005)


def _runs(table, trained_groups, beside=nothing_beside) -> Runs:
    spec = {"permuted_fraction": float(np.mean([group == "permuted" for group in trained_groups]))}
    return Runs("story", table, CLASSES, 0.9, trained_groups, LAYERS, READOUT, beside=beside, spec=spec)


def _drawn(parts, seed: int, spread: float = 0.01) -> dict[Key, Series]:
    """Series of networks about the means."""
    table, rng = {}, np.random.default_rng(seed)
    for part in parts:
        for key, means in part:
            noise = np.exp(rng.normal(0, spread, (NETWORKS, len(EPOCHS))))
            table[key] = Series(EPOCHS, np.broadcast_to(means, EPOCHS.shape) * noise, " / ".join(key))
    return table


def _named(accuracies):
    return [(Key("accuracy", *pair), means) for pair, means in accuracies.items()]


def _accuracies():
    yield Key("accuracy", "unpermuted"), [0.1, 0.4, 0.95, 0.99]
    yield Key("accuracy", "permuted"), [0.1, 0.06, 0.08, 0.97]
    yield Key("accuracy", "restored"), [0.1, 0.4, 0.8, 0.05]
    for half in ("select", "report"):
        yield Key("accuracy", "test", half), [0.1, 0.4, 0.85, 0.65]


def _geometry(memorized):
    """Log capacities by epoch and layer; radius and dimension of permuted manifolds shrink as their capacity grows."""
    start, best = np.zeros(6), LEARNED
    capacities = {
        ("unpermuted", ""): (0.3, [start, start, best, best]),
        ("restored", ""): (0.3, [start, start, best, np.where(DEEP, np.log(0.1 / 0.3), best)]),
        ("test", ""): (0.3, [start, start, best, best - 0.5 * DEEP]),
        ("permuted", ""): (0.1, [start, start, start, memorized]),
        ("permuted", "shuffled"): (0.1, [start] * 4),
        ("permuted", "rewound from conv5"): (0.1, [start] * 4),
        ("restored", "rewound from conv5"): (0.3, [start] * 4),
    }
    for (group, choice), (base, logs) in capacities.items():
        yield Key("capacity", group, choice, "input"), base
        for layer, means in zip(LAYERS, base * np.exp(np.array(logs).T), strict=True):
            yield Key("capacity", group, choice, layer), means
            for method in METHODS:
                yield Key(f"{method}_capacity", group, choice, layer), means
            if (group, choice) in SIMULATED:
                yield Key("simulated_capacity", group, choice, layer), [np.nan, np.nan, np.nan, means[-1]]
    yield Key("manifold_points", "all"), [POINTS] * 4
    for quantity in ("radius", "dimension"):
        base = float(getattr(unstructured_points, quantity)(POINTS))
        for layer, gain in zip(LAYERS, memorized, strict=True):
            for prefix in ("", *(f"{method}_" for method in METHODS)):
                yield Key(f"{prefix}{quantity}", "permuted", "", layer), [base, base, base, base * np.exp(-0.4 * gain)]
                yield Key(f"{prefix}{quantity}", "permuted", "shuffled", layer), base


# Test accuracy with one layer rewound to the turning point, and what is lost with it at its initialization; readout last.
REWOUND = (0.65, 0.65, 0.7, 0.75, 0.8, 0.7, 0.7)
INITIAL_LOSS = (0.5, 0.4, 0.3, 0.2, 0.02, 0.02, 0.02)


def _rewinding():
    """A deep layer brings back test accuracy, an early one does not; an early one costs more memorized examples."""
    for index, layer in enumerate((*LAYERS, READOUT)):
        deep, early = index >= 4, index < 2
        kept = 0.6 if early else 0.9
        tested = {"single": REWOUND[index], "suffix": 0.8 if index >= 2 else 0.65, "prefix": 0.65 if early else 0.8}
        memorized = {"single": kept, "suffix": 0.3 if deep else 0.1, "prefix": kept - 0.1}
        for kind in tested:
            for half in ("select", "report"):
                means = [0.65 - INITIAL_LOSS[index], 0.65, tested[kind], 0.65]
                yield Key("rewound_accuracy", "test", f"{kind}/{half}", layer), means
            yield Key("rewound_accuracy", "permuted", kind, layer), [0.2, memorized[kind], memorized[kind], 0.97]
            yield Key("rewound_accuracy", "unpermuted", kind, layer), [0.4, 0.9, 0.99, 0.99]


def _gradients():
    """Permuted examples contribute as the exact moments say, unpermuted ones more early and less at the end."""
    second = _second_moment()
    for layer in (*LAYERS, READOUT, NETWORK):
        for choice in GRADIENTS:
            yield Key("gradient_norm", "permuted_all", choice, layer), np.sqrt(second)
            yield Key("gradient_norm", "unpermuted", choice, layer), np.sqrt(second) * np.exp([0.8, 0.8, 0.0, -0.5])
            yield Key("mean_permuted_gradient", "permuted_all", choice, layer), 1e-3 * np.sqrt(second)
            yield Key("label_independent_distance", "unpermuted+permuted_all", choice, layer), 0.01
        for moment in ("variance", "second_moment"):
            yield Key(f"permuted_gradient_{moment}", "permuted_all", "", layer), second
        yield Key("cotangent_variance", "permuted_all", "", layer), second
        yield Key("minibatch_alignment", "unpermuted", "batch_statistics", layer), 0.6
        yield Key("minibatch_alignment", "permuted_all", "batch_statistics", layer), 0.3
        yield Key("weight_norm", "weights", "", layer), 1.0


def _second_moment() -> float:
    return permuted_gradient.permuted_gradient_second_moment(np.eye(CLASSES), np.eye(CLASSES), COUNTS)


@cache
def _jacobians() -> dict[Key, Series]:
    """Unit scatters and Gram matrices, balanced labels: the same in every network."""
    table = {}
    for layer in (*LAYERS, READOUT, NETWORK):
        for quantity in ("jacobian_scatter", "jacobian_mean_gram"):
            for one in range(CLASSES):
                for other in range(one, CLASSES):
                    key = Key(quantity, "permuted_all", f"{one}-{other}", layer)
                    table[key] = Series(np.array([0]), np.full((NETWORKS, 1), float(one == other)), quantity)
    for label, count in enumerate(COUNTS):
        table[Key("label_count", "permuted_all", str(label))] = Series(np.array([0]), np.full((NETWORKS, 1), count), "count")
    return table
