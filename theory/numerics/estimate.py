"""A number measured by sampling, with its error."""

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Estimate:
    """value, its standard error over draws or probes, and how many of these it averages."""

    value: float
    se: float
    n: int


def mean_of(samples: np.ndarray) -> Estimate:
    """The mean of independent samples, (n,), n >= 2."""
    return Estimate(float(samples.mean()), standard_error(samples), len(samples))


def standard_error(samples: np.ndarray) -> float:
    """Of the mean of independent samples, (n,), n >= 2."""
    return float(samples.std(ddof=1) / np.sqrt(len(samples)))
