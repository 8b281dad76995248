from tests.verify.report.pages import entry
from verify.judging.verdicts import Status
from verify.registry import load_claims
from verify.report.sentences import MAIN_PAPER, SENTENCES, outcomes

FOR, AGAINST, OPEN = Status.SUPPORTED, Status.REFUTED, Status.INCONCLUSIVE
FIRST, SECOND, *_ = SENTENCES


def test_every_claim_of_a_sentence_exists_and_stands_for_one_sentence():
    registry, ids = load_claims(), [id for claims in SENTENCES.values() for id in claims]
    assert len(SENTENCES) == 5
    assert len(set(ids)) == len(ids)
    assert {registry[id].paper for id in ids} == {MAIN_PAPER}


def test_a_sentence_holds_where_all_its_claims_do():
    statuses = {"a": (FOR, FOR), "b": (FOR, AGAINST), "c": (OPEN, FOR), "d": (AGAINST, OPEN), "e": (FOR, Status.BROKEN)}
    entries = [
        entry(id, world, one) for world, both in statuses.items() for id, one in zip(("S-05", "S-02"), both, strict=True)
    ]
    found = outcomes(entries)[FIRST]
    assert (found.holds, found.against, found.unclear) == (("a",), ("b", "d"), ("c", "e"))
    assert str(found) == "holds in 1 of 5 worlds, against in 2 (b, d), open in 2 (c, e)"


def test_where_a_claim_was_not_asked_the_sentence_is_open_unless_another_is_against_it():
    entries = [entry("S-05", "a"), entry("S-02", "a", Status.NOT_ASKED), entry("S-02", "b"), entry("S-05", "c", AGAINST)]
    found = outcomes(entries)[FIRST]
    assert (found.holds, found.against, found.unclear) == ((), ("c",), ("a", "b"))


def test_claims_that_no_world_judged_are_named():
    found = outcomes([entry("S-07", "a")])[SECOND]
    assert str(found) == "holds in 1 of 1 world, without S-06, S-09"
    assert found.missing == ("S-06", "S-09")
    assert not outcomes([entry("S-07", "a", Status.NOT_ASKED)])[SECOND].claims
