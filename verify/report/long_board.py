"""The long board: one row for each claim and world, with parts and layers beneath; "!" marks a verdict that is not accepted."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from textwrap import shorten

from rich import box
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from verify.judging import error_rates
from verify.judging.verdicts import Status, Verdict
from verify.registry import Claim
from verify.report.console import colored
from verify.report.ledger import Entry
from verify.report.tally import UNJUDGED
from verify.written_commands import EXPLAIN

LEGEND = (
    f"Intervals: {error_rates.FALSE_SUPPORT:g} on either side, wider where values are skewed (docs/error-rates.md). REFUTED "
    f"needs {error_rates.ALARM:g}. A live verdict that is not accepted is judged again on a fresh draw. A row shows the least "
    "firm of its parts, and the most strained of its examples."
)
REMEMBERED = "remembered"
# Names are never broken where there is place, and the numbers share what names leave.
WIDE = 120
NAMES = ("claim", "world", "verdict")
NUMBERS = {"measured": 5, "over": 3, "would have seen": 3}


def render(entries: Iterable[Entry], claims: Mapping[str, Claim], console: Console) -> None:
    """Print the rows, and the reasons that are registered for them."""
    rows = [entry for entry in entries if entry.verdict.status not in UNJUDGED]
    table = _table(console.width)
    for entry in rows:
        _add(table, (entry.id, entry.world), status_of(entry, claims), entry.verdict)
        for part in beneath(entry.verdict):
            _add(table, ("", ""), colored(part.status), part)
    console.print(table)
    _reasons(rows, console)
    console.print(LEGEND, style="dim")


def _table(width: int) -> Table:
    """A table of six columns; where the page is narrow, of three, in which what belongs together shares a cell."""
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, padding=(0, 1, 0, 0))
    names, rest = (NAMES, NUMBERS) if width >= WIDE else (("claim, world", "verdict"), {"measured": 1})
    for heading in names:
        table.add_column(heading, no_wrap=True)
    for heading, ratio in rest.items():
        table.add_column(heading, overflow="fold", ratio=ratio)
    table.expand = True
    return table


def _add(table: Table, names: tuple[str, str], status: str, verdict: Verdict) -> None:
    if len(table.columns) == len(NAMES) + len(NUMBERS):
        table.add_row(*names, status, *cells(verdict))
        return
    lines = "\n".join(filter(None, cells(verdict)))
    table.add_row("\n".join(filter(None, names)), status, lines)


def _reasons(rows: Iterable[Entry], console: Console) -> None:
    registered = [entry for entry in rows if entry.registered and entry.verdict.status != Status.SUPPORTED]
    for entry in registered:
        line = f"{entry.id} in {entry.world}, registered: {entry.registered}"
        console.print(escape(shorten(line, console.width, placeholder=" ...")), style="dim")
    if registered:
        console.print(f"{EXPLAIN} ID gives the reasons in full", style="dim")


def status_of(entry: Entry, claims: Mapping[str, Claim]) -> str:
    """The status, whether it is accepted, and whether what is refuted is a sentence that we only remember."""
    status = entry.verdict.status
    remembered = status == Status.REFUTED and entry.id in claims and claims[entry.id].source == REMEMBERED
    return f"{colored(status)}{'' if entry.accepted else ' !'}{f' ({REMEMBERED})' if remembered else ''}"


def beneath(verdict: Verdict, indent: str = "") -> list[Verdict]:
    """The parts of a verdict that have a name, each with its layers; the layers alone where it has one part."""
    parts = () if verdict.examples else verdict.parts
    named = [part for part in parts if part.about]
    if not parts:
        return [_indented(layer, f"{indent}  ") for layer in verdict.layers]
    return [one for part in named for one in (_indented(part, indent), *beneath(part, f"{indent}  "))]


def _indented(verdict: Verdict, indent: str) -> Verdict:
    return replace(verdict, about=f"{indent}{verdict.about}")


def cells(verdict: Verdict) -> list[str]:
    """What was measured, over what, and what would have been seen, for a row."""
    about = f"{verdict.about}: " if verdict.about else ""
    note = f"\n{verdict.note}" if verdict.note else ""
    return [escape(text) for text in (f"{about}{measured(verdict)}{note}", over(verdict), seen(verdict))]


def measured(verdict: Verdict) -> str:
    """The estimate with its interval and unit, in words; the reason where nothing was measured."""
    if verdict.value is None:
        return verdict.reason
    if verdict.lower is None or verdict.upper is None:
        return f"{verdict.value:.1e} {verdict.unit}"
    return f"{verdict.value:+.3f} {verdict.unit} [{verdict.lower:.3f}, {verdict.upper:.3f}]"


def over(verdict: Verdict) -> str:
    """What the estimate averages over, and by what method it was measured, in words."""
    return ", ".join(filter(None, (_counted(verdict), verdict.method)))


def _counted(verdict: Verdict) -> str:
    if not verdict.n:
        return ""
    own = "exact" if verdict.counted == "comparisons" else f"{verdict.n:,} {verdict.counted}"
    if verdict.examples:
        return f"{verdict.examples} example{'' if verdict.examples == 1 else 's'}, {own}"
    supported = sum(part.status == Status.SUPPORTED for part in verdict.parts)
    return own if supported == len(verdict.parts) else f"{own} ({supported}/{len(verdict.parts)} parts)"


def seen(verdict: Verdict) -> str:
    """The smallest detectable deviation, in words; for INCONCLUSIVE, the outcome it leans to and what would decide it."""
    if verdict.status == Status.INCONCLUSIVE:
        if verdict.leans and verdict.needed:
            return f"leans to {verdict.leans}; {verdict.needed:,} {verdict.counted} would decide it"
        return verdict.reason
    return f">= {verdict.detectable:.2g}" if verdict.detectable is not None else ""
