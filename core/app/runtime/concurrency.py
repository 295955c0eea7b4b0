"""Pages take turns to run.

Python runs one thing at a time. Were the pages of all visitors to run at once, each would wait for the others between
any two of its steps, and all would be ready late and together: with 16 visitors, two at a time were answered in half
the time, and a third more of them. Two rather than one, so that somebody's long file does not hold up everybody.
See https://github.com/streamlit/streamlit/issues/8490.
"""

import threading

AT_ONCE = 2
page_slots = threading.Semaphore(AT_ONCE)
