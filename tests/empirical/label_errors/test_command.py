"""The command line, as a user runs it: draw a sample, verify it, rank; and what it says of wrong options."""

import csv

import numpy as np
import pytest

from empirical.__main__ import main
from empirical.label_errors.command import power_told, told
from empirical.label_errors.early_average import Averages
from empirical.label_errors.table import ranked
from empirical.label_errors.verified import Verified

N = 500


@pytest.fixture
def archive(tmp_path):
    """Digits with a third of the labels exchanged, and the true labels."""
    sets = pytest.importorskip("sklearn.datasets")
    data, rng = sets.load_digits(), np.random.default_rng(0)
    given = data.target[:N].copy()
    given[rng.choice(N, 150, replace=False)] += 1
    path = tmp_path / "data.npz"
    np.savez(path, images=data.images[:N].astype(np.uint8), labels=given % 10)
    return path, given % 10 == data.target[:N]


@pytest.mark.slow
@pytest.mark.needs_torch
def test_from_a_drawn_sample_to_reported_labels(archive, tmp_path, capsys):
    pytest.importorskip("torch")
    pytest.importorskip("PIL")
    data, right = archive
    sample, into = tmp_path / "verify.csv", tmp_path / "out"
    assert main(["label-errors", str(data), "--draw", "200", "--into", str(sample)]) == 0
    assert "What 200 verified examples can be expected to find" in capsys.readouterr().out
    assert (tmp_path / "verify.html").is_file()
    rows = list(csv.DictReader(sample.open()))
    lines = ["index,right", *(f"{row['index']},{'yes' if right[int(row['index'])] else 'no'}" for row in rows)]
    sample.write_text("\n".join(lines))
    assert main(["label-errors", str(data), "--verified", str(sample), "--into", str(into)]) == 0
    out = capsys.readouterr().out
    assert "of 200 verified labels are wrong" in out
    table = list(csv.DictReader((into / "label-errors.csv").open()))
    reported = [int(row["index"]) for row in table if row["q"] and float(row["q"]) <= 0.1]
    assert f"{len(reported)} of the other 300 labels are reported as wrong" in out
    assert len(reported) > 50
    assert (~right[reported]).mean() > 0.75
    assert "labels are reported as wrong" in (into / "index.html").read_text()


def test_a_sample_that_is_not_random_promises_nothing():
    rng = np.random.default_rng(0)
    wrong = np.arange(N) < 100
    averages = Averages(rng.random(N) + wrong, None, np.zeros(N, dtype=np.int32), 4, 2)
    easier = np.flatnonzero(averages.loss < 0.5)[:100]
    for index, words in (
        (easier, "is not known, because the sample is not random"),
        (np.arange(0, N, 2), "or fewer are right"),
    ):
        sample = Verified(index, ~wrong[index])
        table = ranked(averages, np.arange(N) % 2, np.zeros(N, dtype=bool), sample)
        lines = told(table, 0.1)
        assert words in lines[-1] or words in lines[-2]
        assert table.is_random == ("fewer" in words)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--fdr", "0"], "--fdr must be between 0 and 1; received 0.0"),
        (["--epochs", "0"], "--epochs must be 1 or more; received 0"),
        (["--draw", "10"], "--draw writes a file, and --into is"),
        (["--draw", "10", "--verified", "x.csv"], "give one of them"),
        (["--verified", "x.csv"], "cannot read x.csv"),
    ],
)
def test_wrong_options_are_told_in_a_line(archive, tmp_path, capsys, options, words):
    assert main(["label-errors", str(archive[0]), "--into", str(tmp_path / "out"), *options]) == 1
    told = capsys.readouterr().err
    assert words in told
    assert told.startswith("geomem: ")


def test_the_power_said_beforehand_rises_with_the_sample():
    small, large = (power_told(size, 0.1) for size in (100, 1000))
    assert small[3].split() == ["2%", "0%", "0%", "0%"]
    assert float(large[6].split()[2].rstrip("%")) > float(small[6].split()[2].rstrip("%"))
    assert "Fewer than 1.0% of all labels are never reported" in large[-1]
