"""N-06: max-pooling shrinks manifolds and correlates their centres, and ReLU mainly decorrelates centres.

Cohen, Chung, Lee & Sompolinsky 2020, the figure of building blocks. The claim measures test manifolds at the end of training,
as a mean over the blocks of a network. Across max-pooling, radius and dimension fall and the centre correlation rises. Across
ReLU, the centre correlation falls, and falls by a larger factor than radius and dimension do.
"""

import numpy as np

from verify import Relation, both, claim, dominates, positive
from verify.measurements.runs import Runs
from verify.measurements.series import Key, Series

NEEDS = ("block_radius", "block_dimension", "block_center_correlation", "accuracy")
SIDES = {"before": "after", "after": "before"}


def sides_exchanged(runs: Runs) -> Runs:
    """Runs in which the measurements before and after every block are exchanged."""

    def change(key: Key, series: Series):
        kind, space, side = key.choice.rpartition(" ")
        return (key._replace(choice=f"{kind} {SIDES[side]}") if space and key.quantity in NEEDS else key), series

    return runs.transformed(change)


@claim("N-06", needs=NEEDS, counterfeit=sides_exchanged, labels=("clean", "mixed"), instruments="blocks", source="figure")
def claim_blocks_do_their_part(runs: Runs) -> Relation:
    pooled = {name: fall(runs, f"block_{name}", "pool") for name in ("radius", "dimension", "center_correlation")}
    rectified = {name: fall(runs, f"block_{name}", "relu") for name in ("radius", "dimension", "center_correlation")}
    return both(
        positive(pooled["radius"], effect=0.02, unit="log radius", about="radius lost by pooling"),
        positive(pooled["dimension"], effect=0.02, unit="log dimension", about="dimension lost by pooling"),
        positive(-pooled["center_correlation"], effect=0.02, unit="log correlation", about="correlation gained by pooling"),
        positive(rectified["center_correlation"], effect=0.02, unit="log correlation", about="correlation lost by ReLU"),
        *(
            dominates(
                rectified["center_correlation"],
                rectified[name],
                effect=0.02,
                unit=f"log correlation less log {name}",
                about=f"more than {name}, by ReLU",
            )
            for name in ("radius", "dimension")
        ),
    )


def fall(runs: Runs, quantity: str, kind: str) -> np.ndarray:
    """Logarithm of a quantity before a block over the quantity after it, averaged over the blocks of a kind, (networks,)."""
    layers = [key.layer for key in runs.table if key[:3] == (quantity, "test", f"{kind} after")]
    before, after = (runs.layerwise(quantity, "test", "end", f"{kind} {side}", layers) for side in ("before", "after"))
    return np.log(before / after).mean(axis=1)
