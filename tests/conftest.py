"""What all tests share."""

import os
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="session")
def sources_dir() -> Path:
    """Folder with the publishers' source files; tests that need it are skipped where it is not at hand."""
    folder = Path(os.environ.get("EXPLORER_SOURCES", ROOT.parent / "shared" / "data"))
    if not folder.is_dir():
        pytest.skip(f"no source files at {folder}; set EXPLORER_SOURCES to the folder that has them")
    return folder
