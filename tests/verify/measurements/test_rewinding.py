from dataclasses import replace

import numpy as np
import pytest

from tests.verify.synthetic import story
from verify.counterfeits import of_runs
from verify.judging.error_rates import of_claim
from verify.judging.verdicts import Broken, Status
from verify.measurements import rewinding
from verify.measurements.rewinding import NothingLost
from verify.measurements.series import Key


def with_values(runs, key, values):
    return replace(runs, table={**runs.table, key: replace(runs.table[key], values=np.asarray(values, dtype=float))})


def series_key(half):
    return Key("rewound_accuracy", "test", f"single/{half}", "conv5")


def test_the_target_is_chosen_on_one_half_and_reported_on_the_other():
    """The halves are best at different epochs: each number is a half's at the other's best, and the result their mean."""
    runs = story.story(spread=0.0)
    runs = with_values(runs, series_key("select"), [[0.5, 0.9, 0.6, 0.65]] * 10)
    runs = with_values(runs, series_key("report"), [[0.6, 0.55, 0.8, 0.65]] * 10)
    assert rewinding.best_rewound(runs, "single", "test", ["conv5"]) == pytest.approx(np.full((10, 1), (0.55 + 0.6) / 2))
    # Lost: 0.85 - 0.65.
    assert rewinding.recovery(runs, "single", ["conv5"]) == pytest.approx(np.full((10, 1), -0.375))
    ways = rewinding.recoveries(runs, "single", ["conv5"])
    assert np.stack(ways)[:, 0, 0] == pytest.approx([-0.5, -0.25])


def test_what_is_regained_is_counted_from_the_final_network_on_the_same_images():
    """Fewer images than for accuracies may have another accuracy at the end: a layer that brings nothing back recovers 0."""
    runs = story.story(spread=0.0)
    for half in ("select", "report"):
        runs = with_values(runs, series_key(half), [[0.5, 0.6, 0.6, 0.6]] * 10)
    assert rewinding.recovery(runs, "single", ["conv5"]) == pytest.approx(np.zeros((10, 1)))
    for half in ("select", "report"):
        runs = with_values(runs, series_key(half), [[0.5, 0.7, 0.6, 0.6]] * 10)
    # Lost on all test images: 0.85 - 0.65.
    assert rewinding.recovery(runs, "single", ["conv5"]) == pytest.approx(np.full((10, 1), 0.5))


def test_the_last_epoch_is_no_target():
    runs = with_values(story.story(spread=0.0), series_key("select"), [[0.5, 0.6, 0.7, 0.99]] * 10)
    runs = with_values(runs, series_key("report"), [[0.1, 0.2, 0.3, 0.4]] * 10)
    assert rewinding.best_rewound(runs, "single", "test", ["conv5"]) == pytest.approx(np.full((10, 1), (0.3 + 0.7) / 2))


def test_targets_are_those_that_all_networks_were_rewound_to():
    select = np.tile([0.5, 0.9, 0.7, 0.6], (10, 1))
    select[3, 1] = np.nan
    runs = with_values(story.story(spread=0.0), series_key("select"), select)
    report = np.tile([0.1, 0.2, 0.3, 0.4], (10, 1))
    report[3, 1] = np.nan
    found = rewinding.best_rewound(with_values(runs, series_key("report"), report), "single", "test", ["conv5"])
    assert found == pytest.approx(np.full((10, 1), (0.3 + 0.7) / 2))


def test_halves_measured_at_different_epochs_are_broken():
    report = np.tile([0.1, 0.2, 0.3, 0.4], (10, 1))
    report[3, 2] = np.nan
    runs = with_values(story.story(spread=0.0), series_key("report"), report)
    with pytest.raises(Broken, match=r"single/report / conv5 for networks 3"):
        rewinding.best_rewound(runs, "single", "test", ["conv5"])


def test_a_network_that_lost_nothing_is_inconclusive(registry):
    runs = story.story(spread=0.0)
    values = runs.table[Key("accuracy", "test", "report")].values.copy()
    values[4] = 0.8
    runs = with_values(runs, Key("accuracy", "test", "report"), values)
    with pytest.raises(NothingLost, match="networks 4 lost no test accuracy"):
        rewinding.recovery(runs, "single")
    for name in ("S-13.single", "S-13.suffix", "S-13.prefix"):
        assert registry[name].judge(of_claim(0, name), runs).status == Status.INCONCLUSIVE


def test_the_best_suffix_is_chosen_on_one_half_and_reported_on_the_other():
    """On either half another layer and epoch is best: each number is the other half's at that place."""
    accuracies = {
        ("conv4", "select"): [0.5, 0.9, 0.6, 0.65],
        ("conv4", "report"): [0.3, 0.7, 0.1, 0.65],
        ("conv5", "select"): [0.5, 0.5, 0.5, 0.65],
        ("conv5", "report"): [0.8, 0.2, 0.2, 0.65],
    }
    runs = story.story(spread=0.0)
    for (layer, half), values in accuracies.items():
        runs = with_values(runs, Key("rewound_accuracy", "test", f"suffix/{half}", layer), [values] * 10)
    # Chosen on "select": conv4 at its second epoch, 0.7 on "report"; on "report": conv5 at its first, 0.5 on "select".
    expected = ((0.7 + 0.5) / 2 - 0.65) / (0.85 - 0.65)
    assert rewinding.best_suffix(runs, ("conv4", "conv5")) == pytest.approx(np.full(10, expected))


def test_deviations_are_dealt_to_the_next_network_that_was_measured():
    rng = np.random.default_rng(0)
    for _ in range(100):
        deviations = rng.standard_normal((rng.integers(1, 7), rng.integers(1, 6)))
        deviations[rng.random(deviations.shape) < rng.choice([0, 0.4])] = np.nan
        dealt = np.zeros_like(deviations)
        for epoch, column in enumerate(deviations.T):
            there = np.flatnonzero(~np.isnan(column))
            dealt[there, epoch] = np.roll(column[there], 1)
        assert np.array_equal(of_runs._dealt(deviations), dealt)
