"""The geometry of manifolds before and after the building blocks of a network: every ReLU and max-pooling.

Source: Cohen, Chung, Lee & Sompolinsky 2020, who measure isolated blocks. The manifolds are those of the half "report" of the
test images.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from torch import nn

from empirical import networks
from empirical.evidence.measurement import Reading
from empirical.evidence.names import INPUT, TEST
from empirical.geometry.readings import geometry_readings
from empirical.runs.instruments import GEOMETRY
from empirical.training.subject import Subject

READ = (*GEOMETRY, "center_correlation")


@dataclass(frozen=True)
class Block:
    """One building block of a network.

    kind: "relu" or "pool".
    layer: the layer that contains the block, or that the block follows.
    before, after: the modules whose outputs enter and leave the block; "input" stands for the pixels.
    """

    kind: str
    layer: str
    before: str
    after: str


def blocks_of(model: nn.Module) -> list[Block]:
    """The ReLUs of the layers and the max-poolings between layers, in order; those within residual blocks are left out."""
    found: list[Block] = []
    before = layer = INPUT
    layers = set(networks.layers(model))
    for name, block in model.named_children():
        layer = name if name in layers else layer
        if isinstance(block, nn.MaxPool2d):
            found.append(Block("pool", layer, before, name))
        for index, part in enumerate(block) if isinstance(block, nn.Sequential) else ():
            if index and isinstance(part, nn.ReLU):
                found.append(Block("relu", name, f"{name}.{index - 1}", f"{name}.{index}"))
        before = name
    return found


def block_readings(model: nn.Module, subject: Subject, epoch: int) -> Iterator[Reading]:
    """Capacity, radius, dimension and centre correlation before and after every block.

    Quantities are named "block_capacity" and so on. The layer is that of the block, and the choice is "pool before", "pool
    after", "relu before" or "relu after".

    :raises GeometryError: as in :func:`empirical.geometry.readings.geometry_readings`.
    """
    for block in blocks_of(model):
        for side, module in (("before", block.before), ("after", block.after)):
            for reading in geometry_readings(model, subject, [module], epoch, (TEST,)):
                if reading.quantity in READ:
                    quantity, choice = f"block_{reading.quantity}", f"{block.kind} {side}"
                    yield replace(reading, quantity=quantity, choice=choice, layer=block.layer)
