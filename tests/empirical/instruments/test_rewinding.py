from itertools import pairwise

import pytest
import torch

from empirical import networks
from empirical.errors import ActivationError
from empirical.instruments.accuracies import accuracies, predict
from empirical.instruments.rewinding import rewind, rewinding_readings
from empirical.training.subject import Subject
from empirical.training.train import train


@pytest.fixture(scope="module")
def trained(tiny, tmp_path_factory):
    subject, folder = Subject.of(tiny, 0), tmp_path_factory.mktemp("network")
    train(subject, folder)
    return subject, subject.at(folder, 3), subject.at(folder, 1)


def drawn(subject, seed):
    """A network of random weights, with the running statistics that go with them."""
    model, generator = subject.build(), torch.Generator().manual_seed(seed)
    with torch.no_grad():
        for name, parameter in model.named_parameters():
            parameter.normal_(generator=generator)
            if parameter.ndim == 1:
                parameter.mul_(0.3).add_(0.0 if name.endswith("bias") else 1.0)
        for _ in range(20):
            model(subject.images)
    return model.eval()


@pytest.fixture(scope="module")
def apart(tiny):
    """Two networks so far apart that every layer decides many predictions; three epochs of training change hardly any."""
    subject = Subject.of(tiny, 0)
    return subject, drawn(subject, 0), drawn(subject, 1)


def test_a_rewound_layer_brings_its_batch_statistics(trained):
    _, final, earlier = trained
    rewound = rewind(final, earlier, ["conv4"])
    for key, value in rewound.state_dict().items():
        source = earlier if key.startswith("conv4.") else final
        assert torch.equal(value, source.state_dict()[key])
    moved = rewound.state_dict()["conv4.1.running_mean"]
    assert not torch.equal(moved, final.state_dict()["conv4.1.running_mean"])


def test_rewinding_nothing_and_everything(trained):
    subject, final, earlier = trained
    images = subject.images[:20]
    with torch.no_grad():
        assert torch.equal(rewind(final, earlier, [])(images), final(images))
        assert torch.equal(rewind(final, earlier, networks.layers(final))(images), earlier(images))


def test_the_final_network_stays_as_it_was(trained):
    _, final, earlier = trained
    before = {key: value.clone() for key, value in final.state_dict().items()}
    rewind(final, earlier, ["conv1", "readout"])
    assert all(torch.equal(value, before[key]) for key, value in final.state_dict().items())


@pytest.mark.settled
@pytest.mark.parametrize("kind", ["single", "suffix", "prefix"])
def test_readings_are_the_accuracies_of_rewound_networks(apart, kind):
    """The shared activations against the plain way: a rewound copy, run from the pixels."""
    subject, final, earlier = apart
    names = networks.layers(final)
    found = {(r.layer, r.group, r.choice): r for r in rewinding_readings(final, earlier, subject)}
    for index, layer in enumerate(names):
        taken = {"single": [layer], "suffix": names[index:], "prefix": names[: index + 1]}[kind]
        predicted = predict(rewind(final, earlier, taken), subject)
        for expected in accuracies(predicted, subject):
            one = found[layer, expected.group, "/".join(filter(None, (kind, expected.choice)))]
            assert (one.value, one.se, one.n) == (expected.value, expected.se, expected.n)


@pytest.mark.slow
def test_every_layer_decides_some_predictions(apart):
    """Without this the test of the readings could not tell which layers were rewound."""
    subject, final, earlier = apart
    names = networks.layers(final)
    predicted = [
        [predict(rewind(final, earlier, some), subject) for some in (names[:i], names[i:])] for i in range(len(names) + 1)
    ]
    for (prefix, suffix), (longer, shorter) in pairwise(predicted):
        assert (prefix != longer).mean() > 0.1
        assert (suffix != shorter).mean() > 0.1
    for layer in names:
        assert (predict(rewind(final, earlier, [layer]), subject) != predict(final, subject)).mean() > 0.1
        without_readout = [name for name in names[names.index(layer) :] if name != "readout"]
        suffix = predict(rewind(final, earlier, names[names.index(layer) :]), subject)
        assert (predict(rewind(final, earlier, without_readout), subject) != suffix).mean() > 0.1


def test_an_unknown_layer_lists_those_there_are(trained):
    _, final, earlier = trained
    with pytest.raises(ActivationError, match=r"no layer conv9; .* layers: conv1, .*, readout"):
        rewind(final, earlier, ["conv1", "conv9"])
