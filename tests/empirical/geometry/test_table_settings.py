"""How a table was measured is kept with it, and tables that were measured differently are not compared."""

import numpy as np
import pytest
import torch
from torch import nn

from empirical.errors import GeometryError
from empirical.geometry import compare, layer_geometry
from empirical.layer_tables.table import LayerTable

P, M = 4, 6
LABELS = np.repeat(np.arange(P), M)
QUICK = {"n_points": None, "n_probes": 20, "resamples": 2, "joint_draws": 0, "baseline": False, "correlations": 0}


@pytest.fixture
def inputs():
    draws = torch.Generator().manual_seed(0)
    return torch.randn(P, 1, 3, 8, generator=draws).expand(-1, M, -1, -1).flatten(0, 1) + torch.randn(
        P * M, 3, 8, generator=draws
    )


def measured(inputs, labels=LABELS, **options):
    torch.manual_seed(0)
    return layer_geometry(nn.Linear(8, 6), inputs, labels, ["output"], **QUICK | options)


def second_token(rows):
    return rows[:, 1]


def test_settings_are_kept_in_files(inputs, tmp_path):
    for tokens, told in (("mean", "mean"), (np.int64(1), 1), (second_token, "function second_token")):
        table = measured(inputs, tokens=tokens, margin=np.float32(0.5), seed=np.int64(3))
        table.save(tmp_path / "a.json")
        found = LayerTable.load(tmp_path / "a.json")
        assert found.settings == table.settings == {"margin": 0.5, "tokens": told, "resamples": 2}
        assert found.seed == 3


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"margin": 0.5}, "differ in margin, 0.0 and 0.5"),
        ({"tokens": "mean"}, "differ in tokens, all and mean"),
        ({"tokens": second_token}, "differ in tokens, all and function second_token"),
        ({"resamples": 3}, "differ in resamples, 2 and 3"),
    ],
)
def test_tables_of_other_settings_are_refused(inputs, changes, words, tmp_path):
    one, other = measured(inputs), measured(inputs, **changes)
    with pytest.raises(GeometryError, match=words):
        compare(one, other)
    other.save(tmp_path / "other.json")
    with pytest.raises(GeometryError, match=words):
        compare(one, LayerTable.load(tmp_path / "other.json"))


def test_classes_of_other_sizes_are_refused_though_the_mean_size_is_the_same(inputs):
    other = LABELS.copy()
    other[0] = 1
    one = LABELS.copy()
    one[0] = 2
    with pytest.raises(GeometryError, match="differ in points of class 1, 6 and 7"):
        compare(measured(inputs, one), measured(inputs, other))


def test_a_table_of_an_older_file_is_not_taken_for_one_of_known_settings(inputs):
    table = measured(inputs)
    older = LayerTable(table, classes=table.classes, halves=table.halves, seed=table.seed)
    assert compare(older, older)[0].capacity == 0
    with pytest.raises(GeometryError, match=r"differ in margin, not known \(an older file\) and 0\.0"):
        compare(older, table)


def test_a_table_from_csv_says_what_it_lacks(inputs, tmp_path):
    table = measured(inputs)
    table.save(tmp_path / "a.csv")
    with pytest.raises(GeometryError, match=r"rows alone, as one loaded from a \.csv file .* save both tables as \.json"):
        compare(LayerTable.load(tmp_path / "a.csv"), table)
