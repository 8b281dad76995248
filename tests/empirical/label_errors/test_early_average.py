"""Averages to 2E against the simple way, which keeps the scores of all epochs."""

import numpy as np
import pytest

from empirical.label_errors.early_average import EarlyAverage

N = 5


def simple(losses, margins, suggested, held_out):
    best = int(np.argmin(held_out)) + 1
    last = min(2 * best, len(losses))
    return losses[:last].mean(0), margins[1:last].mean(0) if last > 1 else None, suggested[best - 1], last, best


@pytest.mark.parametrize("seed", range(40))
def test_averages_are_those_of_kept_epochs(seed):
    """Also where the least loss is found late, more than once, or at the last epoch."""
    rng = np.random.default_rng(seed)
    n_epochs = int(rng.integers(1, 30))
    losses, margins = rng.random((2, n_epochs, N))
    suggested, held_out = rng.integers(0, 9, (n_epochs, N)), rng.random(n_epochs)
    average = EarlyAverage(N)
    for epoch in range(n_epochs):
        average.add(losses[epoch], margins[epoch] if epoch else None, suggested[epoch], held_out[epoch])
        found, wanted = average.averages(), simple(*(kept[: epoch + 1] for kept in (losses, margins, suggested, held_out)))
        np.testing.assert_allclose(found.loss, wanted[0])
        assert (found.margin is None) == (wanted[1] is None)
        if wanted[1] is not None:
            np.testing.assert_allclose(found.margin, wanted[1])
        np.testing.assert_array_equal(found.suggested, wanted[2])
        assert (found.epochs, found.best) == wanted[3:]
        assert average.reached == (epoch + 1 >= 2 * found.best)


def test_memory_does_not_grow_with_epochs():
    average = EarlyAverage(N)
    sizes = []
    for epoch in range(50):
        average.add(np.ones(N), np.ones(N), np.zeros(N, dtype=int), 1 / (epoch + 1))
        arrays = [average.losses, average.margins, average.suggested]
        arrays += [value for value in vars(average._kept).values() if isinstance(value, np.ndarray)] if average._kept else []
        sizes.append(sum(array.nbytes for array in arrays))
    assert max(sizes) <= 3 * min(sizes)


def test_without_held_out_examples_all_epochs_count():
    average = EarlyAverage(N)
    for epoch in range(4):
        average.add(np.full(N, float(epoch)), None, np.full(N, epoch), None)
    found = average.averages()
    assert found.loss.tolist() == [1.5] * N
    assert (found.epochs, found.best, found.margin, average.reached) == (4, 0, None, False)
    assert found.suggested.tolist() == [3] * N
