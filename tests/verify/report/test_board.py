import pytest

from verify.judging.verdicts import Status, Verdict
from verify.report.board import over, seen


@pytest.mark.parametrize(
    ("verdict", "words"),
    [
        (Verdict(Status.SUPPORTED, "", detectable=0.0532), ">= 0.053"),
        (Verdict(Status.SUPPORTED, "exact"), ""),
        (Verdict(Status.INCONCLUSIVE, "", detectable=0.3, counted="networks", needed=1234), "effect with 1,234"),
        (Verdict(Status.INCONCLUSIVE, "7 networks, 8 needed", detectable=0.3, counted="networks"), "7 networks, 8 needed"),
    ],
)
def test_what_would_have_been_seen(verdict, words):
    assert seen(verdict) == words


@pytest.mark.parametrize(
    ("verdict", "words"),
    [
        (Verdict(Status.SUPPORTED, "", n=1144, counted="dichotomies", examples=11), "11 examples, 1,144 dichotomies"),
        (Verdict(Status.SUPPORTED, "", n=12, counted="comparisons", examples=1), "1 example, exact"),
        (Verdict(Status.UNTESTED, ""), ""),
    ],
)
def test_what_a_verdict_is_over(verdict, words):
    assert over(verdict) == words
