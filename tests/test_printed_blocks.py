import pytest

from tests.printed_blocks import agree, blocks

PAGE = "Words.\n\n```python\nprint(1)\n```\n\n```text\n1\n```\n\n```python\nx = 1\n```\n"


def test_blocks_have_what_is_printed_beneath_them_or_nothing():
    assert blocks(PAGE) == [("print(1)\n", "1\n"), ("x = 1\n", "")]


@pytest.mark.parametrize("page", ["Words.\n", PAGE + "- ```python\n  x = 1\n  ```\n", PAGE + "```python title\nx = 1\n```\n"])
def test_a_page_without_blocks_or_with_one_that_is_not_found_fails(page):
    with pytest.raises(AssertionError):
        blocks(page)


PRINTED = "│ conv1 │ 0.216 ± 0.016* │\n20 points, +3.2%"


@pytest.mark.parametrize(
    "real",
    [
        PRINTED,
        "│ conv1 │ 0.217 ± 0.015* │\n20 points, +3.1%",
        "│ conv1  │  0.2159 ± 0.0160* │ 20 points, +3.25%",
    ],
)
def test_the_last_digit_may_differ_by_one_and_so_may_spaces(real):
    agree(real, PRINTED)


@pytest.mark.parametrize(
    "real",
    [
        "│ conv1 │ 0.218 ± 0.016* │\n20 points, +3.2%",
        "│ conv1 │ 0.216 ± 0.018* │\n20 points, +3.2%",
        "│ conv1 │ 0.216 ± 0.016* │\n21 points, +3.2%",
        "│ conv1 │ 0.216 ± 0.016* │\n20 points, -3.2%",
        "│ conv1 │ 0.216 ± 0.016 │\n20 points, +3.2%",
        "│ conv2 │ 0.216 ± 0.016* │\n20 points, +3.2%",
        "│ conv1 │ 0.216 ± 0.016* │\n20 points",
        "",
    ],
)
def test_other_numbers_and_other_words_fail(real):
    with pytest.raises(AssertionError):
        agree(real, PRINTED)
