"""What the page of a claim shows: sentence and source, rule, estimates over worlds, parts, counterfeit, reasons, history."""

from dataclasses import dataclass

from verify.judging.verdicts import Status, Verdict
from verify.registry import THEORY, Claim
from verify.report import changes, explanation, lookup
from verify.report.ledger import Entry
from verify.report.tally import quantities
from verify.site import history, words
from verify.site.forest import forests
from verify.site.material import Material
from verify.site.matrix import statement


@dataclass(frozen=True)
class Place:
    """A claim in one world.

    layered: the parts that are means over layers, each with the verdicts of its layers. examples: those that were drawn.
    changed: what is wrong with the verdict. other_evidence: whether the folder has other evidence by now.
    """

    entry: Entry
    kind: str
    reason: str
    layered: tuple[tuple[str, tuple[Verdict, ...]], ...]
    examples: tuple[Verdict, ...]
    changed: str
    other_evidence: bool


def values(material: Material, claim: Claim) -> dict:
    """The values of the template ``claim.html`` for one claim."""
    entries = material.of_claim(claim.id)
    neighbours = material.shown
    number = neighbours.index(claim)
    return {
        "claim": claim,
        "statement": statement(claim) if not claim.variant_of else claim.statement.removeprefix(f"{claim.id}: "),
        "summary": summary(entries),
        "detail": detail(claim),
        "reads": explanation.reads(claim),
        "rule": rule(entries),
        "counterfeit": explanation.counterfeit(claim),
        "forests": forests(entries),
        "places": [_place(material, entry) for entry in entries],
        "relatives": relatives(material, claim),
        "history": history.of_claim(material.history, claim.id),
        "before": neighbours[number - 1] if number else None,
        "after": neighbours[number + 1] if number + 1 < len(neighbours) else None,
    }


def detail(claim: Claim) -> list[str]:
    """The paragraphs of the claim's file after its first line."""
    _, _, text = claim.document.partition("\n")
    return [" ".join(paragraph.split()) for paragraph in text.strip().split("\n\n") if paragraph.strip()]


def summary(entries: list[Entry]) -> list[tuple[str, str]]:
    """(kind of verdict, in how many worlds, or which) for every verdict that the claim has."""
    found: dict[str, list[str]] = {}
    for entry in entries:
        found.setdefault(words.kind(entry.verdict.status), []).append(entry.world)
    return [(kind, ", ".join(found[kind])) for kind in words.LEGEND if kind in found]


def rule(entries: list[Entry]) -> dict[str, list[str]]:
    """How the parts are judged: what each predicts, what decides, and at which rates; each line once."""
    judged = [part for entry in entries for part in quantities(entry.verdict) if part.rule]
    predicted = [f"{part.about}: {part.predicted}" if part.about else part.predicted for part in judged]
    return {
        "predicted": list(dict.fromkeys(predicted)),
        "decided": [words.RULES[name] for name in dict.fromkeys(part.rule for part in judged)],
        "rates": list(dict.fromkeys(filter(None, (words.rates(part) for part in judged)))),
    }


def relatives(material: Material, claim: Claim) -> list[Claim]:
    """The claims of the ledger whose ids have the same stem: other readings and other methods of the same sentence."""
    stem = claim.id.partition(".")[0]
    family = [one for one in material.shown if one.id.partition(".")[0] == stem and one is not claim]
    return lookup.in_order(family)


def _place(material: Material, entry: Entry) -> Place:
    verdict = entry.verdict
    return Place(
        entry,
        words.kind(verdict.status),
        words.reason(verdict, _registered(entry)) if verdict.value is None else "",
        layered(entry),
        verdict.parts if verdict.examples or entry.world == THEORY else (),
        changes.described(entry) if entry.objection else "",
        material.is_other_evidence(entry),
    )


def layered(entry: Entry) -> tuple[tuple[str, tuple[Verdict, ...]], ...]:
    """The parts of a verdict that are means over layers, with the verdicts of their layers."""
    parts = [part for part in quantities(entry.verdict) if part.layers] if not entry.verdict.examples else []
    return tuple((part.about or "the claim", part.layers) for part in parts)


def _registered(entry: Entry) -> str:
    return entry.registered if entry.verdict.status != Status.SUPPORTED else ""
