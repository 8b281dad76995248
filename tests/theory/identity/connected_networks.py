"""Fully connected networks of finite width without biases, many at once, trained by gradient descent in numpy.

A layer multiplies by sqrt(gain / inputs) times its weights, which are standard Gaussian, so that its learning rate is
divided by its number of inputs.
"""

from itertools import pairwise

import numpy as np


def drawn(rng, n_networks, sizes):
    """The weights of each layer, (networks, outputs, inputs)."""
    return [rng.standard_normal((n_networks, out, into)) for into, out in pairwise(sizes)]


def activations(weights, gain, activation, images):
    """The images, (D, m) or (networks, D, m), and what each layer makes of them; ReLU or the identity between layers."""
    found = [images]
    for index, layer in enumerate(weights):
        found.append(np.sqrt(gain / layer.shape[2]) * (layer @ found[-1]))
        if activation == "relu" and index < len(weights) - 1:
            found[-1] = np.maximum(found[-1], 0)
    return found


def outputs(weights, gain, activation, images):
    return activations(weights, gain, activation, images)[-1]


def trained(weights, gain, activation, images, targets=None, share=0.25, relative_loss=1e-6, most_steps=5000, n_steps=None):
    """The weights after gradient descent to a loss relative to the targets' square, or after a number of steps.

    images, targets: (D, n). share: the step, times the curvature of an infinitely wide network at the start.
    """
    targets = images if targets is None else targets
    weights, depth = [layer.copy() for layer in weights], len(weights)
    halves = 2 ** (depth - 1) if activation == "relu" else 1
    rate = share * halves / (depth * gain**depth * (images**2).sum() / len(images))
    for _ in range(most_steps if n_steps is None else n_steps):
        layers = activations(weights, gain, activation, images)
        slope = layers[-1] - targets
        if n_steps is None and (slope**2).sum((1, 2)).max() < relative_loss * (targets**2).sum():
            return weights
        for index in reversed(range(depth)):
            slope = slope * np.sqrt(gain / weights[index].shape[2])
            below = np.swapaxes(weights[index], 1, 2) @ slope if index else None
            weights[index] -= rate * (slope @ np.swapaxes(layers[index], -1, -2))
            slope = below * (layers[index] > 0) if activation == "relu" and index else below
    assert n_steps is not None, f"loss {(slope**2).max():.1e} after {most_steps} steps"
    return weights


def cosines(one, other):
    """Cosines of columns, over the axis before the last."""
    return (one * other).sum(-2) / np.linalg.norm(one, axis=-2) / np.linalg.norm(other, axis=-2)
