"""Networks as people have them, tiny and with random weights: the model, its inputs, and labels of five classes."""

from typing import Any

import pytest
import torch
from torch import Tensor, nn

SMALL = {"hidden_size": 16, "num_hidden_layers": 1, "num_attention_heads": 2, "intermediate_size": 32}
LABELS = torch.arange(5).repeat_interleave(4)


class Block(nn.Module):
    """The block of a ResNet, with its additions in place."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.conv1, self.bn1 = nn.Conv2d(channels, channels, 3, padding=1, bias=False), nn.BatchNorm2d(channels)
        self.relu = nn.ReLU(inplace=True)

    def forward(self, images: Tensor) -> Tensor:
        out = self.bn1(self.conv1(images))
        out += images
        return self.relu(out)


def images_of(channels: int) -> Tensor:
    return torch.randn(len(LABELS), channels, 8, 8) + LABELS[:, None, None, None] / 5


def mlp() -> tuple[nn.Module, Any]:
    return nn.Sequential(nn.Flatten(), nn.Linear(64, 32), nn.ReLU(), nn.Linear(32, 10)), images_of(1)


def resnet() -> tuple[nn.Module, Any]:
    stem = nn.Sequential(nn.Conv2d(3, 8, 3, padding=1), nn.BatchNorm2d(8), nn.ReLU(inplace=True))
    return nn.Sequential(stem, Block(8), nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(8, 10)), images_of(3)


def vit() -> tuple[nn.Module, Any]:
    transformers = pytest.importorskip("transformers")
    return transformers.ViTModel(transformers.ViTConfig(image_size=8, patch_size=4, **SMALL)), images_of(3)


def bert() -> tuple[nn.Module, Any]:
    transformers = pytest.importorskip("transformers")
    ids = torch.randint(10, 50, (len(LABELS), 8))
    ids[:, 1] = LABELS
    mask = (torch.arange(8) < torch.randint(4, 9, (len(LABELS), 1))).long()
    config = transformers.BertConfig(vocab_size=50, max_position_embeddings=8, **SMALL)
    return transformers.BertModel(config), {"input_ids": ids, "attention_mask": mask}
