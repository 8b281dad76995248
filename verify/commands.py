"""The commands of ``python -m verify``, each a function of its options."""

import importlib.util
import sys
import time
from argparse import Namespace
from collections.abc import Mapping
from pathlib import Path

from rich.markup import escape
from rich.table import Table

from empirical import installation
from empirical.errors import GeomemError, StorageError, how_to_install
from verify.claim_modules import registry_of
from verify.gate import board_sheets, difference_sheets, differences, sheets
from verify.judging.verdicts import Status, Untested
from verify.project import KEYS
from verify.registry import THEORY, Claim
from verify.report import acceptance, board, listing, lookup, pins, world_notes
from verify.report.console import console, print_notes
from verify.report.deviations import Deviation
from verify.report.explanation import explain
from verify.report.ledger import Entry, in_order, written_on
from verify.worlds import recorded
from verify.worlds.summary import HEADINGS, markdown, summaries
from verify.worlds.world import EVIDENCE, World, all_worlds
from verify.written_commands import JUDGE

INSTALL_FIGURES = f"figures need matplotlib, which is not installed: {how_to_install('figures')}"
INSTALL_REPORT = f"the report needs jinja2, which is not installed: {how_to_install('report')}"
FIGURES = Path(".geomem") / "figures"


def list_claims(options: Namespace) -> None:
    """List the claims of a paper, of a world or of the project's worlds, or all, with their last verdicts."""
    worlds, chosen = _worlds(options), [options.world] if options.world else list(options.project.worlds)
    for name in chosen:
        lookup.among(name, "world", [THEORY, *worlds])
    shown = {name: world for name, world in worlds.items() if name in (chosen or worlds)}
    claims = _of_paper(options, registry_of(options.project))
    if chosen:
        claims = [claim for claim in claims if set(lookup.worlds_of(claim, shown)) & set(chosen)]
    page = console(sys.stdout)
    listing.render(claims, shown, lookup.last_verdicts(options.ledger), page)
    only = f"only claims that are judged in the worlds of [tool.geomem]: {', '.join(chosen)}; --world NAME lists another"
    notes = [only] if chosen and not options.world else []
    print_notes([*notes, *world_notes.recorded(shown), *world_notes.waiting(claims, shown)], page)


def show_board(options: Namespace) -> None:
    """Show the verdicts of a ledger: a line for each claim, or a row for each claim and world; for a page in Markdown."""
    registry, worlds = registry_of(options.project), _worlds(options)
    claims = {claim.id: claim for claim in _of_paper(options, registry)}
    last = in_order(_judged(options).values())
    if options.world:
        lookup.among(options.world, "world", dict.fromkeys([THEORY, *worlds, *(entry.world for entry in last)]))
    entries = [entry for entry in last if entry.id in claims and options.world in (None, entry.world)]
    if options.markdown:
        print(sheets.markdown(board_sheets.sheets(entries, claims)), end="")
        return
    page = console(sys.stdout)
    board.of_run(entries, claims, page, options.long)
    gone = sorted({entry.id for entry in last} - set(registry))
    notes = [f"no longer claims, and left out: {', '.join(gone)}"] if gone else []
    print_notes([*notes, *world_notes.not_judged(entries)], page)
    board.conclude(entries, page)


def show_worlds(options: Namespace) -> None:
    """Show the recorded worlds: networks, hours and the accuracy reached; for a page as a table of Markdown."""
    rows = summaries(_worlds(options))
    if options.markdown:
        print(markdown(rows), end="")
        return
    table = Table(*HEADINGS)
    table.columns[0].no_wrap = True
    for row in rows:
        table.add_row(*row.cells())
    console(sys.stdout).print(table)


def explain_claim(options: Namespace) -> None:
    """Explain the claim of an id, or all whose ids continue it where no claim has it."""
    registry, verdicts, page = registry_of(options.project), lookup.last_verdicts(options.ledger), console(sys.stdout)
    for claim in lookup.named(options.claim, registry):
        grid = Table.grid(padding=(0, 2))
        grid.add_column(style="dim", no_wrap=True)
        grid.add_column(overflow="fold")
        for heading, paragraphs in explain(claim, _worlds(options), verdicts, lookup.continuing(claim.id, registry)):
            grid.add_row(heading, escape("\n".join(paragraphs)))
        page.print(grid, "")


def accept(options: Namespace) -> None:
    """Register a verdict of the ledger as a deviation."""
    registry, known = registry_of(options.project), _worlds(options)
    claim_id = lookup.exactly(options.claim, registry).id
    entry = acceptance.judged(claim_id, options.world, lookup.last_verdicts(options.ledger), options.ledger)
    if entry.world not in (THEORY, *known):
        raise acceptance.Refusal(
            f"{entry.id} in {entry.world} was judged on other evidence than {options.evidence}; give its folder: --evidence"
        )
    acceptance.acceptable(entry, options.reason)
    into = _own_file(options.deviations, "deviations")
    accepted = tuple(dict.fromkeys([entry.verdict.status, *map(Status, options.also)]))
    deviation = Deviation(entry.id, entry.world, accepted, options.reason.strip(), _today(), entry.evidence)
    pairs = lookup.pairs(registry, all_worlds()) + lookup.pairs(registry, known)
    print(acceptance.register(deviation, into, pairs), end="")
    print(f"written to {into}; from now on any other verdict fails the build")


