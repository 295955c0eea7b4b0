"""What `.streamlit/config.toml` promises, as Streamlit itself reads it."""

import json
import os
import subprocess
import sys
from typing import Any

import pytest

from core.sources.files.limits import IN_A_VISIT
from core.user_panel.read import MOST_BYTES
from tests.conftest import ROOT

MB = 1 << 20
KEPT = {
    "client.showErrorDetails": "none",
    "client.showErrorLinks": "false",
    "client.toolbarMode": "minimal",
    "server.enableCORS": True,
    "server.enableXsrfProtection": True,
    "server.headless": True,
    "server.maxUploadSize": 200,
    "server.maxMessageSize": 64,
    "browser.gatherUsageStats": False,
    "logger.level": "info",
    "logger.enableRich": False,
    # left as Streamlit has them
    "server.corsAllowedOrigins": [],
    "server.enableStaticServing": False,
    "server.trustedUserHeaders": "{}",
    "server.xsrfCookieSameSite": "lax",
    "global.developmentMode": False,
}


@pytest.fixture(scope="module")
def settings() -> Any:
    """Settings of a process that is started in the app's folder, as the server is."""
    code = (
        "import json; from streamlit import config\n"
        f"print(json.dumps({{name: config.get_option(name) for name in {list(KEPT)!r}}}))"
    )
    home = {name: value for name, value in os.environ.items() if not name.startswith("STREAMLIT_")}
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, env=home, capture_output=True, text=True, check=True)
    return json.loads(done.stdout)


@pytest.mark.parametrize("name", KEPT)
def test_streamlit_setting_has_the_expected_value(name: str, settings: Any) -> None:
    found = settings[name]
    assert (str(found).lower() if isinstance(KEPT[name], str) else found) == KEPT[name]


def test_max_upload_size_allows_files_that_the_app_reads(settings: Any) -> None:
    assert settings["server.maxUploadSize"] * MB == IN_A_VISIT.file_bytes
    assert settings["server.maxUploadSize"] * MB >= MOST_BYTES
