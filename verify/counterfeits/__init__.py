"""Counterfeits: measurements and formulas in which a claim is false. A claim must not come out SUPPORTED in its counterfeit.

- of_runs: measured runs that are transformed, for claims about networks.
- of_sweeps: sweeps whose values, or which with the worlds beside them, are transformed, for claims about sweeps.
- of_theory: wrong formulas in place of right ones, for claims about theory.
"""

from verify.counterfeits.of_runs import (
    at_baseline,
    backwards,
    best_at_the_end,
    gradual,
    levelled,
    levelled_choice,
    mean_gap,
    never_forgets,
    nothing_rewound,
    other_choices,
    reverse_depth,
    scaled,
    siblings,
    swap_groups,
    vanishing,
)
from verify.counterfeits.of_sweeps import (
    at_every_value,
    exchanged,
    exchanged_with_first,
    indifferent,
    like_the_first,
    monotone,
    peaked,
    reversed_values,
    with_spec,
)
from verify.counterfeits.of_theory import in_reverse, planted

__all__ = [
    "at_baseline",
    "at_every_value",
    "backwards",
    "best_at_the_end",
    "exchanged",
    "exchanged_with_first",
    "gradual",
    "in_reverse",
    "indifferent",
    "levelled",
    "levelled_choice",
    "like_the_first",
    "mean_gap",
    "monotone",
    "never_forgets",
    "nothing_rewound",
    "other_choices",
    "peaked",
    "planted",
    "reverse_depth",
    "reversed_values",
    "scaled",
    "siblings",
    "swap_groups",
    "vanishing",
    "with_spec",
]
