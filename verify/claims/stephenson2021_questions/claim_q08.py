"""Q-08: averaged to twice the epoch of least held-out loss, scores find wrong labels as well as averaged to the best epoch.

Ours, on the question of Stephenson et al. 2021 whether gradients find mislabeled examples. The held-out loss is that of a tenth
of the examples under their given labels, 30 % of which are wrong, so that no truth is needed. The best epoch is the one to
which the score has to be averaged for the largest average precision, and only the truth can tell it. For the loss and for the
class-mean margin, and for uniform and class-dependent errors, what the rule loses is within .03. In the counterfeit, scores are
those of the last epoch.
"""

from empirical.evidence.names import BEST_EPOCH, CLASS_MEAN_MARGIN, LAST_EPOCH, LOSS, NOISES, packed
from verify import Relation, both, claim, equivalent
from verify.counterfeits import other_choices
from verify.measurements.label_errors import PRECISION, precision
from verify.measurements.runs import Runs

CASES = [(noise, score) for noise in NOISES for score in (LOSS, CLASS_MEAN_MARGIN)]
last_epoch = other_choices(PRECISION, {packed(*case): packed(*case, LAST_EPOCH) for case in CASES})


@claim("Q-08", needs=PRECISION, counterfeit=last_epoch, labels="clean", source="ours")
def claim_held_out_loss_says_when_to_stop(runs: Runs) -> Relation:
    return both(
        *(
            equivalent(
                precision(runs, noise, score, BEST_EPOCH),
                precision(runs, noise, score),
                effect=0.03,
                unit="average precision",
                about=f"{score}, {noise} errors",
            )
            for noise, score in CASES
        )
    )
