"""Worlds of networks that reproduce images: what they are asked, what is read of them, and their figures."""

import importlib.util
import subprocess
import threading

import numpy as np
import pytest
from filelock import FileLock

from empirical.evidence.bundle import record
from empirical.identity import sweeps
from empirical.identity.make_bundles import make_bundles
from tests.empirical.identity.small_world import CONNECTED, written
from tests.verify.synthetic import identity
from verify.judging.error_rates import of_claim
from verify.judging.verdicts import NotAsked, Status
from verify.measurements.identity import by_angle
from verify.registry import load_claims
from verify.worlds import summary, world
from verify.worlds.scope import Scope
from verify.worlds.world import State, World

CLAIMS = {name: claim for name, claim in load_claims().items() if claim.labels == ("images",)}


def asked(scope, field):
    return {name for name, claim in CLAIMS.items() if claim.sweep == field and scope.answers(claim)}


def test_worlds_are_asked_by_architecture_and_field():
    declared = {name: (Scope.declared(world.declared(name)), world.declared(name).field) for name in sweeps.names()}
    connected = {"Z-03", "Z-03.law", "Z-03.curve", "Z-04", "Z-11", "Z-11.curve"}
    assert asked(*declared["identity-mnist14-relu"]) == connected
    assert asked(*declared["identity-mnist14-many"]) == {"Z-05", "Z-11.curve"}
    assert asked(*declared["identity-mnist14-kernels"]) == {"Z-07"}
    assert asked(*declared["identity-mnist14-channels"]) == set()
    deep = {"Z-06", "Z-06.mixed", "Z-06.edges", "Z-08", "Z-09", "Z-10", "Z-11", "Z-12"}
    assert asked(*declared["identity-mnist14"]) == deep
    others = {name for name, claim in load_claims().items() if claim.labels != ("images",)}
    assert not any(declared["identity-mnist14"][0].answers(load_claims()[name]) for name in others if load_claims()[name].needs)


def test_a_comparison_is_asked_where_all_worlds_beside_are_live_too():
    live = World("identity-digits14")
    assert live.state is State.LIVE
    assert live.sweep == "depth"
    assert live.asks(CLAIMS["Z-09"])
    assert live.read_by(CLAIMS["Z-09"]) == ["identity-digits14", "identity-digits14-channels", "identity-digits14-relu"]
    assert World("identity-digits14-linear").asks(CLAIMS["Z-04"])
    assert not World("identity-digits14-relu").asks(CLAIMS["Z-04"])
    assert not World("identity-mnist28").asks(CLAIMS["Z-12"])
    assert live.folder(None) != live.folder(3)


