"""Scales, ticks and marks of small charts."""

import pytest

from empirical.pages.charts import MARGIN, MOST_TICKS, WIDTH, Scale, mark


@pytest.mark.parametrize("numbers", [[0.3, 0.7], [-2.0, -1.0], [-1e-6, 4e3], [0.0], [], [None, float("nan"), 5.0]])
def test_a_scale_has_zero_and_all_numbers_on_it(numbers):
    scale = Scale.over(numbers)
    for number in [0.0, *(one for one in numbers if one is not None and one == one)]:
        assert scale.low <= number <= scale.high
        assert MARGIN <= scale.x(number) <= WIDTH - MARGIN


@pytest.mark.parametrize("high", [0.013, 0.7, 1.0, 3.0, 41.0, 9e5])
def test_ticks_are_few_round_and_have_zero_among_them(high):
    ticks = Scale.over([-high / 3, high]).ticks()
    assert 2 <= len(ticks) <= MOST_TICKS + 1
    assert "0" in [text for _, text in ticks]
    assert all(len(text.strip("-")) <= 7 for _, text in ticks)


def test_a_mark_has_places_of_the_mean_its_interval_and_its_dots():
    scale = Scale(0.0, 1.0)
    found = mark(scale, 0.5, 0.0, None, [0.0, 2.0])
    assert found.mean == WIDTH / 2
    assert (found.left, found.right) == (MARGIN, None)
    assert found.dots == (MARGIN, WIDTH - MARGIN)
    assert found.dots_path(22) == f"M{MARGIN:g} 22h0M{WIDTH - MARGIN:g} 22h0"
