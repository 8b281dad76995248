"""Tests that no claim that draws its examples comes out SUPPORTED in its counterfeit."""

from unittest.mock import patch

import pytest

from tests.verify.settled_parts import file_of
from verify.judging import drawn_examples, error_rates
from verify.judging.verdicts import Status
from verify.registry import load_claims

CLAIMS = load_claims()


def of_drawn(name):
    return [file_of(CLAIMS[name])]


@pytest.mark.settled(of=of_drawn)
@pytest.mark.parametrize("name", [name for name, claim in CLAIMS.items() if not claim.needs])
def test_the_counterfeit_of_a_drawn_claim_is_not_supported(name):
    # A smaller example that fails as well does not change the verdict, and would be looked for through thirty of them.
    with patch.object(drawn_examples, "SHRINK_CALLS", 0):
        verdict = CLAIMS[name].judge_counterfeit(error_rates.of_claim(0, name))
    assert verdict.status in (Status.REFUTED, Status.INCONCLUSIVE), verdict
