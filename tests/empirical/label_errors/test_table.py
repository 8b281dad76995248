"""The table: ranks, what is empty and why, and the file."""

import csv

import numpy as np
import pytest

from empirical.errors import LabelsError
from empirical.label_errors.early_average import Averages
from empirical.label_errors.table import ranked, suspicions
from empirical.label_errors.verified import Verified

N = 60


def averages(margin=None):
    rng = np.random.default_rng(0)
    return Averages(rng.random(N), rng.standard_normal(N) if margin is None else margin, np.ones(N, dtype=np.int32), 4, 2)


LABELS = np.zeros(N, dtype=int)
HELD_OUT = np.arange(N) % 6 == 0


def test_held_out_examples_are_ranked_among_themselves():
    made = averages()
    losses = Averages(made.loss + 100 * HELD_OUT, None, made.suggested, 4, 2)
    found = suspicions(losses, HELD_OUT)
    np.testing.assert_array_equal(found, suspicions(Averages(made.loss, None, made.suggested, 4, 2), HELD_OUT))
    assert found[HELD_OUT].mean() == pytest.approx(found[~HELD_OUT].mean())
    assert 0 < found.min() < found.max() < 1


def test_without_a_sample_p_and_q_are_empty_with_a_reason():
    table = ranked(averages(), LABELS, HELD_OUT, None)
    assert np.isnan(table.p).all()
    assert np.isnan(table.q).all()
    assert "no random sample was verified" in table.why_no_p
    assert len(table.reported()) == 0


def test_verified_examples_have_no_p_and_the_others_have():
    sample = Verified(np.arange(30), np.arange(30) > 3)
    table = ranked(averages(), LABELS, HELD_OUT, sample)
    known = table.verified >= 0
    assert sorted(table.index[known].tolist()) == list(range(30))
    assert np.isnan(table.p[known]).all()
    assert np.all((table.p[~known] > 0) & (table.p[~known] <= 1))
    assert np.all(np.diff(table.p[~known]) >= 0)
    assert table.why_no_p == ""


def test_examples_are_ranked_by_margin_and_by_loss_where_there_is_none():
    made = averages()
    none_held_out = np.zeros(N, dtype=bool)
    table = ranked(made, LABELS, none_held_out, None)
    assert np.all(np.diff(table.geometry) <= 0)
    table = ranked(made, LABELS, none_held_out, None, by="loss")
    assert np.all(np.diff(table.loss) <= 0)
    assert np.isfinite(table.geometry).all()
    with pytest.raises(LabelsError, match="by must be one of geometry, loss; received 'margin'"):
        ranked(made, LABELS, none_held_out, None, by="margin")
    table = ranked(Averages(made.loss, None, made.suggested, 4, 2), LABELS, none_held_out, None)
    assert np.all(np.diff(table.loss) <= 0)


def test_the_file_has_a_line_for_each_example(tmp_path):
    margin = averages().margin
    margin[5] = np.nan
    sample = Verified(np.arange(20), np.arange(20) > 1)
    table = ranked(averages(margin), LABELS, HELD_OUT, sample)
    path = tmp_path / "deep" / "table.csv"
    table.write_csv(path, names=[f"{i}.png" for i in range(N)], classes=["cat", "dog"])
    rows = list(csv.DictReader(path.open()))
    assert len(rows) == N
    assert [row["rank"] for row in rows] == [str(place + 1) for place in range(N)]
    by_index = {row["index"]: row for row in rows}
    assert by_index["5"]["geometry"] == ""
    assert by_index["5"]["file"] == "5.png"
    assert (by_index["7"]["given"], by_index["7"]["suggested"]) == ("cat", "dog")
    assert (by_index["0"]["verified"], by_index["9"]["verified"], by_index["40"]["verified"]) == ("wrong", "right", "")
    assert by_index["0"]["p"] == ""
    assert by_index["0"]["held_out"] == "yes"
    assert float(by_index["40"]["p"]) > 0
