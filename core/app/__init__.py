"""Streamlit's side of the app: navigation, state in the link, controls, caching, downloads."""
