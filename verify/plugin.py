"""The hooks of a run of pytest that judges claims: options, collection of claims, their order, board and ledger.

The hooks below stand in the order in which they run. A :class:`~verify.checking.check.Check` is made from the options. Every
claim becomes one :class:`~verify.checking.claim_item.ClaimItem` for each world that asks it. pytest runs the items, which make
the live evidence that they read; the check collects their verdicts, and the running board prints them. The board and the ledger
are written from the check. The exit status is pytest's: an item fails when its verdict is outside the accepted set. A run whose
required verdicts were not found fails too.
"""

import os
import re
import shutil
import tempfile
from difflib import get_close_matches
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

import pytest

from empirical.errors import GeomemError
from empirical.storage import CACHE_VARIABLE
from verify.checking.check import CHECK, Check
from verify.checking.check_of_options import check_of
from verify.checking.claim_file import ClaimFile
from verify.checking.claim_item import ClaimItem
from verify.checking.options import add, given, has_short_names
from verify.checking.run_summary import print_summary, required
from verify.checking.running_board import RunningBoard
from verify.claim_modules import PATTERN, has_claims, is_claim_file
from verify.registry import CLAIMS
from verify.report import ledger
from verify.worlds.world import LIVE, State

# Whoever registers the hooks does so under this name, so that pytest has them once.
NAME = "geomem.pytest"
RUNNING = "geomem-running-board"

MARKERS = (
    "theory: claims that are judged without trained networks",
    "network: claims about trained networks",
    "extra: claims without trained networks that still need packages of the extra 'networks'",
)
# The words of a marker expression that are no markers.
OPERATORS = {"and", "or", "not", "True", "False"}
# The turn of rows of the live world whose networks take longest.
LONGEST = (2, 0)
# The exit statuses that a verdict which was required and not found turns into a failure.
NO_FAILURE = (pytest.ExitCode.OK, pytest.ExitCode.NO_TESTS_COLLECTED)


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the options of the checker."""
    add(parser)


def pytest_configure(config: Any) -> None:
    """Make the check, and a temporary cache for ``--no-cache``."""
    if _is_worker(config) and NAME not in config.workerinput:
        raise pytest.UsageError(f"with -n the plugin must be named, so that verdicts are collected: pytest -p {NAME} -n ...")
    for marker in MARKERS:
        config.addinivalue_line("markers", marker)
    config.addinivalue_line("python_files", PATTERN)
    if has_short_names(config):
        _share_cores(len(getattr(config.option, "tx", None) or ()))
    check = config.stash[CHECK] = check_of(config)
    config.pluginmanager.register(check, "geomem-check")
    if not _is_worker(config) and config.get_verbosity() == 0:
        config.pluginmanager.register(RunningBoard(check.registry, str(config.getoption("color"))), RUNNING)
    if given(config, "no-cache") and not _is_worker(config):
        # Workers inherit the variable, so that they share one training.
        check.temporary = os.environ[CACHE_VARIABLE] = tempfile.mkdtemp(prefix="geomem-")


def _share_cores(workers: int) -> None:
    """Let each worker of xdist compute with its share of the cores, unless the user says with how many threads.

    Workers inherit the variable. Without it, each has as many threads as there are cores, and they wait for each other: on two
    cores all claims took 1.8 times as long.
    """
    if workers > 1:
        os.environ.setdefault("OMP_NUM_THREADS", str(max((os.cpu_count() or 1) // workers, 1)))


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    """With xdist: let a worker know that its controller collects verdicts."""
    node.workerinput[NAME] = True


@pytest.hookimpl(tryfirst=True)
def pytest_sessionstart(session: pytest.Session) -> None:
    """In a run of nothing but claims, refuse a marker that nobody registered, which would select other claims than were meant.

    Every plugin has added its markers by now, and no worker has started. Tests of others may have markers that no list names.
    """
    if not has_short_names(session.config):
        return
    expression = str(session.config.getoption("markexpr", default=""))
    known = {line.partition(":")[0].partition("(")[0].strip() for line in session.config.getini("markers")}
    # What pytest takes for the name of a marker, without the arguments of one.
    names = re.findall(r"[\w:+.\[\]\\/-]+", re.sub(r"\([^()]*=[^()]*\)", "", expression))
    for name in (name for name in names if name not in known | OPERATORS):
        own = [line.partition(":")[0] for line in MARKERS]
        near = get_close_matches(name, known, n=1)
        hint = f"did you mean {near[0]}? " if near else ""
        raise pytest.UsageError(f"-m {expression}: there is no marker {name}; {hint}Claims have {', '.join(own)}")


def pytest_unconfigure(config: pytest.Config) -> None:
    """Remove the temporary cache."""
    check = config.stash.get(CHECK, None)
    if check and check.temporary:
        shutil.rmtree(check.temporary, ignore_errors=True)


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Leave alone what has the name of a claim file and is none. Claims in a file that nothing names fail there."""
    if not fnmatch(collection_path.name, PATTERN):
        return None
    check = config.stash[CHECK]
    known = collection_path.is_relative_to(CLAIMS) or collection_path.resolve() in check.own_files
    unnamed = not known and not check.names_folders and has_claims(collection_path)
    return None if is_claim_file(collection_path) and (known or unnamed) else True


