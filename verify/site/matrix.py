"""The matrix: claims about networks in rows, by paper, and worlds in columns, by data set."""

from dataclasses import dataclass
from itertools import groupby

from verify.measurements.geometry_methods import WORDS
from verify.registry import Claim
from verify.report.ledger import Entry
from verify.report.sentences import MAIN_PAPER
from verify.site import words
from verify.site.material import Material


@dataclass(frozen=True)
class Cell:
    """A verdict in the matrix; the entry is None where the world does not ask the claim."""

    world: str
    entry: Entry | None
    begins: bool

    @property
    def kind(self) -> str:
        """The verdict in the style of the pages."""
        return words.kind(self.entry.verdict.status if self.entry else None)


@dataclass(frozen=True)
class Line:
    """A claim, in words, with its cells."""

    claim: Claim
    statement: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True)
class Matrix:
    """datasets: (data set, its worlds). papers: (folder of the paper, its lines)."""

    datasets: tuple[tuple[str, tuple[str, ...]], ...]
    papers: tuple[tuple[str, tuple[Line, ...]], ...]


def matrix(material: Material) -> Matrix:
    """The matrix of the claims about networks, the main paper first."""
    datasets = tuple((name, tuple(found)) for name, found in groupby(material.places, key=material.dataset))
    firsts = {found[0] for _, found in datasets}
    lines: dict[str, list[Line]] = {}
    for claim in (claim for claim in material.shown if claim.needs):
        entries = {entry.world: entry for entry in material.of_claim(claim.id)}
        cells = tuple(Cell(name, entries.get(name), name in firsts) for name in material.places)
        lines.setdefault(claim.paper, []).append(Line(claim, statement(claim), cells))
    order = sorted(lines, key=lambda paper: (paper != MAIN_PAPER, paper))
    return Matrix(datasets, tuple((paper, tuple(lines[paper])) for paper in order))


def statement(claim: Claim) -> str:
    """The claim in words, without its id; for a variant, its method alone."""
    if claim.variant_of:
        return f"the same, by {WORDS[claim.geometry[0]]}"
    return claim.statement.removeprefix(f"{claim.id}: ")
