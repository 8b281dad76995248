"""Worlds in which a claim is false: every claim names one, and must not come out SUPPORTED in it.

- of_runs: for claims about networks, the measured runs transformed.
- of_sweeps: for claims about sweeps, the same at the last epoch.
- of_theory: for claims about theory, a wrong formula planted.
"""

from verify.counterfeits.of_runs import (
    at_baseline,
    gradual,
    levelled,
    mean_gap,
    never_forgets,
    nothing_rewound,
    reverse_depth,
    scaled,
    swap_groups,
    vanishing,
)
from verify.counterfeits.of_sweeps import monotone, peaked
from verify.counterfeits.of_theory import planted

__all__ = [
    "at_baseline",
    "gradual",
    "levelled",
    "mean_gap",
    "monotone",
    "never_forgets",
    "nothing_rewound",
    "peaked",
    "planted",
    "reverse_depth",
    "scaled",
    "swap_groups",
    "vanishing",
]
