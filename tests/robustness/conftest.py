"""Published files in small, to build from."""

from tests.sources.conftest import crime_study_folder
from tests.sources.police.conftest import made, residents

__all__ = ["crime_study_folder", "made", "residents"]
