"""K-05.cavity: under strong correlations, the cavity method has the simulated capacity.

The populations are those of K-05, in which Wakhloo, Sussman & Chung 2023 find the naive mean field 19 % too high and the
low-rank correction of Cohen et al. 2020 15 % too low; here siblings are correlated by 0.7 to 0.95. The cavity method is ours
(theory.geometry.cavity): each manifold is measured in what the active points of the others leave of it. Its mean log capacity
is that of ten random dichotomies a population, to within 0.1.
"""

import numpy as np
from hypothesis import strategies as st

from empirical.separability import simulated_capacity
from theory.geometry import manifolds
from verify import Relation, agrees, claim, given
from verify.claims.wakhloo2023.claim_k05 import uncorrected
from verify.counterfeits import planted
from verify.strategies.correlated import Tree, rounded

POPULATIONS = 24


@claim("K-05.cavity", counterfeit=planted("theory.geometry.manifolds.manifold_geometry", uncorrected), source="ours")
@given(examples=1, tree=st.builds(Tree, st.just(5), st.just(8), st.just(0.3), rounded(0.7, 0.95)))
def claim_the_cavity_method_has_the_simulated_capacity(tree: Tree) -> Relation:
    def differences(n: int, rng: np.random.Generator) -> np.ndarray:
        return np.array([difference(tree.clouds(600, rng), int(rng.integers(2**32))) for _ in range(n)])

    return agrees(differences, effect=0.1, unit="log capacity", counted="populations", pilot=POPULATIONS)


def difference(clouds: np.ndarray, seed: int) -> float:
    """Logarithm of the cavity's capacity over the simulated one."""
    cavity = manifolds.manifold_geometry(clouds, n_probes=60, seed=seed, center_mean=False)
    found = simulated_capacity.simulated_capacity(clouds, 10, seed, center_mean=False)
    return float(np.log(cavity.capacity.value / found.capacity.value))
