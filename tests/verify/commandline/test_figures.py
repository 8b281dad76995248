import csv
import hashlib
import io
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pytest

from empirical.evidence.bundle import read_bundle, write_bundle
from empirical.evidence.measurement import Measurement
from tests.verify.synthetic import noise_levels, noise_sweeps, paper
from verify.measurements.runs import Runs
from verify.measurements.series import Series
from verify.worlds.world import EVIDENCE

pytest.importorskip("matplotlib")

from empirical.runs.folders import OUTPUTS
from verify.figures import style
from verify.figures.album import FigureError, draw
from verify.figures.geometry import geometry_epochs
from verify.figures.memorization.kinds import KIND_COLORS
from verify.figures.outputs import COLUMNS

pytestmark = pytest.mark.slow
DEPTHS = {"input": 0.0, "conv1": 1 / 3, "conv2": 2 / 3, "readout": 1.0, "network": 1.0}
HIDDEN = ("conv1", "conv2")
NAMES = ("accuracies", "geometry", "geometry_epochs", "gradients", "rewinding", "probes", "outputs")
# What a world with half of its labels permuted, and without small networks, does not have.
OF_NOISE = ("misclassification", "sensitivity", "class_sensitivity", "critical_samples", "noise_levels")
SWEEPS = {
    "width": (noise_sweeps.widths, ["best_accuracy", "time_to_loss"]),
    "train_images": (noise_sweeps.sizes, ["time_to_loss"]),
    "permuted_fraction": (noise_levels.labels, ["noise_levels"]),
    "noise_share": (noise_levels.inputs, ["noise_levels"]),
    "regularizers": (noise_sweeps.regularizers, ["regularizers", "regularizer_curves"]),
}
MODES = ("standard", "batch_statistics")
NORMS = ("gradient_norm", "gradient_norm_label_independent", "gradient_norm_label_dependent")
COSINES = ("gradient_cosine", "gradient_cosine_label_independent", "gradient_cosine_label_dependent")
# Quantity, groups, choices, layers.
LAYERWISE = [
    *(
        (q, ("unpermuted", "permuted", "restored", "test"), ("",), ("input", *HIDDEN))
        for q in ("capacity", "radius", "dimension")
    ),
    *((q, ("permuted",), ("shuffled",), ("input", *HIDDEN)) for q in ("capacity", "radius", "dimension")),
    *((q, ("unpermuted", "permuted_all"), MODES, (*HIDDEN, "network")) for q in NORMS),
    *((q, ("unpermuted+permuted_all",), MODES, ("network",)) for q in COSINES),
    ("minibatch_alignment", ("unpermuted", "permuted_all"), ("batch_statistics",), ("network",)),
    ("rewound_accuracy", ("test",), ("single/report", "suffix/report", "prefix/report"), (*HIDDEN, "readout")),
    ("rewound_accuracy", ("permuted",), ("single", "suffix", "prefix"), (*HIDDEN, "readout")),
    ("probe_accuracy", ("permuted", "restored"), ("",), ("input", *HIDDEN)),
    ("probe_accuracy", ("test",), ("report",), ("input", *HIDDEN)),
]


def layered_rows(n_networks=10):
    """The paper's world with every quantity that is drawn, positive and without meaning; odd epochs for one network only."""
    rng = np.random.default_rng(0)
    return paper.rows(n_networks) + [
        Measurement(network, 0, int(epoch), layer, DEPTHS[layer], group, choice, quantity, rng.uniform(0.1, 1), 0.0, 1)
        for quantity, groups, choices, layers in LAYERWISE
        for network in range(n_networks)
        for group in groups
        for choice in choices
        for layer in layers
        for epoch in paper.EPOCHS
        if epoch % 2 == 0 or network == 3
    ]


def pictured():
    """outputs.csv of 40 images at three epochs."""
    out, rng = io.StringIO(), np.random.default_rng(0)
    writer = csv.writer(out)
    writer.writerow(COLUMNS)
    for epoch in (0, paper.PEAK, int(paper.EPOCHS[-1])):
        writer.writerows([epoch, i, i % 10, (i + 1) % 10, i % 2, *rng.normal(size=2).round(3)] for i in range(40))
    return out.getvalue().encode()


