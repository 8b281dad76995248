from dataclasses import replace

import pytest
import torch
from torch import nn

from empirical.__main__ import main
from empirical.errors import GeomemError
from empirical.pipeline import workers
from empirical.training import checkpoints, sgd
from empirical.training.devices import device_of
from empirical.training.sgd import Steps, optimizer_of, unmoved
from empirical.training.subject import Subject
from empirical.training.train import one_epoch
from tests.empirical.pipeline.executors import Here


@pytest.fixture
def subject(tiny):
    """270 images in batches of 100: the last one is smaller."""
    return Subject.of(replace(tiny, train_images=270), 0)


def fused(model: nn.Module, spec) -> torch.optim.SGD:
    """The optimizer of a GPU, where there is none."""
    rate = torch.tensor(spec.learning_rate)
    return torch.optim.SGD(model.parameters(), lr=rate, momentum=spec.momentum, fused=True)


def training(subject: Subject, optimizer_of) -> Steps:
    model = subject.build()
    return Steps(
        model, optimizer_of(model, subject.spec), subject.images, torch.from_numpy(subject.labels.trained), subject.spec
    )


def digest(found: Steps) -> str:
    return checkpoints.digest(found.model.state_dict())


def test_a_recorded_step_trains_as_one_that_is_not(subject, monkeypatch):
    """What stands in for a graph does the work again, as its replay would; recording does none of it."""
    recordings = []

    def recorded(work):
        recordings.append(work)
        return work

    monkeypatch.setattr(sgd, "recorded", recorded)
    monkeypatch.setattr(sgd, "warm_up", lambda work: [work() for _ in range(sgd.WARM_UP)])
    plain, replayed = (training(subject, fused) for _ in range(2))
    replayed.replay = replayed._replayed()
    assert digest(plain) == digest(replayed)
    for epoch in (1, 2):
        for one in (plain, replayed):
            one_epoch(one, subject, epoch)
        assert digest(plain) == digest(replayed)
    assert len(recordings) == 1


def test_a_step_in_one_kernel_is_the_step(subject):
    """One step, to rounding: after many, training has made it large."""
    plain = training(subject, lambda model, spec: optimizer_of(model, spec, torch.device("cpu")))
    kernel = training(subject, fused)
    for one in (plain, kernel):
        for start in (0, 100):
            one.take(torch.arange(start, start + 100), 0.05)
    moved = [new - old for new, old in zip(plain.model.parameters(), subject.build().parameters(), strict=True)]
    apart = [new - old for new, old in zip(plain.model.parameters(), kernel.model.parameters(), strict=True)]
    assert sum(one.norm() for one in apart) < 1e-4 * sum(one.norm() for one in moved)


def test_what_a_warm_up_moves_is_put_back_in_place(subject):
    found = training(subject, fused)
    found.take(torch.arange(100), 0.05)
    before, momenta = digest(found), [state["momentum_buffer"].clone() for state in found.optimizer.state.values()]
    places = [tensor.data_ptr() for tensor in found.model.state_dict().values()]
    with unmoved(found.model, found.optimizer):
        found.take(torch.arange(100), 0.05)
        assert digest(found) != before
    assert digest(found) == before
    assert places == [tensor.data_ptr() for tensor in found.model.state_dict().values()]
    kept = [state["momentum_buffer"] for state in found.optimizer.state.values()]
    assert all(torch.equal(old, new) for old, new in zip(momenta, kept, strict=True))


def test_products_in_bfloat16_leave_weights_float32(subject):
    losses = []
    for precision in ("float32", "bfloat16"):
        one = replace(subject, spec=replace(subject.spec, precision=precision))
        found = training(one, lambda model, spec: optimizer_of(model, spec, torch.device("cpu")))
        losses.append(found.take(torch.arange(100), 0.05).item())
        assert {parameter.dtype for parameter in found.model.parameters()} == {torch.float32}
    assert losses[0] != losses[1]
    assert losses[0] == pytest.approx(losses[1], rel=0.02)


def test_a_gpu_that_is_not_there_is_told_before_any_work(tiny, monkeypatch):
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    spec = replace(tiny, device="cuda")
    monkeypatch.setattr("empirical.data.datasets.load", lambda _: pytest.fail("loaded the images first"))
    for asked in (lambda: device_of(spec), lambda: Subject.of(spec, 0)):
        with pytest.raises(GeomemError, match=r"the run asks for device cuda, and torch .* finds none .* --device cpu"):
            asked()


@pytest.mark.skipif(torch.cuda.is_available(), reason="a GPU is here")
def test_the_device_of_a_run_may_be_replaced(tmp_path, capsys, monkeypatch):
    monkeypatch.setattr(workers, "ProcessPoolExecutor", lambda *_, **__: Here())
    assert main(["train", "digits", "--device", "cuda", "--workers", "1", "--cache", str(tmp_path)]) == 1
    assert "the run asks for device cuda" in capsys.readouterr().err
    assert not list(tmp_path.rglob("*.safetensors"))
    assert main(["train", "digits", "--device", "gpu", "--cache", str(tmp_path)]) == 1
    assert "device must be one of cpu, cuda; received 'gpu'" in capsys.readouterr().err
