"""The models of a page: what may be chosen of them, the widgets for it, and the files that repeat a fit."""
