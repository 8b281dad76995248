from dataclasses import replace

import pytest
import torch
from torch import nn

from empirical import networks
from empirical.geometry import building_blocks
from empirical.geometry.building_blocks import Block, block_readings, blocks_of
from empirical.geometry.readings import geometry_readings
from empirical.instruments.record import depths
from empirical.networks import ARCHITECTURES, layers
from empirical.training.subject import Subject


@pytest.fixture
def subject(tiny):
    return Subject.of(tiny, 0)


def by_place(readings):
    return {(r.quantity, r.choice, r.layer): r for r in readings}


def test_every_relu_and_every_pooling_is_a_block(subject):
    model = subject.build()
    found = blocks_of(model)
    assert [block.layer for block in found if block.kind == "relu"] == layers(model)[:-1]
    assert next(block for block in found if block.kind == "pool") == Block("pool", "conv2", "conv2", "pool1")
    modules = dict(model.named_modules())
    assert all(isinstance(modules[block.after], (nn.ReLU, nn.MaxPool2d)) for block in found)


@pytest.mark.parametrize("name", [name for name in ARCHITECTURES if name not in ("smallvgg", "resnet18")])
@pytest.mark.parametrize("batch_norm", [False, True])
def test_blocks_of_the_other_networks(name, batch_norm):
    model = networks.build(name, 2, (3, 32, 32), 5, batch_norm, 0.5)
    relus = [part for part in model.modules() if isinstance(part, nn.ReLU)]
    pools = [part for part in model.modules() if isinstance(part, nn.MaxPool2d)]
    kinds = [block.kind for block in blocks_of(model)]
    assert (kinds.count("relu"), kinds.count("pool")) == (len(relus), len(pools))


def test_what_leaves_a_block_is_what_the_block_makes_of_what_enters(subject):
    model, seen = subject.build().eval(), {}
    names = {name for block in blocks_of(model) for name in (block.before, block.after)}
    for name in names:
        model.get_submodule(name).register_forward_hook(lambda _m, _i, output, name=name: seen.update({name: output}))
    with torch.no_grad():
        model(subject.images[:5])
        for block in blocks_of(model):
            assert torch.equal(model.get_submodule(block.after)(seen[block.before]), seen[block.after])


def test_the_numbers_are_the_geometry_of_the_modules_beside_the_block(subject):
    model = subject.build().eval()
    found = by_place(block_readings(model, subject, 0))
    before, after = (list(geometry_readings(model, subject, [name], 0, ("test",))) for name in ("conv2", "pool1"))
    for readings, choice in ((before, "pool before"), (after, "pool after")):
        for one in (r for r in readings if r.quantity in building_blocks.READ):
            expected = replace(one, quantity=f"block_{one.quantity}", choice=choice, layer="conv2")
            assert found[expected.quantity, choice, "conv2"] == expected
    assert found["block_center_correlation", "relu after", "conv2"].value == (
        found["block_center_correlation", "pool before", "conv2"].value
    )
    assert {r.group for r in found.values()} == {"test"}
    assert {r.layer for r in found.values()} <= set(depths(model))
