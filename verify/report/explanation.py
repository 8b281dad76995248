"""The explanation of one claim: its statement and source, what it reads, its rule, its evidence, and what would refute it."""

import ast
import inspect
import sys
from collections.abc import Iterable, Mapping
from functools import cache

from empirical.evidence.quantities import QUANTITIES
from verify.judging import drawn_examples, error_rates
from verify.judging.criteria import EXACT, Criterion, asserted
from verify.judging.mean_tests import MeanTest
from verify.judging.rules import Both, Relation
from verify.judging.verdicts import EvidenceError, Status
from verify.measurements.runs import Runs
from verify.measurements.sweeps import Sweep
from verify.registry import Claim
from verify.report import long_board
from verify.report.ledger import Entry
from verify.report.lookup import worlds_of
from verify.report.papers import cite
from verify.worlds.world import State, World
from verify.written_commands import JUDGE, record

Sections = list[tuple[str, list[str]]]
# Several claims are explained in one call, and read the same tables.
_runs = cache(World.runs)
# The kinds of source, from verify.registry.SOURCES.
SOURCE = {
    "abstract": "the abstract of",
    "figure": "a figure of",
    "text": "the text of",
    "remembered": "remembered, and not compared with the text of",
    "ours": "our own sentence, beside",
}


def explain(
    claim: Claim,
    worlds: Mapping[str, World],
    verdicts: Mapping[tuple[str, str], Entry],
    variants: Iterable[Claim] = (),
) -> Sections:
    """The explanation of a claim as (heading, paragraphs).

    :param worlds: the worlds of trained networks, by name.
    :param verdicts: the entries of the last ledger, by (claim id, world).
    :param variants: claims whose ids continue this one's; they are named.
    """
    _, _, source = claim.document.partition("\n")
    place, relation, evidence = _evidence(claim, worlds, verdicts)
    found = relation.criteria() if relation else ()
    sections = [
        ("claim", [claim.statement]),
        ("variants", [", ".join(one.id for one in variants)]),
        ("source", [f"{SOURCE[claim.source]} {cite(claim.paper)}"]),
        ("in detail", [" ".join(paragraph.split()) for paragraph in source.strip().split("\n\n")]),
        ("reads" if claim.needs else "draws", reads(claim)),
        ("judged on", judged_on(relation, place) if relation else []),
        ("judged by", asserted(found) or ["its relations are known only where its evidence exists"]),
        ("evidence", evidence),
        ("counterfeit", [*counterfeit(claim), "in this counterfeit the claim must not come out SUPPORTED"]),
        ("refuted by", _refutation(claim, found)),
        ("judge it", [f"{JUDGE} --claim {claim.id}"]),
    ]
    return [(heading, paragraphs) for heading, paragraphs in sections if any(paragraphs)]


def judged_on(relation: Relation, place: str) -> list[str]:
    """The quantities that a relation is about, each with the layers over which it is a mean.

    :param place: the world whose layers these are.
    """
    if isinstance(relation, Both):
        return list(dict.fromkeys(line for part in relation.relations for line in judged_on(part, place)))
    if not isinstance(relation, MeanTest) or not (relation.about or relation.layers):
        return []
    names = ", ".join(name for name, _ in relation.layers)
    about = relation.about or relation.unit
    return [f"{about}, the mean over {names} in {place}" if names else about]


def reads(claim: Claim) -> list[str]:
    """The quantities of a claim about networks; the strategies of one that draws its examples."""
    if claim.needs:
        return [_quantity(name) for name in claim.needs]
    if not drawn_examples.is_drawn(claim.function):
        return ["one fixed example"]
    lines = [f"{name}: {strategy!r}" for name, strategy in drawn_examples.strategies_of(claim.function).items()]
    return [f"{drawn_examples.n_examples(claim.function)} examples, each judged at an equal share of the alarm rate", *lines]


def _quantity(name: str) -> str:
    if name not in QUANTITIES:
        return f"{name}: not in empirical/evidence/quantities.py"
    return f"{name} ({QUANTITIES[name]['unit']}): {QUANTITIES[name]['instrument']}"


