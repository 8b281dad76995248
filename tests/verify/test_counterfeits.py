"""Every registered claim, in a world in which it is false: it must not come out SUPPORTED."""

import pytest

from verify import chance
from verify.conftest import load_claims
from verify.verdict import Status

CLAIMS = load_claims()


@pytest.mark.parametrize("claim", CLAIMS.values(), ids=list(CLAIMS))
def test_the_counterfeit_is_not_supported(claim, request):
    runs = request.getfixturevalue("digits") if claim.needs else None
    verdict = claim.judge_counterfeit(chance.live(0, claim.id), runs)
    assert verdict.status in (Status.REFUTED, Status.INCONCLUSIVE), verdict


# On digits the other claims are not SUPPORTED as they stand (deviations.toml), so that only these can show the contrast.
@pytest.mark.parametrize(
    "name", ["C-00", "C-01", "C-03", "C-04", "C-07", "C-08", "C-14", "S-01", "S-02", "S-03", "S-19.moments"]
)
def test_the_counterfeit_is_what_makes_the_difference(name, request):
    claim = CLAIMS[name]
    runs = request.getfixturevalue("digits") if claim.needs else None
    assert claim.judge(chance.live(0, name), runs).status == Status.SUPPORTED
