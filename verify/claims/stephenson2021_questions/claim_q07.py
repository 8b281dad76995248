"""Q-07: with a random sample verified by hand, the share of right labels among those reported as wrong stays at its rate.

Ours, on the question of Stephenson et al. 2021 whether gradients find mislabeled examples. The p-value of an example is the
share of verified right labels that are as suspicious by the class-mean margin; labels are reported by the rule of Benjamini and
Hochberg at a rate of 0.1, which bounds the share of right labels among them by 0.1 times the share of right labels among all
(empirical.label_errors.false_discoveries). For each network the share is averaged over 40 samples of 150 examples. It stays
below that bound to within .03, for uniform and for class-dependent errors in 30 % of the labels; and a tenth of the wrong
labels is found, because a rule that reports nothing is never wrong. In the counterfeit the verified examples are drawn from the
less suspicious half.
"""

from empirical.evidence.names import CLASS_DEPENDENT, FROM_ALL, FROM_EASIER, NOISES, UNIFORM, packed
from verify import Relation, both, claim, exceeds, positive
from verify.counterfeits import other_choices
from verify.measurements.label_errors import FALSE, FOUND, reported
from verify.measurements.runs import Runs

RATE, EFFECT = 0.1, 0.03
# Of the labels that were drawn anew, a tenth is right by coincidence.
SHARE_RIGHT = {UNIFORM: 1 - 0.3 * 0.9, CLASS_DEPENDENT: 0.7}
easier = other_choices(FALSE, {packed(noise, FROM_ALL): packed(noise, FROM_EASIER) for noise in NOISES})


@claim("Q-07", needs=(FALSE, FOUND), counterfeit=easier, labels="clean", source="ours")
def claim_a_verified_sample_keeps_the_share_of_false_reports(runs: Runs) -> Relation:
    return both(*(part for noise in NOISES for part in _for(runs, noise)))


def _for(runs: Runs, noise: str) -> tuple[Relation, Relation]:
    false, found = (reported(runs, quantity, noise, FROM_ALL) for quantity in (FALSE, FOUND))
    bound = RATE * SHARE_RIGHT[noise] + EFFECT
    return (
        exceeds(bound, false, f"share of reports, below {bound:.3f}", about=f"right labels, {noise} errors"),
        positive(found, effect=0.1, unit="share of wrong labels", about=f"wrong labels found, {noise} errors"),
    )
