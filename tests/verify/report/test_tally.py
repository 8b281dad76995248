import pytest

from tests.verify.report.pages import entry, measured
from verify.judging.verdicts import Status, Verdict
from verify.registry import load_claims
from verify.report.tally import tallies

CLAIMS = load_claims()
FOR, AGAINST, OPEN = Status.SUPPORTED, Status.REFUTED, Status.INCONCLUSIVE


def tally(*entries, id="S-07"):
    return tallies(entries, CLAIMS)[id]


@pytest.mark.parametrize(
    ("statuses", "differing"),
    [
        ([FOR, FOR, OPEN], {"open": ["c"]}),
        ([AGAINST, AGAINST, FOR], {"for": ["c"]}),
        ([AGAINST, AGAINST, AGAINST], {}),
        ([FOR, AGAINST], {"against": ["b"]}),
        ([FOR, Status.BROKEN], {"broken": ["b"]}),
        ([Status.BROKEN], {"broken": ["a"]}),
    ],
)
def test_the_worlds_that_differ_are_those_outside_the_most_frequent_verdict(statuses, differing):
    found = tally(*(entry(world=world, status=status) for world, status in zip("abc", statuses, strict=False)))
    assert found.differing() == differing


def test_the_range_is_of_the_part_that_decides_most_worlds():
    def parts(gain, excess, status):
        return [measured(gain, FOR, "gain"), measured(excess, status, "excess", unit="log capacity")]

    decided = [entry(world=world, verdict=parts(1.0, -low, OPEN)) for world, low in (("a", 0.1), ("b", 0.3))]
    assert tally(*decided, entry(world="c", verdict=parts(2.0, 0.7, FOR))).span() == "-0.3 to +0.7 log capacity"


def test_the_range_of_one_world_is_a_number():
    assert tally(entry(verdict=measured(0.25))).span() == "+0.25 accuracy"


def test_an_exact_identity_has_no_sign_and_an_unmeasured_claim_no_range():
    exact = Verdict(FOR, "", value=1.25e-12, unit="relative", n=5, counted="comparisons", examples=6)
    assert tally(entry("C-01", "theory", verdict=exact), id="C-01").span() == "1.2e-12 relative"
    assert tally(entry(status=Status.BROKEN, verdict=Verdict(Status.BROKEN, "edited"))).span() == ""


def test_claims_that_are_gone_are_left_out():
    assert list(tallies([entry("Q-99"), entry()], CLAIMS)) == ["S-07"]
