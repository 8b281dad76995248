"""A world's measurements as arrays, one row per network, in the words of claims.

- runs: ``Runs``, the measured networks of one world.
- series: ``Series``, one quantity over epochs; ``Key``, which quantity it is.
- sweeps: ``Sweep``, the runs at every value of one field.
- geometry_methods: runs whose capacity, radius and dimension are those of one method.
- baseline: the geometry of permuted manifolds relative to the shuffled baseline.
- rewinding: accuracies after rewinding, and the recovery of test accuracy.
- simulated_capacity: the capacity of the theory compared with the simulated capacity.
- analysis_choices: the sign of a conclusion under other analysis choices.
- levels: the levels of what a claim reads.
- pairing: several worlds, compared network by network.
- architectures: a statement judged on networks of other architectures.
- rank_correlation: the correlation of two orders.
- identity: correlations of networks that reproduce images (Zhang et al. 2020).
- label_errors: how well wrong labels are found.
- memorization: what claims about noise in place of data compare (Arpit et al. 2017).
"""

from verify.measurements.runs import Runs
from verify.measurements.series import Key, Series
from verify.measurements.sweeps import Sweep

__all__ = ["Key", "Runs", "Series", "Sweep"]