@pytest.hookimpl(tryfirst=True)
def pytest_pycollect_makemodule(module_path: Path, parent: pytest.Collector) -> pytest.File | None:
    """A claim file in place of a module of tests."""
    return ClaimFile.from_parent(parent, path=module_path) if is_claim_file(module_path) else None


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Claims that draw their own examples come first, because some are slow, and rows of live worlds last.

    So the first verdicts do not wait for training, and while networks are trained there is nothing else to do. The world that
    takes longest is begun first, and its other rows are the last, so that no worker waits for it while others are to be made.
    """
    items.sort(key=_turn)
    turns = [_turn(item) for item in items]
    if LONGEST in turns:
        first_live = next(place for place, (phase, _) in enumerate(turns) if phase == LONGEST[0])
        items.insert(first_live, items.pop(turns.index(LONGEST)))


def _turn(item: pytest.Item) -> tuple[int, int]:
    if not isinstance(item, ClaimItem) or item.world is None:
        return 0, 0
    return (2, -LIVE.index(item.world.name)) if item.world.state is State.LIVE else (1, 0)


def pytest_collection_finish(session: pytest.Session) -> None:
    """Without xdist: say which rows are to come."""
    if running := _running(session.config):
        running.expect([item.nodeid for item in session.items], session.config.pluginmanager.get_plugin("terminalreporter"))


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_node_collection_finished(node: Any, ids: list[str]) -> None:
    """With xdist: say in the controller which rows are to come."""
    if running := _running(node.config):
        running.expect(ids)


def _running(config: pytest.Config) -> RunningBoard | None:
    """The board as it comes; none in a worker, and where another verbosity was chosen."""
    return config.pluginmanager.get_plugin(RUNNING)


@pytest.hookimpl(tryfirst=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """Write the ledger; a run that cannot write its ledger, or did not find what is required, does not succeed."""
    check = session.config.stash[CHECK]
    if _is_worker(session.config):
        return
    if not all(one.is_met(check.entries) for one in required(session.config)) and session.exitstatus in NO_FAILURE:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
    if check.entries:
        _write_ledger(session, check)


def _write_ledger(session: pytest.Session, check: Check) -> None:
    path = given(session.config, "ledger") or session.config.rootpath / ledger.LEDGER
    try:
        ledger.write(path, check.entries)
        check.ledger = f"ledger: {path}"
    except GeomemError as error:
        check.ledger = f"no ledger: {error}"
        session.exitstatus = pytest.ExitCode.INTERNAL_ERROR


def pytest_terminal_summary(terminalreporter: "pytest.TerminalReporter", config: pytest.Config) -> None:
    """Print the board of the run, and what is to be said of it."""
    if not _is_worker(config):
        print_summary(terminalreporter, config)


def _is_worker(config) -> bool:
    return hasattr(config, "workerinput")
