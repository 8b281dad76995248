from empirical.activations.products import point_products
from empirical.activations.products.point_products import activation_products
from tests.empirical.activations.four_classes import SIZES


def test_each_layer_has_the_sizes_of_the_classes(vgg, classes):
    found = dict(activation_products(vgg, classes, ["input", "conv1"]))
    assert [own.sizes for own in found.values()] == [SIZES, SIZES]


def test_no_layer_is_held_whole(vgg, classes, monkeypatch):
    """Of all points only the features there is room for; no more of the model's own than a small batch."""
    held, batches, passed, budget = [], [], point_products._passed, 12_000
    vgg.conv1.register_forward_hook(lambda _module, inputs, _output: batches.append(len(inputs[0])))

    def spy(*arguments):
        features = passed(*arguments)
        held.append([(piece.layer, tuple(values.shape)) for piece, values in features.items()])
        return features

    monkeypatch.setattr(point_products, "_passed", spy)
    found = dict(activation_products(vgg, classes, ["conv1", "conv2"], budget))
    assert max(batches) * (found["conv1"].width + found["conv2"].width) * 4 <= budget * 2
    assert {shape[0] for one in held for _, shape in one} == {sum(SIZES)}
    room = budget // (4 * sum(SIZES))
    assert max(sum(shape[1] for _, shape in one) for one in held) == room < found["conv1"].width
    assert sum(shape[1] for one in held for _, shape in one) == 2 * found["conv1"].width


def test_a_layer_is_yielded_as_soon_as_it_is_complete(vgg, classes):
    ran = []
    vgg.register_forward_hook(lambda *_: ran.append(1))
    one_layer = 4 * sum(SIZES) * vgg.conv1[0].out_channels * 64
    layers = activation_products(vgg, classes, ["conv1", "conv2"], one_layer)
    assert next(layers)[0] == "conv1"
    before = len(ran)
    assert next(layers)[0] == "conv2"
    assert len(ran) > before
