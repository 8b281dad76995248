"""The geometry of a network of the user on images of the user: ``python -m empirical measure MODEL --images FOLDER``."""

import argparse
import sys
import warnings
from contextlib import redirect_stdout
from dataclasses import dataclass, replace
from pathlib import Path

import torch
from torch import Tensor, nn

from empirical.activations.models import device_of, dtype_of
from empirical.errors import ModelError
from empirical.geometry.layers import layer_geometry
from empirical.layer_tables.table import LayerTable
from empirical.pipeline import model_files, own_images
from empirical.pipeline.model_source import built, failed
from empirical.pipeline.model_weights import load_weights
from empirical.pipeline.own_images import OwnImages
from empirical.pipeline.preprocessing import Preprocessing
from empirical.pipeline.shown_progress import progress

POINTS, PROBES = 50, 300
GIB = 2**30
# Bytes for the inner products of n points, in n^2; above so many GiB it is said.
BYTES, MUCH = 32, 4
PASSED_ON = ("correlations", "resamples", "joint_draws", "tokens")


@dataclass(frozen=True)
class OwnNetwork:
    """A network of the user and the images it is measured on.

    told: what they are, as pairs of a heading and words.
    """

    name: str
    model: nn.Module
    images: OwnImages
    seed: int
    told: tuple[tuple[str, str], ...]


def prepared(options: argparse.Namespace) -> OwnNetwork:
    """The network that the options name, with its weights, and its images, after two images went through it.

    What the user's own code prints goes to stderr, so that stdout has the table alone.

    :raises ModelError: the network cannot be built, or fails on an image.
    :raises LabelsError: the images or labels are wrong, or the preprocessing does not fit.
    """
    seed = _or(options.seed, 0)
    how = Preprocessing(options.size, options.channels, options.mean, options.std)
    with redirect_stdout(sys.stderr):
        model, weights = _model(options, seed)
        images = own_images.read(_images(options), _or(options.points, POINTS), seed, how)
        images = replace(images, inputs=_like_weights(images.inputs, model))
        _require_runs(model, images)
    told = (("model", f"{options.run}: {_size(model)}"), ("weights", weights), *images.told, *_memory(images))
    return OwnNetwork(options.run, model, images, seed, told)


def measured(own: OwnNetwork, options: argparse.Namespace) -> LayerTable:
    """The geometry of the network's layers.

    :raises ActivationError: a layer does not exist.
    :raises GeometryError: nothing can be measured.
    """
    given = {name: getattr(options, name) for name in PASSED_ON if getattr(options, name) is not None}
    given |= {"n_points": None, "n_probes": _or(options.probes, PROBES), "seed": own.seed}
    with redirect_stdout(sys.stderr), warnings.catch_warnings(), progress(f"measuring {own.name}") as report:
        # They are told beneath the table.
        warnings.filterwarnings("ignore", message="layers that (are not in the table|have no geometry)")
        given["progress"] = lambda _layer, done, total: report(done, total)
        return layer_geometry(own.model, own.images.inputs, own.images.labels, options.layers, **given)


def _or(given: int | None, default: int) -> int:
    return default if given is None else given


def _model(options: argparse.Namespace, seed: int) -> tuple[nn.Module, str]:
    """The network on its device, in evaluation mode, and in words where its weights are from."""
    target, trust = options.run, bool(options.trust)
    # A network without weights of its own has random ones, which the seed then says.
    torch.manual_seed(seed)
    if target.endswith(model_files.ENDS):
        model, told = model_files.whole_model(Path(target), trust), f"those in {target}"
    else:
        model, told = built(target), f"those that {target} gives it (no --weights)"
    if options.weights is not None:
        told = load_weights(model, options.weights, trust)
    if options.device:
        model.to(_device(options.device))
    return model.eval(), told


def _size(model: nn.Module) -> str:
    return f"{type(model).__name__}, {sum(parameter.numel() for parameter in model.parameters()):,} parameters"


def _device(name: str) -> torch.device:
    try:
        device = torch.device(name)
        torch.empty(0, device=device)
    except (RuntimeError, AssertionError) as error:
        raise ModelError(f"--device {name} cannot be used ({str(error).splitlines()[0]}); give another, such as cpu") from error
    return device


def _images(options: argparse.Namespace) -> Path:
    if options.images is None:
        raise ModelError(
            f"to measure {options.run}, images are needed: --images FOLDER, with one sub-folder for each class or with "
            "labels.csv (file,label); or --images DATA.npz, with arrays images and labels"
        )
    return options.images


def _like_weights(inputs: Tensor, model: nn.Module) -> Tensor:
    return inputs.to(dtype_of(model) or inputs.dtype)


def _require_runs(model: nn.Module, images: OwnImages) -> None:
    """Raise an error of the network's own code before anything is measured, with the shape that it received.

    Two images are run, because networks with batch statistics that are left in training mode cannot run one.
    """
    two = images.inputs[:2].to(device_of(model))
    try:
        with torch.no_grad():
            model(two)
    except Exception as error:
        found = failed(f"the network, given two images as {two.dtype} {tuple(two.shape)},", error)
        raise ModelError(f"{found}; --size, --channels and the network have to fit") from error


def _memory(images: OwnImages) -> list[tuple[str, str]]:
    """What the inner products need, where that is much."""
    needed = BYTES * len(images.labels) ** 2 / GIB
    words = f"some {needed:.0f} GiB for inner products; lower --points if that is too much"
    return [("memory", words)] if needed > MUCH else []
