"""Policing Evidence Explorer: navigation and page frame, nothing else."""

import streamlit as st

from core.app import navigation

st.set_page_config(
    page_title="Policing Evidence Explorer",
    page_icon=":material/balance:",
    layout="wide",
    initial_sidebar_state="auto",
)
navigation.run()
