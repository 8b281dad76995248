"""Tests of what `pytest verify/` selects, and that it trains no networks for what is not selected."""

import os

import pytest

from tests.verify.settled_parts import judged_by_checker

JUDGED = judged_by_checker("C-00", "C-01", "S-02", "S-07", "S-09", "S-12")
pytestmark = pytest.mark.settled(reads=[*JUDGED, "verify/evidence/cifar100-small"])

# Training would be told, and nothing is trained.
NO_TRAINING = """
import sys

import verify.worlds.world as world

def prepare(name, seed, beside=()):
    print(f"would train {name}", file=sys.stderr)
    return f"{name} is not trained here"

world.prepare = prepare
"""


@pytest.fixture
def select(check, tmp_path):
    """Run the checker without training; the exit status, what it judged, which worlds it would train, and all it said."""
    (tmp_path / "no_training.py").write_text(NO_TRAINING)
    (tmp_path / "none.toml").write_text("")
    path = os.pathsep.join([str(tmp_path), os.environ.get("PYTHONPATH", "")])

    def run(*arguments):
        given = ("-p", "no_training", "--deviations", tmp_path / "none.toml", *arguments)
        done, entries = check(*given, PYTHONPATH=path, GEOMEM_CACHE=str(tmp_path / "empty"))
        said = done.stdout + done.stderr
        trained = {line.split()[-1] for line in said.splitlines() if "would train" in line}
        return done.returncode, set(entries), trained, " ".join(said.split())

    return run


@pytest.mark.parametrize("spread", [[], ["-n", "2"]], ids=["alone", "spread"])
@pytest.mark.parametrize(
    ("expression", "hint"),
    [("theroy", "did you mean theory?"), ("not netwrok", "did you mean network?"), ("theory and not qqq", "")],
)
def test_a_misspelt_marker_is_a_usage_error_before_anything_is_trained(select, expression, hint, spread):
    status, judged, trained, said = select("-m", expression, *spread)
    assert (status, judged, trained) == (4, set(), set())
    assert f"-m {expression}: there is no marker" in said
    assert hint in said
    assert "Claims have theory, network, extra" in said


@pytest.mark.parametrize("spread", [[], ["-n", "2"]], ids=["alone", "spread"])
@pytest.mark.parametrize("expression", ["theory", "not network", "theory and not extra"])
def test_claims_without_networks_train_none(select, expression, spread):
    status, judged, trained, _ = select("-m", expression, "-k", "C-01 or S-02", *spread)
    assert (status, judged, trained) == (0, {"C-01"}, set())


@pytest.mark.parametrize("spread", [[], ["-n", "2"]], ids=["alone", "spread"])
def test_claims_with_networks_need_their_worlds(select, spread):
    """What the tests beside this one would notice; and at the end the run says why there is no evidence."""
    _, judged, trained, said = select("-m", "network", "--claim", "S-02", "--world", "digits-live", *spread)
    assert (judged, trained) == ({"S-02"}, {"digits-live"})
    assert "world digits-live: digits-live is not trained here" in said


def test_a_claim_is_selected_by_its_whole_id(select):
    status, judged, trained, _ = select("--claim", "s-07", "--world", "cifar100-small")
    assert (status, judged, trained) == (0, {"S-07"}, set())
    status, judged, trained, _ = select("--claim", "C-01", "--claim", "C-00")
    assert (status, judged, trained) == (0, {"C-00", "C-01"}, set())


@pytest.mark.parametrize(
    ("claim", "words"),
    [("S-7", "--claim: there is no claim S-7; did you mean"), ("S-17", "--claim: S-17 means S-17.batch, S-17.eval")],
)
def test_an_unknown_claim_is_a_usage_error(select, claim, words):
    status, judged, trained, said = select("--claim", claim)
    assert (status, judged, trained) == (4, set(), set())
    assert words in said


def test_a_world_that_is_not_recorded_says_the_command(select):
    status, judged, _, said = select("--world", "resnet18-widths")
    assert (status, judged) == (5, set())
    assert "3 claims wait for it: python -m empirical bundle resnet18-widths --into verify/evidence" in said


def test_a_run_says_what_changed_then_the_board_then_the_abstract(select):
    _, _, _, said = select("--claim", "S-09", "--claim", "S-12", "--world", "cifar100-small-fast", "--world", "digits-mlp-slow")
    words = [
        "changed since registered: 2",
        "S-09 in digits-mlp-slow: INCONCLUSIVE is not accepted",
        "From the abstract of",
        "cifar100-small-fast: 2 claims not asked: a network fitted only",
        "2 memorization sits in the deep layers",
    ]
    places = [said.find(one) for one in words]
    assert -1 not in places
    assert places == sorted(places)
    assert "S-09 cifar100-small-fast" not in said
