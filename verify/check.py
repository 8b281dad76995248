"""One run of ``pytest verify/``: what can be judged in it, and what came of it."""

from dataclasses import dataclass, field

import pytest

from verify.registry import Claim
from verify.report.deviations import Deviation
from verify.report.ledger import Entry
from verify.worlds.world import World

# The property of a test report that carries the ledger's line, from the process that judges to the one that reports.
PROPERTY = "geomem_entry"


@dataclass(eq=False)
class Check:
    """The state of a run, kept in pytest's configuration.

    worlds, registry: all there are, by name and by id, whatever is selected.
    deviations: the registered verdicts, by (claim id, world).
    unmade: of live worlds asked for, why their evidence could not be made; empty where it is there.
    entries: the verdicts so far. ledger: a line that says where they were kept, or why not.
    temporary: the cache of this run alone; empty where it uses the one there is.
    """

    worlds: dict[str, World]
    registry: dict[str, Claim]
    deviations: dict[tuple[str, str], Deviation]
    unmade: dict[str, str] = field(default_factory=dict)
    entries: list[Entry] = field(default_factory=list)
    ledger: str = ""
    temporary: str = ""

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """A hook: pytest hands reports to its plugins without the configuration, so the check itself is one of them."""
        if report.when == "call":
            self.entries += [Entry.from_line(str(line)) for name, line in report.user_properties if name == PROPERTY]


CHECK = pytest.StashKey[Check]()
