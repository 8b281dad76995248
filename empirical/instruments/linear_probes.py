"""Linear probes: the labels that a linear readout decodes from a layer's features, whatever the network does with them.

Sources: Alain & Bengio 2017; for networks that memorized, Ketha & Ramaswamy 2025 (arXiv 2501.14687). A linear probe is a ridge
classifier on standardized features; the features of a convolution are averaged over patches of the image.
"""

from collections.abc import Iterator

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from empirical.activations.recording import BATCH
from empirical.evidence.measurement import Reading
from empirical.evidence.names import INPUT, PERMUTED, REPORT, RESTORED, TEST
from empirical.instruments.accuracies import share_of
from empirical.instruments.sampling import sampled
from empirical.training.subject import Subject

QUANTITY = "probe_accuracy"
# Largest number of features of a linear probe: patches grow until channels times patches are no more.
FEATURES = 512
# Ridge penalty for each training image, in units of a standardized feature's variance.
PENALTY = 0.1
FOLDS = 5


def probe_readings(model: nn.Sequential, subject: Subject, names: list[str]) -> Iterator[Reading]:
    """The accuracies of linear probes of each layer, with binomial standard errors over images.

    On the permuted images, probes are cross-validated for the label trained on (group "permuted") and for the true label (group
    "restored"). On the half "report" of the test images, a probe fitted to the training images and the labels trained on is
    compared with the true label (group "test").

    :param names: names of layers.
    """
    small = sampled(subject)
    images, true = small.tests[REPORT]
    permuted, n_train = small.labels.permuted, len(small.images)
    for layer, values in _pooled(model, torch.cat([small.images, images]), names).items():
        train, test = values[:n_train], values[n_train:]
        if len(permuted):
            for group, labels in ((PERMUTED, small.labels.trained), (RESTORED, small.labels.true)):
                decoded = _decoded(train[permuted], labels[permuted])
                yield Reading(QUANTITY, group, *share_of(decoded), layer=layer)
        predicted = _probe(n_train).fit(train, small.labels.trained).predict(test)
        yield Reading(QUANTITY, TEST, *share_of(predicted == true.numpy()), REPORT, layer)


def _decoded(features: np.ndarray, labels: np.ndarray) -> np.ndarray:
    """Whether the label of each image is decoded by a probe fitted to the other folds."""
    from sklearn.model_selection import KFold, cross_val_predict

    n_train = len(features) * (FOLDS - 1) // FOLDS
    folds = KFold(FOLDS, shuffle=True, random_state=0)
    return np.equal(np.asarray(cross_val_predict(_probe(n_train), features, labels, cv=folds)), labels)


def _probe(n_train: int):
    # To load these takes a second, which runs without probes do not spend.
    from sklearn.linear_model import RidgeClassifier
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    return make_pipeline(StandardScaler(), RidgeClassifier(alpha=PENALTY * n_train))


def _pooled(model: nn.Sequential, images: Tensor, names: list[str]) -> dict[str, np.ndarray]:
    """Features of the layers, (n, at most FEATURES) or (n, units), float64."""
    found: dict[str, list[Tensor]] = {name: [] for name in names}
    with torch.no_grad():
        for batch in images.split(BATCH):
            values = batch
            for name, block in ((INPUT, nn.Identity()), *model.named_children()):
                values = block(values)
                if name in found:
                    found[name].append(_patches(values))
    return {name: torch.cat(parts).double().cpu().numpy() for name, parts in found.items()}


def _patches(values: Tensor) -> Tensor:
    if values.ndim < 4:
        return values
    side = values.shape[-1]
    while values.shape[1] * side**2 > FEATURES and side > 1:
        side //= 2
    return functional.adaptive_avg_pool2d(values, side).flatten(1)
