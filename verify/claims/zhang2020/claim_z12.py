"""Z-12: convolutional networks with skip connections never return their training image, but err more with depth.

Zhang et al. 2020, section 4.2, and the authors' reply to reviewers, as we remember it. At every depth of the world beside,
whose networks add the input of each layer between the first and the last to its output, corr_id on unseen digits is above
corr_const. The deepest networks without skip connections have a contrast corr_const - corr_id that is larger by the effect. The
squared error relative to the square of the digit grows by the smallest effect or more from the shallowest to the deepest.
"""

from verify import Relation, both, claim, dominates, exceeds
from verify.counterfeits import exchanged
from verify.measurements.identity import contrast, measured, same_images
from verify.measurements.sweeps import Sweep

SKIP, EFFECT, CONTRAST = "-skip", 0.05, 0.2


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
    plain, skip = same_images(sweep, sweep.beside(SKIP))
    copies, errors = -contrast(skip, "digits"), measured(skip, "identity_error", "digits")
    memory = contrast(plain, "digits")[:, -1]
    return both(
        dominates(memory, -copies[:, -1], CONTRAST, "cosine", about="contrast without skip connections over with"),
        *(exceeds(column, 0.0, "cosine", about=f"depth {depth}") for depth, column in zip(skip.values, copies.T, strict=True)),
        dominates(errors[:, -1], errors[:, 0], EFFECT, "relative", about="error, deepest over shallowest"),
    )
