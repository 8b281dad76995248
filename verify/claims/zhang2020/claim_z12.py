"""Z-12: convolutional networks with skip connections never return their training image, but err more with depth.

Zhang et al. 2020, section 4.2, and the authors' reply to reviewers, as we remember it. At every depth of the world beside,
whose networks add the input of each hidden layer to its output, corr_id on unseen digits is above corr_const. The squared error
relative to the square of the digit grows by the effect or more from the shallowest to the deepest.
"""

from verify import Relation, both, claim, dominates, exceeds
from verify.counterfeits import exchanged
from verify.measurements.identity import contrast, measured
from verify.measurements.sweeps import Sweep

SKIP, EFFECT = "-skip", 0.05


@claim(
    "Z-12",
    needs=("corr_id", "corr_const", "identity_error"),
    sweep="depth",
    labels="images",
    architectures="convolutional",
    beside=SKIP,
    counterfeit=exchanged(SKIP),
    source="remembered",
)
def claim_skip_connections_prevent_memory(sweep: Sweep) -> Relation:
    skip = sweep.beside(SKIP)
    copies, errors = -contrast(skip, "digits"), measured(skip, "identity_error", "digits")
    return both(
        *(exceeds(column, 0.0, "cosine", about=f"depth {depth}") for depth, column in zip(skip.values, copies.T, strict=True)),
        dominates(errors[:, -1], errors[:, 0], EFFECT, "relative", about="error, deepest over shallowest"),
    )
