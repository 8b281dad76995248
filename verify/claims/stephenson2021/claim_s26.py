"""S-26: when every label is permuted, nothing can be generalized, and the deep layers still memorize.

Stephenson et al. 2021, appendix, as far as it is remembered: the fully permuted control. At the turning point, test accuracy is
at chance, 1/C, to within half of chance. At the last measured epoch before permuted accuracy reaches 2/C, permuted manifolds
have the capacity of the shuffled baseline on the same images, averaged over the hidden layers, to within 15 percent. From then
to the end, they gain capacity over the baseline, averaged over the last third.
"""

from verify import Relation, both, claim, equivalent, negligible, positive
from verify.counterfeits import scaled
from verify.measurements.baseline import excess
from verify.measurements.runs import Runs


@claim(
    "S-26",
    needs=("capacity", "accuracy"),
    counterfeit=scaled("capacity", "permuted", 1.5, choice=""),
    labels="permuted",
    source="remembered",
)
def claim_permuted_labels_alone_are_memorized_in_deep_layers(runs: Runs) -> Relation:
    capacity, chance = runs.series("capacity", "permuted", layer=runs.layers[0]), 1 / runs.n_classes
    before = excess(runs, "capacity", runs.last_below("permuted", 2 * chance, capacity))
    gain = excess(runs, "capacity", "end") - before
    return both(
        equivalent(
            runs.accuracy("test", "turning_point"), chance, effect=chance / 2, unit="accuracy", about="test accuracy, chance"
        ),
        negligible(before, effect=0.15, unit="log capacity", about="permuted, shuffled, before", layers=runs.layers),
        positive(
            gain[:, runs.deep], effect=0.1, unit="log capacity", about="gain of deep layers", layers=runs.layers[runs.deep]
        ),
    )
