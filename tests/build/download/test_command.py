"""``python -m core.build london --download``: from the publisher's server to the figures of the app."""

from pathlib import Path

import pandas as pd
import pytest

from core.build import __main__ as command
from core.build.addresses import FORCE, SURVEY
from core.build.download import download
from core.tables.catalogue import catalogue
from tests.build.download.server import Publisher, Turn, workbook_bytes
from tests.sources.workbooks.survey import write_survey

PAGE = "https://data.example/dataset"


def settings(folder: Path, **addresses: list[str]) -> Path:
    path = folder / "mine.toml"
    sections = (
        f'[{kind}]\npage = "{PAGE}"\nfiles = [{", ".join(f"{{ address = {each!r} }}" for each in listed)}]\n'
        for kind, listed in addresses.items()
    )
    path.write_text("".join(sections), encoding="utf-8")
    return path


@pytest.fixture
def renewed_with(monkeypatch: pytest.MonkeyPatch) -> list[tuple[object, ...]]:
    """What is handed on to be laid over the figures at hand; nothing is."""
    handed: list[tuple[object, ...]] = []

    def note(*arguments: object) -> list[str]:
        handed.append(arguments)
        return ["Renewed"]

    monkeypatch.setattr(command, "renew_london", note)
    return handed


def test_figures_come_from_the_server(server: Publisher, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    tables = catalogue()
    at_hand, london = (tables.read_table(name) for name in ("survey", "survey_london"))
    new, since = at_hand.copy(), "2023Q1"
    new.loc[new["quarter"] == "2023Q4", "good_job_local"] = 0.5
    body = write_survey(new[new["quarter"] >= since], london[london["quarter"] >= since])
    given = settings(tmp_path, attitude_survey=[server.will("PAS.xlsx", Turn(body))])
    out, sources = tmp_path / "data", tmp_path / "downloads"
    words = ["london", "--download", "--settings", str(given), "--sources", str(sources), "--out", str(out)]
    assert command.main(words) == 0
    assert capsys.readouterr().out.startswith("attitude_survey/PAS.xlsx: fetched, ")
    assert (sources / SURVEY / "PAS.xlsx").read_bytes() == body
    written = catalogue(out).read_table("survey")
    pd.testing.assert_frame_equal(written[new.columns], new)
    assert not new.equals(at_hand)


def test_all_that_was_fetched_is_used(
    server: Publisher, tmp_path: Path, renewed_with: list[tuple[object, ...]], capsys: pytest.CaptureFixture[str]
) -> None:
    turn = Turn(workbook_bytes())
    years = ["FY17-18.xlsx", "FY18-19.xlsx"]
    given = settings(
        tmp_path,
        attitude_survey=[server.will("PAS.xlsx", turn)],
        use_of_force=[server.will(year, turn) for year in years],
    )
    out = tmp_path / "out"
    words = ["london", "--download", "--settings", str(given), "--sources", str(tmp_path / "in"), "--out", str(out)]
    assert command.main(words) == 0
    [(surveys, force, _, to, _)] = renewed_with
    assert surveys == [tmp_path / "in" / SURVEY / "PAS.xlsx"]
    assert force == [tmp_path / "in" / FORCE / year for year in years]
    assert to == out
    said = capsys.readouterr().out.splitlines()
    assert [line.partition(":")[0] for line in said] == [
        "attitude_survey/PAS.xlsx",
        *(f"use_of_force/{year}" for year in years),
        "Renewed",
    ]


def test_nothing_is_renewed_with_half_of_it(
    server: Publisher, tmp_path: Path, renewed_with: list[tuple[object, ...]], capsys: pytest.CaptureFixture[str]
) -> None:
    addresses = [server.will("a.xlsx", Turn(workbook_bytes())), server.will("b.xlsx", Turn(status=404))]
    given = settings(tmp_path, use_of_force=addresses)
    assert command.main(["london", "--download", "--settings", str(given), "--sources", str(tmp_path / "in")]) == 2
    assert renewed_with == []
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.startswith(
        f"Stopped: {addresses[1]} is not there any more (404); look for its new address on {PAGE}"
    )
    assert f"1 of 2 files are in {tmp_path / 'in'}." in said.err


def test_addresses_without_fetching_are_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert command.main(["london", "--settings", str(tmp_path / "mine.toml"), "--sources", str(tmp_path)]) == 2
    assert "give it together with --download" in capsys.readouterr().err


def test_either_fetched_or_at_hand(capsys: pytest.CaptureFixture[str]) -> None:
    assert command.main(["london", "--download", "--attitude-survey", "a.xlsx"]) == 2
    assert "Name either --download or the new editions" in capsys.readouterr().err


def test_nothing_to_fetch(tmp_path: Path) -> None:
    result = download([], tmp_path / "new")
    assert (dict(result.paths), result.lines) == ({}, ())
    assert not (tmp_path / "new").exists()
