"""geomem COMMAND: judge claims, look at verdicts, make evidence, find wrong labels.

The commands and their options are those of ``python -m verify`` and ``python -m empirical``; ``geomem judge`` is pytest.
"""

import sys
from collections.abc import Sequence
from difflib import get_close_matches
from importlib import import_module

from empirical.pipes import ends_with_its_reader

# The commands of the two rooms; a test compares them with what the rooms have.
COMMANDS = {
    "verify": ("list", "board", "diff", "worlds", "explain", "accept", "pin", "figures", "report", "history"),
    "empirical": ("data", "train", "measure", "bundle", "merge", "label-errors"),
}
JUDGE = "judge"
USAGE = f"""usage: geomem COMMAND ...

  {JUDGE:14} judge claims with pytest, whose options it takes: those of the package, and those of [tool.geomem]
"""


@ends_with_its_reader
def main(arguments: Sequence[str] | None = None) -> int:
    """The exit status of one command: that of the room which has it, or of pytest; 2 where there is no such command.

    :param arguments: the words of the command; None stands for those of the process.
    """
    words = list(sys.argv[1:] if arguments is None else arguments)
    first = words[0] if words else "--help"
    if first in ("-h", "--help"):
        return _help()
    if first in ("-V", "--version"):
        print(f"geomem {import_module('empirical.installation').version()}")
        return 0
    if first == JUDGE:
        return int(import_module("pytest").main(["-p", "geomem.judge", *words[1:]]))
    for room, commands in COMMANDS.items():
        if first in commands:
            return import_module(f"{room}.__main__").main(words, prog="geomem")
    return _unknown(first)


def _help() -> int:
    """Print the commands of all rooms, each as its own parser describes them."""
    print(USAGE)
    for room in COMMANDS:
        print(import_module(f"{room}.__main__").parser("geomem").format_help())
    return 0


def _unknown(command: str) -> int:
    known = [JUDGE, *(one for commands in COMMANDS.values() for one in commands)]
    near = get_close_matches(command, known, n=1)
    hint = f"did you mean {near[0]}? " if near else ""
    print(f"geomem: there is no command {command}; {hint}geomem --help shows them all", file=sys.stderr)
    return 2


if __name__ == "__main__":
    sys.exit(main())
