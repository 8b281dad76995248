"""A plugin of pytest: slow tests whose outcome follows from sources and seeds alone are run when these change.

``@pytest.mark.settled`` marks such a test. It is skipped where the digest of what it depends on is recorded, else it is run.
``--settle`` records the digests of those that pass; ``--every`` runs all, whatever is recorded.
"""

import time
from typing import Any

import pytest

from tests.settled import record

KEY = "settled"
UNUSUAL = pytest.StashKey[list[str]]()
RECORDED = pytest.StashKey[dict[str, str]]()
STARTED = pytest.StashKey[int]()
DEPENDENCIES = pytest.StashKey[Any]()


def pytest_addoption(parser):
    group = parser.getgroup("settled tests")
    group.addoption("--every", action="store_true", help="run settled tests also where nothing they depend on has changed")
    group.addoption("--settle", action="store_true", help=f"record in {record.FILE} the settled tests that pass")


def pytest_configure(config):
    config.addinivalue_line(
        "markers",
        "settled(reads, of, lists, words): slow, with an outcome that follows from sources and seeds; run when these change. "
        "The parameters are those of tests.settled.dependencies.Dependencies",
    )
    try:
        config.stash[RECORDED] = record.read(config.rootpath / record.FILE)
    except record.RecordError as error:
        raise pytest.UsageError(str(error)) from error
    config.stash[STARTED] = time.time_ns()
    if config.getoption("settle", False) and (found := unusual(config)):
        raise pytest.UsageError(
            f"--settle records what passes with the versions of constraints.txt, and here {', '.join(found)} has another or is "
            "missing. Install those versions, or leave --settle out"
        )
    config.pluginmanager.register(Settling(config), "settling")


def unusual(config) -> list[str]:
    """Packages whose versions are not those of constraints.txt, where nothing that is recorded counts."""
    if UNUSUAL not in config.stash:
        from tests.settled.dependencies import other_versions

        config.stash[UNUSUAL] = other_versions()
    return config.stash[UNUSUAL]


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item):
    """Skip a test that is recorded with the digest that it has now."""
    if (mark := item.get_closest_marker(KEY)) is None:
        return
    from tests.settled.dependencies import Dependencies

    config, found = item.config, Dependencies(item, **mark.kwargs)
    known = config.stash[RECORDED].get(item.nodeid) == found.digest() and not unusual(config)
    if known and not config.getoption("every", False):
        pytest.skip("passed with these sources; --every runs it")
    item.stash[DEPENDENCIES] = found


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item):
    """Send along the digest of a settled test that was run, unless a file was edited meanwhile, and an earlier one was run."""
    report = yield
    found = item.stash.get(DEPENDENCIES, None)
    if found and not found.edited_since(item.config.stash[STARTED]):
        report.user_properties.append((KEY, found.digest()))
    return report


class Settling:
    """Collects what became of settled tests, from all workers, and records it where ``--settle`` is given."""

    def __init__(self, config):
        self.config, self.path = config, config.rootpath / record.FILE
        self.phases: dict[str, list[tuple[str, str]]] = {}
        self.passed: dict[str, str] = {}
        self.failed: set[str] = set()
        # Node ids of the settled tests of files that were collected completely, by file.
        self.collected: dict[str, list[str]] = {}

    @pytest.hookimpl(tryfirst=True)
    def pytest_collection_modifyitems(self, items):
        """Before any are deselected. Where single tests of a file are named, or failures alone are run, it is not complete."""
        named = {argument.split("::")[0] for argument in self.config.args if "::" in argument}
        if self.config.getoption("lf", False):
            return
        for item in items:
            file = item.nodeid.split("::")[0]
            if not any((self.config.invocation_params.dir / name).resolve() == item.path for name in named):
                self.collected.setdefault(file, []).extend([item.nodeid] if item.get_closest_marker(KEY) else [])

    def pytest_runtest_logreport(self, report):
        """Count one phase of a test; a test passes where all three do, and none is excused."""
        if report.failed:
            self.failed.add(report.nodeid)
        digest = dict(report.user_properties).get(KEY, "")
        passed = digest and report.passed and not hasattr(report, "wasxfail")
        self.phases.setdefault(report.nodeid, []).append((report.when, digest if passed else ""))
        if report.when == "teardown":
            phases = self.phases.pop(report.nodeid)
            digests = {digest for _, digest in phases}
            if {when for when, _ in phases} >= {"setup", "call", "teardown"} and digests == {digest} != {""}:
                self.passed[report.nodeid] = digest
                self.write()

    def pytest_sessionfinish(self):
        """Write the record; a worker sends the controller what it collected."""
        if hasattr(self.config, "workerinput"):
            self.config.workeroutput[KEY] = self.collected
        self.write()

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node):
        """Take what a worker collected; one that crashed sends nothing."""
        self.collected |= getattr(node, "workeroutput", {}).get(KEY, {})

    def write(self) -> None:
        """Record what passed, and drop what failed or is no more; after each test, so that a killed run loses nothing."""
        if hasattr(self.config, "workerinput") or not self.config.getoption("settle", False):
            return
        kept = {test: digest for test, digest in record.read(self.path).items() if not self.gone(test)}
        record.write(self.path, kept | {test: digest for test, digest in self.passed.items() if test not in self.failed})

    def gone(self, test: str) -> bool:
        """Whether a recorded test failed, or is no more among the settled tests."""
        file = test.split("::")[0]
        missing = test not in self.collected.get(file, [test])
        return test in self.failed or missing or not (self.config.rootpath / file).exists()

    def pytest_terminal_summary(self, terminalreporter):
        """How many were run, and what records them."""
        if not self.passed:
            return
        n = len([test for test in self.passed if test not in self.failed])
        words = (
            f"recorded in {record.FILE}" if self.config.getoption("settle", False) else "run again until --settle records them"
        )
        terminalreporter.write_line(f"settled tests that passed: {n}, {words}")
