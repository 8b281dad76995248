"""What the first page shows: question and answer, the sentences of the abstract, the matrix, and what changed."""

from dataclasses import dataclass

from verify.judging.verdicts import Status
from verify.registry import THEORY, Claim
from verify.report import changes, world_notes
from verify.report.ledger import Entry
from verify.report.sentences import MAIN_PAPER, SENTENCES, Outcome, outcomes
from verify.site import words
from verify.site.forest import Forest, leading
from verify.site.material import Material
from verify.site.matrix import matrix

# What became of sentences of the abstract, after their number.
SAID = {
    "supported": "hold in every world that was asked",
    "refuted": "fail in at least one world",
    "inconclusive": "are open in some worlds",
    "unasked": "are not judged",
}
SHOWN = (Status.SUPPORTED, Status.REFUTED, Status.INCONCLUSIVE)


@dataclass(frozen=True)
class Evidence:
    """A claim behind a sentence: its entries' counts by verdict, the range of what was measured, and a small chart."""

    claim: Claim
    span: str
    forest: Forest | None
    n_for: int
    n_worlds: int


@dataclass(frozen=True)
class Sentence:
    """A sentence of the abstract, in words, with what it comes to."""

    words: str
    kind: str
    verdict: str
    number: str
    claims: tuple[Evidence, ...]
    missing: tuple[str, ...]


def values(material: Material) -> dict:
    """The values of the template ``index.html``."""
    return {
        "question": question(material),
        "answer": answer(material),
        "changes": [changes.described(entry) for entry in material.entries if entry.objection],
        "main_paper": MAIN_PAPER,
        "sentences": sentences(material),
        "matrix": matrix(material),
        "drawn": drawn(material),
        "waiting": world_notes.waiting(material.claims.values(), material.worlds),
        "notes": [*world_notes.not_judged(material.entries), *_gone(material)],
    }


def question(material: Material) -> str:
    """What was asked, in one sentence."""
    n_worlds, n_papers = len(material.places), len(material.papers)
    drawn = " and on examples drawn afresh" if any(entry.world == THEORY for entry in material.entries) else ""
    asked = f"{words.counted(len(material.shown), 'claim')} from {words.counted(n_papers, 'paper')}"
    return f"{asked} on generalization and memorization were judged in {words.counted(n_worlds, 'world')} of networks{drawn}."


def answer(material: Material) -> str:
    """What came out, in one sentence."""
    kinds = [words.outcome_kind(outcome) for outcome in outcomes(material.entries).values()]
    said = {kind: f"{kinds.count(kind)} {text}" for kind, text in SAID.items() if kind in kinds}
    total = ", ".join(f"{material.count(status)} {status}" for status in SHOWN)
    return f"Of the {len(SENTENCES)} sentences of the main paper's abstract, {', '.join(said.values())}. All verdicts: {total}."


def sentences(material: Material) -> list[Sentence]:
    """The sentences of the main paper's abstract, in its order."""
    return [_sentence(material, text, outcome) for text, outcome in outcomes(material.entries).items()]


def _sentence(material: Material, text: str, outcome: Outcome) -> Sentence:
    claims = tuple(_evidence(material, id) for id in outcome.claims)
    n_worlds = len(outcome.holds + outcome.against + outcome.unclear)
    number = f"{len(outcome.holds)} of {words.counted(n_worlds, 'world')}" if outcome.claims else ""
    return Sentence(text, words.outcome_kind(outcome), verdict_of(outcome), number, claims, outcome.missing)


def verdict_of(outcome: Outcome) -> str:
    """The worlds in which a sentence does not hold, and the claims that were not judged; "" where there are none."""
    if not outcome.claims:
        return "not judged in this ledger"
    named = [f"against it: {', '.join(outcome.against)}"] if outcome.against else []
    named += [f"open: {', '.join(outcome.unclear)}"] if outcome.unclear else []
    named += [f"not judged: {', '.join(outcome.missing)}"] if outcome.missing else []
    return "; ".join(named)


def _evidence(material: Material, id: str) -> Evidence:
    entries = [entry for entry in material.judged if entry.id == id]
    n_for = sum(entry.verdict.status == Status.SUPPORTED for entry in entries)
    return Evidence(material.claims[id], material.tallies[id].span(), leading(entries), n_for, len(entries))


def drawn(material: Material) -> list[tuple[Claim, Entry]]:
    """The claims that draw their own examples, with their entries."""
    return [(claim, entry) for claim in material.shown for entry in material.of_claim(claim.id) if entry.world == THEORY]


def _gone(material: Material) -> list[str]:
    return [f"no longer claims, and left out: {', '.join(material.gone)}"] if material.gone else []
