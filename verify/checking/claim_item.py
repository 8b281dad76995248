"""One claim in one world as a pytest item, which passes, xfails, skips or fails by its verdict."""

import shlex
import sys
from contextlib import AbstractContextManager
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from empirical import installation
from verify.checking.check import CHECK, KEPT_PROPERTY, PROPERTY, UNMADE_PROPERTY, Check
from verify.checking.kept_verdicts import kept_or_judged
from verify.checking.options import given, written
from verify.judging import error_rates
from verify.judging.verdicts import Status, Verdict
from verify.registry import SUPPORTED_ONLY, THEORY, Claim
from verify.report import long_board, pins
from verify.report.deviations import Deviation
from verify.report.ledger import Entry, judge
from verify.worlds.world import State, World, fresh_seed, prepare

EVIDENCE_PROPERTY = "geomem_evidence"
# Nothing was judged, so that there is nothing to compare or to confirm.
UNJUDGED = (Status.BROKEN, Status.UNTESTED)
# What to do where another verdict is registered than SUPPORTED. The entries of a wheel are not for its user to delete.
STALE = (
    "so that its entry in deviations.toml is to be deleted"
    if installation.is_checkout()
    else 'so that its registered entry is out of date: delete it, or register accept = ["SUPPORTED"] in a file of your own'
)


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
        """Judge the claim, twice where it is not accepted, hand the entry to the check, and pass, xfail, skip or fail."""
        self._make_evidence()
        deviation = self._deviation()
        accept = frozenset(deviation.accept) if deviation else SUPPORTED_ONLY
        verdict = self._judge(accept, self._seed(), self._chance())
        objection, again = self._objection(verdict, accept), None
        if objection and self._can_be_confirmed(verdict):
            again = self._judged_again(accept)
        counterfeit = self._counterfeit() if self._wants_counterfeit(verdict) else None
        entry = Entry(
            id=self.claim.id,
            world=self.world_name,
            verdict=verdict,
            accepted=not objection or bool(again and not self._objection(again, accept)),
            registered=deviation.reason if deviation else "",
            statement=self.claim.statement,
            seed=self._seed(),
            evidence=self._evidence(),
            objection=objection,
            again=again,
            judge=judge(),
            counterfeit=counterfeit,
        )
        self.user_properties.append((PROPERTY, entry.line()))
        if self.world and (about := self.world.about()):
            self.user_properties.append((EVIDENCE_PROPERTY, about))
        self._conclude(entry)

    def _make_evidence(self) -> None:
        """Make the live evidence that the claim reads here, unless it exists, once in a process; others wait for it."""
        if not self.world or self.world.state is not State.LIVE:
            return
        for name in self.world.read_by(self.claim):
            unmade = self._check.unmade
            if name not in unmade:
                with self._uncaptured():
                    unmade[name] = prepare(name, self._seed(), self._read_by_others())
            if unmade[name]:
                self.user_properties.append((UNMADE_PROPERTY, f"{name}: {unmade[name]}"))

    def _read_by_others(self) -> list[str]:
        """The names of the live worlds that the items of this run read and that nobody has asked for yet."""
        worlds = [(one.claim, one.world) for one in self.session.items if isinstance(one, ClaimItem) and one.world]
        read = (name for claim, world in worlds if world.state is State.LIVE for name in world.read_by(claim))
        return [name for name in dict.fromkeys(read) if name not in self._check.unmade]

    def _deviation(self) -> Deviation | None:
        """The entry registered for this claim, world and, where it is recorded, evidence."""
        found = self._check.deviations.get((self.claim.id, self.world_name))
        return found if found and found.evidence == self._evidence() else None

    def _evidence(self) -> str:
        return self.world.evidence(self.claim) if self._is_recorded() and self.world else ""

    def _is_recorded(self) -> bool:
        return bool(self.world and self.world.state is State.RECORDED)

    def _objection(self, verdict: Verdict, accept: frozenset[Status]) -> str:
        """Why a verdict is not accepted: it is outside its accepted set, or its numbers moved."""
        pin = self._check.pins.get((self.claim.id, self.world_name))
        moved = pins.moved(verdict, self._evidence(), pin) if pin and verdict.status not in UNJUDGED else ""
        if verdict.status in accept | {Status.NOT_ASKED}:
            return moved
        stale = f", {STALE}" if verdict.status == Status.SUPPORTED else ""
        return "; ".join(filter(None, (f"{verdict.status} is not accepted{stale}", moved)))

    def _can_be_confirmed(self, verdict: Verdict) -> bool:
        return not self._is_recorded() and verdict.status not in UNJUDGED

    def _judged_again(self, accept: frozenset[Status]) -> Verdict:
        """The verdict on fresh examples, or on a second set of networks, which is trained once for all claims and cached."""
        seed = fresh_seed(self._seed())
        if self.world:
            self._say(
                f"{self.name} is not accepted; {self.world.name} is judged again on networks of seed {seed}, trained if need be"
            )
            for name in self.world.read_by(self.claim):
                prepare(name, seed, self.world.read_by(self.claim))
        return self._judge(accept, seed, self._chance().named("again"))

    def _say(self, words: str) -> None:
        with self._uncaptured():
            sys.stderr.write(f"\n{words}\n")

    def _uncaptured(self) -> AbstractContextManager[None]:
        capture: Any = self.config.pluginmanager.getplugin("capturemanager")
        return capture.global_and_fixture_disabled()

    def _judge(self, accept: frozenset[Status], seed: int | None, chance: error_rates.Chance) -> Verdict:
        if self.world is None:
            judge_it = partial(self.claim.judge, chance, accept=accept)
            verdict, kept = kept_or_judged(self.claim, chance, accept, judge_it, self._say)
            self.user_properties += [(KEPT_PROPERTY, "yes")] * kept
            return verdict
        world = self.world
        return self.claim.judge(chance, lambda: world.runs(seed), accept)

    def _wants_counterfeit(self, verdict: Verdict) -> bool:
        """Whether ``--counterfeits`` asks for this kind of claim, and something was judged."""
        wanted = given(self.config, "counterfeits")
        asked = wanted == "all" or (wanted == "networks" and self.world is not None)
        return asked and verdict.status not in (*UNJUDGED, Status.NOT_ASKED)

    def _counterfeit(self) -> Verdict:
        """The verdict on the claim in its counterfeit, without its parts."""
        chance, runs = self._chance().named("counterfeit"), self.world and self.world.runs(self._seed())
        return self.claim.judge_counterfeit(chance, runs).alone()

    def _chance(self) -> error_rates.Chance:
        """The error rates of every claim, and the random numbers of this one."""
        return error_rates.of_claim(0 if self._is_recorded() else self._seed() or 0, self.claim.id)

    def _seed(self) -> int | None:
        return given(self.config, "seed")

    def _conclude(self, entry: Entry) -> None:
        status, words = entry.verdict.status, f"{entry.verdict.status}: {entry.verdict.reason}"
        if not entry.accepted:
            raise ClaimFailed(self._explain(entry))
        why = f"not confirmed on a fresh draw: {entry.again.status}" if entry.again else f"registered: {entry.registered}"
        if status == Status.NOT_ASKED:
            pytest.skip(words)
        if status == Status.REFUTED:
            pytest.xfail(f"{words}; {why}")
        if status in (Status.INCONCLUSIVE, Status.UNTESTED):
            pytest.skip(f"{words}; {why}")

    def _explain(self, entry: Entry) -> str:
        verdict = entry.verdict
        said = {
            "predicted": verdict.predicted,
            "measured": verdict.value is not None and f"{long_board.measured(verdict)}, {long_board.over(verdict)}",
            "rule": verdict.reason,
            "noticed": entry.objection,
            "again": entry.again and f"{entry.again.status}: {long_board.measured(entry.again)}, on a fresh draw",
            "where": verdict.where or entry.world,
            "replay": self._command(),
        }
        lines = [f"{verdict.status}: {entry.statement}", *(f"  {word:<9} {text}" for word, text in said.items() if text)]
        failed = [] if verdict.examples else [part for part in verdict.parts if part.status != Status.SUPPORTED]
        if len(verdict.parts) > 1:
            lines += [f"  a part    {part.status}: {long_board.measured(part)}; {part.reason}" for part in failed]
        return "\n".join(lines)

    def _command(self) -> str:
        """The one command that judges this claim in this world again."""
        words = ["geomem", "judge", "--claim", self.claim.id, "--world", self.world_name]
        if at_home := installation.is_home(self.config.rootpath):
            words = ["pytest", self.nodeid]
        for option in ("seed", "evidence", "deviations"):
            if (value := given(self.config, option)) is not None:
                words += [written(self.config, option) if at_home else f"--{option}", str(value)]
        return shlex.join(words)

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:
        """The claim in words; a traceback, which takes as long as a judgement, only where our own code failed."""
        if isinstance(excinfo.value, ClaimFailed | pytest.xfail.Exception):
            return str(excinfo.value)
        return super().repr_failure(excinfo)

    def reportinfo(self) -> tuple[Path, int, str]:
        """The file, the line and the statement that pytest reports."""
        return self.path, 0, self.claim.statement
