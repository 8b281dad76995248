import pytest
import torch
from torch import nn

from empirical.activations.evaluation import evaluating
from empirical.activations.examination import examined
from empirical.activations.inputs import inputs_of
from empirical.errors import ActivationError


def outcomes(network, inputs):
    names = {module: name for name, module in network.named_modules()}
    with evaluating(network):
        return {(names[module], call): one for (module, call), one in examined(network, inputs_of(inputs)).items()}


@pytest.fixture
def inputs():
    return torch.randn(4, 3, 6, 6, generator=torch.Generator().manual_seed(0))


def test_calls_are_in_the_order_in_which_they_end(inputs):
    inner = nn.Sequential(nn.Conv2d(3, 3, 1), nn.ReLU())
    found = outcomes(nn.Sequential(inner, inner), inputs)
    assert list(found) == [("0.0", 1), ("0.1", 1), ("0", 1), ("0.0", 2), ("0.1", 2), ("0", 2), ("", 1)]
    assert {one.place for one in found.values()} == {(0, 1)}
    assert not any(one.drawn or one.mixed for one in found.values())


@pytest.mark.parametrize("n", [1, 2, 3])
def test_few_inputs_suffice(inputs, n):
    assert not any(one.drawn or one.mixed for one in outcomes(nn.Sequential(nn.Conv2d(3, 3, 1)), inputs[:n]).values())


@pytest.mark.parametrize("dtype", [torch.float16, torch.bfloat16, torch.float32, torch.float64])
def test_rounding_of_a_deep_network_is_no_dependence_on_the_batch(inputs, dtype):
    torch.manual_seed(0)
    deep = nn.Sequential(
        nn.Flatten(), *(layer for _ in range(30) for layer in (nn.Linear(108, 108), nn.GELU(), nn.LayerNorm(108)))
    )
    assert not any(one.drawn or one.mixed for one in outcomes(deep.to(dtype), inputs.to(dtype)).values())


class Noisy(nn.Module):
    def forward(self, x):
        return x + 0.02 * torch.randn_like(x)


class Centred(nn.Module):
    def forward(self, x):
        return x - 0.1 * x.mean(0)


class Counting(nn.Module):
    """Keeps a state from batch to batch."""

    def __init__(self):
        super().__init__()
        self.n = 0

    def forward(self, x):
        self.n += 1
        return x + self.n


STATISTICS = nn.BatchNorm2d(3, track_running_stats=False)


@pytest.mark.parametrize(
    ("part", "what"), [(Noisy(), "drawn"), (Counting(), "drawn"), (Centred(), "mixed"), (STATISTICS, "mixed")]
)
@pytest.mark.parametrize("dtype", [torch.float16, torch.float32, torch.float64])
def test_what_depends_on_more_than_the_input_is_found_where_it_begins(inputs, part, what, dtype):
    found = outcomes(nn.Sequential(nn.Conv2d(3, 3, 1), part, nn.Conv2d(3, 3, 1)).to(dtype), inputs.to(dtype))
    assert [getattr(found[name, 1], what) for name in ("0", "1", "2")] == [False, True, True]


def test_rolling_inputs_through_the_batch_is_found(inputs):
    class Rolling(nn.Module):
        def forward(self, x):
            return x.roll(1, 0)

    assert outcomes(nn.Sequential(Rolling()), inputs)["0", 1].mixed


def test_layers_that_return_no_row_for_each_input_have_no_place(inputs):
    class Whole(nn.Module):
        def forward(self, x):
            return x.sum(), None

    assert outcomes(nn.Sequential(Whole()), inputs)["0", 1].place is None


def test_a_model_that_cannot_be_run_is_told_with_shapes_and_types(inputs):
    words = r"cannot be run on a batch of 2 inputs, \(2, 3, 6, 6\) float64; its weights are float32: RuntimeError"
    with pytest.raises(ActivationError, match=words):
        outcomes(nn.Sequential(nn.Conv2d(3, 3, 1)), inputs.double())


def test_rows_of_an_input_may_follow_each_other():
    """As where every image of a film is convolved."""

    class Films(nn.Module):
        def __init__(self):
            super().__init__()
            self.each, self.time_first = nn.Linear(3, 2), nn.Linear(3, 2)

        def forward(self, x):
            self.time_first(x.transpose(0, 1).reshape(-1, 3))
            return self.each(x.reshape(-1, 3))

    found = outcomes(Films(), torch.randn(4, 5, 3))
    assert found["each", 1].place == (0, 5)
    assert not found["each", 1].mixed
    assert found["time_first", 1].mixed
