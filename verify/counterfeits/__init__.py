"""Worlds in which a claim is false."""

from verify.counterfeits.of_runs import (  # noqa: F401
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
from verify.counterfeits.planted import planted  # noqa: F401
