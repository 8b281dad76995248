from dataclasses import replace
from pathlib import Path

import pytest

from tests.tables import read_table
from tests.verify.settled_parts import RUNS
from verify.worlds import summary
from verify.worlds.summary import HEADINGS, Summary, markdown, summaries
from verify.worlds.world import EVIDENCE, World, all_worlds

PAGE = Path(__file__).parents[3] / "docs" / "worlds.md"
# All evidence is read.
settled = pytest.mark.settled(reads=["verify/evidence", "docs/worlds.md", *RUNS])


@pytest.fixture(scope="module")
def rows():
    return summaries(all_worlds())


@settled
def test_the_page_has_the_table_of_the_evidence(rows):
    assert PAGE.read_text(encoding="utf-8").endswith(markdown(rows))


@settled
def test_every_recorded_world_has_a_row_with_every_heading(rows):
    assert [row.world for row in rows] == sorted(path.name for path in EVIDENCE.glob("*/"))
    assert all(len(row.cells()) == len(HEADINGS) for row in rows)


def test_accuracies_are_those_of_the_table():
    """The numbers against the rows of the bundle, read without the runs."""
    row = Summary.of(all_worlds()["digits-slow"], EVIDENCE / "digits-slow")
    lines = [line.split(",") for line in read_table(EVIDENCE / "digits-slow" / "table.csv.gz").splitlines()[1:]]
    end = [float(line[8]) for line in lines if line[7] == "accuracy" and line[5] == "unpermuted" and line[2] == row.epochs]
    assert len(end) == int(row.networks)
    assert row.unpermuted == f"{sum(end) / len(end):.2f}"


@settled
def test_what_a_sweep_changes_is_from_the_lowest_to_the_highest(rows):
    data = {row.world: (row.network, row.data) for row in rows}
    assert data["mnist-mlp-sizes"] == ("mlp2 256", "mnist 10 x 25 to 400")
    assert data["digits-mlp-widths"] == ("mlp 12 to 256", "digits 10 x 120")


def test_a_world_without_training_has_no_accuracies():
    row = Summary.of(World("cifar100-vgg16-init", EVIDENCE / "cifar100-vgg16-init"), EVIDENCE / "cifar100-vgg16-init")
    assert (row.unpermuted, row.permuted, row.test_best, row.test_end) == ("", "", "", "")


def test_hours_are_of_training_and_measuring_where_both_are_known():
    made = {"seconds": 7200.0, "training_seconds": 3600.0, "measuring_seconds": 1800.0}
    assert summary._hours([made, made]) == "3.0"
    assert summary._hours([made, {"seconds": 1800.0}]) == "2.5 wall"


@settled
def test_the_markdown_has_a_line_for_every_row(rows):
    lines = markdown([rows[0], replace(rows[0], world="another")]).splitlines()
    assert len(lines) == 4
    assert lines[3].startswith("| another | ")
