from dataclasses import replace
from unittest.mock import patch

import numpy as np
import pytest

from empirical.evidence.bundle import write_bundle
from tests.verify.calibration.alarms import dear
from tests.verify.settled_parts import file_of
from tests.verify.synthetic import paper, story
from verify.judging.criteria import asserted
from verify.judging.mean_tests import Difference, Directional, Equality
from verify.judging.rules import Ascent, Average, BinomialLaw, Both, Identity
from verify.judging.verdicts import Status, Verdict
from verify.measurements.geometry_methods import INDEPENDENT, PREFIXES
from verify.measurements.runs import Runs
from verify.registry import CLAIMS, SOURCES, load_claims
from verify.report.explanation import SOURCE, _last, counterfeit, explain, judged_on
from verify.report.ledger import Entry
from verify.report.papers import PAPERS, cite
from verify.worlds import world

ALL = load_claims()


@pytest.mark.parametrize("claim", [claim for claim in ALL.values() if claim.needs], ids=lambda claim: claim.id)
def test_what_a_claim_is_said_to_read_is_what_it_reads(claim):
    read, series = set(), Runs.series
    with patch.object(
        Runs, "series", lambda runs, quantity, *rest, **named: read.add(quantity) or series(runs, quantity, *rest, **named)
    ):
        claim.relation(story.told(claim))
    own = PREFIXES[claim.geometry[0]] if claim.variant_of else ""
    assert {name.removeprefix(INDEPENDENT) for name in read} == {need.removeprefix(own) for need in claim.needs}


def sample(n, rng):
    return np.zeros(n)


RELATIONS = {
    Directional: Directional(np.ones(10), 0.1, "accuracy"),
    Equality: Equality(np.ones(10), 0.1, "accuracy"),
    Difference: Difference(np.ones(10), 0.1, "accuracy"),
    Identity: Identity(np.ones(1), np.ones(1), 1e-8),
    BinomialLaw: BinomialLaw(0.5, lambda n, rng: n, 0.05, "dichotomies"),
    Ascent: Ascent(sample, 0.1, "accuracy", "draws"),
    Average: Average(Equality, 1.0, 1.0, sample, 0.03, "relative", "probes"),
}


@pytest.fixture
def recorded(tmp_path):
    """A recorded synthetic world with accuracies alone."""
    about = {**paper.manifest(), "made": {"utc": "2026-11-21T10:00:00Z"}}
    write_bundle(tmp_path / "synthetic", about, paper.rows())
    return world.World("synthetic", tmp_path / "synthetic")


def explained(claim, places=(), entries=()):
    """The sections of an explanation, each as one text."""
    verdicts = {(entry.id, entry.world): entry for entry in entries}
    return {heading: "\n".join(lines) for heading, lines in explain(claim, {w.name: w for w in places}, verdicts)}


def of_explained(claim):
    return [file_of(claim), file_of(claim).read_text(encoding="utf-8")]


# A claim's rule is known of an example, which takes long where it draws few. How worlds are made has no part in it.
dear_ones = pytest.mark.settled(of=of_explained, lists=["verify/worlds/world.py"])


@pytest.mark.parametrize(
    "claim", [pytest.param(claim, id=name, marks=[dear_ones] if dear(claim) else []) for name, claim in ALL.items()]
)
def test_every_claim_is_explained_without_evidence(claim, tmp_path):
    sections = explained(claim, [world.World("gone", tmp_path)])
    assert all(text.strip() for text in sections.values())
    assert sections["judge it"] == f"pytest verify/ --claim {claim.id}"
    assert "must not come out SUPPORTED" in sections["counterfeit"]
    assert len(counterfeit(claim)) == 2, "the counterfeit, or what makes it, needs a docstring"


@pytest.mark.parametrize("folder", sorted(path.name for path in CLAIMS.glob("*/") if path.name != "__pycache__"))
def test_every_folder_of_claims_is_a_paper(folder):
    assert cite(folder) == PAPERS[folder]


def test_a_paper_that_is_not_in_the_table_has_its_folders_name():
    assert cite("mine2026") == "mine2026"


