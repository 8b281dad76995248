"""Train eight small networks with numpy, and record what they get right: evidence for geomem, from a loop of our own."""

import numpy as np

from geomem import Recorder

CLASSES, FEATURES, HIDDEN, EPOCHS = 4, 40, 256, 40


def images(rng, centers, n):
    """n images around the centers of their classes, (n, FEATURES), and their labels, (n,)."""
    labels = rng.integers(CLASSES, size=n)
    return centers[labels] + rng.normal(size=(n, FEATURES)), labels


def hidden(weights, x):
    return np.maximum(x @ weights[0], 0)


def returned(weights, x):
    """The label that the network returns for each image."""
    return (hidden(weights, x) @ weights[1]).argmax(axis=1)


def one_epoch(rng, weights, x, labels, rate=0.05, batch=20):
    """Gradient descent on the cross-entropy, one pass over the images in batches."""
    for some in np.array_split(rng.permutation(len(x)), len(x) // batch):
        h = hidden(weights, x[some])
        scores = np.exp(h @ weights[1] - (h @ weights[1]).max(axis=1, keepdims=True))
        error = scores / scores.sum(axis=1, keepdims=True) - np.eye(CLASSES)[labels[some]]
        back = (error @ weights[1].T) * (h > 0)
        weights[0] -= rate * x[some].T @ back / len(some)
        weights[1] -= rate * h.T @ error / len(some)


data = np.random.default_rng(0)
centers = 0.5 * data.normal(size=(CLASSES, FEATURES))
(x, true), (test, test_labels) = images(data, centers, 400), images(data, centers, 1000)
permuted = np.arange(len(x)) % 2 == 0
trained = np.where(permuted, data.permutation(true), true)

recorder = Recorder("ours", "evidence", n_classes=CLASSES, permuted_fraction=0.5, epochs=EPOCHS)
# Killed and started again, it continues; run twice, it trains nothing.
for network in (number for number in range(8) if number not in recorder.networks):
    rng = np.random.default_rng(network)
    weights = [rng.normal(size=(FEATURES, HIDDEN)) / FEATURES**0.5, rng.normal(size=(HIDDEN, CLASSES)) / HIDDEN**0.5]
    for epoch in range(EPOCHS + 1):
        if epoch:
            one_epoch(rng, weights, x, trained)
        found = returned(weights, x)
        recorder.accuracy(network, epoch, "unpermuted", found[~permuted] == true[~permuted])
        recorder.accuracy(network, epoch, "permuted", found[permuted] == trained[permuted])
        recorder.accuracy(network, epoch, "restored", found[permuted] == true[permuted])
        recorder.accuracy(network, epoch, "test", returned(weights, test) == test_labels)
    recorder.write()
print(recorder.folder, "answers", *(claim for claim, missing in recorder.answers().items() if not missing))
