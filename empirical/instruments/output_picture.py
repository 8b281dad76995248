"""The outputs of a network in two dimensions at three epochs, as the picture of the paper's blog shows them.

It is a picture, not a measurement: t-SNE of the logits keeps neighbourhoods and distorts everything else.
"""

import csv
import io
from dataclasses import astuple, dataclass, fields
from pathlib import Path

import numpy as np
import torch

from empirical.training.subject import Subject

PICTURED = 150


@dataclass(frozen=True)
class Output:
    """The output for one training image at one epoch: the image's labels, and the position of its output in the picture.

    true: the true label.
    trained: the label trained on.
    permuted: whether the label took part in the permutation, 0 or 1.
    x, y: the position.
    """

    epoch: int
    image: int
    true: int
    trained: int
    permuted: int
    x: float
    y: float


def outputs(subject: Subject, folder: Path, epochs: list[int]) -> list[Output]:
    """The positions of the outputs for up to 150 unpermuted and 150 permuted images; each epoch is embedded separately.

    :param folder: folder of the network's checkpoints.
    """
    labels, rng = subject.labels, subject.spec.rng(subject.network, "pictured")
    groups = [labels.unpermuted, labels.permuted]
    index = np.concatenate([rng.choice(group, min(PICTURED, len(group)), replace=False) for group in groups])
    rows = []
    for epoch in epochs:
        with torch.no_grad():
            logits = subject.at(folder, epoch)(subject.images[torch.from_numpy(index)]).cpu().numpy()
        for image, (x, y) in zip(index.tolist(), _embed(logits), strict=True):
            known = int(labels.true[image]), int(labels.trained[image]), int(labels.drawn[image])
            rows.append(Output(epoch, image, *known, round(float(x), 3), round(float(y), 3)))
    return rows


def _embed(logits: np.ndarray) -> np.ndarray:
    # One network of many is pictured, and to load this takes a second.
    from sklearn.manifold import TSNE

    return TSNE(init="pca", perplexity=min(30.0, len(logits) / 4), random_state=0, n_jobs=1).fit_transform(logits)


def table_of(rows: list[Output]) -> str:
    """The rows as CSV text."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(field.name for field in fields(Output))
    writer.writerows(astuple(row) for row in rows)
    return out.getvalue()
