"""All claims as a table: what each says, where it is judged, and the last verdict there."""

from collections.abc import Iterable, Mapping

from rich import box
from rich.markup import escape
from rich.table import Table

from verify.board import COLORS
from verify.claim import Claim
from verify.ledger import Entry
from verify.lookup import worlds_of
from verify.worlds import World

UNKNOWN = "-"


def listing(claims: Iterable[Claim], worlds: Mapping[str, World], verdicts: Mapping[tuple[str, str], Entry]) -> Table:
    """One row per claim, one line of it per world.

    :param worlds: those networks live in that are shown, by name.
    :param verdicts: of the last ledger, by (claim id, world).
    """
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for heading in ("claim", "world", "last verdict"):
        table.add_column(heading, no_wrap=True)
    table.add_column("in words")
    for claim in claims:
        places = worlds_of(claim, worlds)
        words = [_word(verdicts.get((claim.id, place))) for place in places]
        table.add_row(claim.id, "\n".join(places), "\n".join(words), escape(_statement(claim)))
    return table


def _word(entry: Entry | None) -> str:
    if entry is None:
        return UNKNOWN
    status = entry.verdict.status
    return f"[{COLORS[status]}]{status}[/]{'' if entry.accepted else ' !'}"


def _statement(claim: Claim) -> str:
    return claim.statement.removeprefix(f"{claim.id}: ")
