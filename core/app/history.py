"""One step of the browser's history for each thing that a visitor does.

Streamlit makes a step of every change of the address: a link within the app would be one, the page's own view written
into it another, and a query handed to the page a third, so that going back would take as many presses. What follows
without a visitor's doing therefore takes the place of the step before.
"""

import streamlit as st

KEY = "one_step"
SCRIPT = f"""<style>.st-key-{KEY} {{display: none}}</style>
<script>
if (!window.oneStep) {{
  window.oneStep = true;
  let done = false;  // something by the visitor since the last step
  for (const kind of ["pointerdown", "keydown", "click"]) addEventListener(kind, () => done = true, true);
  const push = history.pushState.bind(history);
  history.pushState = (...to) => {{
    done ? push(...to) : history.replaceState(...to);
    done = false;
  }};
}}
</script>"""


def one_step_each() -> None:
    """Make it so on this page, and on those that the visitor goes to from here."""
    with st.sidebar.container(key=KEY):
        st.html(SCRIPT, unsafe_allow_javascript=True)
