import re

import pytest

from tests.verify.report.pages import entry, lines, measured
from verify.judging.verdicts import Status
from verify.registry import load_claims
from verify.report import board

CLAIMS = load_claims()
FOR, AGAINST, OPEN = Status.SUPPORTED, Status.REFUTED, Status.INCONCLUSIVE
WORLDS = ("cifar100-small", "cifar100-small-plain", "digits-mlp-slow", "digits-slow")


def every_claim():
    """Each claim in four worlds, with a verdict of every kind."""
    statuses = [FOR, AGAINST, OPEN, Status.BROKEN]
    return [entry(id, world, status) for id in CLAIMS for world, status in zip(WORLDS, statuses, strict=True)]


def printed(*entries, width=160):
    return lines(board.render, list(entries), CLAIMS, width=width)


def line_of(id, found):
    return next(line for line in found if line.startswith(f"{id} "))


@pytest.mark.parametrize("width", [80, 119, 120, 200])
def test_no_line_is_longer_than_the_page(width):
    found = printed(*every_claim(), width=width) + lines(board.conclude, every_claim(), width=width)
    assert max(map(len, found)) <= width


def test_a_claim_has_one_line_on_a_narrow_page():
    found = printed(*every_claim(), width=80)
    ids = [id for id, claim in CLAIMS.items() if not claim.variant_of]
    assert all(sum(line.startswith(f"{id} ") for line in found) == 1 for id in ids)
    headings = len({claim.paper for claim in CLAIMS.values()}) + 1
    legend = len(found) - next(n for n, line in enumerate(found) if line.startswith("for, against, open"))
    assert len(found) == len(ids) + headings + 1 + legend


def test_a_line_counts_worlds_and_names_those_that_differ():
    entries = [entry(world=world, verdict=measured(value)) for world, value in (("a", 0.2), ("b", 0.9), ("c", 0.4))]
    found = line_of("S-07", printed(*entries, entry(world="d", status=AGAINST), entry(world="e", status=OPEN), width=200))
    assert re.match(r"S-07 +3 +1 +1 +\+0.2 to \+0.9 accuracy +memorization happens", found)
    assert found.endswith("in the deep layers (abstract); against: d; open: e")


def test_what_is_cut_on_a_narrow_page_is_the_words():
    entries = [entry(world="a"), entry(world="b"), entry(world="digits-slow", status=OPEN)]
    found = line_of("S-07", printed(*entries, width=80))
    assert "…; open: digits-slow" in found


def test_everything_shows_on_a_wide_page():
    text = " ".join(" ".join(line[55:] for line in printed(*every_claim(), width=120)).split())
    assert all(CLAIMS[id].statement.removeprefix(f"{id}: ").split()[-1] in text for id in CLAIMS if not CLAIMS[id].variant_of)
    assert "…" not in "".join(printed(*every_claim(), width=120)[4:40])


@pytest.mark.parametrize("width", [80, 200])
def test_a_refuted_sentence_that_is_remembered_says_so(width):
    assert "(remembered)" in line_of("S-12", printed(entry("S-12", status=AGAINST), width=width))


def test_variants_are_told_on_the_line_of_their_claim():
    entries = [entry(), entry("S-07.independent"), entry("S-07.independent", "digits-mlp", AGAINST), entry("S-07.joint")]
    found = printed(*entries, width=200)
    assert line_of("S-07", found).endswith("; by K = 0 1/2; by joint anchors 1/1")
    assert not [line for line in found if line.startswith("S-07.")]


def test_a_variant_that_is_judged_alone_has_a_line():
    assert line_of("S-07.joint", printed(entry("S-07.joint")))


def test_what_was_not_judged_has_no_line():
    found = printed(entry(status=Status.NOT_ASKED), entry("S-08", status=Status.UNTESTED), entry("S-09"))
    assert [line for line in found if re.match(r"[A-Z]-\d", line)] == [line_of("S-09", found)]


def test_the_main_paper_is_first_and_begins_with_its_abstract():
    heads = list(board.groups(dict(board.tallies(every_claim(), CLAIMS))).items())
    assert heads[0][0].startswith("From the abstract of Stephenson")
    assert heads[0][1][:5] == ["S-05", "S-02", "S-06", "S-07", "S-09"]
    assert "S-17.layers" in heads[0][1]
    assert heads[1][0].startswith("Elsewhere in Stephenson")
    listed = [id for _, ids in heads for id in ids]
    assert sorted(listed) == sorted(id for id, claim in CLAIMS.items() if not claim.variant_of)


def test_the_sentences_end_the_board_with_a_verdict_each():
    found = " ".join(" ".join(lines(board.conclude, [entry("S-05", "a"), entry("S-02", "a"), entry("S-07", "a")])).split())
    assert "1 all layers learn first" in found
    assert "(S-05, S-02): holds in 1 of 1 world" in found
    assert "2 memorization sits" in found
    assert "3 rewinding" not in found


def test_without_their_claims_there_are_no_sentences():
    assert lines(board.conclude, [entry("C-01", "theory")]) == []
