import numpy as np
import pytest

from verify.judging.verdicts import NotAsked
from verify.measurements.geometry_methods import by_method
from verify.measurements.runs import Runs
from verify.measurements.series import Key, Series

EPOCHS = np.array([0, 5])
WHOLE = np.array([[1.0, 2.0], [3.0, 4.0]])


def runs(**layers):
    """Runs of two networks: the joint capacity of the groups "permuted" and "unpermuted" in each layer."""
    table = {
        Key("joint_capacity", group, "", layer): Series(EPOCHS, np.array(values))
        for layer, both in layers.items()
        for group, values in zip(("permuted", "unpermuted"), both, strict=True)
        if values is not None
    }
    return Runs("w", table, 2, 0.9, ("permuted",), tuple(layers))


def without(row, column):
    """The values without those of one network at one epoch."""
    values = WHOLE.copy()
    values[row, column] = np.nan
    return values


def test_joint_anchors_keep_the_layers_that_are_complete():
    """Complete is what every group, network and epoch has that some layer has."""
    given = runs(conv1=(WHOLE, WHOLE), conv2=(WHOLE, without(1, 0)), conv3=(WHOLE, None), conv4=(WHOLE, WHOLE))
    found = by_method(given, "joint")
    assert found.layers == ("conv1", "conv4")
    assert found.all_layers == ("conv1", "conv2", "conv3", "conv4")
    assert np.array_equal(found.layerwise("capacity", "unpermuted", 5), [[2.0, 2.0], [4.0, 4.0]])


def test_an_epoch_that_no_layer_has_is_not_missed():
    gap = without(0, 1)
    assert by_method(runs(conv1=(gap, gap), conv2=(gap, gap)), "joint").layers == ("conv1", "conv2")


@pytest.mark.parametrize("layers", [{"conv1": (None, None)}, {"conv1": (WHOLE, None), "conv2": (None, WHOLE)}])
def test_without_a_complete_layer_nothing_is_judged(layers):
    with pytest.raises(NotAsked, match="no layer has features that separate every random dichotomy"):
        by_method(runs(**layers), "joint")
