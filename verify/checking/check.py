"""The state of one run that judges claims: the claims and worlds that it can judge, and its verdicts."""

from dataclasses import dataclass, field
from pathlib import Path

import pytest

from verify.gate.requirements import Requirement
from verify.registry import Claim
from verify.report.deviations import Deviation
from verify.report.ledger import Entry
from verify.report.pins import Pin
from verify.worlds.world import World

# The property of a test report that carries the ledger's line, from the process that judges to the one that reports.
PROPERTY = "geomem_entry"
# The property of a test report that names a live world and says why its evidence could not be made.
UNMADE_PROPERTY = "geomem_unmade"
# The property of a test report whose verdict was kept by an earlier run.
KEPT_PROPERTY = "geomem_kept"


@dataclass(eq=False)
class Check:
    """The state of a run, kept in pytest's configuration.

    worlds, registry: all worlds by name and all claims by id, whatever is selected.
    deviations: the registered verdicts, by (claim id, world).
    pins: the numbers of registered verdicts, by (claim id, world); none where other evidence than the package's is judged.
    chosen: the ids of the claims that may be judged.
    required: the verdicts that the run must find.
    selected: the names of the worlds that are judged.
    own_files: the repository's own claim files, absolute.
    names_folders: whether the repository says which folders have its claim files.
    unnamed: claim files that nothing names, so that they are not judged.
    left_out: the claims that are not judged because their package is not installed.
    unmade: for each live world that was asked for, why its evidence could not be made; "" where the evidence exists.
    entries: the verdicts so far.
    kept: how many of them were kept by an earlier run.
    ledger: a line that says where the verdicts were written, or why not.
    temporary: the cache of this run alone; "" where the run uses the permanent cache.
    """

    worlds: dict[str, World]
    registry: dict[str, Claim]
    deviations: dict[tuple[str, str], Deviation]
    pins: dict[tuple[str, str], Pin] = field(default_factory=dict)
    chosen: frozenset[str] = frozenset()
    required: tuple[Requirement, ...] = ()
    selected: frozenset[str] = frozenset()
    own_files: frozenset[Path] = frozenset()
    names_folders: bool = False
    unnamed: tuple[Path, ...] = ()
    left_out: tuple[Claim, ...] = ()
    unmade: dict[str, str] = field(default_factory=dict)
    entries: list[Entry] = field(default_factory=list)
    kept: int = 0
    ledger: str = ""
    temporary: str = ""

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Collect the verdict of an item.

        pytest calls this hook without the configuration, so that the check itself is registered as a plugin.
        """
        if report.when == "call":
            self.entries += [Entry.from_line(str(line)) for name, line in report.user_properties if name == PROPERTY]
            unmade = [str(words).partition(": ") for name, words in report.user_properties if name == UNMADE_PROPERTY]
            self.unmade |= {world: reason for world, _, reason in unmade}
            self.kept += sum(name == KEPT_PROPERTY for name, _ in report.user_properties)


CHECK = pytest.StashKey[Check]()
