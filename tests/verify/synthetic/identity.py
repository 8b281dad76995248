"""Synthetic worlds of networks that reproduce images, in which every claim about them is true: arrays without training."""

from collections.abc import Callable, Mapping
from dataclasses import replace

import numpy as np

from empirical.identity.quantities import ANGLES, DEGREES, DIGITS, INITIAL, TRAINED, TRAINING
from tests.verify.synthetic.means import NETWORKS
from theory.identity.wide_networks import constant_correlation
from verify.measurements.identity import expected_error
from verify.measurements.runs import Runs
from verify.measurements.series import Key, Series
from verify.measurements.sweeps import Sweep

COSINES = np.cos(np.radians(DEGREES))
RHO, EPOCHS = 0.6, np.array([INITIAL, TRAINED])
DEPTHS, SHALLOW = (3, 5, 7, 14), (1, 2, 3, 6)
# corr_id, corr_const and the error of convolutional networks for digits, by depth, kernel or channels.
BY_DEPTH = ((0.97, 0.6, 0.05), (0.93, 0.62, 0.1), (0.78, 0.78, 0.3), (0.6, 0.97, 0.9))
BY_KERNEL, BY_CHANNELS = ((0.97, 0.6, 0.05), (0.9, 0.7, 0.1), (0.8, 0.9, 0.3)), ((0.93, 0.62, 0.1), (0.92, 0.63, 0.1))
SKIP = ((0.98, 0.6, 0.03), (0.97, 0.6, 0.05), (0.96, 0.6, 0.08), (0.93, 0.62, 0.15))
GAINS = {"": 1 / 3, "-gain1": 1.0, "-gain2": 2.0}
Means = dict[Key, float]


def told(claim, seed: int = 0) -> Sweep:
    """The sweep that a claim is about."""
    if "span_share" in claim.needs:
        return many(seed)
    if claim.architectures == ("connected",):
        return linear(seed)
    return kernels(seed) if claim.sweep == "kernel" else convolutional(seed)


def convolutional(seed: int = 0) -> Sweep:
    """Convolutional networks over their depth, with those over channels, with skip connections, and connected ones beside."""
    rng = np.random.default_rng(seed)
    spec = {"architecture": "convolutional", "skip": False, "n_images": 1, "side": 14}
    beside = {
        "-channels": _sweep("width", (8, 64), lambda at: convolution(BY_CHANNELS[at], 5, 3e5), spec, rng),
        "-skip": _sweep("depth", DEPTHS, lambda at: convolution(SKIP[at], DEPTHS[at], 1e5), spec | {"skip": True}, rng),
        "-relu": connected("relu", 1 / 3, rng),
    }
    return replace(
        _sweep("depth", DEPTHS, lambda at: convolution(BY_DEPTH[at], DEPTHS[at], 1e5), spec, rng), beside=beside.__getitem__
    )


def kernels(seed: int = 0) -> Sweep:
    """Convolutional networks over the kernel."""
    spec = {"architecture": "convolutional", "skip": False, "n_images": 1, "side": 14}
    return _sweep("kernel", (3, 5, 9), lambda at: convolution(BY_KERNEL[at], 5, 1e5), spec, np.random.default_rng(seed))


def linear(seed: int = 0) -> Sweep:
    """Wide linear networks at three gains."""
    rng = np.random.default_rng(seed)
    made = {suffix: connected("linear", gain, rng) for suffix, gain in GAINS.items()}
    return replace(made[""], beside=made.__getitem__)


def many(seed: int = 0) -> Sweep:
    """Connected networks that reproduce many images."""
    found: Means = {Key("corr_id", family): value for family, value in {DIGITS: 0.99, "noise": 0.6, "sparse": 0.7}.items()}
    found |= {Key("span_share", "noise"): 0.9, Key("pearson_id", "noise"): 0.1}
    spec = {"architecture": "connected", "skip": False, "n_images": 1000}
    return _sweep("depth", (3, 6), lambda at: found, spec, np.random.default_rng(seed))


def connected(activation: str, gain: float, rng: np.random.Generator) -> Sweep:
    """Connected networks that are as the theory of wide ones says."""
    spec = {"architecture": "connected", "skip": False, "n_images": 1, "activation": activation, "gain": gain}
    spec |= {"width": 196, "side": 14, "relative_loss": 1e-5, "optimizer": "descent"}

    def means(at: int) -> Means:
        expected = constant_correlation(COSINES, SHALLOW[at], gain, activation, 196, 1e-5)
        errors = expected_error({**spec, "depth": SHALLOW[at]})
        found = _at_angles(COSINES * expected, expected, errors)
        return found | {
            Key("parameters", TRAINING): 196.0**2 * SHALLOW[at],
            Key("corr_id", DIGITS): RHO * float(expected.mean()),
        }

    return _sweep("depth", SHALLOW, means, spec, rng)


def convolution(correlations: tuple[float, float, float], depth: int, n_weights: float) -> Means:
    """The means of convolutional networks with this corr_id, corr_const and error for digits."""
    same, constant, error = correlations
    # Copying scores RHO on corr_const.
    found = {Key("corr_id", DIGITS): same, Key("corr_const", DIGITS): constant, Key("corr_images", DIGITS): RHO}
    found |= {Key("identity_error", DIGITS): error, Key("parameters", TRAINING): n_weights}
    found |= {Key("corr_edges", DIGITS): 0.9, Key("corr_blur", DIGITS): 0.7, Key("image_share", DIGITS, "", "input"): 0.4}
    found |= {Key("image_share", DIGITS, "", f"layer{layer}"): 0.01 for layer in range(1, depth + 1)}
    return found | _at_angles(np.full(len(DEGREES), same), constant * COSINES, error * np.arange(1, 7))


def _at_angles(same, constant, errors) -> Means:
    found: Means = {}
    for angle, cosine, *values in zip(DEGREES, COSINES, same, constant, errors, strict=True):
        named = zip(("corr_id", "corr_const", "identity_error"), values, strict=True)
        found |= {Key(quantity, ANGLES, str(angle)): float(value) for quantity, value in named}
        found[Key("corr_images", ANGLES, str(angle))] = float(cosine)
    return found


def _sweep(field: str, values: tuple, means: Callable[[int], Means], spec: Mapping, rng: np.random.Generator) -> Sweep:
    runs = [_runs(means(at), {**spec, field: value}, rng) for at, value in enumerate(values)]
    return Sweep("story", field, values, tuple(runs))


def _runs(means: Means, spec: Mapping, rng: np.random.Generator) -> Runs:
    """Networks that differ from the means by a hundredth."""
    table = {}
    for key, mean in means.items():
        noise = 0.0 if key.quantity == "parameters" else rng.normal(0, 0.01, NETWORKS)
        table[key] = Series(
            EPOCHS, np.tile((mean + noise * max(abs(mean), 0.1)) * np.ones(NETWORKS), (2, 1)).T, " / ".join(key)
        )
    layers = sorted({key.layer for key in means if key.layer.startswith("layer")}, key=lambda name: int(name[5:]))
    return Runs("story", table, 0, 0.0, (), tuple(layers[:-1]), layers[-1] if layers else "", spec=dict(spec))
