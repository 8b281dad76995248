"""A claim file as pytest collects it."""

from collections.abc import Iterator

import pytest

from verify.checking.check import CHECK, Check
from verify.checking.claim_item import ClaimItem
from verify.claim_modules import claims_in, how_to_name, load
from verify.registry import CLAIMS, THEORY, Claim
from verify.worlds.world import State, World


class ClaimFile(pytest.File):
    """A claim file, whose items are its claims in the selected worlds that ask them."""

    def collect(self) -> Iterator[ClaimItem]:
        """The items of each claim, one for each world; none of a claim that was not asked for."""
        check = self.config.stash[CHECK]
        if not (self.path.is_relative_to(CLAIMS) or self.path.resolve() in check.own_files):
            raise self.CollectError(how_to_name(self.path, self.config.invocation_params.dir))
        for claim in claims_in(load(self.path)):
            for world in _places(claim, check) if claim.id in check.chosen else ():
                name = f"{claim.id}[{world.name if world else THEORY}]"
                yield ClaimItem.from_parent(self, name=name, claim=claim, world=world)


def _places(claim: Claim, check: Check) -> list[World | None]:
    """The selected worlds that ask a claim; None stands for the world of claims that draw their own examples."""
    if not claim.needs:
        return [None] if THEORY in check.selected else []
    worlds = (world for name, world in check.worlds.items() if name in check.selected)
    return [world for world in worlds if world.state is not State.MISSING and world.asks(claim)]
