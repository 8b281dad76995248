import pytest

from empirical.errors import SpecError
from empirical.runs.network_numbers import selected, words


@pytest.mark.parametrize(
    ("text", "networks", "short"),
    [("0-3,5", (0, 1, 2, 3, 5), "0-3,5"), ("7", (7,), "7"), ("2, 0 ,1-1", (0, 1, 2), "0-2"), ("0-7", tuple(range(8)), "0-7")],
)
def test_networks_are_numbers_and_ranges(text, networks, short):
    assert selected(text, 8) == networks
    assert words(networks) == short


@pytest.mark.parametrize("text", ["", "8", "3-1", "0-8", "-1", "a", "0,,1", "1-"])
def test_other_networks_are_refused(text):
    with pytest.raises(SpecError, match="ranges of 0 to 7"):
        selected(text, 8)
