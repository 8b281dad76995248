"""pytest verify/: options, collection of claims, evidence made before they are judged, board and ledger."""

import os
import re
import shutil
import sys
import tempfile
from pathlib import Path

import pytest
from rich.console import Console

from empirical.errors import GeomemError
from empirical.storage import CACHE_VARIABLE
from theory.geometry.manifolds import FEW_MANIFOLDS
from verify.claim_item import PROPERTY, ClaimItem
from verify.judging.verdicts import Status
from verify.registry import THEORY, Claim, load_claims
from verify.report import board, deviations, ledger, lookup
from verify.worlds.world import EVIDENCE, all_worlds, prepare


def pytest_addoption(parser):
    group = parser.getgroup("geomem", "claims checker")
    group.addoption("--world", action="append", help="judge only this world (theory, digits, ...); may be repeated")
    group.addoption("--seed", type=int, default=None, help="another draw of worlds and networks")
    group.addoption("--no-cache", action="store_true", help="retrain the networks, neither reading nor writing the cache")
    group.addoption("--evidence", type=Path, default=EVIDENCE, help="folder of recorded bundles")
    group.addoption("--deviations", type=Path, default=deviations.DEVIATIONS, help="registered verdicts (TOML)")
    group.addoption("--ledger", type=Path, default=None, help=f"where to write the verdicts (default: {ledger.LEDGER})")


def pytest_configure(config):
    config.addinivalue_line("markers", "theory: claims judged without networks")
    config.addinivalue_line("markers", "network: claims about trained networks")
    config.addinivalue_line(
        "markers", "extra: claims judged without those networks that need packages of the extra 'networks' all the same"
    )
    _ENTRIES.clear()
    if config.getoption("--evidence") != EVIDENCE and not config.getoption("--evidence").is_dir():
        raise pytest.UsageError(f"--evidence: no folder {config.getoption('--evidence')}")
    config.geomem_worlds = all_worlds(config.getoption("--evidence"))
    config.geomem_registry = load_claims()
    config.geomem_unmade, config.geomem_ledger = {}, ""
    unknown = set(config.getoption("--world") or ()) - set(config.geomem_worlds) - {THEORY}
    if unknown:
        known = ", ".join([THEORY, *config.geomem_worlds])
        raise pytest.UsageError(f"no world {', '.join(sorted(unknown))}; known worlds: {known}")
    # What is registered for the evidence that comes with the package stays right beside other evidence.
    registry = config.geomem_registry
    pairs = lookup.pairs(registry, all_worlds()) + lookup.pairs(registry, config.geomem_worlds)
    try:
        config.geomem_deviations = deviations.load(config.getoption("--deviations"), pairs)
    except deviations.DeviationError as error:
        raise pytest.UsageError(str(error)) from error
    if config.getoption("--no-cache") and not _is_worker(config):
        # Workers inherit the variable: one retraining serves them all.
        config.geomem_temporary = os.environ[CACHE_VARIABLE] = tempfile.mkdtemp(prefix="geomem-")


def pytest_unconfigure(config):
    if temporary := getattr(config, "geomem_temporary", None):
        shutil.rmtree(temporary, ignore_errors=True)


def pytest_pycollect_makeitem(collector, name, obj):
    if not isinstance(obj, Claim):
        return None
    config, selected = collector.config, collector.config.getoption("--world")
    places = [world for world in config.geomem_worlds.values() if world.asks(obj)] if obj.needs else [None]
    return [
        ClaimItem.from_parent(collector, name=f"{obj.id}[{world.name if world else THEORY}]", claim=obj, world=world)
        for world in places
        if not selected or (world.name if world else THEORY) in selected
    ]


def pytest_collection_finish(session):
    """Without xdist: make the live evidence the selected claims need, before the first is judged."""
    if not session.config.option.collectonly and not _is_worker(session.config):
        _prepare(session.config, {item.world_name for item in session.items if isinstance(item, ClaimItem)})


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_node_collection_finished(node, ids):
    """With xdist: the same, in the controller, before any worker is given a claim."""
    _prepare(node.config, set(re.findall(r"::[^:\[]+\[([^\]]+)\]$", "\n".join(ids), re.MULTILINE)))


def _prepare(config, names) -> None:
    live = {name for name, world in config.geomem_worlds.items() if world.live}
    for name in sorted(names & live - set(config.geomem_unmade)):
        capture = config.pluginmanager.getplugin("capturemanager")
        with capture.global_and_fixture_disabled():
            config.geomem_unmade[name] = prepare(name, config.getoption("--seed"))


def pytest_runtest_logreport(report):
    for name, value in report.user_properties if report.when == "call" else ():
        if name == PROPERTY:
            _ENTRIES.append(ledger.Entry.from_line(value))


_ENTRIES: list[ledger.Entry] = []
# A line of the board, world names and intervals in full.
BOARD_COLUMNS = 160


def pytest_terminal_summary(terminalreporter, config):
    entries = ledger.in_order(_ENTRIES)
    if not entries or _is_worker(config):
        return
    terminalreporter.section("claims")
    console = Console(file=sys.stdout, width=max(BOARD_COLUMNS, shutil.get_terminal_size().columns), highlight=False)
    board.render(entries, console, _notes(config, entries))
    for name, reason in config.geomem_unmade.items():
        if reason:
            terminalreporter.write_line(f"world {name}: {reason}", red=True)
    _say_broken(terminalreporter, entries)
    terminalreporter.write_line(config.geomem_ledger)


def _notes(config, entries) -> list[str]:
    """A line for every world judged on recorded evidence, and for every one of few classes whose geometry was judged."""
    judged = [entry for entry in entries if entry.verdict.status != Status.UNTESTED]
    there = {name: world for name, world in config.geomem_worlds.items() if name in {entry.world for entry in judged}}
    measured = {entry.world for entry in judged if "capacity" in config.geomem_registry[entry.id].needs}
    sizes = {name: world.n_classes() for name, world in there.items() if name in measured}
    return [
        *(f"{name}: {about}" for name, world in there.items() if (about := world.about())),
        *(board.geometry_note(name, size) for name, size in sizes.items() if 0 < size < FEW_MANIFOLDS),
    ]


def _say_broken(terminalreporter, entries) -> None:
    for entry in entries:
        if entry.verdict.status == Status.BROKEN:
            terminalreporter.write_line(f"BROKEN {entry.id} in {entry.world}: {entry.verdict.reason}", red=True, bold=True)


@pytest.hookimpl(tryfirst=True)
def pytest_sessionfinish(session):
    """Write the ledger; a run whose verdicts could not be kept is not a success."""
    config = session.config
    if not _ENTRIES or _is_worker(config):
        return
    path = config.getoption("--ledger") or config.rootpath / ledger.LEDGER
    try:
        ledger.write(path, _ENTRIES)
        config.geomem_ledger = f"ledger: {path}"
    except GeomemError as error:
        config.geomem_ledger = f"no ledger: {error}"
        session.exitstatus = pytest.ExitCode.INTERNAL_ERROR


def _is_worker(config) -> bool:
    return hasattr(config, "workerinput")
