"""What the page of a paper shows: three sentences, its claims with what held and what it depended on, and figures."""

from dataclasses import dataclass

from verify.registry import Claim
from verify.report.ledger import Entry
from verify.report.papers import cite
from verify.report.tally import AGAINST, FOR, OPEN, Tally
from verify.site.material import Material
from verify.site.matrix import statement
from verify.site.paper_summaries import FIGURES, SUMMARIES


@dataclass(frozen=True)
class Asked:
    """A claim with its entries and, where worlds differ, which are for it, against it and open."""

    claim: Claim
    statement: str
    entries: tuple[Entry, ...]
    depends: tuple[tuple[str, str], ...]
    span: str


@dataclass(frozen=True)
class Picture:
    """A figure of one world that the paper's claims were asked of, and the other worlds that have it too."""

    name: str
    world: str
    others: tuple[str, ...]


def values(material: Material, paper: str) -> dict:
    """The values of the template ``paper.html`` for the paper of a folder."""
    claims = [_asked(material, claim) for claim in material.shown if claim.paper == paper]
    return {
        "paper": paper,
        "citation": cite(paper),
        "sentences": SUMMARIES.get(paper, ""),
        "groups": _grouped(claims),
        "pictures": pictures(material, paper, claims),
    }


def _asked(material: Material, claim: Claim) -> Asked:
    entries = tuple(material.of_claim(claim.id))
    judged = tuple(entry for entry in entries if entry in material.judged)
    tally = Tally(claim, judged)
    sides = tuple((side, ", ".join(found)) for side in (FOR, AGAINST, OPEN) if (found := tally.worlds(side)))
    return Asked(claim, statement(claim), entries, sides, tally.span() if judged else "")


def _grouped(claims: list[Asked]) -> list[tuple[str, list[Asked]]]:
    """The claims by what became of them: held wherever asked, depended on the world, held nowhere, not judged."""
    groups: dict[str, list[Asked]] = {
        "Held in every world that judged it": [one for one in claims if _sides(one) == {FOR}],
        "Depended on the world": [one for one in claims if FOR in _sides(one) and len(_sides(one)) > 1],
        "Held in no world": [one for one in claims if _sides(one) and FOR not in _sides(one)],
        "Not judged": [one for one in claims if not _sides(one)],
    }
    return [(heading, found) for heading, found in groups.items() if found]


def _sides(asked: Asked) -> set[str]:
    return {side for side, _ in asked.depends}


def pictures(material: Material, paper: str, claims: list[Asked]) -> list[Picture]:
    """The figures that show what the paper is about, each of the first world that has it."""
    asked = dict.fromkeys(entry.world for one in claims for entry in one.entries)
    found = []
    for name in FIGURES.get(paper, ()):
        if worlds := [world for world in asked if name in material.drawings.get(world, ())]:
            found.append(Picture(name, worlds[0], tuple(worlds[1:])))
    return found
