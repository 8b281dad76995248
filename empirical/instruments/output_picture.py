"""The network's outputs in two dimensions at three epochs, as the picture of the paper's blog shows them.

A picture, not a measurement: t-SNE of the logits keeps neighbourhoods, and distorts everything else.
"""

import csv
import io
from dataclasses import astuple, dataclass, fields
from pathlib import Path

import numpy as np
import torch
from sklearn.manifold import TSNE

from empirical.training.subject import Subject

PICTURED = 300


@dataclass(frozen=True)
class Output:
    """One training image at one epoch: its true label, the label trained on, whether permuted, and where its output lies."""

    epoch: int
    image: int
    true: int
    trained: int
    permuted: int
    x: float
    y: float


def outputs(subject: Subject, folder: Path, epochs: list[int]) -> list[Output]:
    """The logits of up to 300 unpermuted and 300 permuted images, embedded at each epoch by itself."""
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
    return TSNE(init="pca", perplexity=min(30.0, len(logits) / 4), random_state=0, n_jobs=1).fit_transform(logits)


def table_of(rows: list[Output]) -> str:
    """The rows as CSV."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(field.name for field in fields(Output))
    writer.writerows(astuple(row) for row in rows)
    return out.getvalue()
