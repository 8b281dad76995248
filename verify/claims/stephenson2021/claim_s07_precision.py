"""S-07.precision: networks trained in bfloat16 memorize in the same layers, and as much, as networks trained in float32.

Stephenson et al. 2021, S-07; the question is ours, because GPU runs train in bfloat16. In one world the matrix products of
training are in bfloat16, in the other in float32. Networks of the same number have the same classes, images, labels,
initialization and order in both worlds. Log capacity of permuted manifolds above the shuffled baseline at the end agrees in
every hidden layer to within 15 percent. Test accuracy agrees at the turning point and at the end to within 3 points.
"""

from verify import Relation, both, claim, equivalent
from verify.counterfeits import scaled
from verify.measurements.baseline import excess
from verify.measurements.pairing import paired
from verify.measurements.runs import Runs

ROUNDED = "-bfloat16"


@claim(
    "S-07.precision",
    needs=("capacity", "accuracy"),
    counterfeit=scaled("capacity", "permuted", 1.5, choice=""),
    beside=ROUNDED,
    source="ours",
)
def claim_rounded_training_memorizes_alike(runs: Runs) -> Relation:
    worlds = paired(runs, runs.beside(ROUNDED))
    exact, rounded = (excess(world, "capacity", "end").T for world in worlds)
    accuracies = {when: [world.accuracy("test", when) for world in worlds] for when in ("turning_point", "end")}
    return both(
        *(
            equivalent(*pair, effect=0.15, unit="log capacity", about=layer)
            for layer, *pair in zip(runs.layers, exact, rounded, strict=True)
        ),
        *(
            equivalent(*pair, effect=0.03, unit="accuracy", about=f"test accuracy, {when.replace('_', ' ')}")
            for when, pair in accuracies.items()
        ),
    )
