"""Z-05: fully connected networks that reproduce many digits do not reproduce noise or sparse patterns.

Zhang et al. 2020, section 3.2: with as many as 60,000 examples, fully connected networks do not learn the identity. At every
depth of the sweep, outputs have a cosine above 0.95 with unseen digits, and below 0.9 with uniform noise and with sparse
patterns. The cosine with digits is larger by the effect than with either. Of 60,000 examples the span is nearly everything, so
that there the cause is what gradient descent learns slowly, and not what it cannot learn.
"""

from dataclasses import replace

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
    needs=("corr_id", "span_share"),
    sweep="depth",
    labels="images",
    architectures="connected",
    counterfeit=residual,
)
def claim_many_digits_do_not_teach_the_identity(sweep: Sweep) -> Relation:
    digits, noise, sparse = (measured(sweep, "corr_id", family) for family in ("digits", "noise", "sparse"))
    return both(
        exceeds(digits, LEARNED, "cosine", about="digits are learned"),
        exceeds(UNLEARNED, noise, "cosine", about="noise is not"),
        exceeds(UNLEARNED, sparse, "cosine", about="sparse patterns are not"),
        dominates(digits, noise, 0.05, "cosine", about="digits over noise"),
        dominates(digits, sparse, 0.05, "cosine", about="digits over sparse patterns"),
    )
