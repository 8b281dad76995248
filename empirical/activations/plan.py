"""Which layers of a network are measured and how, decided on few inputs before anything takes long."""

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import nn

from empirical.activations.calls import call_names, default_names, modules_of, named, resolved
from empirical.activations.examination import Outcome, Outcomes, examined
from empirical.activations.inputs import Inputs, joined
from empirical.activations.models import Function
from empirical.activations.outputs import ALL, Tokens
from empirical.activations.recording import Manner
from empirical.errors import ActivationError
from empirical.evidence.names import INPUT

Layers = Sequence[str | nn.Module] | str | nn.Module | None


@dataclass(frozen=True)
class Plan:
    """What is measured.

    names: of layers and calls, in their order; those that are known not to be measurable are among them.
    left_out: layers that a default table does not have, and why.
    manner: how their outputs are read.
    """

    names: list[str]
    left_out: dict[str, str]
    manner: Manner

    @property
    def measurable(self) -> list[str]:
        """The names, each once, without those that are known to have failed."""
        return [name for name in dict.fromkeys(self.names) if not self.manner.has_failed(name)]


def planned(network: nn.Module, classes: Sequence[Inputs], layers: Layers, tokens: Tokens = ALL, note: bool = False) -> Plan:
    """The plan for a network. Some inputs of two classes are run through it, in its current mode.

    :param layers: names or modules; None stands for the input and all modules with weights.
    :param note: whether the manner notes errors of layers.
    :raises ActivationError: a layer does not exist, or the model cannot be run; or, unless errors are noted, the output of a
        layer has no row for each input, or depends on the other inputs of its batch or on random numbers.
    """
    names = None if layers is None else named(network, layers)
    outcomes = examined(network, joined([members[:2] for members in classes[:2]]))
    left_out: dict[str, str] = {}
    if names is None:
        names, left_out = _default(network, classes[0], outcomes)
    names = call_names(network, names, list(outcomes))
    manner = Manner(tokens, {}, {} if note else None)
    for name in dict.fromkeys(names):
        if name != INPUT:
            _find_inputs(network, name, outcomes, manner)
    return Plan(names, left_out, manner)


def _default(network: nn.Module, inputs: Inputs, outcomes: Outcomes) -> tuple[list[str], dict[str, str]]:
    names, left_out = default_names(network, list(outcomes))
    if inputs.values.dtype in (torch.int32, torch.int64):
        return names, {
            INPUT: "holds whole numbers, as of words, between which there are no distances",
            **left_out,
        }
    return [INPUT, *names], left_out


def _find_inputs(network: nn.Module, name: str, outcomes: Outcomes, manner: Manner) -> None:
    """Where the layer's output has the inputs, or why it cannot be measured."""
    module, call = resolved(network, name)
    outcome = outcomes.get((module, call or 1))
    why = _why_not(network, outcome, outcomes) if outcome else _did_not_run(call)
    if why:
        manner.fail(name, ActivationError(f"layer {name} {why}"))
    elif outcome and outcome.place:
        manner.places[name] = outcome.place


def _did_not_run(call: int | None) -> str:
    if call:
        return f"did not run {call} times for these inputs; give an earlier call, or inputs for which it runs as often"
    return (
        "did not run for these inputs: other inputs may use it, or the model uses its weights without calling it; give the "
        "layer around it, or such inputs"
    )


def _why_not(network: nn.Module, outcome: Outcome, outcomes: Outcomes) -> str:
    if outcome.place is None:
        what = "no tensor" if outcome.shape is None else f"shape {outcome.shape}"
        return f"returned {what} for 2 inputs, not one tensor with a row for each; give a layer that does"
    if outcome.drawn:
        return (
            f"gave other activations when the same inputs were run again, first seen in {_first(network, outcomes, 'drawn')}: "
            "the model draws random numbers or keeps a state; measure layers before it, or replace its random parts"
            f"{_evaluate(network)}"
        )
    if outcome.mixed:
        return (
            f"gave an input other activations in another batch, first seen in {_first(network, outcomes, 'mixed')}: they "
            "depend on the other inputs, as with batch statistics; measure layers before it, or use running statistics. If "
            f"only rounding differs, measure in a longer type, such as float64{_evaluate(network)}"
        )
    return ""


def _evaluate(network: nn.Module) -> str:
    return "; call eval() on networks that the function calls" if isinstance(network, Function) else ""


def _first(network: nn.Module, outcomes: Outcomes, what: str) -> str:
    """The first module whose activations differ, with its class."""
    module = next(module for (module, _), outcome in outcomes.items() if getattr(outcome, what))
    names = {one: name for name, one in modules_of(network).items()}
    return f"{names[module]} ({type(module).__name__})"
