"""The geometry of one network of a run, read from its checkpoint: layer by layer and group by group."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import numpy as np
import torch
from safetensors import SafetensorError, safe_open
from torch import Tensor, nn

from empirical import networks
from empirical.errors import CheckpointError, GeometryError
from empirical.evidence.names import GROUPS, INPUT
from empirical.geometry.class_manifolds import manifolds_of
from empirical.geometry.layers import layer_geometry
from empirical.geometry.readings import probing
from empirical.layer_tables.rows import LayerGeometry
from empirical.runs import runspec, sweeps
from empirical.runs.runspec import RunSpec
from empirical.training.checkpoints import ABOUT, load
from empirical.training.subject import Subject

MOMENTUM = "momentum."


@dataclass(frozen=True, kw_only=True)
class GroupGeometry(LayerGeometry):
    """The geometry of the class manifolds of one group of images, in one layer of one network.

    run, network, epoch: the network whose geometry it is.
    group, choice: as in :class:`empirical.evidence.measurement.Measurement`; the choice "shuffled" is the shuffled baseline of
        the permuted group.
    """

    run: str
    network: int
    epoch: int
    group: str
    choice: str


def checkpoint_geometry(
    path: Path,
    layers: Sequence[str] | None = None,
    *,
    run: str | None = None,
    seed: int | None = None,
    n_points: int | None = None,
    n_probes: int | None = None,
    correlations: int | str = "cavity",
    resamples: int = 8,
    joint_draws: int = 20,
    device: str | None = None,
) -> list[GroupGeometry]:
    """The geometry of a checkpoint's network, measured on the images of its run: one record for each layer and group.

    With the run's own points and probes and no resamples, these are the numbers of the run's bundle: with "cavity" its
    cavity_capacity and so on, with "published" its corrected_capacity, with 0 its capacity.

    :param path: file of the checkpoint.
    :param layers: names of layers; None stands for the input and all layers of the network.
    :param run: name or TOML file of the run that trained the network; None looks for it among the runs of the package.
    :param seed: root seed, replaces that of the run.
    :param n_points, n_probes: points and probes of each manifold, replace those of the run.
    :param correlations, resamples, joint_draws: see :class:`empirical.geometry.layers.Measuring`.
    :param device: "cpu" or "cuda", replaces that of the run.
    :raises CheckpointError: the checkpoint is missing, corrupt or altered, this program did not write it, or its run is not
        known.
    :raises ActivationError: a layer does not exist.
    :raises GeometryError: manifolds cannot be measured; the message names group and layer.
    """
    state, owner, epoch = _read(path)
    spec, network = _run_of(path, owner, run, seed)
    given = {"geometry_points": n_points, "geometry_probes": n_probes, "device": device}
    spec = replace(spec, **{name: value for name, value in given.items() if value is not None})
    subject = Subject.of(spec, network)
    model = subject.build()
    _restore(model, state, path)
    names = list(dict.fromkeys(layers or [INPUT, *networks.layers(model)]))
    how = {"correlations": correlations, "resamples": resamples, "joint_draws": joint_draws}
    rows = [row for one in _groups(model.eval(), subject, names, how, epoch) for row in one]
    return sorted(rows, key=lambda row: (names.index(row.layer), GROUPS.index(row.group)))


def _groups(model: nn.Module, subject: Subject, names: list[str], how: dict, epoch: int) -> Iterator[list[GroupGeometry]]:
    images = subject.all_images()
    options = {"n_points": None, "on_error": "raise", "progress": False, **how, **probing(subject)}
    for (group, choice), index in manifolds_of(subject).items():
        labels = np.repeat(np.arange(len(index)), index.shape[1])
        try:
            found = layer_geometry(model, images[torch.from_numpy(index.ravel())], labels, names, **options)
        except GeometryError as error:
            raise GeometryError(f"group {f'{group} {choice}'.strip()}: {error}") from error
        about = {"run": subject.spec.name, "network": subject.network, "epoch": epoch, "group": group, "choice": choice}
        yield [GroupGeometry(**asdict(row), **about) for row in found]


def _read(path: Path) -> tuple[dict[str, Tensor], str, int]:
    """The weights, the name of their owner, and the epoch."""
    if not path.is_file():
        raise CheckpointError(
            f"the checkpoint {path} does not exist; python -m empirical train RUN prints the folder of a run's checkpoints"
        )
    again = "train its network again: python -m empirical train RUN"
    try:
        with safe_open(path, framework="pt") as file:
            about = json.loads((file.metadata() or {}).get(ABOUT, "{}"))
    except (SafetensorError, OSError, ValueError) as error:
        raise CheckpointError(f"{path} is truncated, corrupt, or no safetensors file ({error}); {again}") from error
    if not isinstance(about, dict) or not {"run", "epoch", "digest"} <= about.keys():
        raise CheckpointError(
            f"{path} was not written by this program; if it has the weights of your own network, give what builds that: python "
            f"-m empirical measure FILE.py:NAME --weights {path} --images FOLDER"
        )
    try:
        tensors, epoch = load(path, about["run"])
    except CheckpointError as error:
        raise CheckpointError(f"{str(error).rpartition('; ')[0]}; {again}") from error
    return {name: value for name, value in tensors.items() if not name.startswith(MOMENTUM)}, about["run"], epoch


def _run_of(path: Path, owner: str, run: str | None, seed: int | None) -> tuple[RunSpec, int]:
    """The run that trained the network, and the number of the network."""
    digest, _, network = owner.rpartition("/")
    changes = {} if seed is None else {"seed": seed}
    for name in runspec.names() if run is None else [run]:
        for spec in sweeps.load(name, **changes).specs:
            if spec.training_digest == digest and network.isdigit():
                return spec, int(network)
    tried = f"run {run}" if run is not None else f"any of the runs {', '.join(runspec.names())}"
    own = "its own seed" if seed is None else f"seed {seed}"
    raise CheckpointError(
        f"{path} was not trained by {tried} with {own}; give the run that trained it, --run NAME_OR_TOML, and --seed N where "
        "it was not that run's own"
    )


def _restore(model: nn.Module, state: dict[str, Tensor], path: Path) -> None:
    try:
        model.load_state_dict(state)
    except RuntimeError as error:
        raise CheckpointError(
            f"{path} has other weights than its run's network ({str(error).splitlines()[0]}); give the run that trained it: "
            "--run NAME_OR_TOML"
        ) from error
