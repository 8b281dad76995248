"""S-09.choices: the conclusion that permuted manifolds shrink in the deep layers does not depend on analysis choices.

Stephenson et al. 2021, S-09; the question is ours. There are two conclusions: the signs of the fall of radius and of the fall
of dimension of permuted manifolds, relative to the shuffled baseline, from the turning point to the end, averaged over the last
third of the hidden layers. The standard analysis and four others give the same signs: with other points of each manifold, with
half as many points, with half of the classes, and with other probes.
"""

import numpy as np

from empirical.evidence.names import HALF_POINTS, SHUFFLED, VARIANTS, packed
from verify import Relation, both, claim
from verify.measurements.analysis_choices import one_sign, swap_choices
from verify.measurements.baseline import excess
from verify.measurements.runs import Runs

half_unlike = swap_choices("permuted", HALF_POINTS, packed(SHUFFLED, HALF_POINTS), "radius", "dimension")


@claim("S-09.choices", needs=("radius", "dimension", "accuracy"), counterfeit=half_unlike, instruments="choices", source="ours")
def claim_shrinkage_of_deep_layers_has_one_sign(runs: Runs) -> Relation:
    def shrinkage(quantity: str, choice: str) -> np.ndarray:
        change = excess(runs, quantity, "turning_point", choice) - excess(runs, quantity, "end", choice)
        return change[:, runs.deep].mean(axis=1)

    return both(
        *(
            relation
            for quantity in ("radius", "dimension")
            for relation in one_sign(
                shrinkage(quantity, ""),
                {choice: shrinkage(quantity, choice) for choice in VARIANTS},
                effect=0.05,
                unit=f"log {quantity}",
            ).relations
        )
    )
