"""How far long work has come."""

from collections.abc import Callable

Progress = Callable[[float], None]  # takes the share that is done, 0 to 1
