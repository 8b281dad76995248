import numpy as np
import pytest
from scipy import stats

from tests.verify.calibration import accepted_sets
from tests.verify.settled_parts import RUNS, files_of_claims
from verify.judging.mean_tests import Directional, Equality
from verify.judging.verdicts import Level, Status

N_SETS = 100
# A status that one set in so many has is accepted, except that no row accepts SUPPORTED and REFUTED both.
RARE = 0.005


@pytest.mark.settled(reads=[*RUNS, "verify/pins.jsonl", "verify/deviations.toml"], of=files_of_claims)
@pytest.mark.usefixtures("digits_live", "digits_mlp_live", "live_images")
def test_live_rows_accept_what_other_networks_would_have():
    """More sets outside than a rate of one in two hundred gives, once in 100,000, are too many."""
    for row, (shares, beyond) in accepted_sets.outside(N_SETS).items():
        opposite = {Status.SUPPORTED, Status.REFUTED} <= set(shares)
        spared = min(shares.get(status, 0.0) for status in (Status.SUPPORTED, Status.REFUTED)) if opposite else 0.0
        excess = round((beyond - spared) * N_SETS)
        assert excess <= stats.binom.isf(1e-5, N_SETS, RARE), (row, shares)


def test_each_part_has_the_numbers_that_are_pinned_for_it():
    """Parts may share a name: each takes the next number of that name."""
    measured = np.arange(8.0)
    numbers = [Level("", 3.0, 0.5, 8), Level("other", 9.0, 1.0, 8), Level("", -1.0, 0.25, 8)]
    found = [accepted_sets._as_pinned(part, numbers) for part in (Equality(measured, 1.0, ""), Directional(measured, 1.0, ""))]
    assert [part.values.mean() for part in found] == pytest.approx([3.0, -1.0])
    assert [part.values.std(ddof=1) / np.sqrt(8) for part in found] == pytest.approx([0.5, 0.25])
    assert accepted_sets._as_pinned(Equality(measured, 1.0, ""), numbers).values is measured
