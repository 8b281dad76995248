"""The work on one network, from training to measured rows; work whose result is on the disk is not repeated."""

import hashlib
import json
import threading
from collections.abc import Sequence
from pathlib import Path

from empirical.evidence.measurement import table_text
from empirical.runs.folders import (
    OUTPUTS,
    PICTURED,
    STEPS,
    checks_path,
    discard_checkpoints,
    held,
    is_measured,
    measured_folder,
    moments_path,
    network_folder,
    rows_path,
)
from empirical.runs.instruments import SMALL_NETWORKS
from empirical.runs.runspec import RunSpec
from empirical.storage import make_folder, write_atomic

# A process has one generator in torch for initial weights and dropout.
_ALONE = threading.Lock()


def run_network(spec: RunSpec, network: int, folder: Path, steps: Sequence[str] = STEPS, discard: bool = False) -> None:
    """Train or measure one network, or both, in this process and on one thread.

    The network is locked while this worker has it. Another worker waits and then finds the work done; this can happen when a
    worker was given up for lost but still runs.

    :param folder: the run's folder.
    :param steps: "train", "measure", or both.
    :param discard: delete the checkpoints after the network is measured.
    :raises GeomemError: the message says the cause and what to do; finished work is kept.
    """
    import torch
    from threadpoolctl import threadpool_limits

    with _ALONE, held(folder, network):
        torch.set_num_threads(1)
        with threadpool_limits(1):
            _run_network(spec, network, folder, steps)
        if discard and is_measured(measured_folder(spec, folder), network):
            discard_checkpoints(folder, network)


def _run_network(spec: RunSpec, network: int, folder: Path, steps) -> None:
    from empirical.geometry.class_manifolds import manifolds_of
    from empirical.instruments.small_networks.data_kinds import real_examples
    from empirical.training.subject import Subject
    from empirical.training.train import train

    weights, measured = network_folder(folder, network), measured_folder(spec, folder)
    if "measure" in steps and is_measured(measured, network):
        return
    subject = Subject.of(spec, network)
    if "measure" in steps:
        # What cannot be measured raises its error before hours of training.
        manifolds_of(subject)
        if set(spec.instruments) & set(SMALL_NETWORKS):
            real_examples(subject)
    if "train" in steps:
        train(subject, weights)
    if "measure" in steps:
        _measure(subject, weights, make_folder(measured))


def _measure(subject, weights: Path, measured: Path) -> None:
    from empirical.instruments.measure import final_digest, measure, turning_point
    from empirical.instruments.output_picture import outputs, table_of
    from empirical.pipeline.progress import reporter

    kept = moments_path(measured, subject.network)
    rows, checks = measure(subject, weights, kept, reporter(measured, subject.network))
    content = table_text(rows).encode()
    written = {rows_path(measured, subject.network): content}
    if subject.network == PICTURED:
        # A network that is not trained has no picture of its training.
        epochs = sorted({0, turning_point(rows), subject.spec.epochs}) if subject.spec.epochs else []
        pictured = outputs(subject, weights, epochs)
        written[measured / OUTPUTS] = table_of(pictured).encode()
    for path, text in written.items():
        write_atomic(path, text)
    about = {
        "checks": checks,
        "final_digest": final_digest(subject, weights),
        "sha256": {path.name: hashlib.sha256(text).hexdigest() for path, text in written.items()},
    }
    write_atomic(checks_path(measured, subject.network), json.dumps(about).encode())
    kept.unlink(missing_ok=True)
