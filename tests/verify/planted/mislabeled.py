"""Planted errors in the detection of mislabeled examples, in theory and measurement, and the claim that detects each."""

from dataclasses import replace

import numpy as np

from tests.verify.planted.planted_error import PlantedError, formula
from theory.kernels import output_gaps
from theory.kernels.exchangeable_kernels import Rates


def by_mean_rates(_):
    """The time of the largest gap by two mean rates, whatever the others are."""
    return lambda spectrum: float(
        output_gaps.largest_gap_time(Rates(0.0, spectrum.rates @ spectrum.between, spectrum.rates @ spectrum.within))
    )


def stretched(right):
    """Class means three times as far apart as they are."""
    return lambda moments, *rest: right(replace(moments, means=3 * moments.means), *rest)


def from_the_last_step(right):
    """The last step counts alone."""
    return lambda features, targets, rate, n_steps: (
        right(features, targets, rate, n_steps)[0] - right(features, targets, rate, n_steps - 1)[0],
        right(features, targets, rate, n_steps)[1],
    )


MISLABELED = [
    PlantedError(
        "kernel-not-centred", "what all examples have in common stays in their alignment", "Q-01",
        formula("empirical.toy_models.label_alignments.centred", lambda _: lambda kernel: kernel),
    ),
    PlantedError(
        "means-stretched", "class means taken three times as far apart as they are", "Q-01.moments",
        formula("theory.kernels.mislabel_detection.class_moment_auroc", stretched),
    ),
    PlantedError(
        "response-of-the-kernel", "the kernel at initialization in place of the response at the time", "Q-01.time",
        formula("theory.kernels.kernel_flow.response", lambda _: lambda kernel, time: np.asarray(kernel)),
    ),
    PlantedError(
        "last-step-alone", "alignment at the end for alignment summed over training", "Q-02.linear",
        formula("empirical.toy_models.kernel_descent.summed_alignments", from_the_last_step),
    ),
    PlantedError(
        "mean-rates-for-all", "two mean rates in place of all rates of a kernel", "Q-04.spectrum",
        formula("theory.kernels.output_gaps.largest_spectral_gap_time", by_mean_rates),
    ),
]  # fmt: skip