@pytest.mark.parametrize(
    ("name", "beside", "made"),
    [
        ("identity-digits14", ["digits-live", "identity-digits14", "identity-digits14-relu"], ["identity-digits14-relu"]),
        ("digits-live", ["digits-live", "identity-digits14"], []),
        ("digits-live", ["digits-live", "identity-digits14", "digits-mlp-live"], ["digits-mlp-live"]),
    ],
)
@pytest.mark.parametrize("returncode", [0, 1])
def test_one_process_makes_all_worlds_of_a_kind_that_are_read(name, beside, made, returncode, monkeypatch, tmp_path):
    commands = []

    def run(command, **_):
        commands.append(command)
        return subprocess.CompletedProcess(command, returncode)

    monkeypatch.setenv("GEOMEM_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr(subprocess, "run", run)
    monkeypatch.setattr(world, "_is_made", lambda *_: False)
    monkeypatch.setattr(world, "missing_packages", list)
    reason = world.prepare(name, 3, beside)
    words = [] if name == "digits-live" else ["--workers", "1"]
    assert [command[3:] for command in commands] == [["empirical", "bundle", name, *made, "--seed", "3", *words]]
    assert reason.startswith(f"python -m empirical bundle {name} --seed 3 failed") == bool(returncode)
    assert bool(reason) == bool(returncode)


@pytest.mark.parametrize(("name", "waits"), [("digits-live", True), ("identity-digits14", False)])
def test_networks_are_trained_for_one_worker_at_a_time_and_images_for_any(name, waits, monkeypatch, tmp_path):
    monkeypatch.setenv("GEOMEM_CACHE", str(tmp_path))
    monkeypatch.setattr(world, "missing_packages", list)
    monkeypatch.setattr(world, "_is_made", lambda *_: False)
    begun = threading.Event()
    monkeypatch.setattr(world, "_make", lambda *_: not begun.set())
    with FileLock(tmp_path / ".live.lock"):
        other = threading.Thread(target=world.prepare, args=(name, None))
        other.start()
        assert begun.wait(0.5) != waits
    other.join()
    assert begun.is_set()


def test_who_waited_for_a_world_does_not_make_it_again(monkeypatch, tmp_path):
    monkeypatch.setenv("GEOMEM_CACHE", str(tmp_path))
    monkeypatch.setattr(world, "missing_packages", list)
    answers = iter([False, True])
    monkeypatch.setattr(world, "_is_made", lambda *_: next(answers))
    monkeypatch.setattr(subprocess, "run", lambda *_, **__: pytest.fail("it was made by another process"))
    assert world.prepare("digits-live", None) == ""


def test_a_cache_in_which_nothing_can_be_written_is_told(monkeypatch, tmp_path):
    (tmp_path / "cache" / ".live.lock").mkdir(parents=True)
    monkeypatch.setenv("GEOMEM_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr(world, "missing_packages", list)
    monkeypatch.setattr(world, "_make", lambda *_: pytest.fail("it was made without its turn"))
    assert str(tmp_path / "cache") in world.prepare("digits-live", None)


@pytest.fixture(scope="module")
def recorded(tmp_path_factory):
    """The small world as recorded evidence, and connected networks beside it."""
    folder = tmp_path_factory.mktemp("evidence")
    for name, changes in (("small", {}), ("small-relu", CONNECTED)):
        sweep = sweeps.load(written(folder.parent, name=name, **changes))
        for spec, made in zip(sweep.specs, make_bundles(sweep, folder.parent / "cache", workers=1), strict=True):
            record(made, folder / spec.name)
    return folder


@pytest.mark.slow
def test_recorded_networks_are_read_and_judged(recorded):
    small = World("small", recorded / "small")
    sweep = small.runs(None)
    assert (sweep.field, sweep.values) == ("depth", (1, 2))
    assert sweep.beside("-relu").runs[0].spec["architecture"] == "connected"
    assert small.asks(CLAIMS["Z-06"])
    assert not small.asks(CLAIMS["Z-12"])
    verdict = CLAIMS["Z-06"].judge(of_claim(0, "Z-06"), sweep)
    assert verdict.status is Status.INCONCLUSIVE
    assert "5 networks are too few" in {part.reason for part in verdict.parts}.pop()
    assert "depth 1, 2, 5 networks each" in small.about()
    assert small.n_classes() == 0
    (row,) = summary.summaries({"small": small})
    assert (row.network, row.data, row.networks) == ("convolutional 4", "digits 8 x 8, 1 of them", "2 x 5")


@pytest.mark.slow
def test_the_digest_moves_with_every_field(recorded):
    one, other = (World(name, recorded / name) for name in ("small", "small-relu"))
    from verify.worlds import recorded as reader

    manifest = reader.manifests(one.recorded)[0]
    changed = {**manifest, "spec": {**manifest["spec"], "gain": 2.0}}
    assert reader._of_spec(changed) != reader._of_spec(manifest)
    assert one.digest() != other.digest()


@pytest.mark.slow
@pytest.mark.skipif(importlib.util.find_spec("matplotlib") is None, reason="matplotlib is not installed")
def test_figures_of_both_architectures(recorded, tmp_path):
    from verify.figures.album import draw

    for name, left_out in (("small", {"gains"}), ("small-relu", {"borders", "gains"})):
        sweep = World(name, recorded / name).runs(None)
        drawn = dict(draw(sweep, recorded / name, tmp_path / name))
        assert {path.stem for path in drawn} == {"reproduced", "copying", "borders", "gains"}
        assert {path.stem for path, missing in drawn.items() if missing} == left_out
        again = {
            path.name: path.read_bytes() for path, missing in draw(sweep, recorded / name, tmp_path / "again") if not missing
        }
        assert again == {path.name: path.read_bytes() for path, missing in drawn.items() if not missing}


@pytest.mark.skipif(importlib.util.find_spec("matplotlib") is None, reason="matplotlib is not installed")
def test_the_figure_of_gains_shows_what_networks_and_theory_say():
    from tests.verify.figures.drawn import line
    from verify.figures.identity.gains import gains

    sweep = identity.linear()
    figure = gains(sweep)
    for words, suffix in (("gain 0.33", ""), ("gain 1", "-gain1"), ("gain 2", "-gain2")):
        depths, shown = line(figure.axes[0], words)
        assert tuple(depths) == sweep.values
        np.testing.assert_allclose(shown, by_angle(sweep.beside(suffix), "corr_const").mean(axis=(0, 2)))
    assert sum(each.get_linestyle() == ":" for each in figure.axes[0].lines) == 3
    with pytest.raises(NotAsked, match="torch's own gain"):
        gains(sweep.beside("-gain1"))


@pytest.mark.slow
def test_edited_pictures_are_not_drawn(recorded, tmp_path):
    import shutil

    from verify.figures.identity.picture_table import pictures
    from verify.judging.verdicts import Broken

    folder = shutil.copytree(recorded / "small" / "depth-1", tmp_path / "copy")
    assert len(pictures(folder)) > 10
    (folder / "outputs.csv").write_text("edited")
    with pytest.raises(Broken, match="is not the file its manifest names"):
        pictures(folder)
