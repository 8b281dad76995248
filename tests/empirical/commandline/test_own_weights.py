"""Weights of the user in every form in which they are saved, and files that have no network."""

import sys

import pytest
import torch

from tests.empirical.commandline.commands import rows_of
from tests.empirical.commandline.user_projects import error, shown


def saved(project, form: str):
    """The weights of a network whose every weight is 0.5, in a file of a user."""
    from safetensors.torch import save_file

    sys.path.insert(0, str(project))
    try:
        import net  # pyright: ignore[reportMissingImports]
    finally:
        sys.path.remove(str(project))
    model = net.Net()
    state = {name: torch.full_like(value, 0.5) for name, value in model.state_dict().items()}
    model.load_state_dict(state)
    example = torch.zeros(1, 1, 9, 8)
    path = project / f"weights.{'safetensors' if form == 'safetensors' else 'pt2' if form == 'exported' else 'pt'}"
    prefixed = {"_orig_mod.module." + name: value for name, value in state.items()}
    contents = {
        "plain": state,
        "whole": model,
        "parallel": {"module." + name: value for name, value in state.items()},
        "lightning": {"state_dict": {"model." + name: value for name, value in state.items()}, "epoch": 3},
        "compiled": {"model": prefixed, "optimizer": {}},
        "whole inside": {"model": model, "epoch": 3},
        "other": {"epoch": 3, "loss": [0.5]},
        "list": [1, 2],
        "missing": {name: value for name, value in state.items() if "bias" not in name},
        "unknown": state | {f"extra.{n}": torch.zeros(1) for n in range(5)},
        "shapes": state | {"head.weight": torch.zeros(10, 4)},
    }
    if form == "safetensors":
        save_file(state, path)
    elif form == "scripted":
        torch.jit.trace(model, example).save(str(path))
    elif form == "exported":
        torch.export.save(torch.export.export(model, (example,)), path)
    else:
        torch.save(contents[form], path)
    sys.modules.pop("net")
    return path.name


@pytest.mark.parametrize(
    ("form", "told", "options"),
    [
        ("plain", "4 tensors of {}\n", ()),
        ("safetensors", "4 tensors of {}\n", ()),
        ("parallel", "4 tensors of {}, prefix module. removed\n", ()),
        ("lightning", "4 tensors of {} under its key 'state_dict', prefix model. removed\n", ()),
        ("compiled", "4 tensors of {} under its key 'model', prefix _orig_mod.module. removed\n", ()),
        ("whole", "4 tensors of {}\n", ("--trust",)),
        ("whole inside", "4 tensors of {} under its key 'model'\n", ("--trust",)),
    ],
)
def test_weights_in_every_form_are_loaded(inside, form, told, options, tmp_path, capsys):
    name = saved(inside, form)
    sys.path.insert(0, str(inside))
    out = shown(capsys, "net.py:build", "--weights", name, "--images", "photos", "--csv", tmp_path / "x.csv", *options)
    assert told.format(name) in out
    # All weights being equal, all features of a layer are one.
    assert {float(row["joint_capacity"]) for row in rows_of(tmp_path / "x.csv") if row["layer"] == "head"}


@pytest.mark.parametrize(
    ("form", "words"),
    [
        ("plain", "has weights but no architecture (body.0.weight 4x1x3x3, body.0.bias 4, head.weight 3x4 and 1 more); give"),
        ("safetensors", "was not written by this program; if it has the weights of your own network, give what builds that"),
        ("whole", "with other objects than tensors (net.Net, torch.nn.modules.activation.ReLU, torch.nn.modules.con"),
        ("scripted", "is a TorchScript archive, whose layers cannot be read; measure the torch.nn.Module that it was made of"),
        ("exported", "is an exported program, whose layers cannot be read"),
        ("other", "has weights but no architecture (epoch, loss)"),
        ("list", "has weights but no architecture (it is a list)"),
    ],
)
def test_a_file_without_architecture_says_what_it_is(inside, form, words, capsys):
    assert words in error(capsys, saved(inside, form))


def test_a_whole_model_is_measured_where_it_is_trusted(inside, capsys):
    sys.path.insert(0, str(inside))
    out = shown(capsys, saved(inside, "whole"), "--trust", "--images", "photos")
    assert "model    weights.pt: Net, 55 parameters\nweights  those in weights.pt\n" in out


def test_a_whole_model_whose_class_is_elsewhere_says_so(inside, capsys):
    name = saved(inside, "whole")
    sys.path[:] = [place for place in sys.path if place not in ("", str(inside))]
    assert "reading weights.pt failed: ModuleNotFoundError: No module named 'net'" in error(capsys, name, "--trust")


@pytest.mark.parametrize(
    ("form", "words"),
    [
        ("missing", "do not fit the model; missing: body.0.bias, head.bias; build the model as it was"),
        ("unknown", "do not fit the model; unknown: extra.0, extra.1, extra.2 and 2 more"),
        ("shapes", "has other shapes than the model: head.weight 10x4, in the model 3x4"),
        ("other", "has no weights (epoch, loss); give a state dict"),
        ("list", "has no weights (it is a list)"),
        ("scripted", "is a TorchScript archive"),
    ],
)
def test_weights_that_do_not_fit_are_named(inside, form, words, capsys):
    assert words in error(capsys, "net.py:build", "--weights", saved(inside, form), "--images", "photos")


@pytest.mark.parametrize("content", [b"", b"no weights", b"PK\3\4 and no archive", bytes(1000)])
@pytest.mark.parametrize("end", ["pt", "safetensors"])
def test_damaged_weights_are_one_line(inside, content, end, capsys):
    (inside / f"damaged.{end}").write_bytes(content)
    words = error(capsys, "net.py:build", "--weights", f"damaged.{end}", "--images", "photos")
    assert "write the weights anew: torch.save(model.state_dict(), PATH)" in words


def test_weights_shared_by_layers_may_be_saved_once(inside, capsys):
    text = (
        "from torch import nn\ndef build():\n    net = nn.Sequential(nn.Flatten(), nn.Linear(72, 72), nn.Linear(72, 72))\n"
        "    net[2].weight = net[1].weight\n    return net\n"
    )
    (inside / "tied.py").write_text(text)
    torch.save({"1.weight": torch.eye(72), "1.bias": torch.zeros(72), "2.bias": torch.zeros(72)}, inside / "tied.pt")
    assert "3 tensors of tied.pt" in shown(capsys, "tied.py:build", "--weights", "tied.pt", "--images", "photos")
