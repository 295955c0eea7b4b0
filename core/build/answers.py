"""The answers of the front page, worked out once and stored next to the figures: ``python -m core.build answers``."""

import logging
from pathlib import Path

from core.tables.catalogue import DATA_DIR, load_catalogue


def store_answers() -> Path:
    """Work out the answers of the front page and store them in the data folder; returns the file."""
    from core.app.sections import home  # with Streamlit, which no other command needs
    from core.home import stored

    logging.disable(logging.WARNING)  # Streamlit warns that it runs without a server, which is intended
    try:
        return stored.write_answers(DATA_DIR, home.fresh(), stored.fingerprint(load_catalogue().version))
    finally:
        logging.disable(logging.NOTSET)
