"""Capacity, radius and dimension of point clouds, with standard errors: the replica theory of Chung, Lee & Sompolinsky 2018."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Estimate:
    """value, its standard error over probes, and how many probes it averages."""

    value: float
    se: float
    n: int
