"""What claims about networks that reproduce images compare: correlations by family of test images, over a sweep."""

import numpy as np

from empirical.identity.quantities import ANGLES, DEGREES, TRAINED
from verify.judging.verdicts import NotAsked
from verify.measurements.runs import Runs
from verify.measurements.sweeps import Sweep

COSINES = np.cos(np.radians(DEGREES))


def measured(sweep: Sweep, quantity: str, family: str) -> np.ndarray:
    """A quantity after training, mean over the images of a family, (networks, values)."""
    return sweep.at_end(quantity, family)


def contrast(sweep: Sweep, family: str) -> np.ndarray:
    """corr_const - corr_id, (networks, values): below 0 for networks that copy, above for those that return one image."""
    return measured(sweep, "corr_const", family) - measured(sweep, "corr_id", family)


def excess(sweep: Sweep, family: str) -> np.ndarray:
    """corr_const above what the identity itself scores, (networks, values)."""
    return measured(sweep, "corr_const", family) - measured(sweep, "corr_images", family)


def by_angle(sweep: Sweep, quantity: str) -> np.ndarray:
    """A quantity after training by the angle between test and training image, (networks, values, angles)."""
    return np.stack([sweep.at_end(quantity, ANGLES, str(angle)) for angle in DEGREES], axis=2)


def rotation_residual(sweep: Sweep) -> np.ndarray:
    """cos(f, x) - rho cos(f, x^) by angle, (networks, values, angles)."""
    return by_angle(sweep, "corr_id") - COSINES * by_angle(sweep, "corr_const")


def layer_share(runs: Runs, layer: str, epoch: int = TRAINED) -> np.ndarray:
    """The share of a layer's activation energy that differs between digits, (networks,)."""
    return runs.at(runs.series("image_share", "digits", "", layer), epoch)


def without_skip(sweep: Sweep) -> Sweep:
    """The sweep, if its networks have no skip connections.

    :raises NotAsked: they have.
    """
    if sweep.runs[0].spec["skip"]:
        raise NotAsked(f"{sweep.world} has skip connections, and the claim is about networks without")
    return sweep