def bundle(folder, rows, content=None):
    """Write a bundle with outputs beside it; its runs and folder."""
    about = {**paper.manifest(), "outputs_sha256": hashlib.sha256(pictured()).hexdigest()}
    write_bundle(folder, about, rows)
    (folder / OUTPUTS).write_bytes(pictured() if content is None else content)
    return Runs.of(read_bundle(folder)), folder


def made(figures):
    """The figures that were not left out."""
    return [(path, words) for path, words in figures if not words]


def left_out(runs, folder, out):
    """Why each figure was left out, by name."""
    return {path.stem: words for path, words in draw(runs, folder, out)}


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    """A world in which everything was measured: runs, folder, and its figures drawn once."""
    runs, folder = bundle(tmp_path_factory.mktemp("whole"), layered_rows())
    return runs, folder, list(draw(runs, folder, folder / "out"))


@pytest.mark.settled
def test_every_figure_is_drawn_and_says_world_and_networks(whole):
    assert [path.stem for path, missing in whole[2] if not missing] == list(NAMES)
    for path, _ in made(whole[2]):
        assert ElementTree.parse(path).getroot().tag == "{http://www.w3.org/2000/svg}svg"
        # Words are drawn as paths, and kept as comments.
        assert "<!-- synthetic: " in path.read_text(encoding="utf-8")
        assert ("one network" if path.stem == "outputs" else "mean of 10 networks") in path.read_text(encoding="utf-8")


@pytest.mark.settled
def test_figures_are_the_same_bytes_twice(whole, tmp_path):
    runs, folder, drawn = whole
    again = made(draw(runs, folder, tmp_path))
    assert all(first.read_bytes() == second.read_bytes() for (first, _), (second, _) in zip(made(drawn), again, strict=True))


@pytest.mark.settled
def test_what_noise_is_compared_on_is_left_out_with_a_reason(whole):
    missing = {path.stem: words for path, words in whole[2] if words}
    assert tuple(missing) == OF_NOISE
    assert "misclassification_quantile of unpermuted was not measured" in missing["misclassification"]
    assert "synthetic trains on 0% noise and 50% permuted labels" in missing["noise_levels"]


@pytest.mark.settled
@pytest.mark.parametrize("field", SWEEPS)
def test_the_figures_of_a_sweep_are_those_of_its_field_and_the_same_bytes_twice(field, tmp_path):
    sweep, names = SWEEPS[field]
    first, second = (made(draw(sweep(), tmp_path, tmp_path / name)) for name in "ab")
    assert [path.stem for path, _ in first] == names
    for (one, _), (other, _) in zip(first, second, strict=True):
        assert one.read_bytes() == other.read_bytes()
        assert "<!-- story: " in one.read_text(encoding="utf-8")


@pytest.mark.settled
def test_geometry_names_the_number_of_manifolds(whole):
    words = {path.stem: path.read_text(encoding="utf-8") for path, _ in made(whole[2])}
    for name in ("geometry", "geometry_epochs"):
        assert "P = 10 manifolds, one a class, below the theory's limit of large P" in words[name]


@pytest.mark.settled
def test_what_was_not_measured_leaves_out_its_figure(tmp_path):
    rows = [row for row in layered_rows() if row.quantity not in ("capacity", "minibatch_alignment")]
    missing = left_out(*bundle(tmp_path, rows), tmp_path / "out")
    assert {name for name, words in missing.items() if words} == {"geometry", "geometry_epochs", "gradients", *OF_NOISE}
    assert "capacity of permuted was not measured in this world" in missing["geometry"]
    assert sorted(path.stem for path in (tmp_path / "out").iterdir()) == ["accuracies", "outputs", "probes", "rewinding"]


