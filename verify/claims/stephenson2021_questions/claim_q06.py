"""Q-06: the class-mean margin beats the area under the margin at class-dependent label errors, and equals it at uniform ones.

Ours, on the question of Stephenson et al. 2021 whether gradients find mislabeled examples. The class-mean margin is the squared
distance of an example's last hidden features from the mean of its given class, without the example, minus that from the nearest
other mean (empirical.label_errors.class_means). The area under the margin (Pleiss et al. 2020) is the given logit minus the
largest other one. Both are of one training and averaged over the same epochs, to twice the epoch of least held-out loss; the
published area, over all epochs, is left behind further (benchmarks.label_errors). Of the labels, 30 % are wrong. Where each
class is taken for one other, the margin's average precision is larger by .08 or more; where wrong labels are drawn from all
classes, the two are equal to within .03. In the counterfeit the features are those of the initialization.
"""

from empirical.evidence.names import AREA, CLASS_DEPENDENT, CLASS_MEAN_MARGIN, INITIAL_FEATURES, NOISES, UNIFORM, packed
from verify import Relation, both, claim, dominates, equivalent
from verify.counterfeits import other_choices
from verify.measurements.label_errors import PRECISION, precision
from verify.measurements.runs import Runs

UNIT = "average precision"
untrained = other_choices(
    PRECISION,
    {packed(noise, CLASS_MEAN_MARGIN): packed(noise, CLASS_MEAN_MARGIN, INITIAL_FEATURES) for noise in NOISES},
)


@claim("Q-06", needs=PRECISION, counterfeit=untrained, labels="clean", source="ours")
def claim_class_means_find_class_dependent_errors(runs: Runs) -> Relation:
    dependent, uniform = (
        [precision(runs, noise, score) for score in (CLASS_MEAN_MARGIN, AREA)] for noise in (CLASS_DEPENDENT, UNIFORM)
    )
    return both(
        dominates(*dependent, effect=0.08, unit=UNIT, about="class-dependent errors"),
        equivalent(*uniform, effect=0.03, unit=UNIT, about="uniform errors"),
    )
