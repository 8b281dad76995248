"""Pages of a small ledger: links, bytes, escaping, and what is refused."""

import json
import re
from dataclasses import replace
from pathlib import Path

import pytest

from tests.verify.site.conftest import ATTACK, VALUES, Page, entries
from verify.__main__ import main
from verify.report import ledger
from verify.site import drawings, world_pages
from verify.worlds.world import State

pytest.importorskip("jinja2")
GIVEN = ["--ledger", "ledger.jsonl", "--evidence", "evidence"]


def report(*arguments):
    return main(["report", *GIVEN, *map(str, arguments)])


@pytest.fixture
def site(place):
    """The pages without figures, by name."""
    assert report("--no-figures") == 0
    return {path.relative_to(place / "site").as_posix(): path for path in (place / "site").rglob("*.*")}


def read(path):
    return Page(path.read_text(encoding="utf-8"))


def test_there_is_a_page_for_every_claim_paper_and_world(site):
    wanted = {"index.html", "claim/S-07.html", "claim/C-01.html", "paper/stephenson2021.html", "world/synthetic.html"}
    assert wanted <= set(site)
    assert "claim/gone.html" not in site
    assert "no longer claims, and left out: gone" in read(site["index.html"]).text


def test_every_link_leads_to_a_page_and_a_place_on_it(site):
    for name, path in site.items():
        for link in read(path).links if name.endswith(".html") else []:
            if link == "data:,":
                continue
            assert "://" not in link, f"{name} reads {link} from the network"
            file, _, fragment = link.partition("#")
            there = (path.parent / file).resolve() if file else path
            assert there.is_file(), f"{name} links to {link}"
            assert not fragment or fragment in read(there).fragments, f"{name} links to {link}"


def test_nothing_is_loaded_from_the_network_and_nothing_runs(site):
    for name, path in site.items():
        text = path.read_text(encoding="utf-8")
        assert "script" not in (read(path).tags if name.endswith(".html") else [])
        assert "url(" not in text
        assert "@import" not in text


def test_text_is_escaped(site):
    assert ATTACK in read(site["claim/S-02.html"]).text
    assert ATTACK in read(site["index.html"]).text


def test_equal_input_gives_equal_bytes(place, site):
    before = {name: path.read_bytes() for name, path in site.items()}
    assert report("--no-figures", "--into", "again") == 0
    assert before == {name: (place / "again" / name).read_bytes() for name in before}


def test_the_matrix_is_a_table_that_can_be_read_aloud(site):
    text = site["index.html"].read_text(encoding="utf-8")
    assert 'scope="colgroup"' in text
    assert 'scope="rowgroup"' in text
    assert 'aria-label="S-05 in synthetic: REFUTED"' in text


def test_what_changed_comes_before_the_sentences(site):
    text = site["index.html"].read_text(encoding="utf-8")
    assert text.index("Changed since it was registered") < text.index("The five sentences of the abstract")


def test_a_claim_shows_every_network_its_layers_and_its_counterfeit(site):
    page = site["claim/S-07.html"].read_text(encoding="utf-8")
    dots = re.search(r'class="dots" d="([^"]*)"', page)
    assert dots
    assert dots[1].count("M") == len(VALUES)
    for words in ("gain of deep layers", "gain per layer", "fc2", "-0.300 accuracy", "single networks from 0.41 to 0.58"):
        assert words in page


def test_a_reason_is_said_once(place):
    reason = "a network fitted only 0.62 of its labels"
    one = entries()[1]
    said = replace(one, registered=f"too short: {reason}", verdict=replace(one.verdict, reason=reason, value=None, parts=()))
    ledger.write(place / "ledger.jsonl", [said])
    assert report("--no-figures") == 0
    assert (place / "site" / "claim" / "S-02.html").read_text(encoding="utf-8").count(reason) == 1


def test_the_first_column_of_a_narrow_matrix_has_ids_alone(site):
    style = site["style.css"].read_text(encoding="utf-8")
    narrow = style[style.index("@media (max-width") :]
    assert ".matrix tbody th .words { display: none; }" in narrow


@pytest.mark.slow
def test_figures_have_text_a_title_and_a_description(place):
    pytest.importorskip("matplotlib")
    assert report() == 0
    figure = (place / "site" / "figure" / "synthetic" / "accuracies.svg").read_text(encoding="utf-8")
    assert "<title>" in figure
    assert "<desc>A figure of the accuracies of the four groups over epochs" in figure
    assert "<text" in figure
    assert "accuracies.svg" in (place / "site" / "world" / "synthetic.html").read_text(encoding="utf-8")


@pytest.mark.slow
def test_figures_of_the_same_evidence_and_code_are_drawn_once(place, monkeypatch):
    pytest.importorskip("matplotlib")
    monkeypatch.setenv("GEOMEM_CACHE", str(place / "cache"))
    assert report() == 0
    monkeypatch.setattr(drawings, "ProcessPoolExecutor", None)
    assert report("--into", "again") == 0
    figure = Path("figure") / "synthetic" / "accuracies.svg"
    assert (place / "again" / figure).read_bytes() == (place / "site" / figure).read_bytes()
    monkeypatch.setattr(drawings.provenance, "sources", lambda start: "other code")
    with pytest.raises(TypeError):
        report("--into", "drawn anew")


def fails(capsys, *arguments):
    assert report(*arguments) == 1
    error = capsys.readouterr().err
    assert error.startswith("geomem: ")
    assert error.count("\n") == 1
    return error


def test_without_a_ledger_the_command_that_makes_one(place, capsys):
    (place / "ledger.jsonl").unlink()
    assert "ledger.jsonl has no verdicts; judge the claims first: pytest verify/ --ledger ledger.jsonl" in fails(capsys)


def test_a_ledger_of_an_earlier_version_is_refused(place, capsys):
    lines = (place / "ledger.jsonl").read_text().splitlines()
    earlier = [{key: value for key, value in json.loads(line).items() if key != "schema"} for line in lines]
    (place / "ledger.jsonl").write_text("".join(f"{json.dumps(line)}\n" for line in earlier))
    error = fails(capsys)
    assert "its lines have schema 1, and this version reads schema 2" in error
    assert "write a new one: pytest verify/" in error


def test_evidence_that_was_edited_is_named(place, capsys):
    manifest = place / "evidence" / "synthetic" / "manifest.json"
    manifest.write_text(manifest.read_text().replace('"epochs"', '"epochz"'))
    error = fails(capsys)
    assert "the evidence of synthetic in evidence/synthetic cannot be read" in error


def test_a_folder_that_cannot_be_written_is_named(place, capsys):
    assert "cannot write pages into /dev/null/site: Not a directory; give --into a folder" in fails(
        capsys, "--into", "/dev/null/site"
    )


def test_a_world_has_the_command_that_makes_it_where_one_does(site):
    assert "Make it again" not in site["world/synthetic.html"].read_text(encoding="utf-8")
    assert world_pages._command("digits-slow", State.RECORDED).endswith(" bundle digits-slow")
    assert world_pages._command("digits-live", State.LIVE).endswith(" --world digits-live")
