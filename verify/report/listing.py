"""All claims by paper: the statement of each, the worlds that judge it, and the last verdicts."""

from collections.abc import Iterable, Mapping

from rich.console import Console
from rich.markup import escape
from rich.table import Table
from rich.text import Text

from verify.measurements.geometry_methods import WORDS
from verify.registry import Claim
from verify.report.console import colored
from verify.report.ledger import Entry
from verify.report.lookup import worlds_of
from verify.report.papers import cite
from verify.worlds.world import State, World

UNKNOWN = "no verdict"


def render(
    claims: Iterable[Claim], worlds: Mapping[str, World], verdicts: Mapping[tuple[str, str], Entry], console: Console
) -> None:
    """Print every claim once, and beneath it the worlds that judge it, by their last verdict.

    :param worlds: the worlds of trained networks to show, by name; a world that is not recorded yet is shown only if it is
        alone.
    :param verdicts: the entries of the last ledger, by (claim id, world).
    """
    by_paper: dict[str, list[Claim]] = {}
    for claim in claims:
        by_paper.setdefault(claim.paper, []).append(claim)
    missing = {name for name, world in worlds.items() if world.state is State.MISSING and len(worlds) > 1}
    for paper, found in by_paper.items():
        console.print(Text(f"{paper}: {cite(paper)}", style="bold"))
        table = Table.grid(padding=(0, 2, 0, 0))
        table.add_column(no_wrap=True)
        table.add_column()
        for claim in found:
            table.add_row(claim.id, escape(_statement(claim)))
            for line in _verdicts(claim.id, [name for name in worlds_of(claim, worlds) if name not in missing], verdicts):
                table.add_row("", line)
        console.print(table, "")


def _statement(claim: Claim) -> str:
    """The claim in words; for a variant, whose words it shares, and its method."""
    if claim.variant_of:
        return f"{claim.variant_of} by {WORDS[claim.geometry[0]]}"
    return claim.statement.removeprefix(f"{claim.id}: ")


def _verdicts(id: str, places: Iterable[str], verdicts: Mapping[tuple[str, str], Entry]) -> list[str]:
    """A line for every verdict that some worlds share."""
    alike: dict[str, list[str]] = {}
    for place in places:
        alike.setdefault(_word(verdicts.get((id, place))), []).append(place)
    return [f"{word} in {', '.join(names)}" for word, names in alike.items()]


def _word(entry: Entry | None) -> str:
    if entry is None:
        return f"[dim]{UNKNOWN}[/]"
    return f"{colored(entry.verdict.status)}{'' if entry.accepted else ' !'}"
