"""Z-05: fully connected networks that reproduce many digits do not reproduce noise or sparse patterns.

Zhang et al. 2020, section 3.2: with as many as 60,000 examples, fully connected networks do not learn the identity. At every
depth of the sweep, outputs have a cosine above 0.95 with unseen digits, and below 0.9 with uniform noise and with sparse
patterns. The cosine with digits is larger by the effect than with either. A constant image has a cosine of 0.87 with uniform
noise, so that Pearson's correlation is told beside it, and how much of the noise lies in the span of the training images. Our
networks have fewer examples than the paper's.
"""

from dataclasses import replace

import numpy as np

from verify import Relation, both, claim, dominates, exceeds
from verify.counterfeits import at_every_value
from verify.measurements.identity import measured
from verify.measurements.runs import Runs
from verify.measurements.series import Key, Series
from verify.measurements.sweeps import Sweep

LEARNED, UNLEARNED = 0.95, 0.9


@at_every_value
def residual(runs: Runs) -> Runs:
    """Networks that reproduce noise and sparse patterns as well as digits, as residual networks do."""

    def copied(key: Key, series: Series) -> tuple[Key, Series]:
        if key.quantity != "corr_id" or key.group not in ("noise", "sparse"):
            return key, series
        return key, replace(series, values=1 - (1 - series.values) / 50)

    return runs.transformed(copied)


@claim(
    "Z-05",
    needs=("corr_id", "pearson_id", "span_share"),
    sweep="depth",
    labels="images",
    architectures="connected",
    counterfeit=residual,
)
def claim_many_digits_do_not_teach_the_identity(sweep: Sweep) -> Relation:
    depths = enumerate(sweep.values)
    return both(*(part for place, depth in depths for part in _at_depth(sweep, place, f", depth {depth}")))


def _at_depth(sweep: Sweep, place: int, where: str) -> list[Relation]:
    digits, noise, sparse = (measured(sweep, "corr_id", family)[:, place] for family in ("digits", "noise", "sparse"))
    centred, spanned = (float(np.mean(measured(sweep, name, "noise")[:, place])) for name in ("pearson_id", "span_share"))
    note = f"Pearson's correlation {centred:.2f}; {spanned:.0%} of noise is in the span of the training images"
    return [
        exceeds(digits, LEARNED, "cosine", about=f"digits are learned{where}"),
        exceeds(UNLEARNED, noise, "cosine", about=f"noise is not{where}", note=note),
        exceeds(UNLEARNED, sparse, "cosine", about=f"sparse patterns are not{where}"),
        dominates(digits, noise, 0.05, "cosine", about=f"digits over noise{where}"),
        dominates(digits, sparse, 0.05, "cosine", about=f"digits over sparse patterns{where}"),
    ]
