"""Tests of the figure and the table of linearity, on made-up values: networks are trained elsewhere."""

import numpy as np
import pytest
from matplotlib import rc_context

from verify.figures import linearity
from verify.figures.style import LOOK, svg


@pytest.fixture
def found():
    rng = np.random.default_rng(0)
    values = lambda names: {name: rng.normal(0.5, 0.1, (4, 5)) for name in names}  # noqa: E731
    quantities = {name: values(linearity.TIMES) for name in ("R^2", "second difference", "CKA")}
    return {**quantities, "log gain": values((*linearity.KINDS, "all ReLU, from pixels"))}


@pytest.mark.slow
def test_the_figure_has_a_line_for_each_kind_and_equal_bytes(found):
    with rc_context(LOOK):
        figure = linearity.linearity(found)
        assert [len(ax.lines) for ax in figure.axes] == [4, 4, 5]
        assert svg(figure) == svg(linearity.linearity(found))


def test_the_table_has_means_with_their_errors_and_n(found):
    lines = linearity.table(found).splitlines()
    assert len(lines) == 2 + 3 * 4 + 5
    own = found["R^2"]["true labels"][:, 0]
    row = next(line for line in lines if line.startswith("| R^2 | true labels | 4 |"))
    assert row.split(" | ")[3] == f"{own.mean():.2f} ({own.std(ddof=1) / 2:.2f})"
    assert {len(line.split(" | ")) for line in lines} == {8}
