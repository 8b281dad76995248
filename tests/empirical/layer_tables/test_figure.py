import math
import os
import subprocess
import sys
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest

from empirical.errors import GeometryError
from empirical.layer_tables.figure import LONGEST_NAME, in_order, plot_layers
from empirical.layer_tables.table import LayerTable
from tests.empirical.layer_tables.test_table import FAILED, NAN, ROW

ROOT = Path(__file__).parents[3]


def named(*names, **changes):
    return [replace(ROW, layer=name, capacity=0.1 * (1 + place), **changes) for place, name in enumerate(names)]


@pytest.fixture(autouse=True)
def matplotlib():
    return pytest.importorskip("matplotlib")


def lines(figure, panel=0):
    """The line of each label: what it draws over which layers."""
    ax = figure.axes[panel]
    names = [tick.get_text() for tick in figure.axes[-1].get_xticklabels()]
    return {
        container.get_label(): [
            (names[int(x)], round(float(y), 9)) for x, y in zip(*container.lines[0].get_data(), strict=True)
        ]
        for container in ax.containers
    }


def test_three_panels_have_the_values_and_the_baseline():
    figure = LayerTable(named("a", "b")).plot()
    assert [ax.get_ylabel() for ax in figure.axes] == ["capacity", "radius R", "dimension D"]
    assert lines(figure)["this network"] == [("a", 0.1), ("b", 0.2)]
    assert lines(figure)["this network, shuffled labels"] == [("a", 0.05), ("b", 0.05)]
    assert lines(figure, 1) == {"this network": [("a", 1.25), ("b", 1.25)]}


def test_error_bars_are_one_standard_error():
    figure = LayerTable(named("a", "b")).plot()
    ((bars,),) = [container.lines[2] for container in figure.axes[1].containers]
    assert [segment[:, 1].tolist() for segment in bars.get_segments()] == [[1.23, 1.27]] * 2


def test_a_failed_layer_is_a_gap_and_a_missing_baseline_no_line():
    rows = named("a", "b", "c", baseline=NAN, baseline_se=NAN)
    figure = LayerTable([rows[0], replace(FAILED, layer="b"), rows[2]]).plot()
    ((first, second, third),) = [[value for _, value in line] for line in lines(figure).values()]
    assert (first, third) == (0.1, 0.3)
    assert math.isnan(second)


def test_networks_are_laid_over_each_other():
    figure = plot_layers({"one": LayerTable(named("a", "b", "d")), "other": LayerTable(named("a", "c", "d"))})
    assert [name for name, _ in lines(figure)["other"]] == ["a", "c", "d"]
    colors = [container.lines[0].get_color() for container in figure.axes[1].containers]
    assert len(set(colors)) == 2


def test_layers_stand_in_order():
    assert in_order([["a", "b", "d"], ["a", "c", "d"]]) == ["a", "c", "b", "d"]
    assert in_order([["a", "b"], ["x", "a", "y"], []]) == ["x", "a", "y", "b"]


@pytest.mark.slow
@pytest.mark.parametrize("count", [1, 6, 60])
def test_nothing_lies_outside_the_picture_or_on_its_neighbour(count):
    from matplotlib.backends.backend_agg import FigureCanvasAgg

    names = [f"encoder.layer.{i}.attention.output.dense" for i in range(count)]
    figure = plot_layers({"trained on permuted labels": LayerTable(named(*names)), "b": LayerTable(named(*names))})
    canvas = FigureCanvasAgg(figure)
    canvas.draw()
    renderer, whole = canvas.get_renderer(), figure.bbox
    ticks = [tick.get_window_extent(renderer) for tick in figure.axes[-1].get_xticklabels()]
    for box in (*ticks, figure.legends[0].get_window_extent(renderer)):
        assert box.x0 > -1
        assert box.y0 > -1
        assert box.x1 < whole.x1 + 1
    if count == 60:
        assert all(left.x1 < right.x1 - 4 for left, right in pairwise(ticks))
    assert max(len(tick.get_text()) for tick in figure.axes[-1].get_xticklabels()) <= LONGEST_NAME


def test_nothing_to_draw_and_no_matplotlib_are_told(monkeypatch):
    with pytest.raises(GeometryError, match="one layer or more"):
        LayerTable().plot()
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    with pytest.raises(GeometryError, match="python -m pip install matplotlib"):
        LayerTable([ROW]).plot()


@pytest.mark.slow
def test_it_needs_no_display(tmp_path):
    code = (
        "from tests.empirical.layer_tables.test_figure import *; import sys; "
        f"LayerTable(named('a')).plot().savefig({str(tmp_path / 'a.svg')!r}); assert 'matplotlib.pyplot' not in sys.modules"
    )
    environment = {name: value for name, value in os.environ.items() if name not in ("DISPLAY", "MPLBACKEND")}
    subprocess.run([sys.executable, "-c", code], cwd=ROOT, env=environment | {"PYTHONPATH": str(ROOT)}, check=True)
    assert (tmp_path / "a.svg").stat().st_size
