"""A-13: regularization slows the fitting of random labels without a loss of test accuracy on true labels.

Arpit et al. 2017, figure 10: regularizers can lower the training accuracy on random labels while validation accuracy on true
labels stays. The early budget is the first checkpoint at which all networks without a regularizer fit nine tenths of their
random labels. At this budget the best regularizer suppresses a tenth of the accuracy or more. On true labels it costs less
than one percentage point of test accuracy at the turning point.

The regularizer and its strength are chosen on half of the networks, among those that cost at most half a point there, and
measured on the other half, both ways. Networks of one number have the same images, initialization and order in all worlds.
"""

from verify import Relation, both, claim, exceeds, positive
from verify.counterfeits import indifferent
from verify.measurements.memorization.regularizers import Chosen, Regularized
from verify.measurements.sweeps import Sweep

RANDOM = "-randY"
COST = 0.01
UNIT = "accuracy on random labels"
WHERE = {"needs": "accuracy", "sweep": "regularizers", "labels": "clean", "beside": RANDOM, "source": "figure"}
no_regularizer_matters = indifferent(RANDOM, "accuracy")


@claim("A-13", counterfeit=no_regularizer_matters, **WHERE)
def claim_regularization_slows_memorization(sweep: Sweep) -> Relation:
    compared = Regularized.of(sweep, sweep.beside(RANDOM))
    return suppresses(compared.chosen(compared.early_budget()))


@claim("A-13.prevents", counterfeit=no_regularizer_matters, **WHERE)
def claim_regularization_prevents_memorization(sweep: Sweep) -> Relation:
    """A-13.prevents: regularization prevents the fitting of random labels without a loss of test accuracy on true labels.

    Arpit et al. 2017, figure 10. This is A-13 at the last epoch, which is three times as late as the early budget or later.
    What is only slowed has caught up by then, as far as networks were trained.
    """
    compared = Regularized.of(sweep, sweep.beside(RANDOM))
    return suppresses(compared.chosen(compared.late_budget()))


def suppresses(chosen: Chosen) -> Relation:
    """The relation that the chosen regularizer suppresses the fitting of random labels, and costs less than a point."""
    return both(
        positive(chosen.suppressed, effect=0.1, unit=UNIT, about="suppressed", note=chosen.words),
        exceeds(COST, chosen.cost, "test accuracy on true labels", about=f"cost below {COST}", note=chosen.words),
    )
