"""Published files in small, to build from."""

from tests.figures.conftest import crime_study_folder, words
from tests.street_crime.conftest import made, residents

__all__ = ["crime_study_folder", "made", "residents", "words"]
