"""A number measured by sampling, with its standard error."""

from dataclasses import dataclass

import numpy as np

Samples = np.ndarray  # (n,), n >= 2


@dataclass(frozen=True)
class Estimate:
    """A number measured by sampling.

    value: the number. se: its standard error over draws or probes. n: how many draws or probes it averages.
    """

    value: float
    se: float
    n: int


def mean_of(samples: Samples) -> Estimate:
    """The mean of independent samples, with its standard error."""
    return Estimate(float(samples.mean()), standard_error(samples), len(samples))


def standard_error(samples: Samples) -> float:
    """The standard error of the mean of independent samples."""
    return float(samples.std(ddof=1) / np.sqrt(len(samples)))
