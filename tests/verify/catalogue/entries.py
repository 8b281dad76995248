"""The entry of one claim in the catalogue: its sentence, and how it is judged, doubted and tested."""

from tests.verify.planted.planted_error import PlantedError
from tests.verify.synthetic import story
from verify.judging import drawn_examples
from verify.judging.rules import Relation
from verify.measurements.geometry_methods import WORDS
from verify.registry import KINDS, Claim
from verify.report.explanation import counterfeit
from verify.site.words import SOURCES

LABELS = {
    "mixed": "a part of their labels permuted",
    "permuted": "every label permuted",
    "clean": "no label permuted",
}


def sentence(claim: Claim) -> str:
    """The claim in words, without its id and as a sentence."""
    words = claim.statement.removeprefix(f"{claim.id}: ")
    return f"{words[:1].upper()}{words[1:]}."


def link(id: str) -> str:
    """A link to the entry of the claim with this id."""
    return f"[{id}](#{id.lower().replace('.', '')})"


def entry(claim: Claim, variants: list[Claim], errors: list[PlantedError]) -> str:
    """The section of a claim.

    :param variants: the same sentence, measured by other methods. :param errors: planted errors that the claim detects.
    """
    facts = {
        "From": SOURCES[claim.source],
        "Rule": rule(claim),
        "Needs": needs(claim),
        "Counterfeit": _counterfeit(claim),
        "Planted errors": "; ".join(f"{error.wrong} (`{error.name}`)" for error in errors),
        "The same sentence by another method": ", ".join(link(one.id) for one in variants),
    }
    lines = [f"- **{name}**: {words}" for name, words in facts.items() if words]
    return "\n\n".join([f"### {claim.id}", f"**{sentence(claim)}**", *_detail(claim), "\n".join(lines)])


def variant(claim: Claim) -> str:
    """The short section of a claim that is the sentence of another one by another method."""
    words = f"**The sentence of {link(claim.variant_of)}, measured by {WORDS[claim.geometry[0]]}.**"
    return "\n\n".join([f"### {claim.id}", words, f"- **Needs**: {needs(claim)}"])


def _detail(claim: Claim) -> list[str]:
    """The paragraphs of the claim's file after its first line, wrapped as there; n* is no emphasis."""
    _, _, text = claim.document.partition("\n")
    return [text.strip().replace("*", r"\*")] if text.strip() else []


def rule(claim: Claim) -> str:
    """What must hold for SUPPORTED, each kind of part once.

    A claim about networks asserts it of the synthetic world in which it is true, and a claim that draws its examples of the
    simplest one: no evidence is needed.
    """
    told: Relation = claim.relation(story.told(claim)) if claim.needs else drawn_examples.one_relation(claim.function)
    kinds = list(dict.fromkeys(criterion.asserts for criterion in told.criteria()))
    # Four spaces make a list within a list on GitHub and in mkdocs alike.
    return kinds[0] if len(kinds) == 1 else "all of" + "".join(f"\n    - {kind}" for kind in kinds)


def needs(claim: Claim) -> str:
    """The measurements of a claim about networks, and of which networks; the examples of one that draws its own."""
    if claim.needs:
        return f"{', '.join(f'`{name}`' for name in claim.needs)}, of {_networks(claim)}"
    return f"nothing that is recorded; {_examples(claim)}{_package(claim)}"


def _examples(claim: Claim) -> str:
    if not drawn_examples.is_drawn(claim.function):
        return "it computes one fixed example"
    return f"it draws {drawn_examples.n_examples(claim.function)} examples"


def _package(claim: Claim) -> str:
    return f", for which `{claim.package}` must be installed" if claim.package else ""


def _networks(claim: Claim) -> str:
    """The networks that a claim is about."""
    about = [
        _labels(claim),
        *([f"over a sweep of `{claim.sweep}`"] if claim.sweep else []),
        *([f"of the architecture {' or '.join(claim.architectures)}"] if claim.architectures else []),
        *([f"measured by {', '.join(f'`{name}`' for name in claim.instruments)}"] if claim.instruments else []),
        *([f"compared with the worlds {', '.join(f'`...{name}`' for name in claim.beside)}"] if claim.beside else []),
    ]
    return ", ".join(about)


def _labels(claim: Claim) -> str:
    if claim.labels == ("images",):
        return "networks that reproduce images"
    if set(claim.labels) == set(KINDS):
        return "networks with any part of their labels permuted"
    return f"networks with {' or '.join(LABELS[kind] for kind in claim.labels)}"


def _counterfeit(claim: Claim) -> str:
    """What makes the claim false, in words and as its file writes it."""
    written, *words = counterfeit(claim)
    code = f"`{' '.join(written.split())}`"
    return f"{words[0].rstrip('.')} ({code})" if words else code
