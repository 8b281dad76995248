"""S-17: early in training, permuted examples contribute less to the gradient than unpermuted ones, and later nearly as much.

Stephenson et al. 2021, abstract and the figure of gradients. At initialization, the label-independent part of the gradient,
which both groups share, can hide the difference (S-19). The claims therefore measure after the first epoch.
"""

from collections.abc import Iterable

import numpy as np

from verify import both, claim, dominates, positive
from verify.counterfeits import levelled
from verify.judging.rules import Both, Relation
from verify.measurements.runs import Runs, When

levelled_gradients = levelled("gradient_norm", "unpermuted", "permuted_all")


@claim("S-17.eval", needs=("gradient_norm", "accuracy"), counterfeit=levelled_gradients, source="abstract")
def claim_permuted_gradients_are_small_early(runs: Runs) -> Relation:
    """S-17.eval: after one epoch, permuted examples contribute less to the gradient than unpermuted ones, in evaluation mode.

    Stephenson et al. 2021, abstract and the figure of gradients. ||g_unpermuted|| / ||g_permuted|| is above 1 after the first
    epoch, and lower at the end of training. Each g is the gradient of a group's mean loss over all parameters. BatchNorm uses
    its running statistics.
    """
    return small_early_and_larger_later(runs, "standard")


@claim("S-17.batch", needs=("gradient_norm", "accuracy"), counterfeit=levelled_gradients, source="abstract")
def claim_permuted_gradients_are_small_early_in_training_mode(runs: Runs) -> Relation:
    """S-17.batch: after one epoch, permuted examples contribute less to the gradient than unpermuted ones, in training mode.

    Stephenson et al. 2021, abstract and the figure of gradients. The ratio is that of S-17.eval, but BatchNorm uses the group's
    own statistics, as in training. The public record of the paper does not say which of the two modes it used, so both are
    judged.
    """
    return small_early_and_larger_later(runs, "batch_statistics")


@claim("S-17.layers", needs=("gradient_norm", "accuracy"), counterfeit=levelled_gradients, source="abstract")
def claim_permuted_gradients_are_small_early_in_every_layer(runs: Runs) -> Relation:
    """S-17.layers: after one epoch, permuted examples contribute less to the gradient of every layer, in training mode.

    Stephenson et al. 2021, abstract and the figure of gradients. This is the statement of S-17.batch for the parameters of each
    hidden layer: ||g_unpermuted|| / ||g_permuted|| is above 1 after the first epoch in every layer, and lower at the end.
    """

    def named(values: np.ndarray) -> Iterable[tuple[str, np.ndarray]]:
        return zip(runs.layers, values.T, strict=True)

    early, end = (
        np.log(runs.layerwise("gradient_norm", "unpermuted", when, "batch_statistics"))
        - np.log(runs.layerwise("gradient_norm", "permuted_all", when, "batch_statistics"))
        for when in (1, "end")
    )
    return both(
        *(positive(one, effect=0.1, unit="log ratio", about=f"early, {layer}") for layer, one in named(early)),
        *(positive(one, effect=0.1, unit="log ratio", about=f"early less end, {layer}") for layer, one in named(early - end)),
    )


def small_early_and_larger_later(runs: Runs, choice: str) -> Both:
    """The relations that permuted gradients are smaller after one epoch, and that the ratio is lower at the end."""
    early, end = (log_ratio(runs, when, choice) for when in (1, "end"))
    return both(
        positive(early, effect=0.1, unit="log ratio", about="early"),
        dominates(early, end, effect=0.1, unit="log ratio", about="early less end"),
    )


def log_ratio(runs: Runs, when: When, choice: str) -> np.ndarray:
    """Logarithm of the unpermuted gradient's norm over the permuted gradient's norm, (networks,)."""
    unpermuted, permuted = (runs.gradient_norm(group, when, choice) for group in ("unpermuted", "permuted_all"))
    return np.log(unpermuted / permuted)
