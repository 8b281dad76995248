"""The training and measuring of some networks of a world at once, on one thread; rows on the disk are not made again."""

import json
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
from threadpoolctl import threadpool_limits

from empirical.errors import GeomemError
from empirical.evidence.measurement import Measurement, Reading, finite_checks, table_text
from empirical.identity.groups import PICTURED, Files, sha256
from empirical.identity.identity_spec import IdentitySpec
from empirical.identity.images import NetworkImages, network_images
from empirical.identity.pictures import pictures, table_of
from empirical.identity.quantities import TRAINED, TRAINING
from empirical.identity.readings import INPUT_LAYER, layer_name, readings
from empirical.separability.certificates import Uncertified
from empirical.storage import make_folder, write_atomic
from empirical.toy_models.one_image_networks import Architecture, Connected, Convolutional, Weights, initial_weights
from empirical.toy_models.one_image_training import NotReproduced, Reproducers, train
from empirical.toy_models.stacked_optimizers import Adam, Descent, Optimizer


def architecture_of(spec: IdentitySpec) -> Architecture:
    """The architecture of a world's networks."""
    if spec.architecture == "connected":
        return Connected(spec.depth, spec.width, spec.gain, spec.activation, spec.skip)
    return Convolutional(spec.depth, spec.kernel, spec.width, spec.gain, spec.activation, spec.padding, spec.skip)


def optimizer_of(spec: IdentitySpec) -> Optimizer:
    """The optimizer of a world's networks."""
    return Adam(spec.rate) if spec.optimizer == "adam" else Descent(spec.rate, spec.momentum)


def run_group(spec: IdentitySpec, networks: Sequence[int], folder: Path) -> None:
    """Train and measure networks, and write their rows, unless they are there.

    :param folder: where the files of the value are.
    :raises GeomemError: a network does not come down to the loss, is off everywhere, or needs too much memory.
    """
    files = Files.of(make_folder(folder), networks)
    if files.are_made():
        return
    torch.set_num_threads(1)
    try:
        with threadpool_limits(1):
            _run(spec, networks, files)
    except (Uncertified, ValueError, MemoryError, RuntimeError) as error:
        raise GeomemError(f"{spec.name}, networks {networks[0]} to {networks[-1]}: {error}") from error


def _run(spec: IdentitySpec, networks, files: Files) -> None:
    started, images = time.process_time(), [network_images(spec, network) for network in networks]
    seeds = [int(spec.rng(network, "weights").integers(2**63)) for network in networks]
    shown = np.stack([one.training for one in images])
    architecture = architecture_of(spec)
    try:
        found = train(architecture, shown, seeds, optimizer_of(spec), spec.relative_loss, spec.most_steps)
    except NotReproduced as error:
        raise GeomemError(
            _not_reproduced(spec, {networks[seeds.index(seed)]: loss for seed, loss in error.losses.items()})
        ) from error
    initial = initial_weights(architecture, (spec.side, spec.side), seeds)
    rows = [row for place in range(len(networks)) for row in _rows(spec, networks[place], found, initial, images[place], place)]
    pictured = b""
    if networks[0] == PICTURED:
        pictured = table_of(pictures(architecture, _of(0, initial), _of(0, found.weights), images[0])).encode()
        write_atomic(files.pictures, pictured)
    text = table_text(rows).encode()
    write_atomic(files.rows, text)
    about = {
        "checks": {"converged": bool(np.all(found.relative_loss <= spec.relative_loss)), **finite_checks(rows)},
        "final_digests": {network: _digest(_of(place, found.weights)) for place, network in enumerate(networks)},
        "seconds": round(time.process_time() - started, 1),
        "rows_sha256": sha256(text),
        "pictures_sha256": sha256(pictured) if pictured else "",
    }
    write_atomic(files.about, json.dumps(about).encode())


def _rows(spec, network, found: Reproducers, initial, images: NetworkImages, place) -> list[Measurement]:
    depths = {INPUT_LAYER: 0.0} | {layer_name(index): index / spec.depth for index in range(1, spec.depth + 1)}
    ends = [
        Reading("relative_loss", TRAINING, float(found.relative_loss[place]), 0.0, spec.n_images, epoch=TRAINED),
        Reading("training_steps", TRAINING, float(found.steps[place]), 0.0, 1, epoch=TRAINED),
        Reading("parameters", TRAINING, float(sum(layer[0].numel() for layer in initial)), 0.0, 1, epoch=TRAINED),
    ]
    measured = [*readings(found.architecture, _of(place, initial), _of(place, found.weights), images), *ends]
    return [
        Measurement(network, spec.seed, r.epoch or 0, r.layer, depths.get(r.layer, 1.0), r.group, r.choice, *_numbers(r))
        for r in measured
    ]


def _numbers(reading: Reading) -> tuple[str, float, float, int]:
    return reading.quantity, reading.value, reading.se, reading.n


def _of(place: int, weights: Weights) -> Weights:
    """The weights of one network of several."""
    return [layer[place : place + 1] for layer in weights]


def _not_reproduced(spec: IdentitySpec, losses: dict[int, float]) -> str:
    worst = ", ".join(f"{network} ({loss:.2g})" for network, loss in losses.items())
    return (
        f"{spec.name}: networks have not come down to the relative loss {spec.relative_loss:g} in {spec.most_steps:,} steps. "
        f"Networks and losses: {worst}. A loss near 1 comes from units that are all off, and one that is not finite from too "
        "large a rate: lower rate; otherwise raise most_steps"
    )


def _digest(weights: Weights) -> str:
    return sha256(b"".join(layer.numpy().tobytes() for layer in weights))
