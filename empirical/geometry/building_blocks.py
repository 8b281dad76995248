"""What the building blocks of a network do to its manifolds: their geometry before and after every ReLU and max-pooling.

Source: Cohen, Chung, Lee & Sompolinsky 2020, who measure isolated blocks. The manifolds are those of the test images, of the
half that is reported.
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
    """One building block.

    kind: "relu" or "pool". layer: the layer it is in, or follows.
    before, after: the modules whose outputs are what enters it and what leaves it; "input" is the pixels.
    """

    kind: str
    layer: str
    before: str
    after: str


def blocks_of(model: nn.Module) -> list[Block]:
    """The ReLUs of the layers and the max-poolings between them, in order; those within residual blocks are left out."""
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
    """Capacity, radius, dimension and centre correlation on either side of every block.

    Quantities are named "block_capacity" and so on, the layer is the block's, the choice "pool before", "pool after",
    "relu before" or "relu after".

    :raises GeometryError: as :func:`empirical.geometry.readings.geometry_readings`.
    """
    for block in blocks_of(model):
        for side, module in (("before", block.before), ("after", block.after)):
            for reading in geometry_readings(model, subject, [module], epoch, (TEST,)):
                if reading.quantity in READ:
                    quantity, choice = f"block_{reading.quantity}", f"{block.kind} {side}"
                    yield replace(reading, quantity=quantity, choice=choice, layer=block.layer)
