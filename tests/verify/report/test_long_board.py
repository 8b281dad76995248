from dataclasses import replace

import pytest

from tests.verify.report.pages import entry, lines, measured
from verify.judging.verdicts import Status, Verdict
from verify.registry import load_claims
from verify.report import long_board
from verify.report.long_board import over, seen

CLAIMS = load_claims()
FOR, AGAINST, OPEN = Status.SUPPORTED, Status.REFUTED, Status.INCONCLUSIVE


def printed(*entries, width=200):
    return lines(long_board.render, list(entries), CLAIMS, width=width)


@pytest.mark.parametrize(
    ("verdict", "words"),
    [
        (Verdict(FOR, "", detectable=0.0532), ">= 0.053"),
        (Verdict(FOR, "exact"), ""),
        (
            Verdict(OPEN, "", detectable=0.3, counted="networks", leans="REFUTED", needed=1234),
            "leans to REFUTED; 1,234 networks would decide it",
        ),
        (Verdict(OPEN, "too many", counted="probes", needed=10**6), "too many"),
        (Verdict(OPEN, "7 networks, 8 needed", detectable=0.3, counted="networks"), "7 networks, 8 needed"),
    ],
)
def test_what_would_have_been_seen(verdict, words):
    assert seen(verdict) == words


@pytest.mark.parametrize(
    ("verdict", "words"),
    [
        (Verdict(FOR, "", n=1144, counted="dichotomies", examples=11), "11 examples, 1,144 dichotomies"),
        (Verdict(FOR, "", n=12, counted="comparisons", examples=1), "1 example, exact"),
        (Verdict(Status.UNTESTED, ""), ""),
    ],
)
def test_what_a_verdict_is_over(verdict, words):
    assert over(verdict) == words


def test_parts_and_layers_stand_beneath_their_claim_by_name():
    layered = replace(measured(0.4, FOR, "gain"), layers=(measured(0.6, FOR, "conv5"), measured(0.2, OPEN, "conv6")))
    found = printed(entry(verdict=[layered, measured(0.1, OPEN, "rise")]))
    assert [line.split(":")[0].split()[-1] for line in found if "accuracy [" in line] == [
        "rise",
        "gain",
        "conv5",
        "conv6",
        "rise",
    ]
    assert any("INCONCLUSIVE" in line and "      conv6: +0.200" in line for line in found)


def test_layers_of_a_claim_of_one_part_are_shown():
    found = printed(entry(verdict=replace(measured(), layers=(measured(0.6, FOR, "conv5"),))))
    assert any("conv5: +0.600" in line for line in found)


def test_drawn_examples_are_no_parts():
    drawn = replace(measured(), examples=2, parts=(measured(0.1, about="x"), measured(0.2, about="y")))
    assert sum("accuracy [" in line for line in printed(entry("C-02", "theory", verdict=drawn))) == 1


def test_a_note_is_shown():
    assert any("skewed" in line for line in printed(entry(verdict=replace(measured(), note="skewed"))))


def test_a_refuted_sentence_that_is_remembered_says_so():
    assert any("REFUTED ! (remembered)" in line for line in printed(entry("S-12", status=AGAINST, accepted=False)))
    assert not any("(remembered)" in line for line in printed(entry("S-12"), entry("S-07", status=AGAINST)))


def test_what_was_not_judged_has_no_row():
    assert not any("S-08" in line for line in printed(entry("S-08", status=Status.NOT_ASKED)))


@pytest.mark.parametrize("width", [80, 120])
def test_no_line_is_longer_than_the_page(width):
    one = replace(measured(0.4, OPEN, "gain of deep layers"), leans="REFUTED", needed=4321, note="from conv5 on, " * 9)
    found = printed(entry("S-04.null.independent", "cifar100-small-dropout", verdict=[one, one]), width=width)
    assert max(map(len, found)) <= width
    assert "4,321" in "".join(found)
