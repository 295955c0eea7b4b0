"""``python -m core.build london --download``: from the publisher's server to the figures of the app."""

from functools import partial
from pathlib import Path

import pandas as pd
import pytest

from core.build import __main__ as command
from core.build.download.addresses import FORCE, SURVEY
from core.build.download.fetch import Transport, download
from core.tables.catalogue import load_catalogue
from tests.build.download.server import Answer, Publisher, workbook_bytes
from tests.sources.workbooks.survey import write_survey

PAGE = "https://data.example/dataset"


@pytest.fixture(autouse=True)
def _reaches_the_server(transport: Transport, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(command, "download", partial(download, transport=transport))


def settings(folder: Path, **addresses: list[str]) -> Path:
    path = folder / "mine.toml"
    sections = (
        f'[{kind}]\npage = "{PAGE}"\nfiles = [{", ".join(f"{{ address = {each!r} }}" for each in listed)}]\n'
        for kind, listed in addresses.items()
    )
    path.write_text("".join(sections), encoding="utf-8")
    return path


@pytest.fixture
def renewals(monkeypatch: pytest.MonkeyPatch) -> list[tuple[object, ...]]:
    """What the figures would be renewed with; they are not."""
    calls: list[tuple[object, ...]] = []

    def renew(*arguments: object) -> list[str]:
        calls.append(arguments)
        return ["Renewed"]

    monkeypatch.setattr(command, "renew_london", renew)
    return calls


def test_main_download_with_new_survey_renews_the_figures(
    server: Publisher, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    tables = load_catalogue()
    present, london = (tables.read_table(name) for name in ("survey", "survey_london"))
    new, since = present.copy(), "2023Q1"
    new.loc[new["quarter"] == "2023Q4", "good_job_local"] = 0.5
    body = write_survey(new[new["quarter"] >= since], london[london["quarter"] >= since])
    given = settings(tmp_path, attitude_survey=[server.serve("PAS.xlsx", Answer(body))])
    out, sources = tmp_path / "data", tmp_path / "downloads"
    catalogue = ["london", "--download", "--settings", str(given), "--sources", str(sources), "--out", str(out)]
    assert command.main(catalogue) == 0
    assert capsys.readouterr().out.startswith("attitude_survey/PAS.xlsx: fetched, ")
    assert (sources / SURVEY / "PAS.xlsx").read_bytes() == body
    written = load_catalogue(out).read_table("survey")
    pd.testing.assert_frame_equal(written[new.columns], new)
    assert not new.equals(present)


def test_main_download_uses_all_files(
    server: Publisher, tmp_path: Path, renewals: list[tuple[object, ...]], capsys: pytest.CaptureFixture[str]
) -> None:
    answer = Answer(workbook_bytes())
    years = ["FY17-18.xlsx", "FY18-19.xlsx"]
    given = settings(
        tmp_path,
        attitude_survey=[server.serve("PAS.xlsx", answer)],
        use_of_force=[server.serve(year, answer) for year in years],
    )
    out = tmp_path / "out"
    catalogue = ["london", "--download", "--settings", str(given), "--sources", str(tmp_path / "in"), "--out", str(out)]
    assert command.main(catalogue) == 0
    [(surveys, force, _, to, _)] = renewals
    assert surveys == [tmp_path / "in" / SURVEY / "PAS.xlsx"]
    assert force == [tmp_path / "in" / FORCE / year for year in years]
    assert to == out
    lines = capsys.readouterr().out.splitlines()
    assert [line.partition(":")[0] for line in lines] == [
        "attitude_survey/PAS.xlsx",
        *(f"use_of_force/{year}" for year in years),
        "Renewed",
    ]


def test_main_download_with_one_file_missing_renews_nothing(
    server: Publisher, tmp_path: Path, renewals: list[tuple[object, ...]], capsys: pytest.CaptureFixture[str]
) -> None:
    addresses = [server.serve("a.xlsx", Answer(workbook_bytes())), server.serve("b.xlsx", Answer(status=404))]
    given = settings(tmp_path, use_of_force=addresses)
    assert command.main(["london", "--download", "--settings", str(given), "--sources", str(tmp_path / "in")]) == 2
    assert renewals == []
    written = capsys.readouterr()
    assert written.out == ""
    assert written.err == (
        f"Stopped: {addresses[1]} answers 404 Not Found; look for its new address on {PAGE} and correct {given}, "
        "or a copy named with --settings.\n"
    )


def test_main_with_settings_without_download_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert command.main(["london", "--settings", str(tmp_path / "mine.toml"), "--sources", str(tmp_path)]) == 2
    assert "give it together with --download" in capsys.readouterr().err


def test_main_download_with_new_editions_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert command.main(["london", "--download", "--attitude-survey", "a.xlsx"]) == 2
    assert "Name either --download or the new editions" in capsys.readouterr().err
