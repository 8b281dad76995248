"""Networks whose layers are measured: a small VGG that is trained here, VGG16, and a layer of a million features."""

import warnings
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import nn
from torch.nn import functional

from benchmarks import machine, worlds
from benchmarks.manifold_products import operations
from empirical.activations.recording import activations
from empirical.data import datasets
from empirical.geometry.layers import layer_geometry

CLASSES, EACH, POINTS, WIDTH = 20, 250, 40, 16
BATCH, RATE, MOMENTUM = 50, 0.02, 0.9
# Channels of VGG16's convolutions; 0 is a pooling.
VGG16 = (64, 64, 0, 128, 128, 0, 256, 256, 256, 0, 512, 512, 512, 0, 512, 512, 512, 0)


def small_vgg_layers(folder: Path, data: Path | None, epochs: int) -> dict[str, str]:
    """Files with the manifolds of each layer, (P, M, N), by layer, from a small VGG trained with half of its labels permuted.

    The network has seven 3x3 convolutions with BatchNorm, the first two with 16 channels, and three linear layers. A manifold
    holds 40 images with one training label. The images are the first 20 classes of CIFAR-100, 250 images each, where ``data``
    has them; else scikit-learn's digits.
    """
    images, labels, rng = *images_of(data), np.random.default_rng(0)
    drawn = rng.permutation(len(labels))[: len(labels) // 2]
    labels[np.sort(drawn)] = labels[drawn]
    model = _trained(images, torch.from_numpy(labels), epochs)
    n_classes = int(labels.max()) + 1
    n_points = min(POINTS, np.bincount(labels).min())
    chosen = np.concatenate([np.flatnonzero(labels == label)[:n_points] for label in range(n_classes)])
    names = [name for name, _ in model.named_children() if "conv" in name or "linear" in name]
    files = {}
    for name, values in activations(model.eval(), images[torch.from_numpy(chosen)], ["input", *names]).items():
        files[name] = str(folder / f"{name}.npy")
        np.save(files[name], values.numpy().reshape(n_classes, n_points, -1))
    return files


def images_of(data: Path | None, each: int = EACH) -> tuple[torch.Tensor, np.ndarray]:
    """Standardized images, (n, channels, height, width), and their labels, (n,): the digits, or CIFAR-100's first 20 classes.

    :param data: folder with CIFAR-100; without it the digits, all of them. :param each: images of each class of CIFAR-100.
    """
    if data is None or not worlds.has_cifar(data):
        digits = datasets.load("digits")
        return torch.from_numpy(digits.images), digits.labels.astype(np.int64)
    images, labels = worlds.cifar(data)
    chosen = np.concatenate([np.flatnonzero(labels == label)[:each] for label in range(CLASSES)])
    pixels = torch.from_numpy(images[chosen]).float()
    return (pixels - pixels.mean()) / pixels.std(), labels[chosen]


def small_vgg(shape: tuple[int, ...], n_classes: int) -> nn.Sequential:
    """The small VGG. A layer is a block with weights, up to its nonlinearity."""
    model, inputs, side = nn.Sequential(), shape[0], shape[1]
    for index, outputs in enumerate(WIDTH * 2 ** np.array([0, 0, 1, 1, 2, 2, 2])):
        convolution = nn.Conv2d(inputs, int(outputs), 3, padding=1, bias=False)
        inputs = int(outputs)
        model.add_module(f"conv{index + 1}", nn.Sequential(convolution, nn.BatchNorm2d(inputs), nn.ReLU()))
        if index in (1, 3, 6):
            model.add_module(f"pool{index + 1}", nn.MaxPool2d(2))
            side //= 2
    model.add_module("flatten", nn.Flatten())
    for index, (ins, outs) in enumerate(((inputs * side**2, 8 * WIDTH), (8 * WIDTH, 8 * WIDTH))):
        model.add_module(f"linear{index + 1}", nn.Sequential(nn.Linear(ins, outs), nn.ReLU()))
    model.add_module("linear3", nn.Linear(8 * WIDTH, n_classes))
    return model


def _trained(images: torch.Tensor, labels: torch.Tensor, epochs: int) -> nn.Sequential:
    torch.manual_seed(0)
    model = small_vgg(tuple(images.shape[1:]), int(labels.max()) + 1)
    optimizer = torch.optim.SGD(model.parameters(), lr=RATE, momentum=MOMENTUM)
    for _ in range(epochs):
        for batch in torch.randperm(len(images)).split(BATCH):
            optimizer.zero_grad()
            functional.cross_entropy(model(images[batch]), labels[batch]).backward()
            optimizer.step()
    return model


def vgg16(share: int = 1) -> nn.Sequential:
    """VGG16 for images of 32 x 32, untrained: 13 convolutions and three linear layers, each divided by ``share`` in width."""
    model, inputs = nn.Sequential(), 3
    for outputs in (width // share for width in VGG16):
        if outputs:
            model.extend([nn.Conv2d(inputs, outputs, 3, padding=1), nn.ReLU(inplace=True)])
            inputs = outputs
        else:
            model.append(nn.MaxPool2d(2))
    wide = 4096 // share
    model.extend([nn.Flatten(), nn.Linear(inputs, wide), nn.ReLU(inplace=True), nn.Linear(wide, wide)])
    model.extend([nn.ReLU(inplace=True), nn.Linear(wide, 100)])
    for module in model:
        if isinstance(module, nn.Conv2d | nn.Linear):
            nn.init.kaiming_normal_(module.weight, nonlinearity="relu")
    return model


def million() -> nn.Sequential:
    """A convolution with 256 x 64 x 64 = 1,048,576 features, for images of 1 x 64 x 64."""
    return nn.Sequential(nn.Conv2d(1, 256, 3, padding=1))


# As in :mod:`benchmarks.case`; the time of inner products includes the passes through the network.
PLACES = {
    "inner products": ("empirical.geometry.layer_rows.activation_sums",),
    "centres": ("theory.geometry.manifolds.center_structure",),
    "solver": ("theory.geometry.anchor_statistics.anchor_weights",),
}
# Capacity, radius and dimension alone.
ALONE = {"resamples": 0, "joint_draws": 0, "baseline": False}
NETWORKS = {"vgg16": (vgg16, (3, 32, 32)), "quarter": (partial(vgg16, 4), (3, 32, 32)), "million": (million, (1, 64, 64))}


def run(case: dict) -> dict:
    """Time, geometry and peak memory of measuring all layers of a network once on Gaussian images, by name."""
    if case["network"] == "small VGG":
        folder, data = Path(case["folder"]), case["data"] and Path(case["data"])
        return {"files": small_vgg_layers(folder, data, case["epochs"])}
    torch.manual_seed(0)
    build, shape = NETWORKS[case["network"]]
    n_manifolds, n_points, groups = case["n_manifolds"], case["n_points"], case.get("groups", 1)
    model, images = build(), torch.randn(groups, n_manifolds * n_points, *shape)
    labels = torch.arange(n_manifolds).repeat_interleave(n_points)
    names = [name for name, module in model.named_modules() if isinstance(module, nn.Conv2d | nn.Linear)]
    side = case.get("side", machine.SIDE)
    rate, before, kept = machine.product_rate(None, side), machine.peak_bytes(), []
    baseline = case.get("baseline", False)
    options: dict[str, Any] = {name: case[name] for name in ("n_points", "n_probes", "correlations")}
    options |= {**ALONE, "baseline": baseline, "on_error": "raise"}

    def measure() -> None:
        for group in images:
            kept.extend(layer_geometry(model, group, labels, names, **options))

    with warnings.catch_warnings(), machine.clocked(PLACES) as spent:
        warnings.simplefilter("ignore")
        wall, used = machine.seconds(measure)
    # The better of two rates, because other processes may have slowed one of them.
    rate = max(rate, machine.product_rate(None, side))
    needed = (1 + baseline) * sum(operations(n_manifolds, n_points, row.n_features, case["n_probes"]) for row in kept)
    # Of the cavity method the products are not counted.
    reached = {"operations": needed, "product_rate": rate, "product_rate_reached": needed / wall / rate}
    return {
        "shape": [n_manifolds, n_points, max(row.n_features for row in kept)],
        "seconds": wall,
        "processor_seconds": used,
        "shares": {name: seconds / wall for name, seconds in spent.items()},
        "peak_bytes": machine.peak_bytes(),
        "bytes_before": before,
        "kkt_residual": max(row.kkt_residual for row in kept),
        "rows": [asdict(row) for row in kept],
        **({} if case["correlations"] == "cavity" else reached),
    }
