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


@pytest.mark.parametrize("kind", ["single", "suffix", "prefix"])
def test_readings_are_the_accuracies_of_rewound_networks(trained, kind):
    """The shared activations against the plain way: a rewound copy, run from the pixels."""
    subject, final, earlier = trained
    names = networks.layers(final)
    found = {(r.layer, r.group, r.choice): r for r in rewinding_readings(final, earlier, subject)}
    for index, layer in enumerate(names):
        taken = {"single": [layer], "suffix": names[index:], "prefix": names[: index + 1]}[kind]
        predicted = predict(rewind(final, earlier, taken), subject)
        for expected in accuracies(predicted, subject):
            one = found[layer, expected.group, "/".join(filter(None, (kind, expected.choice)))]
            assert (one.value, one.se, one.n) == (expected.value, expected.se, expected.n)


def test_an_unknown_layer_lists_those_there_are(trained):
    _, final, earlier = trained
    with pytest.raises(ActivationError, match=r"no layer conv9; .* layers: conv1, .*, readout"):
        rewind(final, earlier, ["conv1", "conv9"])
