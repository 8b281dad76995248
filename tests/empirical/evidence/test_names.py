import pytest

from empirical.evidence import names


@pytest.mark.parametrize(
    ("fields", "choice"),
    [
        ((names.SINGLE, names.REPORT), "single/report"),
        ((names.SHUFFLED, names.HALF_POINTS), "shuffled/half the points"),
        (("", names.OTHER_PROBES), "other probes"),
        ((names.SUFFIX, ""), "suffix"),
        (("", ""), ""),
    ],
)
def test_a_choice_is_packed_as_recorded_tables_have_it(fields, choice):
    assert names.packed(*fields) == choice
    assert names.unpacked(choice) == tuple(field for field in fields if field)


def test_no_word_of_a_choice_packs_another():
    words = (names.SELECT, names.REPORT, names.SHUFFLED, *names.VARIANTS, names.SINGLE, names.SUFFIX, names.PREFIX)
    assert all(names.unpacked(word) == (word,) for word in words)
