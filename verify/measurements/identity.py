"""What claims about networks that reproduce images compare: correlations by family of test images, over a sweep."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from empirical.identity.quantities import ANGLES, DEGREES, TRAINED
from theory.identity.wide_networks import Output, constant_correlation, trained_output
from verify.judging.verdicts import Broken, NotAsked
from verify.measurements.pairing import paired
from verify.measurements.runs import Runs
from verify.measurements.sweeps import Sweep

COSINES = np.cos(np.radians(DEGREES))
# Angles at which a prediction could fail in opposite directions are judged apart: the places in DEGREES.
NEAR_AND_FAR = {"15 to 45 degrees": slice(0, 3), "60 to 90 degrees": slice(3, 6)}
# The cosine from which on an output is taken for the image.
SAME = 0.85
# What networks of one number must share for their images to be the same.
OF_IMAGES = ("seed", "dataset", "side", "n_images", "n_tests")


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


def by_distance(sweep: Sweep, values: np.ndarray) -> list[tuple[str, np.ndarray]]:
    """Values (networks, values, angles) at each value of the sweep, in the mean over near and over far angles, with names."""
    return [
        (f"{sweep.field} {value}, {words}", values[:, place, angles].mean(axis=1))
        for place, value in enumerate(sweep.values)
        for words, angles in NEAR_AND_FAR.items()
    ]


def same_images(*sweeps: Sweep) -> list[Sweep]:
    """The sweeps, each reduced to the networks that all have; networks of one number have the same images.

    :raises Broken: they do not have the same images, because the worlds differ in what images depend on.
    :raises Untested: the worlds have no network number in common.
    """
    first = sweeps[0].runs[0].spec
    for other in sweeps[1:]:
        if differing := [name for name in OF_IMAGES if other.runs[0].spec.get(name) != first.get(name)]:
            raise Broken(
                f"{sweeps[0].world} and {other.world} differ in {', '.join(differing)}, so that their networks have other "
                "images; record both with the same"
            )
    kept = iter(paired(*(runs for sweep in sweeps for runs in sweep.runs)))
    return [replace(sweep, runs=tuple(next(kept) for _ in sweep.runs)) for sweep in sweeps]


def by_theory(sweep: Sweep) -> Sweep:
    """The sweep, if theory speaks of its networks.

    :raises NotAsked: they were trained by Adam, which the symmetry and the limit of wide networks do not allow for, or have
        skip connections.
    """
    spec = sweep.runs[0].spec
    if spec["optimizer"] != "descent" or spec["skip"]:
        raise NotAsked(f"{sweep.world} is not trained by gradient descent without skip connections, of which theory speaks")
    return sweep


def expected_constant(spec: Mapping[str, Any]) -> np.ndarray:
    """The expected corr_const of wide networks of this specification at each angle, (angles,)."""
    n_pixels, arguments = spec["side"] ** 2, (spec["depth"], spec["gain"], spec["activation"])
    return constant_correlation(COSINES, *arguments, n_pixels, spec["relative_loss"], n_pixels / spec["width"])


def expected_error(spec: Mapping[str, Any]) -> np.ndarray:
    """The expected identity_error of wide networks of this specification at each angle, (angles,).

    The output is kappa x^ and noise of squared length N^2, whose mean over initial weights is 0, so that its squared distance
    from a test image of the same length at the cosine rho is 1 - 2 kappa rho + kappa^2 + N^2.
    """
    arguments = (spec["depth"], spec["gain"], spec["activation"], spec["relative_loss"], spec["side"] ** 2 / spec["width"])
    output: Output = trained_output(COSINES, *arguments)
    return 1 - 2 * output.learned * COSINES + output.learned**2 + output.noise**2


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
