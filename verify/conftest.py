"""The pytest plugin of ``pytest verify/``: options, collection of claims, live evidence, board and ledger.

The hooks below stand in the order in which they run. A :class:`~verify.check.Check` is made from the options. Every claim
becomes one :class:`~verify.claim_item.ClaimItem` for each world that asks it. Live evidence is made. pytest runs the items, and
the check collects their verdicts. The board and the ledger are written from the check. The exit status is pytest's: an item
fails when its verdict is outside the accepted set.
"""

import os
import re
import shutil
import sys
import tempfile
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from empirical.errors import GeomemError
from empirical.storage import CACHE_VARIABLE
from theory.geometry.manifolds import FEW_MANIFOLDS
from verify.check import CHECK, Check
from verify.claim_item import ClaimItem
from verify.judging.verdicts import Status
from verify.registry import THEORY, Claim, load_claims
from verify.report import board, deviations, ledger, lookup, pins
from verify.worlds.world import EVIDENCE, State, World, all_worlds, prepare

MARKERS = (
    "theory: claims that are judged without trained networks",
    "network: claims about trained networks",
    "extra: claims without trained networks that still need packages of the extra 'networks'",
)
# Wide enough for a line of the board with whole world names and intervals.
BOARD_COLUMNS = 160


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the options of the checker."""
    group = parser.getgroup("geomem", "claims checker")
    group.addoption("--world", action="append", help="judge only this world (theory, digits, ...); may be repeated")
    group.addoption("--seed", type=int, default=None, help="seed of the drawn examples and of the networks")
    group.addoption("--no-cache", action="store_true", help="train the networks again, without reading or writing the cache")
    group.addoption("--evidence", type=Path, default=EVIDENCE, help="folder of recorded bundles")
    group.addoption("--deviations", type=Path, default=deviations.DEVIATIONS, help="registered verdicts (TOML)")
    group.addoption("--ledger", type=Path, default=None, help=f"where to write the verdicts (default: {ledger.LEDGER})")


def pytest_configure(config: pytest.Config) -> None:
    """Make the check, and a temporary cache for ``--no-cache``."""
    for marker in MARKERS:
        config.addinivalue_line("markers", marker)
    check = config.stash[CHECK] = _check(config)
    config.pluginmanager.register(check, "geomem-check")
    if config.getoption("--no-cache") and not _is_worker(config):
        # Workers inherit the variable, so that they share one training.
        check.temporary = os.environ[CACHE_VARIABLE] = tempfile.mkdtemp(prefix="geomem-")


def _check(config) -> Check:
    """The check that the options ask for; an unknown world or folder is a usage error."""
    worlds, registry = _worlds(config), load_claims()
    # Entries for the evidence of the package remain valid when other evidence is judged.
    pairs = lookup.pairs(registry, all_worlds()) + lookup.pairs(registry, worlds)
    try:
        registered = deviations.load(config.getoption("--deviations"), pairs)
        numbers = pins.load(pins.PINS) if config.getoption("--evidence") == EVIDENCE else {}
        return Check(worlds, registry, registered, numbers)
    except (deviations.DeviationError, pins.PinError) as error:
        raise pytest.UsageError(str(error)) from error


def _worlds(config) -> dict[str, World]:
    evidence = config.getoption("--evidence")
    if evidence != EVIDENCE and not evidence.is_dir():
        raise pytest.UsageError(f"--evidence {evidence} is not a folder; name the folder of the recorded bundles")
    worlds = all_worlds(evidence)
    unknown = set(config.getoption("--world") or ()) - set(worlds) - {THEORY}
    if unknown:
        known = ", ".join([THEORY, *worlds])
        raise pytest.UsageError(f"--world: there is no world {', '.join(sorted(unknown))}; name one of {known}")
    return worlds


def pytest_unconfigure(config: pytest.Config) -> None:
    """Remove the temporary cache."""
    check = config.stash.get(CHECK, None)
    if check and check.temporary:
        shutil.rmtree(check.temporary, ignore_errors=True)


def pytest_pycollect_makeitem(collector: pytest.Collector, name: str, obj: object) -> list[ClaimItem] | None:
    """The items of a claim, one for each selected world that asks it."""
    if not isinstance(obj, Claim):
        return None
    worlds, selected = collector.config.stash[CHECK].worlds.values(), collector.config.getoption("--world")
    places = [world for world in worlds if world.state is not State.MISSING and world.asks(obj)] if obj.needs else [None]
    return [
        ClaimItem.from_parent(collector, name=f"{obj.id}[{world.name if world else THEORY}]", claim=obj, world=world)
        for world in places
        if not selected or (world.name if world else THEORY) in selected
    ]


def pytest_collection_finish(session: pytest.Session) -> None:
    """Without xdist: make the live evidence that the selected claims need, before the first claim is judged."""
    if not session.config.option.collectonly and not _is_worker(session.config):
        _prepare(session.config, {item.world_name for item in session.items if isinstance(item, ClaimItem)})


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_node_collection_finished(node: Any, ids: list[str]) -> None:
    """With xdist: make the live evidence in the controller, before any worker receives a claim."""
    _prepare(node.config, set(re.findall(r"::[^:\[]+\[([^\]]+)\]$", "\n".join(ids), re.MULTILINE)))


def _prepare(config, names: set[str]) -> None:
    check = config.stash[CHECK]
    live = {name for name, world in check.worlds.items() if world.state is State.LIVE}
    for name in sorted(names & live - set(check.unmade)):
        capture = config.pluginmanager.getplugin("capturemanager")
        with capture.global_and_fixture_disabled():
            check.unmade[name] = prepare(name, config.getoption("--seed"))


@pytest.hookimpl(tryfirst=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """Write the ledger; a run that cannot write its ledger does not succeed."""
    config, check = session.config, session.config.stash[CHECK]
    if not check.entries or _is_worker(config):
        return
    path = config.getoption("--ledger") or config.rootpath / ledger.LEDGER
    try:
        ledger.write(path, check.entries)
        check.ledger = f"ledger: {path}"
    except GeomemError as error:
        check.ledger = f"no ledger: {error}"
        session.exitstatus = pytest.ExitCode.INTERNAL_ERROR


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Print the board, its notes and every BROKEN verdict."""
    check = config.stash[CHECK]
    entries = ledger.in_order(check.entries)
    if not entries or _is_worker(config):
        return
    terminalreporter.section("claims")
    console = Console(file=sys.stdout, width=max(BOARD_COLUMNS, shutil.get_terminal_size().columns), highlight=False)
    board.render(entries, console, _notes(check, entries))
    for name, reason in check.unmade.items():
        if reason:
            terminalreporter.write_line(f"world {name}: {reason}", red=True)
    _say_broken(terminalreporter, entries)
    terminalreporter.write_line(check.ledger)


def _notes(check: Check, entries: list[ledger.Entry]) -> list[str]:
    """A line for every judged world that is recorded, and for every one of few classes whose geometry was judged."""
    judged = [entry for entry in entries if entry.verdict.status != Status.UNTESTED]
    there = {name: world for name, world in check.worlds.items() if name in {entry.world for entry in judged}}
    measured = {entry.world for entry in judged if any(need.endswith("capacity") for need in check.registry[entry.id].needs)}
    sizes = {name: world.n_classes() for name, world in there.items() if name in measured}
    return [
        *(f"{name}: {about}" for name, world in there.items() if (about := world.about())),
        *(board.geometry_note(name, size) for name, size in sizes.items() if 0 < size < FEW_MANIFOLDS),
    ]


def _say_broken(terminalreporter, entries: list[ledger.Entry]) -> None:
    for entry in entries:
        if entry.verdict.status == Status.BROKEN:
            terminalreporter.write_line(f"BROKEN {entry.id} in {entry.world}: {entry.verdict.reason}", red=True, bold=True)


def _is_worker(config) -> bool:
    return hasattr(config, "workerinput")
