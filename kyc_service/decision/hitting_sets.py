"""The smallest sets of things that have to change, when more change never undoes what fewer did.

Source: Reiter, "A theory of diagnosis from first principles" (1987), with the correction of
Greiner, Smith and Wilkerson (1989): minimal hitting sets of minimal conflicts, breadth first,
where a conflict is a set of things of which at least one has to change.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

T = TypeVar("T", bound=Hashable)


@dataclass(frozen=True, slots=True)
class SmallestSets(Generic[T]):
    """``sets`` are minimal: none does without any of its members; smallest first.

    ``is_complete``: there are no others. Otherwise the search was cut off: smaller ones may exist.
    """

    sets: tuple[frozenset[T], ...]
    is_complete: bool


class _Search(Generic[T]):
    """One search; remembers every question that was asked."""

    def __init__(self, items: Sequence[T], suffices: Callable[[frozenset[T]], bool], budget: int) -> None:
        self.items = tuple(items)
        self._suffices = suffices
        self._answers: dict[frozenset[T], bool] = {}
        self._budget = budget

    @property
    def is_spent(self) -> bool:
        return len(self._answers) >= self._budget

    def does(self, changed: frozenset[T]) -> bool:
        if changed not in self._answers:
            self._answers[changed] = self._suffices(changed)
        return self._answers[changed]

    def conflict_beside(self, changed: frozenset[T]) -> frozenset[T]:
        """A minimal set, apart from ``changed``, of which something has to change too."""
        kept = frozenset(self.items) - changed
        for item in self.items:
            if item in kept and not self.does(frozenset(self.items) - (kept - {item})):
                kept -= {item}
        return kept

    def minimal_within(self, changed: frozenset[T]) -> frozenset[T]:
        """One minimal set, not always of the smallest ones."""
        for item in self.items:
            if item in changed and self.does(changed - {item}):
                changed -= {item}
        return changed


def smallest_sets(
    items: Sequence[T], suffices: Callable[[frozenset[T]], bool], *, most: int = 8, budget: int = 4000
) -> SmallestSets[T]:
    """The smallest sets of ``items`` that ``suffices`` says are enough; at most ``most``, none if all together are not.

    ``suffices`` must be monotone: what holds for a set holds for every larger one. It is
    asked about ``budget`` times; a search that is not done by then gives one minimal set.

    >>> found = smallest_sets("abcd", lambda s: "a" in s and ("b" in s or "c" in s))
    >>> sorted("".join(sorted(one)) for one in found.sets), found.is_complete
    (['ab', 'ac'], True)
    """
    search = _Search(items, suffices, budget)
    everything = frozenset(items)
    if not search.does(everything):
        return SmallestSets((), is_complete=True)
    conflicts = [frozenset({item}) for item in items if not search.does(everything - {item})]
    found: list[frozenset[T]] = []
    waiting: deque[frozenset[T]] = deque([frozenset(item for one in conflicts for item in one)])
    seen: set[frozenset[T]] = set()
    while waiting and len(found) < most:
        if search.is_spent:
            return SmallestSets(tuple(found) or (search.minimal_within(everything),), is_complete=False)
        changed = waiting.popleft()
        if changed in seen or any(one <= changed for one in found):
            continue
        seen.add(changed)
        if search.does(changed):
            found.append(changed)
            continue
        conflict = next((one for one in conflicts if not one & changed), None)
        if conflict is None:
            conflict = search.conflict_beside(changed)
            conflicts.append(conflict)
        waiting.extend(changed | {item} for item in search.items if item in conflict)
    return SmallestSets(tuple(found), is_complete=not waiting)
