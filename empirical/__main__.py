"""python -m empirical {data,train,measure,bundle,merge,label-errors}: real networks, from data to evidence; wrong labels."""

import argparse
import sys
from collections.abc import Callable
from pathlib import Path

from empirical import commands
from empirical.data import datasets
from empirical.errors import GeomemError
from empirical.label_errors import command as label_errors
from empirical.pipeline import show_geometry
from empirical.pipes import ends_with_its_reader


@ends_with_its_reader
def main(arguments: list[str] | None = None, prog: str = "python -m empirical") -> int:
    """The exit status of one command: 0, or 1 after an error that the user can correct, which is one line on stderr.

    An interrupted command returns 130.

    :param arguments: the words of the command; None stands for those of the process. :param prog: what the user called.
    """
    options = parser(prog).parse_args(arguments)
    try:
        options.command(options)
    except GeomemError as error:
        print(f"geomem: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        again = getattr(options, "interrupted", "run the same command again: it resumes")
        print(f"geomem: interrupted; {again}", file=sys.stderr)
        return 130
    return 0


def parser(prog: str = "python -m empirical") -> argparse.ArgumentParser:
    """The commands and their options; ``prog`` is what the user called."""
    whole = argparse.ArgumentParser(prog=prog, description=f"{__doc__}".partition(": ")[2])
    subparsers = whole.add_subparsers(required=True, metavar="command")
    _add_data(subparsers.add_parser("data", help="describe a data set and check it; or bring it in"))
    train = subparsers.add_parser("train", help="train a run's networks, or resume")
    _add_run(train, commands.train)
    measure = subparsers.add_parser(
        "measure", help="measure a run's networks; or show the geometry of your own network, of one checkpoint, or of a bundle"
    )
    own = "; or your own network, FILE.py:NAME; or a checkpoint (.safetensors); or the folder of a bundle"
    _add_run(measure, commands.measure, own)
    show_geometry.add_options(measure)
    bundle = subparsers.add_parser("bundle", help="train, measure and write the run's bundle of evidence")
    _add_run(bundle, commands.bundle)
    bundle.add_argument("more", nargs="*", metavar="RUN", help="further runs, in the same process")
    _add_many(bundle)
    merge = subparsers.add_parser("merge", help="write one bundle from bundles of some networks of a run")
    _add_merge(merge)
    wrong = subparsers.add_parser("label-errors", help="find wrong labels in your own images: train a network, and rank them")
    label_errors.add_options(wrong)
    wrong.set_defaults(command=commands.find_label_errors)
    for command in (bundle, merge):
        command.add_argument("--into", type=Path, help="keep it there as recorded evidence, such as verify/evidence")
    return whole


def _add_data(command: argparse.ArgumentParser) -> None:
    command.add_argument("dataset", nargs="?", default="digits", help=f"one of {', '.join(datasets.CLASSES)} (default: digits)")
    way = command.add_mutually_exclusive_group()
    way.add_argument("--from", dest="source", type=Path, help="bring it in from its published archive or a folder of its files")
    way.add_argument("--download", action="store_true", help="download it from its publisher, unless it is here")
    command.set_defaults(command=commands.data)


def _add_run(command: argparse.ArgumentParser, work: Callable, more: str = "") -> None:
    """Add the options that every command on a run has; ``more`` says what the command accepts besides a run."""
    command.add_argument("run", help=f"a run's name ({', '.join(commands.run_names())}) or a .toml file{more}")
    command.add_argument("--seed", type=int, help="root seed, in place of the run's own")
    command.add_argument("--device", help="cpu or cuda, in place of the run's own")
    command.add_argument(
        "--cache", type=Path, help="folder for checkpoints and bundles (default: $GEOMEM_CACHE, ~/.cache/geomem)"
    )
    command.add_argument("--workers", type=_positive, help="processes (default: one per core); does not change the result")
    command.set_defaults(command=work)


def _positive(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"must be a whole number, 1 or more; received {text!r}")
    return int(text)


def _add_many(command: argparse.ArgumentParser) -> None:
    command.add_argument("--networks", help="only these, such as 0-3,5; bundles of some can be merged (default: all)")
    command.add_argument(
        "--discard-checkpoints", action="store_true", help="delete a network's checkpoints as soon as it is measured"
    )
    command.add_argument("--scheduler", metavar="ADDRESS", help="of a Dask cluster that does the work, tcp://host:port")


def _add_merge(command: argparse.ArgumentParser) -> None:
    command.add_argument("run", help="the run's name or .toml file")
    command.add_argument("folders", nargs="+", type=Path, metavar="FOLDER", help="the folder of a bundle")
    command.add_argument("--seed", type=int, help="root seed, in place of the run's own")
    command.add_argument("--cache", type=Path, help="folder for bundles (default: $GEOMEM_CACHE, ~/.cache/geomem)")
    command.set_defaults(command=commands.merge)


if __name__ == "__main__":
    sys.exit(main())
