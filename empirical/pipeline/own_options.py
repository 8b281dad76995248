"""The options of ``python -m empirical measure`` for a network of the user. Needs no torch."""

import argparse
import math
from pathlib import Path

NAMES = ("images", "weights", "trust", "size", "channels", "mean", "std", "tokens")
TOKENS = ("all", "mean", "class")
EXPORTED = ".pt2"
# Ends of names of files that torch writes. Those of safetensors may be checkpoints of our runs.
TORCH_ENDS = (".pt", ".pth", ".pkl", ".bin", ".ckpt", EXPORTED)


def add_options(parser: argparse.ArgumentParser) -> None:
    """Add what is asked of a network of the user only."""
    only = parser.add_argument_group(
        "the geometry of your own network, FILE.py:NAME or PACKAGE.MODULE:NAME",
        "NAME is a torch.nn.Module, or a function or class that makes one without arguments.",
    )
    only.add_argument(
        "--images", type=Path, metavar="PATH", help="folder with a sub-folder per class, or with labels.csv; or an .npz archive"
    )
    only.add_argument("--weights", type=Path, metavar="FILE", help="state dict or checkpoint: .pt, .pth, .ckpt, .safetensors")
    only.add_argument(
        "--trust", action="store_true", default=None, help="run the code in a pickled file; only if you know who wrote it"
    )
    only.add_argument("--size", type=_size, metavar="N or HxW", help="crop images at the centre to this shape, and resize them")
    only.add_argument("--channels", type=int, choices=(1, 3), help="grey or colours (default: as the images are)")
    only.add_argument(
        "--mean", type=_numbers, help="subtracted from pixels in 0..1: one number, or one per channel with commas"
    )
    only.add_argument("--std", type=_deviations, help="divides them, likewise")
    only.add_argument(
        "--tokens", type=_tokens, help="tokens of a layer: all, mean, class (the first), or a number (default: all)"
    )


def is_own(options: argparse.Namespace) -> bool:
    """Whether the target is a network of the user."""
    return (
        options.images is not None
        or options.weights is not None
        or ":" in options.run
        or options.run.endswith((".py", *TORCH_ENDS))
    )


def _size(text: str) -> tuple[int, int]:
    sides = text.lower().split("x")
    if len(sides) > 2 or not all(side.isdecimal() and int(side) for side in sides):
        raise argparse.ArgumentTypeError(f"must be pixels, such as 224, or height x width, such as 224x320; received {text!r}")
    return int(sides[0]), int(sides[-1])


def _numbers(text: str) -> tuple[float, ...]:
    try:
        numbers = tuple(map(float, text.split(",")))
    except ValueError:
        numbers = ()
    if not numbers or not all(map(math.isfinite, numbers)):
        raise argparse.ArgumentTypeError(f"must be numbers with commas between, such as 0.485,0.456,0.406; received {text!r}")
    return numbers


def _tokens(text: str) -> int | str:
    if text in TOKENS or text.removeprefix("-").isdecimal():
        return text if text in TOKENS else int(text)
    raise argparse.ArgumentTypeError(f"must be {', '.join(TOKENS)}, or a whole number; received {text!r}")


def _deviations(text: str) -> tuple[float, ...]:
    numbers = _numbers(text)
    if min(numbers) <= 0:
        raise argparse.ArgumentTypeError(f"must be above 0; received {text!r}")
    return numbers
