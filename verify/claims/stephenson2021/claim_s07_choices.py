"""S-07.choices: the conclusion that memorization happens in the deep layers does not depend on analysis choices.

Stephenson et al. 2021, S-07; the question is ours. The conclusion is the sign of the gain of permuted capacity over the
shuffled baseline from the turning point to the end, averaged over the last third of the hidden layers. The standard analysis
and four others give the same sign: with other points of each manifold, with half as many points, with half of the classes, and
with other probes.
"""

from empirical.evidence.names import HALF_CLASSES, SHUFFLED, VARIANTS, packed
from verify import Relation, claim
from verify.measurements.analysis_choices import one_sign, swap_choices
from verify.measurements.baseline import excess
from verify.measurements.runs import Runs

half_unlike = swap_choices("permuted", HALF_CLASSES, packed(SHUFFLED, HALF_CLASSES), "capacity")


@claim("S-07.choices", needs=("capacity", "accuracy"), counterfeit=half_unlike, instruments="choices", source="ours")
def claim_gain_of_deep_layers_has_one_sign(runs: Runs) -> Relation:
    gain = {
        choice: (excess(runs, "capacity", "end", choice) - excess(runs, "capacity", "turning_point", choice))[:, runs.deep]
        for choice in ("", *VARIANTS)
    }
    standard, *others = (one.mean(axis=1) for one in gain.values())
    return one_sign(standard, dict(zip(VARIANTS, others, strict=True)), effect=0.1, unit="log capacity")
