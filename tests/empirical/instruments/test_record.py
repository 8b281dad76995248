"""Measuring that is interrupted goes on at the moment it had reached, and ends with the same rows."""

import json

import pytest

from empirical.evidence.measurement import table_text
from empirical.instruments import measure as module
from empirical.instruments.measure import measure
from empirical.training.subject import Subject
from empirical.training.train import train


class Killed(BaseException):
    """Not an error that anything on the way would catch."""


@pytest.fixture(scope="module")
def trained(quick_mlp, tmp_path_factory):
    subject, folder = Subject.of(quick_mlp, 0), tmp_path_factory.mktemp("weights")
    train(subject, folder)
    return subject, folder


@pytest.fixture(scope="module")
def whole(trained):
    return measure(*trained)


def stopped_after(trained, kept, moments):
    """Measure until so many epochs are measured, then die."""

    def report(done, total):
        if done == moments:
            raise Killed

    with pytest.raises(Killed):
        measure(*trained, kept, report)


@pytest.mark.parametrize("moments", [0, 1, 2])
def test_an_interrupted_measurement_goes_on_where_it_was(trained, whole, tmp_path, monkeypatch, moments):
    kept, read = tmp_path / "kept.json", []
    stopped_after(trained, kept, moments)
    assert len(json.loads(kept.read_text())["moments"]) == 1 + moments
    honest = module.weight_readings
    monkeypatch.setattr(module, "weight_readings", lambda *models: read.append(1) or honest(*models))
    rows, checks, _ = measure(*trained, kept)
    assert (table_text(rows), checks) == (table_text(whole[0]), whole[1])
    epochs = len([name for name in json.loads(kept.read_text())["moments"] if name.startswith("epoch")])
    assert len(read) == epochs - moments


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"moments": ["accuracies"], "checks": {}, "table": "x", "weights": ""}'])
def test_a_file_that_cannot_be_read_counts_as_none(trained, whole, tmp_path, text):
    kept = tmp_path / "kept.json"
    kept.write_text(text)
    rows, checks, _ = measure(*trained, kept)
    assert (table_text(rows), checks) == (table_text(whole[0]), whole[1])


def test_what_was_measured_on_other_weights_is_not_used(trained, whole, tmp_path):
    kept = tmp_path / "kept.json"
    stopped_after(trained, kept, 1)
    found = json.loads(kept.read_text())
    kept.write_text(json.dumps({**found, "weights": "of another network", "checks": {}}))
    assert measure(*trained, kept)[1] == whole[1]


def test_a_check_that_failed_before_the_kill_has_failed(trained, tmp_path):
    kept, name = tmp_path / "kept.json", "gradient_norm:parts_add_up"
    stopped_after(trained, kept, 1)
    found = json.loads(kept.read_text())
    kept.write_text(json.dumps({**found, "checks": {**found["checks"], name: False}}))
    assert measure(*trained, kept)[1][name] is False


def test_the_time_of_every_process_counts(trained, tmp_path):
    kept = tmp_path / "kept.json"
    stopped_after(trained, kept, 1)
    found = json.loads(kept.read_text())
    assert found["seconds"] > 0
    kept.write_text(json.dumps({**found, "seconds": 1000.0}))
    assert 1000 < measure(*trained, kept)[2] < 1000 + 600
