"""Q-05: early in training, the averaged loss finds wrong labels better than alignment with the mean gradient at its best epoch.

Ours, on the question of Stephenson et al. 2021 whether gradients find mislabeled examples. Of the training labels, 30 % are
drawn anew from all classes, and one network is trained on all labels. Its examples are ranked by their loss under the given
label, averaged to twice the epoch of least held-out loss; and by the product of their gradient with the mean gradient, raw, at
the end of the epoch at which this ranks best, which only the truth can tell. The average precision of the loss is larger by a
tenth or more. Q-03 is about alignment that is repaired. In the counterfeit the labels are drawn anew before they are scored.
"""

from empirical.evidence.names import ALIGNMENT, BEST_EPOCH, LABELS_ANEW, LOSS, UNIFORM, packed
from verify import Relation, claim, dominates
from verify.counterfeits import other_choices
from verify.measurements.label_errors import PRECISION, precision
from verify.measurements.runs import Runs

anew = other_choices(PRECISION, {packed(UNIFORM, LOSS): packed(UNIFORM, LOSS, LABELS_ANEW)})


@claim("Q-05", needs=PRECISION, counterfeit=anew, labels="clean", source="ours")
def claim_early_loss_beats_alignment(runs: Runs) -> Relation:
    loss, alignment = precision(runs, UNIFORM, LOSS), precision(runs, UNIFORM, ALIGNMENT, BEST_EPOCH)
    return dominates(loss, alignment, effect=0.1, unit="average precision")
