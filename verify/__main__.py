"""python -m verify {list,explain,accept,figures}: the claims, their verdicts and reasons, and figures of their worlds."""

import argparse
import importlib.util
import shutil
import sys
import time
from pathlib import Path

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from empirical.errors import GeomemError
from verify.judging.verdicts import EvidenceError, Status, Untested
from verify.registry import THEORY, load_claims
from verify.report import acceptance, deviations, lookup
from verify.report.deviations import ACCEPTABLE, Deviation
from verify.report.explanation import explain
from verify.report.ledger import LEDGER
from verify.report.listing import evidence, listing, waiting
from verify.worlds import recorded
from verify.worlds.world import EVIDENCE, World, all_worlds

FEWEST_COLUMNS = 100
INSTALL_FIGURES = "figures need matplotlib, which is not installed: python -m pip install -e '.[figures]' -c constraints.txt"
FIGURES = Path(".geomem") / "figures"


def main(arguments: list[str] | None = None) -> int:
    """Run one command and return the exit status.

    An error that the user can mend is one line on stderr, with exit status 1.
    """
    options = _parser().parse_args(arguments)
    try:
        options.command(options)
    except (GeomemError, EvidenceError) as error:
        print(f"geomem: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("geomem: interrupted", file=sys.stderr)
        return 130
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m verify", description=__doc__)
    commands = parser.add_subparsers(required=True, metavar="command")
    _list_options(_command(commands, "list", _list, "list all claims, the worlds that judge them, and their last verdicts"))
    _explain_options(_command(commands, "explain", _explain, "explain one claim: source, rule, evidence, how to refute it"))
    _accept_options(_command(commands, "accept", _accept, "register a verdict that is not SUPPORTED, with its reason"))
    _figures_options(_command(commands, "figures", _figures, "draw a world's measurements"))
    return parser


def _command(commands, name: str, function, words: str) -> argparse.ArgumentParser:
    command = commands.add_parser(name, help=words, description=words)
    command.set_defaults(command=function)
    command.add_argument("--evidence", type=Path, default=EVIDENCE, help="folder of recorded bundles")
    return command


def _list_options(command: argparse.ArgumentParser) -> None:
    _ledger_option(command)
    command.add_argument("--paper", help="only the claims of this paper: the name of its folder among the claims")
    command.add_argument("--world", help=f"only this world; {THEORY} stands for the claims that draw their own examples")


def _explain_options(command: argparse.ArgumentParser) -> None:
    _ledger_option(command)
    command.add_argument("claim", help="the id of a claim; S-17 means S-17.batch, S-17.eval, ...")


def _accept_options(command: argparse.ArgumentParser) -> None:
    _ledger_option(command)
    command.add_argument("claim", help="the id of a claim whose verdict is in the ledger")
    command.add_argument("--world", help="the world that judged the claim; needed if several worlds did")
    command.add_argument("--reason", required=True, help="why the verdict is what it is")
    command.add_argument(
        "--also", action="append", default=[], choices=sorted(ACCEPTABLE), help="also accept this verdict; may be repeated"
    )
    command.add_argument("--deviations", type=Path, default=deviations.DEVIATIONS, help="registered verdicts (TOML)")


def _figures_options(command: argparse.ArgumentParser) -> None:
    command.add_argument("world", help="a world's name, or the folder of a bundle or of a sweep's bundles")
    command.add_argument("--out", type=Path, help=f"folder for the figures (default: {FIGURES}/<world>)")
    command.add_argument("--seed", type=int, help="draw the networks that were trained with this seed")


def _ledger_option(command: argparse.ArgumentParser) -> None:
    command.add_argument("--ledger", type=Path, default=LEDGER, help=f"verdicts to read (default: {LEDGER})")


def _list(options) -> None:
    registry, shown = load_claims(), _worlds(options)
    claims = lookup.in_order(registry.values())
    if options.paper:
        paper = lookup.among(options.paper, "paper", sorted({claim.paper for claim in claims}))
        claims = [claim for claim in claims if claim.paper == paper]
    if options.world:
        name = lookup.among(options.world, "world", [THEORY, *shown])
        shown = {name: shown[name]} if name in shown else {}
        claims = [claim for claim in claims if lookup.worlds_of(claim, shown) == [name]]
    console = _console()
    console.print(listing(claims, shown, lookup.last_verdicts(options.ledger)))
    for line in [*evidence(shown), *waiting(claims, shown)]:
        console.print(escape(line), style="dim")


def _explain(options) -> None:
    verdicts = lookup.last_verdicts(options.ledger)
    for claim in lookup.named(options.claim, load_claims()):
        grid = Table.grid(padding=(0, 2))
        grid.add_column(style="dim", no_wrap=True)
        grid.add_column()
        for heading, paragraphs in explain(claim, _worlds(options), verdicts):
            grid.add_row(heading, escape("\n".join(paragraphs)))
        _console().print(grid, "")


def _accept(options) -> None:
    registry, known = load_claims(), _worlds(options)
    claim_id = lookup.exactly(options.claim, registry).id
    entry = acceptance.judged(claim_id, options.world, lookup.last_verdicts(options.ledger), options.ledger)
    acceptance.acceptable(entry, options.reason)
    accept = tuple(dict.fromkeys([entry.verdict.status, *map(Status, options.also)]))
    today = time.strftime("%Y-%m-%d", time.gmtime())
    deviation = Deviation(entry.id, entry.world, accept, options.reason.strip(), today, entry.evidence)
    pairs = lookup.pairs(registry, all_worlds()) + lookup.pairs(registry, known)
    print(acceptance.register(deviation, options.deviations, pairs), end="")
    print(f"written to {options.deviations}; from now on any other verdict fails the build")


def _figures(options) -> None:
    if importlib.util.find_spec("matplotlib") is None:
        raise GeomemError(INSTALL_FIGURES)
    from verify.figures.album import draw

    world = _world(options)
    try:
        runs = world.runs(options.seed)
    except Untested as error:
        raise GeomemError(f"{world.name} has no measurements to draw: {error}") from error
    for path, missing in draw(runs, world.folder(options.seed), options.out or FIGURES / runs.world):
        print(f"left out {path.name}: {missing}" if missing else path)


def _world(options) -> World:
    if recorded.is_evidence(Path(options.world)):
        return World(options.world, Path(options.world))
    known = _worlds(options)
    return known[lookup.among(options.world, "world", known)]


def _worlds(options) -> dict[str, World]:
    if options.evidence != EVIDENCE and not options.evidence.is_dir():
        raise GeomemError(f"--evidence {options.evidence} is not a folder; name the folder of the recorded bundles")
    return all_worlds(options.evidence)


def _console() -> Console:
    return Console(width=max(FEWEST_COLUMNS, shutil.get_terminal_size().columns), highlight=False)


if __name__ == "__main__":
    sys.exit(main())
