"""Policing Evidence Explorer: everything that can be done in a notebook, without Streamlit."""
