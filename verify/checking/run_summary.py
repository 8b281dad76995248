"""The end of a run of pytest that judged claims: what changed, the board, its notes, and what was required of the run."""

import sys

import pytest

from verify.checking.check import CHECK, Check
from verify.checking.options import given
from verify.claim_modules import how_to_name
from verify.gate import requirements
from verify.judging.verdicts import Status
from verify.registry import THEORY
from verify.report import board, ledger, world_notes
from verify.report.console import console, print_notes
from verify.worlds.world import EVIDENCE


def print_summary(terminalreporter: "pytest.TerminalReporter", config: pytest.Config) -> None:
    """Print what changed, the board, its notes, BROKEN and required verdicts, and last the sentences of the abstract."""
    check = config.stash[CHECK]
    entries = ledger.in_order(check.entries)
    if not (entries or given(config, "world") or required(config)):
        return
    page = console(sys.stdout, str(config.getoption("color")))
    if entries:
        terminalreporter.section("claims")
        board.of_run(entries, check.registry, page, bool(given(config, "long")))
    print_notes(_notes(check, entries), page)
    for path in check.unnamed:
        terminalreporter.write_line(how_to_name(path, config.invocation_params.dir), yellow=True)
    for name, reason in check.unmade.items():
        if reason:
            terminalreporter.write_line(f"world {name}: {reason}", red=True)
    _say_broken(terminalreporter, entries)
    _say_required(terminalreporter, config, entries)
    terminalreporter.write_line(check.ledger)
    board.conclude(entries, page)


def required(config: pytest.Config) -> tuple[requirements.Requirement, ...]:
    """The required verdicts; none where nothing is judged."""
    return () if config.option.collectonly else config.stash[CHECK].required


def _notes(check: Check, entries: list[ledger.Entry]) -> list[str]:
    """Notes on the judged worlds, on what they are not asked, and on selected worlds that are not recorded yet."""
    claims = [check.registry[id] for id in ({entry.id for entry in entries} or check.chosen)]
    return [
        *world_notes.judged_in(entries, check.registry, check.worlds),
        *world_notes.not_judged(entries),
        *world_notes.kept(check.kept),
        *(world_notes.left_out(check.left_out) if any(entry.world == THEORY for entry in entries) else ()),
        *world_notes.waiting(claims, {name: world for name, world in check.worlds.items() if name in check.selected}),
    ]


def _say_broken(terminalreporter: "pytest.TerminalReporter", entries: list[ledger.Entry]) -> None:
    for entry in entries:
        if entry.verdict.status == Status.BROKEN:
            terminalreporter.write_line(f"BROKEN {entry.id} in {entry.world}: {entry.verdict.reason}", red=True, bold=True)


def _say_required(terminalreporter: "pytest.TerminalReporter", config: pytest.Config, entries: list[ledger.Entry]) -> None:
    for one in required(config):
        words = requirements.told(one, entries, config.stash[CHECK].worlds, given(config, "evidence") or EVIDENCE)
        color = "green" if one.is_met(entries) else "red"
        terminalreporter.write_line(words, bold=True, **{color: True})
