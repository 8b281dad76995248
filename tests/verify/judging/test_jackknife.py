import numpy as np
import pytest

from verify.judging.error_rates import Chance
from verify.judging.jackknife import pseudo_values
from verify.judging.verdicts import Status
from verify.measurements.analysis_choices import one_sign
from verify.measurements.runs import Runs
from verify.measurements.series import Key, Series


def test_pseudo_values_of_a_mean_are_the_values():
    values = np.random.default_rng(0).normal(size=9)
    assert pseudo_values(lambda kept: values[kept].mean(), 9) == pytest.approx(values)


def test_the_jackknife_takes_the_bias_from_a_variance():
    values = np.random.default_rng(1).normal(size=12)
    assert pseudo_values(lambda kept: values[kept].var(), 12).mean() == pytest.approx(values.var(ddof=1))


@pytest.mark.parametrize(("side", "others", "status"), [
    (1, 1, Status.SUPPORTED), (-1, -1, Status.SUPPORTED), (1, -1, Status.REFUTED), (0, 1, Status.REFUTED),
])  # fmt: skip
def test_conclusions_have_one_sign_or_not(side, others, status):
    spread = np.linspace(-0.1, 0.1, 10)
    assert one_sign(side + spread, {"other": others + spread}, 0.2, "").judge(Chance(alarm=0.01)).status == status


def test_halves_change_places_and_nothing_else():
    keys = [
        Key("accuracy", "test", "select"),
        Key("rewound_accuracy", "test", "single/report", "conv1"),
        Key("accuracy", "permuted"),
    ]
    series = Series(np.array([0]), np.zeros((1, 1)))
    _, exchanged = Runs("w", dict.fromkeys(keys, series), 2, 0.9, ()).both_ways
    found = exchanged.table
    assert [key.choice for key in found] == ["report", "single/select", ""]