def pin(options: Namespace) -> None:
    """Pin the verdicts of the ledger, or those of some claims and worlds, with their numbers."""
    if not options.reason.strip():
        raise GeomemError("--reason is empty, but the next reader needs it; say why the numbers are what they are")
    registry, worlds = registry_of(options.project), _worlds(options)
    chosen = {lookup.exactly(text, registry).id for text in options.claim}
    for name in options.world:
        lookup.among(name, "world", [THEORY, *worlds])
    into = _own_file(options.pins, "pins")
    before, existing = pins.load(into), set(lookup.pairs(registry, all_worlds() | worlds))
    wanted = [
        entry
        for (id, world), entry in _judged(options).items()
        if (id, world) in existing and id in (chosen or registry) and world in (options.world or (world,))
    ]
    kept = before if chosen or options.world else {pair: one for pair, one in before.items() if pair in existing}
    after = pins.renewed(kept, wanted, options.reason.strip(), _today())
    pins.write(into, after.values())
    n_pinned = sum(after[pair] is not before.get(pair) for pair in after)
    print("\n".join([f"{n_pinned} verdicts pinned in {into}", *pins.differences(before, after)]))


def diff(options: Namespace) -> int:
    """Show what changed between two ledgers.

    :returns: the exit status: 1 where a verdict changed or is gone, 2 where a file is no ledger, 0 otherwise.
    """
    try:
        found = differences.differences(differences.read(options.old), differences.read(options.new))
    except GeomemError as error:
        print(f"geomem: {error}", file=sys.stderr)
        return 2
    if options.markdown:
        print(sheets.markdown(difference_sheets.sheets(found, difference_sheets.MOST)), end="")
    else:
        sheets.render(difference_sheets.sheets(found), console(sys.stdout))
    return int(found.is_change_of_status)


def draw_figures(options: Namespace) -> None:
    """Draw the measurements of a world."""
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


def make_report(options: Namespace) -> None:
    """Write the pages of a ledger and its evidence into a folder."""
    if importlib.util.find_spec("jinja2") is None:
        raise GeomemError(INSTALL_REPORT)
    from verify.site import history
    from verify.site.build import build
    from verify.site.drawings import HAS_MATPLOTLIB
    from verify.site.material import Material

    material = Material.read(options.ledger, registry_of(options.project), _worlds(options), history.load(options.history))
    with_figures = HAS_MATPLOTLIB and not options.no_figures
    try:
        written = build(material, options.into, with_figures)
    except StorageError as error:
        cause = getattr(error.__cause__, "strerror", error)
        raise GeomemError(f"cannot write pages into {options.into}: {cause}; give --into a folder you can write to") from error
    print(f"{len(written)} pages: {options.into / 'index.html'}")
    if not HAS_MATPLOTLIB:
        print(f"without figures: {INSTALL_FIGURES}")


def record_history(options: Namespace) -> None:
    """Append the verdicts of a ledger to the history, those that are new or have changed."""
    from verify.site import history

    entries = in_order(_judged(options).values())
    into = _own_file(options.history, "history")
    moment = history.continued(history.load(into), entries, written_on(options.ledger)[:10])
    history.append(into, moment)
    print(f"{len(moment.verdicts)} of {len(entries)} verdicts are new or changed; appended to {options.history}")


def _of_paper(options: Namespace, registry: Mapping[str, Claim]) -> list[Claim]:
    """The claims of the chosen paper, or all, in the order of their ids."""
    claims = lookup.in_order(registry.values())
    if not options.paper:
        return claims
    paper = lookup.in_part(options.paper, "paper", sorted({claim.paper for claim in claims}))
    return [claim for claim in claims if claim.paper == paper]


def _judged(options: Namespace) -> dict[tuple[str, str], Entry]:
    """The entries of the ledger, of which there must be some."""
    if not (found := lookup.last_verdicts(options.ledger)):
        raise GeomemError(f"{options.ledger} has no verdicts; judge the claims first: {JUDGE}")
    return found


def _world(options: Namespace) -> World:
    if recorded.is_evidence(Path(options.world)):
        return World(options.world, Path(options.world))
    known = _worlds(options)
    return known[lookup.among(options.world, "world", known)]


def _own_file(path: Path | None, option: str) -> Path:
    """A file of the repository to write to, never one of a wheel."""
    if path is None or (not installation.is_checkout() and path.resolve().is_relative_to(installation.ROOT.resolve())):
        table = f', or write {option} = "{option}.toml" under [tool.geomem] of pyproject.toml' if option in KEYS else ""
        raise GeomemError(f"no file is named to write to: give --{option} FILE, a file of your own{table}")
    return path


def _worlds(options: Namespace) -> dict[str, World]:
    if options.evidence != EVIDENCE and not options.evidence.is_dir():
        raise GeomemError(f"--evidence {options.evidence} is not a folder; name the folder of the recorded bundles")
    return all_worlds(options.evidence)


def _today() -> str:
    return time.strftime("%Y-%m-%d", time.gmtime())
