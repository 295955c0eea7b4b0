"""A process that is killed: builds leave the figures whole, old or new, and a new server serves them."""

import asyncio
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks.load import forgetful
from benchmarks.measuring import process_of
from benchmarks.protocol import Page, Visit
from core.build.__main__ import main
from core.tables.catalogue import DATA_DIR, Catalogue
from tests.conftest import ROOT
from tests.robustness.killing import contents
from tests.sources.police.generated import Generated, write_zip
from tests.sources.workbooks.survey import write_survey

POINTS = 8
LINK = {"v": "1", "outcome": "trust_mps", "borough": "Camden", "covariance": "HC1"}

pytestmark = pytest.mark.slow


def killed(folder: Path, *command: object, points: int = POINTS) -> list[str]:
    """What becomes of `folder` when a build is killed at several of its changes."""
    arguments = [sys.executable, "-m", "tests.robustness.killing", str(folder), str(points), *map(str, command)]
    done = subprocess.run(arguments, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return [line.split(" ", 1)[1] for line in done.stdout.splitlines()]


def whole(states: list[str]) -> bool:
    """Whether every kill left the folder as it was, up to one of the last, and as it was to be from there."""
    return set(states) == {"old", "new"} and states == sorted(states, reverse=True)


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A data folder of London and the West Midlands."""
    folder = tmp_path / "data"
    for study in ("london", "west_midlands"):
        shutil.copytree(DATA_DIR / study, folder / study)
    assert main(["package", "--data", str(folder)]) == 0
    return folder


def test_west_midlands_build_killed_leaves_old_or_new_files(data: Path, crime_study_folder: Path) -> None:
    places = data / "west_midlands" / "places.csv"
    places.write_text(places.read_text(encoding="utf-8").replace("campus", "site"), encoding="utf-8")
    assert main(["package", "--data", str(data)]) == 0
    out = data / "west_midlands"
    assert whole(killed(data, "west-midlands", "--sources", crime_study_folder, "--out", out))


def test_london_renewal_killed_leaves_old_or_new_files(data: Path, catalogue: Catalogue, tmp_path: Path) -> None:
    tables = [catalogue.read_table(name) for name in ("survey", "survey_london")]
    boroughs, london = (table[table["quarter"] >= "2021Q1"] for table in tables)
    boroughs = boroughs.assign(trust_mps=boroughs["trust_mps"].round(2))
    edition = tmp_path / "survey.xlsx"
    edition.write_bytes(write_survey(boroughs, london))
    assert whole(killed(data, "london", "--attitude-survey", edition, "--data", data))


def test_street_crime_build_killed_leaves_old_or_new_files(made: Generated, tmp_path: Path) -> None:
    out = tmp_path / "street_crime"
    everything, less = write_zip(tmp_path / "all.zip", made.files), tmp_path / "less.zip"
    write_zip(less, {name: content for name, content in made.files.items() if "2018-03" not in name})
    assert main(["street-crime", str(less), "--out", str(out)]) == 0
    assert whole(killed(out, "street-crime", everything, "--out", out))
    fresh = tmp_path / "fresh"
    for folder in (out, fresh):
        assert main(["street-crime", str(everything), "--out", str(folder)]) == 0
    assert contents(out) == contents(fresh), "a build after killed ones counts each record once"


def test_app_after_a_killed_build_opens_its_pages(data: Path, crime_study_folder: Path) -> None:
    for rest in ("england", "forecasts"):
        shutil.copytree(DATA_DIR / rest, data / rest)
    assert main(["package", "--data", str(data)]) == 0
    killed(data, "west-midlands", "--sources", crime_study_folder, "--out", data / "west_midlands", points=1)
    with forgetful(EXPLORER_DATA=str(data)) as server:
        pages = [asyncio.run(opened(server.root, name)) for name in ("home", "crime_types", "london_map")]
    assert all(not list(page.of_kind("alert")) for page in pages)


async def opened(root: str, name: str, **query: str) -> Page:
    async with Visit(root) as visit:
        return await visit.open(name, query)


def test_server_killed_during_a_visit_serves_the_same_view_after_restart() -> None:
    with forgetful() as server:
        before, process = asyncio.run(opened(server.root, "london_amount", **LINK)), process_of(server.root)

        async def visit() -> str:
            async with Visit(server.root) as made:
                page = await made.open("london_amount", LINK)
                asking = asyncio.create_task(made.choose("Borough", "Barnet"))
                await asyncio.sleep(0.02)
                os.kill(process, signal.SIGKILL)
                with pytest.raises(Exception, match=r"close frame|closed"):
                    await asking
                return page.link

        link = asyncio.run(visit())
    with forgetful() as server:
        after = asyncio.run(opened(server.root, "london_amount", **LINK))
    assert link == before.link == after.link
    assert after.fingerprint() == before.fingerprint()
