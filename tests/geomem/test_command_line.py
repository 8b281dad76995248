"""The console script: it has the commands of both rooms, and their own parsers."""

import argparse
import re

import pytest

import empirical.__main__
import verify.__main__
from geomem.__main__ import COMMANDS, main


def commands_of(parser):
    (made,) = (action for action in parser._actions if isinstance(action, argparse._SubParsersAction))
    return set(made.choices)


@pytest.mark.parametrize("room", [verify.__main__, empirical.__main__], ids=["verify", "empirical"])
def test_every_command_of_a_room_is_a_command(room):
    assert set(COMMANDS[room.__name__.split(".")[0]]) == commands_of(room.parser())


def test_no_command_is_in_two_rooms():
    assert not set(COMMANDS["verify"]) & set(COMMANDS["empirical"])
    assert "judge" not in {*COMMANDS["verify"], *COMMANDS["empirical"]}


@pytest.mark.slow
def test_a_command_is_handed_to_its_room_with_all_its_words(capsys):
    assert main(["explain", "C-01", "--ledger", "none.jsonl"]) == 0
    assert "capacity formulas of points" in capsys.readouterr().out
    assert main(["data", "digits", "--from", "nothing"]) == 1
    assert "digits" in capsys.readouterr().err
    assert main(["explain", "qqq"]) == 1
    assert capsys.readouterr().err.startswith("geomem: there is no claim qqq")


def test_the_usage_of_a_command_is_that_of_geomem(capsys):
    with pytest.raises(SystemExit):
        main(["accept"])
    assert capsys.readouterr().err.startswith("usage: geomem accept ")


def test_help_names_every_command(capsys):
    for words in ([], ["--help"], ["-h"]):
        assert main(words) == 0
        said = capsys.readouterr().out
        assert set(re.findall(r"^ +([a-z-]+)(?= |$)", said, re.MULTILINE)) >= {
            "judge",
            *COMMANDS["verify"],
            *COMMANDS["empirical"],
        }


def test_an_unknown_command_is_told_with_one_that_is_near(capsys):
    assert main(["explian", "S-07"]) == 2
    assert (
        capsys.readouterr().err == "geomem: there is no command explian; did you mean explain? geomem --help shows them all\n"
    )


def test_the_version(capsys):
    assert main(["--version"]) == 0
    assert capsys.readouterr().out.startswith("geomem ")
