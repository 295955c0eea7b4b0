"""What is worked out from figures is kept with them, for as long as they are."""

from collections.abc import Callable, Hashable
from functools import cached_property
from typing import Any, TypeVar

T = TypeVar("T")


class KeepsWork:
    """Figures that nobody changes, with what was worked out from them."""

    def once(self, make: Callable[..., T], *arguments: Hashable) -> T:
        """``make(self, *arguments)``, cached for these figures and shared: not to be changed in place."""
        key = make, *arguments
        if key not in self._made:
            self._made[key] = make(self, *arguments)
        found: T = self._made[key]
        return found

    @cached_property
    def _made(self) -> dict[tuple[Hashable, ...], Any]:
        return {}
