"""What the tests of planted errors share: names of the errors, and the verdict on a claim."""

from unittest.mock import patch

from verify.judging import drawn_examples, error_rates


def named(planted):
    return {"argvalues": planted, "ids": [p.name for p in planted]}


def judged(claim, runs=None):
    with patch.object(drawn_examples, "SHRINK_CALLS", 0):
        return claim.judge(error_rates.of_claim(0, claim.id), runs)
