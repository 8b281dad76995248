"""The parts of a claim about networks, on those of digits or in the story."""

from tests.verify.synthetic.story import told
from verify.registry import Claim
from verify.worlds.world import World


def asked_of_digits(claim: Claim) -> bool:
    """Whether the claim is asked of the networks of digits."""
    return World("digits").asks(claim)


def parts_of(claim: Claim, request) -> tuple:
    """The parts of a claim on these networks; where it is not asked there, in the world told by the story."""
    relation = claim.relation(request.getfixturevalue("digits") if asked_of_digits(claim) else told(claim))
    return getattr(relation, "relations", (relation,))
