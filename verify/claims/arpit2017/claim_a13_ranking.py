"""A-13.ranking: dropout suppresses the fitting of random labels more than any other single regularizer.

Arpit et al. 2017, figure 10: dropout is the most effective at hindering memorization without a loss on real data. For
dropout, and for every other regularizer that the sweep uses alone, the best strength is chosen as in A-13 and measured at the
last epoch. Dropout then suppresses more of the accuracy on random labels than each of the others, by five points or more.
Where no strength is cheap enough, networks without a regularizer take its place.
"""

from verify import Relation, both, claim, dominates
from verify.claims.arpit2017.claim_a13 import RANDOM, UNIT, WHERE, no_regularizer_matters
from verify.judging.verdicts import NotAsked
from verify.measurements.memorization.regularizers import Regularized
from verify.measurements.sweeps import Sweep

DROPOUT = ("dropout",)


@claim("A-13.ranking", counterfeit=no_regularizer_matters, **WHERE)
def claim_dropout_is_the_most_effective_regularizer(sweep: Sweep) -> Relation:
    compared = Regularized.of(sweep, sweep.beside(RANDOM))
    epoch, others = compared.late_budget(), [names for names in compared.families() if len(names) == 1 and names != DROPOUT]
    if DROPOUT not in compared.families() or not others:
        raise NotAsked(f"{sweep.world} must have dropout and another regularizer alone; it has {', '.join(sweep.values)}")
    dropout = compared.chosen(epoch, DROPOUT)
    return both(
        *(
            dominates(
                dropout.suppressed,
                compared.chosen(epoch, names).suppressed,
                effect=0.05,
                unit=UNIT,
                about=f"dropout over {names[0]}",
                note=dropout.words,
            )
            for names in others
        )
    )
