"""All claims as a table: the statement of each, the worlds that judge it, and the last verdicts."""

from collections.abc import Iterable, Mapping

from rich import box
from rich.markup import escape
from rich.table import Table

from verify.registry import Claim
from verify.report.board import COLORS
from verify.report.ledger import Entry
from verify.report.lookup import worlds_of
from verify.worlds.world import State, World

UNKNOWN = "-"


def listing(claims: Iterable[Claim], worlds: Mapping[str, World], verdicts: Mapping[tuple[str, str], Entry]) -> Table:
    """A table with one row per claim and, within the row, one line per world.

    :param worlds: the worlds of trained networks to show, by name; a world that is not recorded yet is shown only if it is
        alone.
    :param verdicts: the entries of the last ledger, by (claim id, world).
    """
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for heading in ("claim", "world", "last verdict"):
        table.add_column(heading, no_wrap=True)
    table.add_column("in words")
    missing = {name for name, world in worlds.items() if world.state is State.MISSING and len(worlds) > 1}
    for claim in claims:
        places = [name for name in worlds_of(claim, worlds) if name not in missing]
        words = [_word(verdicts.get((claim.id, place))) for place in places]
        table.add_row(claim.id, "\n".join(places), "\n".join(words), escape(_statement(claim)))
    return table


def waiting(claims: Iterable[Claim], worlds: Mapping[str, World]) -> list[str]:
    """A line for every world that is not recorded yet: how many of the claims need it."""
    missing = [world for world in worlds.values() if world.state is State.MISSING]
    counts = {world.name: sum(world.asks(claim) for claim in claims) for world in missing}
    return [f"{name}: not recorded, {count} claims wait for it" for name, count in counts.items() if count]


def evidence(worlds: Mapping[str, World]) -> list[str]:
    """A line for every recorded world: date, machine and number of networks."""
    return [f"{name}: {about}" for name, world in worlds.items() if (about := world.about())]


def _word(entry: Entry | None) -> str:
    if entry is None:
        return UNKNOWN
    status = entry.verdict.status
    return f"[{COLORS[status]}]{status}[/]{'' if entry.accepted else ' !'}"


def _statement(claim: Claim) -> str:
    return claim.statement.removeprefix(f"{claim.id}: ")
