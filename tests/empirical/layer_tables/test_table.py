"""What people do with the table: read its classes, save it, show it in any terminal, put it into a data frame. No torch."""

import json
import sys
from dataclasses import asdict, replace

import numpy as np
import pytest
from rich.console import Console

from empirical.errors import GeometryError, StorageError
from empirical.layer_tables.rows import ClassGeometry, LayerGeometry, LeftOut
from empirical.layer_tables.table import LayerTable
from empirical.layer_tables.words import GO

NAN = float("nan")
ROW = LayerGeometry(
    *("conv1", 64, 20, 50.0, "cavity", 0.1 + 0.2, 0.01234, 0.05, 0.001, 1.25, 0.02, 1 / 3, 0.04, 0.123, None, 1.0),
    *(0.31, 0.02, 1.0, 6000, 1e-12),
)
FAILED = replace(
    ROW,
    **{name: NAN for name, value in asdict(ROW).items() if isinstance(value, float)},
    layer="blocks.11.attention.output.dense_projection.linear",
    note="its centre is at the origin",
)
PUBLISHED = replace(ROW, layer="fc, with a comma", correlations="published", center_rank=3, held=0.4)
CLASSES = (ClassGeometry("conv1", "cat", 50, float("inf"), float("inf"), 1 / 7, 0.1, 1e-300, 0.2),)


@pytest.fixture
def table():
    halves = {"conv1": {"capacity": np.arange(6).reshape(2, 3) / 7}}
    return LayerTable([ROW, FAILED, PUBLISHED], [LeftOut("drop", "it returns a tuple")], classes=CLASSES, halves=halves, seed=3)


def same(found, rows):
    """Equal to the last digit; nan is nan."""
    assert list(map(repr, found)) == list(map(repr, rows))


def test_json_keeps_all_of_it(table, tmp_path):
    table.save(tmp_path / "table.json")
    found = LayerTable.load(tmp_path / "table.json")
    same(found, table)
    assert (found.left_out, found.classes, found.seed) == (table.left_out, table.classes, 3)
    assert (found.halves["conv1"]["capacity"] == table.halves["conv1"]["capacity"]).all()
    # Strict JSON: numbers that are not finite are text.
    json.loads((tmp_path / "table.json").read_text(), parse_constant=lambda word: pytest.fail(word))


@pytest.mark.parametrize("rows", [[ROW, FAILED, PUBLISHED, replace(ROW, correlations=0, center_rank=0)], []])
def test_csv_keeps_the_rows(rows, tmp_path):
    LayerTable(rows).save(str(tmp_path / "table.CSV"))
    same(LayerTable.load(str(tmp_path / "table.CSV")), rows)


@pytest.mark.parametrize("name", ["table.xlsx", "table", "table.csv.gz"])
def test_other_suffixes_are_refused(table, tmp_path, name):
    for call in (table.save, LayerTable.load):
        with pytest.raises(GeometryError, match=rf"must end in \.csv or \.json; received '{name}'"):
            call(tmp_path / name)
    assert not list(tmp_path.iterdir())


def test_a_file_that_cannot_be_written_leaves_nothing(table, tmp_path):
    with pytest.raises(StorageError):
        table.save(tmp_path / "missing" / "table.csv")
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.json", "{"),
        ("a.json", "[1]"),
        ("a.json", "{}"),
        ("a.json", '{"rows": [{"layer": "a"}]}'),
        ("a.csv", "layer,other\na,b\n"),
        ("a.csv", "\0"),
    ],
)
def test_files_of_others_are_refused(tmp_path, name, content):
    (tmp_path / name).write_text(content)
    with pytest.raises(GeometryError, match=r"is not a table that LayerTable\.save wrote"):
        LayerTable.load(tmp_path / name)
    with pytest.raises(GeometryError, match="there is no file"):
        LayerTable.load(tmp_path / "b.json")


@pytest.mark.parametrize("width", [40, 60, 80, 120, 200])
def test_it_fits_every_terminal(table, width, monkeypatch):
    monkeypatch.setenv("COLUMNS", str(width))
    lines = str(table).splitlines()
    assert max(map(len, lines)) <= width
    whole = " ".join(lines)
    assert "capacity" in whole
    words = "".join("".join(lines).split())
    assert "blocks.11.attention.output.dense_projection.linear:nogeometry:itscentreisattheorigin" in words
    assert "drop:leftout:itreturnsatuple" in words


@pytest.mark.slow
def test_columns_go_in_the_order_that_is_stated(table):
    gone = []
    for width in range(200, 30, -1):
        console = Console(width=width, record=True, file=open("/dev/null", "w"))  # noqa: SIM115
        console.print(table)
        text = " ".join(console.export_text().split())
        found = text.partition(f"not shown in {width} columns: ")[2].partition(" blocks.11")[0]
        now = found.split(", ") if found else []
        assert now[: len(gone)] == gone
        gone = now
    assert gone == [heading for heading in GO if heading in gone]
    assert len(gone) >= 6


def test_an_empty_table_and_one_without_a_geometry_are_shown(monkeypatch):
    monkeypatch.setenv("COLUMNS", "60")
    assert "layer" in str(LayerTable())
    assert "no geometry" in " ".join(str(LayerTable([FAILED])).split())


def test_a_data_frame_has_the_fields_as_columns(table):
    pandas = pytest.importorskip("pandas")
    frame = table.to_frame()
    assert isinstance(frame, pandas.DataFrame)
    assert list(frame.columns) == list(asdict(ROW))
    assert frame["capacity"][0] == ROW.capacity
    assert list(table.to_frame(classes=True)["label"]) == ["cat"]
    assert list(LayerTable().to_frame().columns) == list(asdict(ROW))


def test_without_pandas_the_next_step_is_named(table, monkeypatch):
    monkeypatch.setitem(sys.modules, "pandas", None)
    with pytest.raises(GeometryError, match=r"pip install pandas; or write a file with table\.save"):
        table.to_frame()