def test_recorded_evidence_gives_rule_date_and_digest(recorded):
    sections = explained(ALL["S-02"], [recorded])
    assert sections["judged by"] == "the mean over networks is above 0, and not all of its interval is below 0.02 accuracy"
    assert f"recorded 2026-11-21, 10 networks, digest {recorded.digest()[:12]}" in sections["evidence"]
    assert "no verdict in the ledger" in sections["evidence"]
    assert "whose interval lies below 0.02 accuracy" in sections["refuted by"]
    assert sections["reads"].startswith("accuracy (share of images): argmax")
    assert sections["counterfeit"].startswith("never_forgets('test')\n")


def test_what_the_evidence_lacks_is_said(recorded):
    sections = explained(ALL["S-17.eval"], [recorded])
    assert sections["evidence"] == "no world measures what the claim reads"
    assert sections["judged by"] == "its relations are known only where its evidence exists"


def test_worlds_that_are_not_recorded_share_a_line():
    sections = explained(ALL["S-02"], [world.World("cifar100-small"), world.World("cifar100-small-fast")])
    assert sections["evidence"] == (
        "not recorded, and not judged until they are (python -m empirical bundle NAME --into verify/evidence): "
        "cifar100-small, cifar100-small-fast"
    )


def test_the_last_verdict_is_shown_with_its_numbers_and_reason(recorded):
    verdict = Verdict(Status.REFUTED, "interval below", 0.01, -0.01, 0.03, "accuracy", 10, "networks", 0.03)
    entry = Entry("S-02", "synthetic", verdict, True, "nothing is forgotten", "words", None)
    evidence = explained(ALL["S-02"], [recorded], [entry])["evidence"]
    assert "last verdict REFUTED: +0.010 accuracy [-0.010, 0.030] over 10 networks" in evidence
    assert "registered: nothing is forgotten" in evidence


def test_a_drawn_claim_names_its_strategies_and_its_rule():
    sections = explained(ALL["C-00"])
    assert "balls: many_balls(most_dimensions=0)" in sections["draws"]
    assert sections["draws"].startswith("30 examples")
    assert sections["judged by"].startswith("dichotomies succeed with exactly the predicted probability")
    assert sections["refuted by"].startswith("in any of its examples:")


def test_a_named_counterfeit_is_shown_with_what_it_stands_for():
    assert counterfeit(ALL["C-00"])[0].startswith(
        "p_for_p_minus_one = planted('theory.capacity.points.separable_probability', lambda"
    )


@pytest.mark.parametrize("kind", RELATIONS, ids=lambda kind: kind.__name__)
def test_every_relation_has_its_words(kind):
    (criterion,) = RELATIONS[kind].criteria()
    effect = getattr(RELATIONS[kind], "effect", 1e-8)
    assert f"{effect:g}" in criterion.asserts
    assert f"{effect:g}" in criterion.refuted


def test_parts_that_share_a_criterion_are_counted():
    parts = Both((RELATIONS[Directional], RELATIONS[Directional], RELATIONS[Identity]))
    assert asserted(parts.criteria()) == [
        "2 parts, each: the mean over networks is above 0, and not all of its interval is below 0.1 accuracy",
        "two numbers agree to 1e-08, relative",
    ]


def test_what_a_claim_is_judged_on_is_named_with_its_layers():
    gain = Directional(np.ones(10), 0.1, "log capacity", about="gain", layers=(("conv5", np.ones(10)), ("conv6", np.ones(10))))
    parts = Both((gain, replace(gain, about="rise", layers=()), RELATIONS[Identity], RELATIONS[Directional]))
    assert judged_on(parts, "digits") == ["gain, the mean over conv5, conv6 in digits", "rise"]
    assert judged_on(replace(gain, about=""), "digits") == ["log capacity, the mean over conv5, conv6 in digits"]


@pytest.mark.parametrize("source", SOURCES)
def test_every_source_of_a_sentence_has_its_words(source):
    assert SOURCE[source]


def test_a_live_verdict_is_said_to_be_confirmed(recorded):
    rates = explained(ALL["S-02"], [recorded])["refuted by"]
    assert "comes out REFUTED with probability at most 0.001, all parts together" in rates
    assert "a live verdict that is not accepted is judged again on a fresh draw" in rates


def test_that_a_claim_is_not_asked_is_said_once():
    unasked = Entry("S-17.eval", "gone", Verdict(Status.NOT_ASKED, "too few layers"), True, "", "words", None)
    assert _last(unasked, "NOT ASKED: too few layers") == []
    assert _last(unasked, "recorded") == ["  last verdict NOT ASKED", "  too few layers"]
