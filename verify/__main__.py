"""python -m verify {list,board,diff,worlds,explain,accept,pin,figures,report,history}: claims, verdicts, reasons, worlds."""

import argparse
import sys
from pathlib import Path

from empirical import installation
from empirical.errors import GeomemError
from empirical.pipes import ends_with_its_reader
from verify.commands import (
    FIGURES,
    accept,
    diff,
    draw_figures,
    explain_claim,
    list_claims,
    make_report,
    pin,
    record_history,
    show_board,
    show_worlds,
)
from verify.judging.verdicts import EvidenceError
from verify.project import find
from verify.registry import THEORY
from verify.report import deviations, pins
from verify.report.deviations import ACCEPTABLE
from verify.report.ledger import LEDGER
from verify.site.history import HISTORY


@ends_with_its_reader
def main(arguments: list[str] | None = None, prog: str = "python -m verify") -> int:
    """Run one command and return the exit status.

    An error that the user can mend is one line on stderr, with exit status 1.

    :param arguments: the words of the command; None stands for those of the process. :param prog: what the user called.
    """
    options = parser(prog).parse_args(arguments)
    try:
        return options.command(_in_project(options)) or 0
    except (GeomemError, EvidenceError) as error:
        print(f"geomem: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("geomem: interrupted", file=sys.stderr)
        return 130


def _in_project(options: argparse.Namespace) -> argparse.Namespace:
    """The options, with what the repository of the current folder says where they say nothing."""
    options.project = find(Path.cwd())
    registered = deviations.DEVIATIONS if installation.is_checkout() else None
    defaults = {"evidence": options.project.evidence, "deviations": options.project.deviations or registered}
    for name, default in defaults.items():
        if getattr(options, name, None) is None:
            setattr(options, name, default)
    return options


def parser(prog: str = "python -m verify") -> argparse.ArgumentParser:
    """The commands and their options; ``prog`` is what the user called."""
    whole = argparse.ArgumentParser(prog=prog, description=f"{__doc__}".partition(": ")[2])
    made = whole.add_subparsers(required=True, metavar="command")
    _list_options(_command(made, "list", list_claims, "list all claims, their worlds and last verdicts"))
    _board_options(_command(made, "board", show_board, "show the verdicts of the last run again"))
    _diff_options(_command(made, "diff", diff, "show what changed between two ledgers", evidence=False))
    worlds = _command(made, "worlds", show_worlds, "show the recorded worlds: networks, hours, accuracy reached")
    worlds.add_argument("--markdown", action="store_true", help="as a table for a page")
    _explain_options(_command(made, "explain", explain_claim, "explain one claim: source, rule, evidence"))
    _accept_options(_command(made, "accept", accept, "register a verdict that is not SUPPORTED, with its reason"))
    _pin_options(_command(made, "pin", pin, "register verdicts with their numbers, so that a change is noticed"))
    _figures_options(_command(made, "figures", draw_figures, "draw a world's measurements"))
    _report_options(_command(made, "report", make_report, "write pages of a ledger and its evidence"))
    history = _command(made, "history", record_history, "append the verdicts of a ledger to the history of verdicts")
    _ledger_option(history)
    _history_option(history)
    return whole


def _command(made, name: str, function, words: str, evidence: bool = True) -> argparse.ArgumentParser:
    command = made.add_parser(name, help=words, description=words)
    command.set_defaults(command=function)
    if evidence:
        command.add_argument("--evidence", type=Path, help="folder of recorded bundles")
    return command


def _list_options(command: argparse.ArgumentParser) -> None:
    _ledger_option(command)
    command.add_argument("--paper", help="only the claims of this paper: the name of its folder among the claims")
    command.add_argument("--world", help=f"only this world; {THEORY} stands for the claims that draw their own examples")


def _board_options(command: argparse.ArgumentParser) -> None:
    _list_options(command)
    form = command.add_mutually_exclusive_group()
    form.add_argument("--long", action="store_true", help="a row for each claim and world, with parts and layers")
    form.add_argument("--markdown", action="store_true", help="as tables for a page")


def _diff_options(command: argparse.ArgumentParser) -> None:
    command.add_argument("old", type=Path, help="the ledger of the earlier run")
    command.add_argument("new", type=Path, help="the ledger of the later run")
    command.add_argument("--markdown", action="store_true", help="as tables for a page")


def _explain_options(command: argparse.ArgumentParser) -> None:
    _ledger_option(command)
    command.add_argument("claim", help="the id of a claim; where no claim is S-17, it means S-17.batch, S-17.eval, ...")


def _accept_options(command: argparse.ArgumentParser) -> None:
    _ledger_option(command)
    command.add_argument("claim", help="the id of a claim whose verdict is in the ledger")
    command.add_argument("--world", help="the world that judged the claim; needed if several worlds did")
    command.add_argument("--reason", required=True, help="why the verdict is what it is")
    command.add_argument(
        "--also", action="append", default=[], choices=sorted(ACCEPTABLE), help="also accept this verdict; may be repeated"
    )
    command.add_argument("--deviations", type=Path, help="registered verdicts (TOML)")


def _pin_options(command: argparse.ArgumentParser) -> None:
    _ledger_option(command)
    command.add_argument("--reason", required=True, help="why the numbers are what they are")
    command.add_argument("--claim", action="append", default=[], help="only this claim; may be repeated")
    command.add_argument("--world", action="append", default=[], help="only this world; may be repeated")
    command.add_argument("--pins", type=Path, default=pins.PINS, help="registered numbers (JSON lines)")


def _figures_options(command: argparse.ArgumentParser) -> None:
    command.add_argument("world", help="a world's name, or the folder of a bundle or of a sweep's bundles")
    command.add_argument("--out", type=Path, help=f"folder for the figures (default: {FIGURES}/<world>)")
    command.add_argument("--seed", type=int, help="draw the networks that were trained with this seed")


def _report_options(command: argparse.ArgumentParser) -> None:
    _ledger_option(command)
    _history_option(command)
    command.add_argument("--into", type=Path, default=Path("site"), help="folder of the pages (default: site)")
    command.add_argument("--no-figures", action="store_true", help="without the figures of worlds, which take longest")


def _history_option(command: argparse.ArgumentParser) -> None:
    command.add_argument("--history", type=Path, default=HISTORY, help="verdicts of earlier commits (JSON lines)")


def _ledger_option(command: argparse.ArgumentParser) -> None:
    command.add_argument("--ledger", type=Path, default=LEDGER, help=f"verdicts to read (default: {LEDGER})")


if __name__ == "__main__":
    sys.exit(main())
