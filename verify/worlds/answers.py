"""What a table of own networks answers: for each claim, what is still missing before it can be judged."""

from collections.abc import Callable, Iterable

from verify.judging.error_rates import FEWEST_NETWORKS
from verify.judging.mean_tests import MeanTest
from verify.judging.rules import Both, Relation
from verify.judging.verdicts import EvidenceError
from verify.measurements.runs import Runs
from verify.registry import Claim
from verify.worlds.scope import Scope
from verify.worlds.world import World


def missing(claim: Claim, world: World, scope: Scope, runs: Callable[[], Runs]) -> str:
    """What is still missing before the claim can be judged in this world; "" where nothing is.

    :param runs: what was measured so far.
    """
    of_others = _other(claim, scope) or _unmeasured(claim, scope) or _nothing_beside(claim, world)
    return of_others or _unjudged(claim, runs())


def _other(claim: Claim, scope: Scope) -> str:
    """Why the claim is about networks of another kind."""
    if claim.sweep:
        return f"it compares runs that differ in {claim.sweep}, and this is one run"
    if scope.labels not in claim.labels:
        return f"it is about worlds whose labels are {_or(claim.labels)}, and these are {scope.labels}"
    if claim.architectures and scope.architecture not in claim.architectures:
        return f"it is about the architecture {_or(claim.architectures)}, and this is {scope.architecture!r}"
    return ""


def _unmeasured(claim: Claim, scope: Scope) -> str:
    """The quantities and instruments that the claim reads and the table does not have."""
    if absent := scope.absent(claim):
        return f"the table has no {', '.join(sorted(absent))}; add it"
    if lacks := set(claim.instruments) - scope.instruments:
        return f"only runs of ours have the instrument {', '.join(sorted(lacks))}, which it reads"
    return ""


def _nothing_beside(claim: Claim, world: World) -> str:
    """The worlds that the claim compares with and that are not recorded beside this one."""
    folders = [world.sibling(suffix).recorded for suffix in claim.beside]
    absent = [folder for folder in folders if not (folder and folder.is_dir())]
    names = ", ".join(folder.name for folder in absent if folder)
    return f"it compares with {names}, which is not in {absent[0].parent}" if absent and absent[0] else ""


def _unjudged(claim: Claim, runs: Runs) -> str:
    """Why what was measured cannot be judged."""
    try:
        relation = claim.relation(runs)
    except EvidenceError as error:
        return str(error)
    except KeyError as error:
        # Claims read further fields of the run by their names.
        return f"it reads the field {error} of a run; give it to the Recorder"
    fewest = min(map(_networks, _parts(relation)), default=FEWEST_NETWORKS)
    return f"{fewest} networks are too few; {FEWEST_NETWORKS} are needed" if fewest < FEWEST_NETWORKS else ""


def _parts(relation: Relation) -> Iterable[Relation]:
    return [part for one in relation.relations for part in _parts(one)] if isinstance(relation, Both) else [relation]


def _networks(relation: Relation) -> int:
    """The number of networks that a relation is judged on; enough where it is not judged on networks."""
    if isinstance(relation, MeanTest) and relation.counted == "networks":
        return len(relation.values)
    return FEWEST_NETWORKS


def _or(words: Iterable[str]) -> str:
    return " or ".join(words)
