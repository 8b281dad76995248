"""S-08: memorization increases abruptly with depth.

Stephenson et al. 2021, introduction. At the end of training, log capacity of permuted manifolds above the shuffled baseline
rises from the first hidden layer to the last. More of the rise lies in the last third of the layers than a parabola has there
that is flat at the first layer and has the same ends: a profile that bends no more sharply than a square is not abrupt.
"""

from verify import Relation, both, claim, exceeds, positive
from verify.counterfeits import gradual
from verify.judging.verdicts import NotAsked
from verify.measurements.baseline import excess
from verify.measurements.runs import Runs

FEWEST_LAYERS = 4


@claim("S-08", needs=("capacity", "accuracy"), counterfeit=gradual("capacity", "permuted", power=2.0), source="text")
def claim_memorization_is_abrupt_in_depth(runs: Runs) -> Relation:
    profile, depth = excess(runs, "capacity", "end"), runs.relative_depth()
    before = runs.deep.start - 1
    if len(depth) < FEWEST_LAYERS or before < 0:
        raise NotAsked(f"{len(depth)} measured layers are too few to tell a jump from a slope; {FEWEST_LAYERS} are needed")
    rise, late = profile[:, -1] - profile[:, 0], profile[:, -1] - profile[:, before]
    return both(
        positive(rise, effect=0.1, unit="log capacity", about="rise"),
        exceeds(late, (1 - depth[before] ** 2) * rise, "log capacity", about="rise in deep layers above a parabola's"),
    )


at_rank_zero = claim_memorization_is_abrupt_in_depth.measured_by("independent")
by_joint_anchors = claim_memorization_is_abrupt_in_depth.measured_by("joint")
