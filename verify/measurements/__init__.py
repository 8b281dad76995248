"""A world's measurements as arrays, one row per network, in the words claims are written in.

- runs: ``Runs``, the measured networks of one world.
- series: ``Series``, one quantity over epochs; ``Key``, what it is of.
- sweeps: ``Sweep``, the runs at every value of one field.
- baseline: the permuted group's geometry over that of its points with shuffled labels.
- rewinding: accuracies after rewinding, and what it recovers.
- simulated_capacity: the theory's capacity against the simulated one.
- analysis_choices: a conclusion's sign under other analysis choices.
- pairing: worlds side by side, network by network.
"""

from verify.measurements.runs import Runs
from verify.measurements.series import Key, Series
from verify.measurements.sweeps import Sweep

__all__ = ["Key", "Runs", "Series", "Sweep"]
