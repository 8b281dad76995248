"""The board: one line for each claim, by paper, and at its end what the sentences of the main paper's abstract come to.

The sentences are last because the end of a run is what a terminal shows.
"""

from collections.abc import Iterable, Mapping

from rich.console import Console
from rich.table import Table
from rich.text import Text

from verify.registry import Claim
from verify.report import changes, long_board, lookup
from verify.report.console import COLORS
from verify.report.ledger import Entry
from verify.report.long_board import REMEMBERED, WIDE
from verify.report.papers import cite
from verify.report.sentences import MAIN_PAPER, SENTENCES, Outcome, outcomes
from verify.report.tally import AGAINST, BROKEN, FOR, OPEN, SIDES, Tally, tallies
from verify.written_commands import BOARD, EXPLAIN

MEASURED_COLUMNS = 32
# The words of a claim are never cut below this.
FEWEST_WORDS = 24
COLOR = {side: COLORS[status] for status, side in SIDES.items()}
LEGEND = (
    "for, against, open: worlds in which the claim is SUPPORTED, REFUTED, INCONCLUSIVE; named are the worlds that differ from "
    "most. Measured is the part of a claim that most often decides, from the lowest world to the highest. Rows of claim and "
    f"world, with intervals, parts and layers: {BOARD} --long; one claim: {EXPLAIN} ID"
)


def of_run(entries: Iterable[Entry], claims: Mapping[str, Claim], console: Console, long: bool) -> None:
    """Print what changed since verdicts were registered, and then the long or the short board."""
    entries = list(entries)
    changes.render(entries, console)
    (long_board.render if long else render)(entries, claims, console)


def render(entries: Iterable[Entry], claims: Mapping[str, Claim], console: Console) -> None:
    """Print the lines of the judged claims."""
    found = tallies(entries, claims)
    widest = max(map(len, [*found, "claim"]))
    for number, (heading, ids) in enumerate(groups(found).items()):
        _head(heading, console)
        table = _table(widest, console.width, headed=number == 0)
        for id in ids:
            _add(table, found[id], console.width, widest)
        console.print(table)
    console.print(LEGEND, style="dim")


def render_lines(entries: Iterable[Entry], claims: Mapping[str, Claim], console: Console) -> None:
    """Print the lines of the judged claims alone, in columns as wide as all claims need."""
    widest = max(map(len, claims))
    table = _table(widest, console.width, headed=False)
    for tally in tallies(entries, claims).values():
        _add(table, tally, console.width, widest)
    console.print(table)


def conclude(entries: Iterable[Entry], console: Console) -> None:
    """Print a verdict for each sentence of the main paper's abstract of which some claim was judged."""
    found = {words: (n, one) for n, (words, one) in enumerate(outcomes(entries).items(), start=1) if one.claims}
    if not found:
        return
    _head(f"The abstract of {cite(MAIN_PAPER)}", console)
    table = Table.grid(padding=(0, 1))
    for column in ("right", "left"):
        table.add_column(justify=column)
    for words, (number, outcome) in found.items():
        ids = f" ({', '.join(SENTENCES[words])}): "
        table.add_row(str(number), Text.assemble(words, (ids, "dim"), (str(outcome), _color(outcome))))
    console.print(table)


def _head(heading: str, console: Console) -> None:
    console.print(heading, style="bold", markup=False, no_wrap=True, overflow="ellipsis")


def _color(outcome: Outcome) -> str:
    if outcome.against:
        return COLOR[AGAINST]
    return COLOR[OPEN] if outcome.unclear or outcome.missing else COLOR[FOR]


def groups(found: Mapping[str, Tally]) -> dict[str, list[str]]:
    """The ids under the heading of their paper: the main paper first, and in it the claims of its abstract."""
    abstract, elsewhere = f"From the abstract of {cite(MAIN_PAPER)}", f"Elsewhere in {cite(MAIN_PAPER)}"
    grouped = {abstract: [id for ids in SENTENCES.values() for id in ids if id in found], elsewhere: []}
    for claim in lookup.in_order(tally.claim for tally in found.values()):
        own = abstract if claim.source == "abstract" else elsewhere
        heading = own if claim.paper == MAIN_PAPER else cite(claim.paper)
        grouped.setdefault(heading, [])
        grouped[heading] += [] if claim.id in grouped[abstract] else [claim.id]
    order = [abstract, elsewhere, *sorted(set(grouped) - {abstract, elsewhere})]
    return {heading: grouped[heading] for heading in order if grouped[heading]}


def _table(widest: int, width: int, headed: bool) -> Table:
    """A table in whose lines words are cut, and the measured range left out, where the page is narrow."""
    table = Table(box=None, pad_edge=False, padding=(0, 1), expand=True, show_header=headed, header_style="dim")
    cut = width < WIDE
    table.add_column("claim", width=widest, no_wrap=True)
    for side in (FOR, AGAINST, OPEN):
        table.add_column(side, width=len(side), justify="right")
    if not cut:
        table.add_column("measured", width=MEASURED_COLUMNS)
    table.add_column("in words", ratio=1, no_wrap=cut, overflow="ellipsis" if cut else "fold")
    return table


def _add(table: Table, tally: Tally, width: int, widest: int) -> None:
    counts = [_count(tally, side) for side in (FOR, AGAINST, OPEN)]
    if width >= WIDE:
        table.add_row(tally.claim.id, *counts, tally.span(), in_words(tally))
    else:
        room = width - widest - sum(len(side) + 2 for side in (FOR, AGAINST, OPEN)) - 2
        table.add_row(tally.claim.id, *counts, in_words(tally, room))


def _count(tally: Tally, side: str) -> Text:
    n = len(tally.worlds(side))
    return Text(str(n), style=COLOR[side] if n else "dim")


def in_words(tally: Tally, room: int = 0) -> Text:
    """The claim in words, its source, the worlds that differ, and how other methods judge it.

    :param room: cut the claim's words, so that the rest has place in so many columns; 0 for no cut.
    """
    words = tally.claim.statement.removeprefix(f"{tally.claim.id}: ")
    source = f" ({tally.claim.source})"
    rest = Text.assemble(source if not room or _is_doubtful(tally) else "", *_differing(tally))
    if not room or len(words) + len(rest) <= room:
        others = "".join(f"; {one}" for one in tally.by_other_methods())
        return Text.assemble(words, rest, others)
    cut = Text(words)
    cut.truncate(max(FEWEST_WORDS, room - len(rest)), overflow="ellipsis")
    return Text.assemble(cut, rest)


def _is_doubtful(tally: Tally) -> bool:
    """Whether a sentence is refuted somewhere that we only remember."""
    return tally.claim.source == REMEMBERED and bool(tally.worlds(AGAINST))


def _differing(tally: Tally) -> list[tuple[str, str]]:
    joined = {side: ", ".join(worlds) for side, worlds in tally.differing().items()}
    return [(f"; {'BROKEN' if side == BROKEN else side}: {worlds}", COLOR[side]) for side, worlds in joined.items()]
