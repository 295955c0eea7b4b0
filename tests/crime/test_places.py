"""Which places the crime pages offer."""

from pathlib import Path

import numpy as np
import pytest

from core.build.street_crime import build_street_crime
from core.crime.places import STUDY_AREA, choices, place
from core.crime.today import is_today
from core.crime.types.design_effects import typed_compositions
from core.sources.police.built import COUNTS_FILE, REPORT_FILE
from core.tables.catalogue import CatalogueError, load_catalogue
from tests.pages.test_crime_types import FORCES, ONE_DISTRICT, TWO_DISTRICTS, generated_force
from tests.sources.police.generated import street_csv, write_zip

SLUG = "leicestershire"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return generated_force(tmp_path_factory.mktemp("force"), TWO_DISTRICTS)


def test_choices_without_street_crime_has_the_study_and_today(tmp_path: Path) -> None:
    offered = choices(folder=tmp_path / "nothing")
    studied = {name: choice.label for name, choice in offered.items() if not is_today(name)}
    assert studied == {STUDY_AREA: "West Midlands, 2019"}
    assert offered[STUDY_AREA].version == load_catalogue().version


def test_choices_with_built_force_lists_it_after_the_study(folder: Path) -> None:
    offered = choices(folder=folder)
    labels = [choice.label for name, choice in offered.items() if not is_today(name)]
    assert labels == ["West Midlands, 2019", "Leicestershire, March 2018"]
    assert offered[SLUG].version != offered[STUDY_AREA].version


def test_choices_version_changes_with_the_figures(folder: Path, tmp_path: Path) -> None:
    other = generated_force(tmp_path, ONE_DISTRICT)
    assert choices(folder=folder)[SLUG].version != choices(folder=other)[FORCES[ONE_DISTRICT]].version
    assert choices(folder=folder)[SLUG] == choices(folder=folder)[SLUG]


def test_place_has_its_districts_and_points(folder: Path) -> None:
    assert place(STUDY_AREA, folder=folder).name == "West Midlands"
    area = place(SLUG, folder=folder)
    assert (area.name, area.period) == ("Leicestershire", "March 2018")
    assert sorted(area.districts["district"]) == sorted(TWO_DISTRICTS)
    assert area.lsoas[["longitude", "latitude"]].notna().all(axis=None)
    assert "points" not in area.missing
    assert "places" in area.missing
    assert (area.records() > 0).all()


def test_place_of_several_months_has_their_dispersion(folder: Path, tmp_path: Path) -> None:
    """Burglaries come alone, thefts in threes: a variance of three times the mean."""
    rng = np.random.default_rng(6)
    england = load_catalogue().read_table("england_lsoas")
    codes = england.loc[england["district"].isin(TWO_DISTRICTS), "lsoa11_code"].tolist()
    files = {}
    for month in (f"2018-{number:02}" for number in range(1, 13)):
        counts = {"Burglary": rng.poisson(2, len(codes)), "Other theft": 3 * rng.poisson(1, len(codes))}
        rows = [
            (code, name) for name, each in counts.items() for code, n in zip(codes, each, strict=True) for _ in range(n)
        ]
        files[f"{month}/{month}-{SLUG}-street.csv"] = street_csv(month, rows)
    build_street_crime(write_zip(tmp_path / "year.zip", files), tmp_path / "built")
    area = place(SLUG, folder=tmp_path / "built")
    assert area.dispersion is not None
    assert area.dispersion.months == 12
    assert area.dispersion_of("Burglary") == pytest.approx(1, abs=0.12)
    assert area.dispersion_of("Other theft") == pytest.approx(3, rel=0.12)
    assert not area.dispersion.districts, "two districts do not tell what is shared"
    assert (typed_compositions(area)["months"] == 0).all()
    assert place(SLUG, folder=folder).dispersion is None, "of one month"


def test_place_with_unknown_force_lists_the_known_ones(folder: Path) -> None:
    with pytest.raises(CatalogueError, match=f"'atlantis' was not counted; there are {SLUG}"):
        place("atlantis", folder=folder)


def test_choices_with_damaged_folder_name_the_file(folder: Path, tmp_path: Path) -> None:
    broken = tmp_path / "broken"
    broken.mkdir()
    (broken / REPORT_FILE).write_bytes((folder / REPORT_FILE).read_bytes())
    with pytest.raises(CatalogueError, match="is not there; build it with"):
        choices(folder=broken)
    for path in folder.iterdir():
        (broken / path.name).write_bytes(path.read_bytes())
    (broken / COUNTS_FILE).write_bytes(b"cut off")
    with pytest.raises(CatalogueError, match=COUNTS_FILE):
        choices(folder=broken)
