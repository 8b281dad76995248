"""W-05: each layer of a network with ReLU compresses classes by the same factor, too.

Wang et al. 2025, abstract: the experiments reveal a similar pattern in deep nonlinear networks. Compression C is that of W-01,
of the unpermuted training images at the end of training. A least-squares line through the logarithm of C, from the first hidden
layer to the last, explains more than 90 % of its variance; and it explains more than a line through C itself does, by 2 points.

The authors train perceptrons on FashionMNIST and CIFAR-10. A world is asked in which compression was measured: perceptrons on
MNIST, and convolutional networks on CIFAR-100 with half of the labels permuted. The rule was chosen on perceptrons that learn
digits (W-05.perceptrons), before any world was judged.
"""

from dataclasses import replace

import numpy as np

from verify import Relation, both, claim, dominates, exceeds
from verify.measurements.runs import Runs
from verify.measurements.series import Key, Series
from verify.strategies.linear_networks import straightness

STRAIGHT, EFFECT = 0.9, 0.02


def arithmetic(runs: Runs) -> Runs:
    """Runs in which the mean compression falls by the same amount, not by the same factor, with every hidden layer.

    The first and the last hidden layer keep their means, and networks their deviations in units of the mean.
    """

    def change(key: Key, series: Series):
        if key.quantity != "compression" or key.layer not in runs.layers:
            return key, series
        first, last, own = (
            np.nanmean(runs.table[key._replace(layer=layer)].values, axis=0)
            for layer in (runs.layers[0], runs.layers[-1], key.layer)
        )
        place = runs.layers.index(key.layer) / (len(runs.layers) - 1)
        return key, replace(series, values=series.values * (first + place * (last - first)) / own)

    return runs.transformed(change)


@claim("W-05", needs=("compression", "accuracy"), counterfeit=arithmetic, labels=("clean", "mixed"), source="abstract")
def claim_networks_with_relu_compress_by_one_factor(runs: Runs) -> Relation:
    return geometric(runs.layerwise("compression", "unpermuted", "end"))


def geometric(compressions: np.ndarray) -> Relation:
    """The relation that compression (networks, layers) falls by one factor a layer, and not by one amount."""
    logs, own = (np.array([straightness(row) for row in values]) for values in (np.log(compressions), compressions))
    return both(
        exceeds(logs, STRAIGHT, unit="of the variance", about="log C on a line"),
        dominates(logs, own, EFFECT, unit="of the variance", about="log C over C"),
    )
