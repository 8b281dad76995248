"""The board: one line per claim and world, always in the same columns; "!" marks a verdict outside its accepted set."""

from collections.abc import Iterable
from textwrap import shorten

from rich import box
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from theory.geometry.manifolds import FEW_MANIFOLDS
from verify.judging import error_rates
from verify.judging.verdicts import Status, Verdict
from verify.report.ledger import Entry

COLORS = {
    Status.SUPPORTED: "green",
    Status.INCONCLUSIVE: "yellow",
    Status.UNTESTED: "yellow",
    Status.REFUTED: "red",
    Status.BROKEN: "bold red",
}
LEGEND = (
    f"networks: t interval, {error_rates.FALSE_SUPPORT:g} on either side; a SUPPORTED direction also has a sign-flip "
    f"p <= {error_rates.FALSE_SUPPORT:g}; REFUTED needs {error_rates.LIVE_ALARM:g} (live). The board shows the "
    "least firm of several parts, and the most strained of drawn examples."
)


def render(entries: Iterable[Entry], console: Console, notes: Iterable[str] = ()) -> None:
    """Print the board, the registered reasons and the notes on its worlds."""
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for heading in ("claim", "world", "verdict", "measured", "over", "would have seen"):
        table.add_column(heading, overflow="fold", no_wrap=heading in ("claim", "world", "verdict"))
    lines = folded(entries)
    for name, entry in lines:
        verdict, color = entry.verdict, COLORS[entry.verdict.status]
        word = f"[{color}]{verdict.status}[/]{'' if entry.accepted else ' !'}"
        table.add_row(name, entry.world, word, *map(escape, (measured(verdict), over(verdict), seen(verdict))))
    console.print(table)
    registered = [line for line in lines if line[1].registered and line[1].verdict.status != Status.SUPPORTED]
    for name, entry in registered:
        line = f"{name} in {entry.world}, registered: {entry.registered}"
        console.print(escape(shorten(line, console.width, placeholder=" ...")), style="dim")
    if registered:
        console.print("python -m verify explain ID gives the reasons in full", style="dim")
    for note in notes:
        console.print(escape(note), style="dim")
    console.print(LEGEND, style="dim")


def folded(entries: Iterable[Entry]) -> list[tuple[str, Entry]]:
    """A name and an entry for every line of the board.

    The claims of one world that are UNTESTED for one reason share a line; these lines are last.
    """
    alike: dict[tuple, list[Entry]] = {}
    for entry in entries:
        untested = entry.verdict.status == Status.UNTESTED
        own = (entry.verdict.reason, entry.accepted, entry.registered) if untested else (entry.id,)
        alike.setdefault((untested, entry.world, *own), []).append(entry)
    lines = sorted(alike.values(), key=lambda group: len(group) > 1)
    return [(group[0].id if len(group) == 1 else f"{len(group)} claims", group[0]) for group in lines]


def geometry_note(world: str, n_classes: int) -> str:
    """A note on the geometry of a world with few classes."""
    return (
        f"{world}: geometry of {n_classes} manifolds, far below the theory's limit of many ({FEW_MANIFOLDS} or more); "
        "compare its numbers with each other and with the shuffled baseline, not with a constant"
    )


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
    """The smallest detectable deviation, in words; for INCONCLUSIVE, how many observations would decide, or why none would."""
    if verdict.status == Status.INCONCLUSIVE:
        return f"effect with {verdict.needed:,}" if verdict.needed else verdict.reason
    return f">= {verdict.detectable:.2g}" if verdict.detectable is not None else ""