def _evidence(claim: Claim, worlds: Mapping[str, World], verdicts) -> tuple[str, Relation | None, list[str]]:
    """The first world whose evidence exists, the relation there, and lines on each world's evidence and last verdict."""
    first, found, lines, places = "", None, [], worlds_of(claim, worlds)
    missing = [name for name in places if claim.needs and worlds[name].state is State.MISSING]
    for name in (place for place in places if place not in missing):
        here, words = _in_world(claim, worlds[name]) if claim.needs else _drawn(claim)
        first, found = (first, found) if found else (name, here)
        lines += [f"{name}: {words}", *_last(verdicts.get((claim.id, name)), words)]
    if lines and not any((claim.id, place) in verdicts for place in places):
        lines.append("no verdict in the ledger")
    if missing:
        lines.append(f"not recorded, and not judged until they are ({record('NAME')}): {', '.join(missing)}")
    return first, found, lines or ["no world measures what the claim reads"]


def _drawn(claim: Claim) -> tuple[Relation | None, str]:
    try:
        claim.require_package()
        return drawn_examples.one_relation(claim.function), "drawn afresh by every run"
    except EvidenceError as error:
        return None, f"{error.status}: {error}"


def _in_world(claim: Claim, world: World) -> tuple[Relation | None, str]:
    try:
        runs = _runs(world, None)
        return claim.relation(runs), world.about() or f"live, {_networks(runs)} networks in the cache"
    except EvidenceError as error:
        return None, f"{error.status}: {error}"


def _networks(runs: Runs | Sweep) -> int:
    one = runs.runs[0] if isinstance(runs, Sweep) else runs
    return len(next(iter(one.table.values())).values)


def _last(entry: Entry | None, words: str) -> list[str]:
    """The last verdict and its registered reason; nothing of the verdict where ``words`` on the evidence say it already."""
    if entry is None:
        return []
    verdict = entry.verdict
    if words == f"{verdict.status}: {verdict.reason}":
        return [f"  registered: {entry.registered}"] if entry.registered else []
    numbers = f": {long_board.measured(verdict)} over {long_board.over(verdict)}" if verdict.value is not None else ""
    lines = [f"  last verdict {verdict.status}{numbers}", *(f"  {text}" for text in (verdict.reason, verdict.note) if text)]
    if entry.registered and verdict.status != Status.SUPPORTED:
        lines.append(f"  registered: {entry.registered}")
    return lines


def _refutation(claim: Claim, found: tuple[Criterion, ...]) -> list[str]:
    places = []
    if len(found) > 1:
        places.append(f"in any of its {len(found)} parts")
    if drawn_examples.is_drawn(claim.function):
        places.append("in any of its examples")
    where = [f"{', '.join(places)}:"] if places else []
    refuted = list(dict.fromkeys(criterion.refuted for criterion in found))
    return [*where, *refuted, *_rate(refuted)]


def _rate(refuted: list[str]) -> list[str]:
    """The alarm rate, if the claim uses chance."""
    if refuted and all(EXACT in words for words in refuted):
        return []
    rate = f"a true claim comes out REFUTED with probability at most {error_rates.ALARM:g}, all parts together"
    return [f"{rate}; a live verdict that is not accepted is judged again on a fresh draw"]


def counterfeit(claim: Claim) -> list[str]:
    """The counterfeit as the claim's file writes it, and in words."""
    made = claim.counterfeit
    maker = getattr(sys.modules.get(made.__module__), made.__qualname__.split(".")[0], made)
    words = inspect.getdoc(made if made.__doc__ else maker) or ""
    return [line for line in (_written(claim), words.split("\n\n")[0].replace("\n", " ")) if line]


def _written(claim: Claim) -> str:
    """The expression of the claim's counterfeit; for a name, the assignment of that name."""
    body = drawn_examples.body_of(claim.function)
    statements = ast.parse(inspect.getsource(sys.modules[body.__module__])).body
    (function,) = (node for node in statements if isinstance(node, ast.FunctionDef) and node.name == body.__name__)
    calls = (decorator for decorator in function.decorator_list if isinstance(decorator, ast.Call))
    given = next(word.value for call in calls for word in call.keywords if word.arg == "counterfeit")
    assigned = (node for node in statements if isinstance(node, ast.Assign))
    return ast.unparse(next((node for node in assigned if ast.unparse(node.targets[0]) == ast.unparse(given)), given))
