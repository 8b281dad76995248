"""How many of the reported labels are right after all: p- and q-values from a random sample that a person verified.

The p-value of an example is the share of verified *right* labels that are at least as suspicious (conformal p-values; Bates,
Candes, Lei, Romano & Sesia 2023, Testing for outliers with conformal p-values). It is valid because a random sample of right
labels is exchangeable with the other right labels, whatever the scores are. Benjamini & Hochberg (1995) make q-values of them:
of the labels with q <= 0.1, at most a tenth is right on average over verified samples. Nothing of this holds for a sample that
was not drawn at random.
"""

from dataclasses import dataclass

import numpy as np
from scipy.special import ndtr, ndtri

from empirical.label_errors.verified import Verified

NOT_RANDOM = 1e-3
DRAWS = 400


def p_values(suspicion: np.ndarray, sample: Verified) -> np.ndarray:
    """The conformal p-value of each example, (n,), for the hypothesis that its label is right.

    :param suspicion: higher for examples whose labels are more likely wrong, (n,); made without knowledge of the sample.
    """
    right = np.sort(suspicion[sample.index[sample.right]])
    at_least = len(right) - np.searchsorted(right, suspicion, side="left")
    return (1 + at_least) / (1 + len(right))


def q_values(p: np.ndarray) -> np.ndarray:
    """The least rate of false discoveries at which each example is reported, (n,), by Benjamini and Hochberg."""
    # scipy.stats takes longer to load than the command line without it.
    from scipy.stats import false_discovery_control

    return false_discovery_control(p, method="bh")


def not_random(suspicion: np.ndarray, sample: Verified) -> str:
    """A warning where the sample is visibly not random: its ranks differ from those of the others; "" where nothing is seen.

    A rank test can see that a sample is easier or harder than the rest, not that it was chosen in another way.
    """
    from scipy.stats import mannwhitneyu

    verified = np.zeros(len(suspicion), dtype=bool)
    verified[sample.index] = True
    if verified.all():
        return ""
    p = float(mannwhitneyu(suspicion[verified], suspicion[~verified]).pvalue)
    if p >= NOT_RANDOM:
        return ""
    harder = suspicion[verified].mean() > suspicion[~verified].mean()
    kind = "more suspicious" if harder else "easier"
    return (
        f"the verified examples are {kind} than the others (rank test, p = {p:.1g}), so that they are no random sample: "
        "q-values do not say how many reported labels are right; draw a sample with --draw, and verify all of it"
    )


@dataclass(frozen=True)
class Power:
    """What a verified sample can be expected to find.

    found: expected share of the wrong labels that are reported.
    nothing: probability that none is reported.
    least: the share of all examples that has to be reported together, or none is.
    """

    found: float
    nothing: float
    least: float


def expected_power(size: int, share_wrong: float, auroc: float, rate: float = 0.1, seed: int = 0) -> Power:
    """The power to be expected before a sample is verified, for many examples and scores normal among right and wrong labels.

    The smallest p-value is 1 / (r + 1) with r verified right labels; therefore 1 / (rate (r + 1)) of all examples have to be
    reported together. With few wrong labels a small sample finds nothing, however good the scores are.

    :param size: of the sample. :param share_wrong: of all labels, 0..1.
    :param auroc: probability that a wrong label is more suspicious than a right one, 0.5..1.
    :param rate: of false discoveries.
    :param seed: of the draws of the sample over which the power is averaged; its standard error is below 0.02.
    """
    rng = np.random.default_rng(seed)
    n_right = np.maximum(rng.binomial(size, 1 - share_wrong, DRAWS), 1)
    shift = np.sqrt(2) * ndtri(min(auroc, 1 - 1e-12))
    found = np.array([_found(np.sort(rng.random(r)), share_wrong, shift, rate) for r in n_right])
    return Power(float(found.mean()), float((found == 0).mean()), 1 / (rate * (1 + size * (1 - share_wrong))))


def _found(tails: np.ndarray, share_wrong: float, shift: float, rate: float) -> float:
    """The share of wrong labels reported, where the verified right labels have these shares of right ones above them."""
    wrong_above = ndtr(ndtri(tails) + shift)
    reported = (1 - share_wrong) * tails + share_wrong * wrong_above
    # Between two verified right labels all p-values are equal; the last of them is just above the next one.
    p = np.arange(1, len(tails) + 1) / (len(tails) + 1)
    passed = np.flatnonzero(p <= rate * reported)
    return float(wrong_above[passed[-1]]) if len(passed) else 0.0
