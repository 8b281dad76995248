"""The board as tables: what changed since verdicts were registered, a line for each claim, the sentences of the abstract."""

from collections.abc import Mapping, Sequence

from verify.gate.sheets import Sheet
from verify.registry import Claim
from verify.report import board, changes
from verify.report.ledger import Entry
from verify.report.papers import cite
from verify.report.sentences import MAIN_PAPER, SENTENCES, outcomes
from verify.report.tally import AGAINST, FOR, OPEN, Tally, tallies


def sheets(entries: Sequence[Entry], claims: Mapping[str, Claim]) -> list[Sheet]:
    """The board of some verdicts, in the order in which a run prints it."""
    return [_changed(entries), *_papers(entries, claims), *_abstract(entries)]


def _changed(entries: Sequence[Entry]) -> Sheet:
    rows = tuple((changes.described(entry), "yes" if entry.accepted else "no") for entry in entries if entry.objection)
    heading = f"{changes.HEADING}: {len(rows)}" if rows else changes.NOTHING
    return Sheet(heading, ("what", "accepted"), rows)


def _papers(entries: Sequence[Entry], claims: Mapping[str, Claim]) -> list[Sheet]:
    found = tallies(entries, claims)
    columns = ("claim", FOR, AGAINST, OPEN, "measured", "in words")
    return [Sheet(heading, columns, tuple(_claim(found[id]) for id in ids)) for heading, ids in board.groups(found).items()]


def _claim(tally: Tally) -> tuple[str, ...]:
    counts = (str(len(tally.worlds(side))) for side in (FOR, AGAINST, OPEN))
    return (tally.claim.id, *counts, tally.span(), board.in_words(tally).plain)


def _abstract(entries: Sequence[Entry]) -> list[Sheet]:
    """The sentences of which some claim was judged; no table where none was."""
    found = {words: one for words, one in outcomes(entries).items() if one.claims}
    rows = tuple((words, ", ".join(SENTENCES[words]), str(one)) for words, one in found.items())
    return [Sheet(f"The abstract of {cite(MAIN_PAPER)}", ("sentence", "claims", "verdict"), rows)] if rows else []
