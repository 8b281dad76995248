"""Tests of what counts as a difference between two ledgers, and of the tables that show it."""

import math
from dataclasses import replace

import pytest

from tests.verify.report.pages import entry, lines, measured
from verify.gate import difference_sheets, sheets
from verify.gate.differences import LedgerError, differences, read
from verify.judging.verdicts import Level, Status
from verify.report import ledger
from verify.report.lookup import LookupFailed

GAIN, RISE = (replace(measured(value, about=name), se=0.02) for name, value in (("gain", 0.3), ("rise", 0.5)))


def judged(*entries):
    return {(one.id, one.world): one for one in entries}


def with_gain(**fields):
    return entry(verdict=[replace(GAIN, **fields), RISE])


def test_equal_ledgers_differ_in_nothing():
    found = differences(judged(with_gain()), judged(with_gain()))
    assert (found.turned, found.gone, found.new, found.moved) == ((), (), (), ())
    assert (found.n_rows, found.n_numbers, found.is_change_of_status) == (1, 2, False)


def test_a_changed_status_and_a_row_that_is_gone_are_changes_and_a_new_row_is_not():
    old, refuted = entry(), entry(status=Status.REFUTED)
    found = differences(judged(old), judged(refuted))
    assert (found.turned, found.is_change_of_status) == (((old, refuted),), True)
    found = differences(judged(old, entry("S-08")), judged(old))
    assert ([one.id for one in found.gone], found.is_change_of_status) == (["S-08"], True)
    found = differences(judged(old), judged(old, entry("S-08", status=Status.REFUTED)))
    assert ([one.id for one in found.new], found.is_change_of_status) == (["S-08"], False)


@pytest.mark.parametrize("change", [{"value": 0.33}, {"se": 0.021}, {"n": 11}, {"value": math.nan}])
def test_a_value_an_error_and_an_n_are_numbers(change):
    (moved,) = differences(judged(with_gain()), judged(with_gain(**change))).moved
    assert (moved.id, moved.world, moved.about) == ("S-07", "digits", "gain")
    assert differences(judged(with_gain(**change)), judged(with_gain(**change))).moved == ()


def test_how_far_a_number_moved():
    (moved,) = differences(judged(with_gain()), judged(with_gain(value=0.36, se=0.04))).moved
    assert moved.by == pytest.approx(0.06)
    assert moved.in_errors == pytest.approx(0.06 / math.hypot(0.02, 0.04))


def test_rounding_moves_no_number():
    assert differences(judged(with_gain()), judged(with_gain(value=0.3 + 2e-8, se=0.02 + 1e-9))).moved == ()


def test_a_part_that_one_ledger_lacks_is_a_number():
    (moved,) = differences(judged(with_gain()), judged(entry(verdict=[GAIN]))).moved
    assert (moved.about, moved.now, moved.by, moved.in_errors) == ("rise", None, None, None)


def test_parts_of_one_name_are_told_apart_by_their_order():
    same = replace(RISE, about="gain")
    old, new = entry(verdict=[GAIN, same]), entry(verdict=[GAIN, replace(same, value=0.7)])
    (moved,) = differences(judged(old), judged(new)).moved
    assert (moved.before.value, moved.now.value) == (0.5, 0.7)


def test_levels_are_numbers_where_both_worlds_are_live():
    def with_level(value, evidence=""):
        return entry(verdict=replace(GAIN, levels=(Level("capacity of test", value, 0.01, 10),)), evidence=evidence)

    (moved,) = differences(judged(with_level(0.5)), judged(with_level(0.7))).moved
    assert moved.about == "capacity of test"
    found = differences(judged(with_level(0.5)), judged(with_level(0.7, "abc")))
    assert (found.moved, found.other_evidence) == ((), ("digits",))


