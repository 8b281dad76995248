import hashlib

import pytest

from empirical.runs import source_code
from empirical.runs.source_code import KEPT, Source, code_of, parsed, source
from empirical.storage import CACHE_VARIABLE

WRITTEN = """
import math

def area(radius: float) -> float:
    if radius < 0:
        raise ValueError("a radius is positive")
    return math.pi * radius**2
"""
REWORDED = """
'''Discs.'''
import math

# A disc's.
def area(radius: "Array") -> "Array":
    '''The area of a disc.'''
    if radius < 0:
        raise ValueError(f"received {radius}; give one of at least 0")
    return math.pi * radius**2
"""


def test_of_a_source_its_code_counts_and_not_its_words():
    assert code_of(WRITTEN) == code_of(REWORDED)
    for one, other in (("**2", "**3"), ("< 0", "<= 0"), ("ValueError", "TypeError"), ("def area", "def disc")):
        assert code_of(WRITTEN.replace(one, other)) != code_of(WRITTEN)


def test_imports_for_the_type_checker_are_not_run():
    text = "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from empirical import one\nelse:\n    import two\n"
    assert parsed(text).imports == ("two", "typing", "typing.TYPE_CHECKING")


def test_what_is_said_is_the_digest_of_the_code_and_the_imports():
    assert parsed(REWORDED) == Source(hashlib.sha256(code_of(WRITTEN).encode()).hexdigest(), ("math",))


@pytest.fixture
def again(tmp_path, monkeypatch):
    """What another process finds in a file of this text, and how often it parses."""
    monkeypatch.setenv(CACHE_VARIABLE, str(tmp_path / "cache"))
    path, texts = tmp_path / "a.py", []

    def counted(text: str) -> Source:
        texts.append(text)
        return parsed(text)

    def found(text: str) -> tuple[Source, int]:
        source_code._kept.cache_clear()
        texts.clear()
        path.write_text(text)
        return source(path), len(texts)

    monkeypatch.setattr(source_code, "parsed", counted)
    yield found
    source_code._kept.cache_clear()


def test_another_process_does_not_parse_again_what_is_the_same(again):
    assert again(WRITTEN) == (parsed(WRITTEN), 1)
    assert again(WRITTEN) == (parsed(WRITTEN), 0)
    other = WRITTEN.replace("**2", "**3")
    assert again(other) == (parsed(other), 1)
    assert again(WRITTEN) == (parsed(WRITTEN), 0)


@pytest.mark.parametrize("damaged", [lambda line: line[:-9], lambda line: line.replace(b"math", b"cmath"), lambda _: b"\xff"])
def test_what_is_damaged_is_parsed_again(again, tmp_path, damaged):
    assert again(WRITTEN)[1] == 1
    file = tmp_path / "cache" / KEPT
    file.write_bytes(damaged(file.read_bytes()))
    assert again(WRITTEN) == (parsed(WRITTEN), 1)


def test_another_manner_of_reading_is_another_key(again, monkeypatch):
    assert again(WRITTEN)[1] == 1
    monkeypatch.setattr(source_code, "_manner", lambda: b"another")
    assert again(WRITTEN)[1] == 1


def test_a_cache_that_cannot_be_written_is_done_without(again, tmp_path):
    (tmp_path / "cache").write_text("a file")
    assert again(WRITTEN) == (parsed(WRITTEN), 1)
    assert again(WRITTEN) == (parsed(WRITTEN), 1)


def test_lines_of_too_many_files_are_written_anew(again, tmp_path, monkeypatch):
    assert again(WRITTEN)[1] == 1
    monkeypatch.setattr(source_code, "MOST_BYTES", 10)
    assert again(WRITTEN)[1] == 1
    assert len((tmp_path / "cache" / KEPT).read_text().splitlines()) == 1
