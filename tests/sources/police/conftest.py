"""England's LSOAs, and a folder built from generated files."""

from pathlib import Path

import pytest

from core.build.street_crime import build_street_crime
from core.tables.catalogue import load_catalogue
from tests.sources.police.generated import Generated, generated, write_zip

SEED = 20
MONTHS = ("2017-11", "2017-12", "2018-02", "2018-03")


@pytest.fixture(scope="session")
def residents() -> dict[str, int]:
    """Residents in mid-2019 by LSOA of 2011."""
    england = load_catalogue().read_table("england_lsoas")
    return dict(zip(england["lsoa11_code"], england["residents"], strict=True))


@pytest.fixture(scope="session")
def made() -> Generated:
    """Two forces over four months, with January 2018 missing."""
    return generated(SEED, MONTHS)


@pytest.fixture(scope="session")
def built_folder(made: Generated, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What is built from them."""
    folder = tmp_path_factory.mktemp("street-crime")
    build_street_crime(write_zip(folder / "download.zip", made.files), folder / "built")
    return folder / "built"