def test_what_moved_furthest_is_first():
    old = judged(*(entry(id, verdict=GAIN) for id in ("S-01", "S-02", "S-03")))
    new = judged(
        *(entry(id, verdict=replace(GAIN, value=value)) for id, value in (("S-01", 0.31), ("S-02", 0.2), ("S-03", 0.33)))
    )
    assert [one.id for one in differences(old, new).moved] == ["S-02", "S-03", "S-01"]


def page(old, new, width=200):
    found = difference_sheets.sheets(differences(judged(*old), judged(*new)))
    return [" ".join(line.split()) for line in lines(sheets.render, found, width=width)]


def test_every_kind_of_difference_has_its_table():
    old = [with_gain(), entry("S-08"), entry("S-09")]
    new = [with_gain(value=0.36), entry("S-08", status=Status.REFUTED, accepted=False), entry("S-10")]
    found = page(old, new)
    assert "verdicts that changed: 1, of 2 that both ledgers have" in found
    assert "S-08 digits SUPPORTED REFUTED ! +0.500 accuracy [0.400, 0.600] +0.500 accuracy [0.400, 0.600]" in found
    assert "! marks a verdict that is not accepted" in found
    assert found[found.index("verdicts that are gone: 1") + 4] == "S-09 digits SUPPORTED +0.500 accuracy [0.400, 0.600]"
    assert found[found.index("verdicts that are new: 1") + 4] == "S-10 digits SUPPORTED +0.500 accuracy [0.400, 0.600]"
    assert "numbers that changed: 1 of 2" in found
    assert "S-07 digits gain 0.3 +- 0.02, n = 10 0.36 +- 0.02, n = 10 +0.06 +2.1" in found


def test_where_nothing_changed_two_lines_say_so():
    assert page([with_gain()], [with_gain()]) == [
        "no verdict changed, of 1 that both ledgers have",
        "numbers that changed: 0 of 2",
    ]


def test_a_page_shows_what_moved_furthest_and_counts_the_rest():
    old = judged(*(entry(f"S-{n}", verdict=GAIN) for n in range(10, 15)))
    new = judged(*(entry(f"S-{n}", verdict=replace(GAIN, value=n / 10)) for n in range(10, 15)))
    *_, numbers = difference_sheets.sheets(differences(old, new), most=2)
    assert [row[0] for row in numbers.rows] == ["S-14", "S-13"]
    assert numbers.below == "3 more moved no further in standard errors"


def test_markdown_keeps_a_text_in_its_cell():
    sheet = sheets.Sheet("a table", ("one", "two"), (("a|b\nc", "<img>"),), "a note")
    assert sheets.markdown([sheet]) == "### a table\n\n| one | two |\n| --- | --- |\n| a\\|b c | &lt;img> |\n\na note\n"
    assert sheets.markdown([sheets.Sheet("nothing", ("one",), ())]) == "### nothing\n"


@pytest.mark.parametrize(
    ("text", "error", "words"),
    [
        (None, LedgerError, "there is no ledger .*; write it: pytest verify/ --ledger"),
        ("", LedgerError, "has no verdicts; write it again"),
        ("not a ledger\n", LookupFailed, "is not a ledger of this version"),
        ('{"id": "S-07", "world": "digits"}\n', LookupFailed, "is not a ledger of this version"),
        ("[1]\n", LookupFailed, "is not a ledger of this version"),
    ],
)
def test_what_is_no_ledger_is_said(tmp_path, text, error, words):
    path = tmp_path / "one.jsonl"
    if text is not None:
        path.write_text(text)
    with pytest.raises(error, match=words):
        read(path)


def test_a_ledger_with_another_field_is_of_another_version(tmp_path):
    path = tmp_path / "one.jsonl"
    ledger.write(path, [entry()])
    path.write_text(path.read_text().replace('"id"', '"colour": "red", "id"'))
    with pytest.raises(LookupFailed, match="colour"):
        read(path)
    with pytest.raises(LookupFailed, match="is not a ledger"):
        read(tmp_path)
