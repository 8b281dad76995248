"""How well wrong labels are found, in the words of claims; kinds of noise, scores and variants are choices of a table."""

import numpy as np

from empirical.evidence.names import ALL, packed
from verify.measurements.runs import Runs

PRECISION, FALSE, FOUND = "label_error_precision", "false_discovery_share", "label_errors_found"
# The instrument trains networks of its own, and reads them as a whole.
READ_AT = 0


def precision(runs: Runs, noise: str, score: str, variant: str = "") -> np.ndarray:
    """The average precision of a score, (networks,).

    :param noise: from :data:`empirical.evidence.names.NOISES`. :param score: from :data:`empirical.evidence.names.SCORES`.
    :param variant: averaged over other epochs than the rule's, or counterfeit; "" for the rule.
    """
    return runs.at(runs.series(PRECISION, ALL, packed(noise, score, variant)), READ_AT)


def reported(runs: Runs, quantity: str, noise: str, sample: str) -> np.ndarray:
    """A share of labels reported with a verified sample, (networks,): of right ones among them, or of wrong ones found.

    :param quantity: :data:`FALSE` or :data:`FOUND`. :param sample: from which examples it is drawn.
    """
    return runs.at(runs.series(quantity, ALL, packed(noise, sample)), READ_AT)
