"""One claim in one world as a pytest item, which passes, xfails, skips or fails by its verdict."""

import shlex
from pathlib import Path
from typing import Any

import pytest

from verify.check import CHECK, PROPERTY, Check
from verify.judging import error_rates
from verify.judging.verdicts import Status, Verdict
from verify.registry import SUPPORTED_ONLY, THEORY, Claim
from verify.report import board
from verify.report.deviations import DEVIATIONS, EVERY_CLAIM, Deviation
from verify.report.ledger import Entry
from verify.worlds.world import EVIDENCE, State, World

EVIDENCE_PROPERTY = "geomem_evidence"


class ClaimFailed(AssertionError):
    """A verdict is outside its accepted set; the message is the whole report."""


class ClaimItem(pytest.Item):
    """One claim in one world; ``-k S-02`` selects it because its name is ``S-02[digits]``."""

    def __init__(self, *, claim: Claim, world: World | None, **kwargs):
        super().__init__(**kwargs)
        self.claim, self.world = claim, world
        self.add_marker("network" if world else "theory")
        if claim.package:
            self.add_marker("extra")

    @property
    def world_name(self) -> str:
        """The name of the world; "theory" for a claim without networks."""
        return self.world.name if self.world else THEORY

    @property
    def _check(self) -> Check:
        return self.config.stash[CHECK]

    def runtest(self) -> None:
        """Judge the claim, hand the entry to the check, and pass, xfail, skip or fail."""
        deviation = self._deviation()
        accept = frozenset(deviation.accept) if deviation else SUPPORTED_ONLY
        verdict = self._judge(accept)
        entry = Entry(
            id=self.claim.id,
            world=self.world_name,
            verdict=verdict,
            accepted=verdict.status in accept,
            registered=deviation.reason if deviation else "",
            statement=self.claim.statement,
            seed=str(self._seed()),
            evidence=self.world.evidence(self.claim) if self.world else "",
        )
        self.user_properties.append((PROPERTY, entry.line()))
        if self.world and (about := self.world.about()):
            self.user_properties.append((EVIDENCE_PROPERTY, about))
        self._conclude(entry)

    def _deviation(self) -> Deviation | None:
        """The entry registered for this claim, world and, where it is recorded, evidence."""
        registered, world = self._check.deviations, self.world
        found = registered.get((self.claim.id, self.world_name))
        if not found and world and world.state is State.MISSING:
            return registered.get((EVERY_CLAIM, self.world_name))
        if found and world and world.state is State.RECORDED and found.evidence != world.evidence(self.claim):
            return None
        return found

    def _judge(self, accept: frozenset[Status]) -> Verdict:
        world, seed = self.world, self._seed()
        if world is None:
            return self.claim.judge(self._chance(), accept=accept)
        return self.claim.judge(self._chance(), lambda: world.runs(seed), accept)

    def _chance(self) -> error_rates.Chance:
        """The error rates of a claim in a recorded world, or of a live claim."""
        if self.world and self.world.state is State.RECORDED:
            return error_rates.recorded()
        return error_rates.live(self._seed() or 0, self.claim.id)

    def _seed(self) -> int | None:
        return self.config.getoption("--seed")

    def _conclude(self, entry: Entry) -> None:
        status, words = entry.verdict.status, f"{entry.verdict.status}: {entry.verdict.reason}"
        if not entry.accepted:
            raise ClaimFailed(self._explain(entry))
        if status == Status.REFUTED:
            pytest.xfail(f"{words}; registered: {entry.registered}")
        if status in (Status.INCONCLUSIVE, Status.UNTESTED):
            pytest.skip(f"{words}; registered: {entry.registered}")

    def _explain(self, entry: Entry) -> str:
        verdict = entry.verdict
        said = {
            "predicted": verdict.predicted,
            "measured": verdict.value is not None and f"{board.measured(verdict)}, {board.over(verdict)}",
            "rule": verdict.reason,
            "where": verdict.where or entry.world,
            "replay": self._command(),
        }
        lines = [f"{verdict.status}: {entry.statement}", *(f"  {word:<9} {text}" for word, text in said.items() if text)]
        failed = [] if verdict.examples else [part for part in verdict.parts if part.status != Status.SUPPORTED]
        if len(verdict.parts) > 1:
            lines += [f"  a part    {part.status}: {board.measured(part)}; {part.reason}" for part in failed]
        return "\n".join(lines)

    def _command(self) -> str:
        """The one command that judges this claim in this world again."""
        words = ["pytest", self.nodeid]
        for name in ("seed", "evidence", "deviations"):
            value = self.config.getoption(f"--{name}")
            if value not in (None, EVIDENCE, DEVIATIONS):
                words += [f"--{name}", str(value)]
        return shlex.join(words)

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:
        """The claim in words; a traceback only where our own code failed."""
        if isinstance(excinfo.value, ClaimFailed):
            return str(excinfo.value)
        return super().repr_failure(excinfo)

    def reportinfo(self) -> tuple[Path, int, str]:
        """The file, the line and the statement that pytest reports."""
        return self.path, 0, self.claim.statement
