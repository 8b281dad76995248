"""What changed since verdicts were registered: each verdict that was not accepted, and what a fresh draw says of it."""

from collections.abc import Iterable

from rich.console import Console
from rich.markup import escape

from verify.report.ledger import Entry
from verify.report.long_board import measured

HEADING = "changed since registered"
NOTHING = "nothing changed since it was registered"


def render(entries: Iterable[Entry], console: Console) -> None:
    """Print a line for every verdict that was not accepted at first; one line where there is none."""
    changed = [entry for entry in entries if entry.objection]
    console.print(f"{HEADING}: {len(changed)}" if changed else NOTHING, style="bold" if changed else "dim")
    for entry in changed:
        console.print(escape(f"  {described(entry)}"), style="red" if not entry.accepted else "yellow", soft_wrap=False)


def described(entry: Entry) -> str:
    """What is wrong with a verdict, with its numbers, and whether a fresh draw confirms it."""
    words = f"{entry.id} in {entry.world}: {entry.objection} ({measured(entry.verdict)})"
    if entry.again is None:
        return words
    found = "not confirmed" if entry.accepted else "confirmed"
    return f"{words}; {found} on a fresh draw: {entry.again.status} ({measured(entry.again)})"
