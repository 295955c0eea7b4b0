"""Policing Evidence Explorer: everything that can be done in a notebook, without Streamlit."""

import os

# The matrices here are small: sharing one among threads takes longer than working it out, and twice the processor time
# where several visitors want the same two cores. Read once, when NumPy and SciPy are imported.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
