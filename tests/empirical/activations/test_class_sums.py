from empirical.activations.products import class_sums
from empirical.activations.products.class_sums import activation_sums
from tests.empirical.activations.four_classes import SIZES


def test_no_layer_is_held_for_all_images(vgg, classes, monkeypatch):
    """Class by class, and of a class only the features there is room for; no more of the model's own than a small batch."""
    held, batches, passed, budget = [], [], class_sums._passed, 12_000
    vgg.conv1.register_forward_hook(lambda _module, inputs, _output: batches.append(len(inputs[0])))

    def spy(*arguments):
        for features in passed(*arguments):
            held.append({piece.layer: tuple(values.shape) for piece, values in features.items()})
            yield features

    monkeypatch.setattr(class_sums, "_passed", spy)
    found = activation_sums(vgg, classes, ["conv1", "conv2"], budget)
    assert max(batches) * (found["conv1"].width + found["conv2"].width) * 8 <= budget * 2
    assert {shape[0] for one in held for shape in one.values()} == set(SIZES)
    room = budget // (8 * (len(SIZES) + max(SIZES)))
    assert max(sum(shape[1] for shape in one.values()) for one in held) == room < found["conv1"].width
    assert sum(shape[1] for one in held for shape in one.values()) == 2 * len(SIZES) * 2 * found["conv1"].width
