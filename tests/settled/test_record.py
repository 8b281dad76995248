import pytest

from tests.settled import record

ONE, OTHER = "0123456789abcdef", "f" * 16


def test_what_is_written_is_read(tmp_path):
    digests = {"tests/b.py::test_b[two words]": ONE, "tests/a.py::test_a": OTHER}
    record.write(tmp_path / "passed.txt", digests)
    assert record.read(tmp_path / "passed.txt") == digests
    assert (tmp_path / "passed.txt").read_text().splitlines() == [
        f"{OTHER}  tests/a.py::test_a",
        f"{ONE}  tests/b.py::test_b[two words]",
    ]


def test_without_a_file_nothing_has_passed(tmp_path):
    assert record.read(tmp_path / "passed.txt") == {}


@pytest.mark.parametrize("line", ["<<<<<<< HEAD", "", "0123  tests/a.py::test_a", f"{ONE} tests/a.py::test_a", f"{ONE}  "])
def test_a_damaged_line_is_told_with_what_to_do(tmp_path, line):
    (tmp_path / "passed.txt").write_text(f"{ONE}  tests/a.py::test_a\n{line}\n")
    with pytest.raises(record.RecordError, match=r"passed\.txt, line 2, is .* Delete the line.* is run again"):
        record.read(tmp_path / "passed.txt")


def test_a_test_that_stands_twice_is_told(tmp_path):
    (tmp_path / "passed.txt").write_text(f"{ONE}  tests/a.py::test_a\n{OTHER}  tests/a.py::test_a\n")
    with pytest.raises(record.RecordError, match=r"line 2: tests/a\.py::test_a stands twice\. Delete both"):
        record.read(tmp_path / "passed.txt")


def test_a_file_that_is_no_text_is_told(tmp_path):
    (tmp_path / "passed.txt").write_bytes(b"\xff\xfe\xff")
    with pytest.raises(record.RecordError, match=r"cannot be read: .* git checkout"):
        record.read(tmp_path / "passed.txt")


def test_the_record_of_this_repository_can_be_read(pytestconfig):
    """And is sorted, as merges leave it or --settle writes it."""
    path = pytestconfig.rootpath / record.FILE
    tests = list(record.read(path))
    assert tests == sorted(tests)