def test_the_legend_of_many_layers_stays_within_the_figure():
    figure = geometry_epochs(Runs.of(read_bundle(EVIDENCE / "cifar100-small-permuted")))
    figure.draw_without_rendering()
    box = figure.legends[0].get_window_extent()
    assert 0 <= box.x0 < box.x1 <= figure.bbox.width


@pytest.mark.settled
def test_where_no_label_is_permuted_the_other_groups_are_drawn(whole, tmp_path):
    runs, folder, _ = whole
    table = {key: series for key, series in runs.table.items() if key.group in ("unpermuted", "test", "all")}
    missing = left_out(replace(runs, table=table, trained_groups=("unpermuted",)), folder, tmp_path)
    assert not missing["accuracies"]
    assert not missing["geometry"]
    assert "permuted_fraction is 0" in missing["geometry_epochs"]
    assert "labels shuffled" not in (tmp_path / "geometry.svg").read_text(encoding="utf-8")


def test_of_networks_that_were_not_trained_nothing_is_drawn(tmp_path):
    folder = EVIDENCE / "cifar100-vgg16-init"
    missing = left_out(Runs.of(read_bundle(folder)), folder, tmp_path / "figures")
    assert all(missing.values())
    assert "were not trained" in missing["outputs"]


def test_accuracies_alone_are_drawn_alone(tmp_path):
    runs, folder = bundle(tmp_path, paper.rows())
    (folder / OUTPUTS).unlink()
    missing = left_out(runs, folder, tmp_path)
    assert [name for name, words in missing.items() if not words] == ["accuracies"]
    assert "no outputs.csv" in missing["outputs"]


def test_other_outputs_than_the_manifest_names_are_not_drawn(tmp_path):
    missing = left_out(*bundle(tmp_path, paper.rows(), b"epoch\n"), tmp_path)
    assert "is not the file its manifest names" in missing["outputs"]


@pytest.mark.settled
def test_an_edited_slice_is_not_drawn(whole, tmp_path):
    runs, folder, _ = whole
    edited = replace(runs, broken={("capacity", "restored"): "rows of capacity / restored are edited"})
    missing = left_out(edited, folder, tmp_path)
    assert missing["geometry"] == "rows of capacity / restored are edited"
    assert missing["geometry_epochs"] == ""


def test_one_network_is_drawn_without_bands(tmp_path):
    write_bundle(tmp_path, paper.manifest(1), paper.rows(1))
    with np.errstate(all="raise"):
        assert next(draw(Runs.of(read_bundle(tmp_path)), tmp_path, tmp_path))[1] == ""


def test_a_folder_that_cannot_be_written_is_named(tmp_path):
    with pytest.raises(
        FigureError, match=r"cannot write /dev/null/out/accuracies.svg: .*; give --out a folder you can write to"
    ):
        left_out(*bundle(tmp_path, paper.rows()), Path("/dev/null/out"))


def test_common_epochs_are_those_of_every_network():
    series = style.common(Series(np.array([0, 1, 2]), np.array([[1, 2, np.nan], [1, 2, 3.0]])))
    assert series.epochs.tolist() == [0, 1]
    assert series.values.shape == (2, 2)


def test_the_palette_gives_every_group_its_own_colour():
    assert len(set(style.COLORS.values()) | {style.GREY}) == len(style.COLORS) + 1
    assert len(set(KIND_COLORS.values()) | {style.GREY}) == len(KIND_COLORS) + 1


def test_a_band_of_logarithms_is_drawn_about_the_geometric_mean():
    """Ends of the t interval of 0 and 2 are 1 -+ 12.7; the middle of their exponentials is no exponential of it."""
    ax = style.sheet(2, 2, "", "").add_subplot()
    style.band(ax, [1.0], np.array([[0.0], [2.0]]), "black", shown_as=np.exp)
    assert ax.lines[0].get_ydata() == pytest.approx([np.e])
    corners = ax.collections[0].get_paths()[0].vertices[:, 1]
    assert np.log([corners.min(), corners.max()]) == pytest.approx([1 - 12.706, 1 + 12.706], abs=1e-3)
