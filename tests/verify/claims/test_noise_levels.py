"""Tests of the claims about sweeps over shares of noise: true in the story, false in the counterfeit, and each part alone."""

import pytest

from tests.verify.synthetic import noise_levels, story
from verify.judging.error_rates import of_claim
from verify.judging.verdicts import Status
from verify.registry import load_claims

CLAIMS = {name: claim for name, claim in load_claims().items() if claim.sweep in noise_levels.SWEPT}


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("name", CLAIMS)
def test_a_claim_is_supported_where_it_is_true_and_not_in_its_counterfeit(name, seed):
    claim, chance = CLAIMS[name], of_claim(seed, name)
    sweep = story.told(claim, seed)
    assert claim.judge(chance, sweep).status == Status.SUPPORTED
    verdict = claim.judge_counterfeit(chance, sweep)
    assert verdict.status in (Status.REFUTED, Status.INCONCLUSIVE)
    assert verdict.value is not None
