"""Where a visitor hands in new figures for the visit: files, how records are counted, the report."""

from functools import partial

import streamlit as st
from streamlit.delta_generator import DeltaGenerator
from streamlit.runtime.uploaded_file_manager import UploadedFile

from core.app import render, uploads
from core.app.crime_places import places
from core.sources.files.cells import SourceError
from core.sources.files.limits import IN_A_VISIT, in_memory
from core.sources.london.force.force_quarters import Counting, QuarterRule, Repeats
from core.tables import catalogue as package
from core.uploads import text as uploads_text
from core.uploads.read import read_upload

MOST_FILES = 12
_ASKED = "uploaded.asked"
REPEATS: tuple[Repeats, ...] = ("dropped", "kept")
RULES: tuple[QuarterRule, ...] = ("calendar", "study")


def section() -> None:
    """Upload files, or see what became of those uploaded."""
    render.header("Update the data")
    held = uploads.current()
    if held is not None:
        st.markdown(
            uploads_text.held(bool(held.tables), [choice.label for choice in places.uploaded_places().values()])
        )
        st.markdown("\n".join(map(_item, held.report)))
        return
    st.markdown(uploads_text.INVITATION)
    with st.form("uploaded.form", border=True):
        files = st.file_uploader(
            "Workbooks, CSV files, or a police zip",
            type=["xlsx", "xlsm", "ods", "csv", "tsv", "txt", "zip"],
            accept_multiple_files=True,
            max_upload_size=IN_A_VISIT.file_bytes >> 20,
            key="uploaded.files",
        )
        repeats = st.segmented_control(
            "Exact duplicates",
            REPEATS,
            default="dropped",
            required=True,
            format_func=str.capitalize,
            key="uploaded.repeats",
        )
        rule = st.segmented_control(
            "Quarters",
            RULES,
            default="calendar",
            required=True,
            format_func=uploads_text.RULES.__getitem__,
            key="uploaded.rule",
            help=uploads_text.RULE_HELP,
        )
        st.form_submit_button("Use this data", icon=":material/upload_file:", on_click=_ask)
    if st.session_state.pop(_ASKED, False):
        _use(files, Counting(repeats, rule))


def _item(line: str) -> str:
    """A line of the report as an item of a list; what is set in belongs to the item above."""
    return f"{'  ' * line.startswith(' ')}- {render.escape_markdown(' '.join(line.split()))}"


def _ask() -> None:
    # Noted, because a page that runs before its frame starts again, and a button says only once that it was pressed.
    st.session_state[_ASKED] = True


def _use(files: list[UploadedFile], counting: Counting) -> None:
    if len(files) > MOST_FILES:
        st.warning(f"{len(files)} files were chosen; at most {MOST_FILES} can be read at once.")
        return
    bar = st.progress(0.0, text="Reading the files")
    try:
        handed = [in_memory(file.name, file.getvalue()) for file in files]
        found = read_upload(handed, package.load_catalogue(), counting, partial(_tell, bar))
    except SourceError as error:
        st.warning(render.escape_markdown(str(error)), icon=":material/rule:")
        return
    finally:
        bar.empty()
    uploads.hold(found)
    places.show_uploaded()
    st.rerun()


def _tell(bar: DeltaGenerator, share: float) -> None:
    bar.progress(min(share, 1.0), text="Reading the files")
