"""YAML -> plain values, with the line and column of each.

PyYAML's composed nodes keep their marks, which its constructed values lose; so values are
made from nodes here. Read with the safe loader's scalars alone: no tag makes an object.
Bounded in bytes, depth and expanded aliases; a key that stands twice is a problem, not a
silent choice of the last.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

import yaml
from yaml.composer import ComposerError
from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from kyc_service.policies.problems import Path, PolicyProblem, written

MAX_BYTES: Final = 256 * 1024
MAX_DEPTH: Final = 24
MAX_NODES: Final = 20_000
# Numbers of thousands of digits cost time to make and cannot be written again.
_MAX_PLAIN: Final = 100
_TEXT: Final = "tag:yaml.org,2002:str"
_MERGE: Final = "tag:yaml.org,2002:merge"

Place = tuple[int, int]
Value = None | bool | int | float | str | list["Value"] | dict[str, "Value"] | object


@dataclass(slots=True)
class Lines:
    """Values, and where they stand: ``keys`` the place of each mapping's keys, ``values`` of what follows them."""

    data: Value = None
    keys: dict[Path, Place] = field(default_factory=dict)
    values: dict[Path, Place] = field(default_factory=dict)
    problems: list[PolicyProblem] = field(default_factory=list)

    def problem(
        self, path: Path, message: str, allowed: tuple[str, ...] = (), *, at_key: bool = False
    ) -> PolicyProblem:
        """A problem at ``path``, or where that is absent at the nearest place above it."""
        places = self.keys if at_key else self.values
        known = path
        while known and known not in places:
            known, places = known[:-1], self.values
        line, column = places.get(known, (1, 1))
        return PolicyProblem(line, column, written(path), message, allowed)


def read_lines(text: bytes) -> Lines:
    """The one document in ``text``; what cannot be read is among its problems."""
    lines = Lines()
    if len(text) > MAX_BYTES:
        lines.problems.append(PolicyProblem(1, 1, "", f"the file is larger than {MAX_BYTES // 1024} KiB"))
        return lines
    try:
        loader = _Loader(text)
        node = loader.get_single_node()
        if node is not None:
            lines.data = _Reading(loader, lines).value(node, (), ())
    except yaml.MarkedYAMLError as error:
        lines.problems.append(_of_yaml(error))
    except yaml.reader.ReaderError as error:
        line = text[: error.position].count(b"\n") + 1
        lines.problems.append(PolicyProblem(line, 1, "", f"no text: {error.reason}"))
    except (OverflowError, ValueError):
        # The scanner's own: an escape beyond Unicode, a version of thousands of digits.
        lines.problems.append(PolicyProblem(1, 1, "", "no YAML: a number or an escape is out of range"))
    return lines


def _of_yaml(error: yaml.MarkedYAMLError) -> PolicyProblem:
    mark = error.problem_mark or error.context_mark
    line, column = (1, 1) if mark is None else (mark.line + 1, mark.column + 1)
    said = ", ".join(part for part in (error.context, error.problem) if part)
    return PolicyProblem(line, column, "", f"no YAML: {said}")


class _Loader(yaml.SafeLoader):
    _depth = 0

    def compose_node(self, parent: Node | None, index: int) -> Node | None:
        """The next node, unless it lies too deep."""
        self._depth += 1
        if self._depth > MAX_DEPTH:
            raise ComposerError(None, None, f"nested deeper than {MAX_DEPTH} levels", self.get_mark())
        try:
            return super().compose_node(parent, index)
        finally:
            self._depth -= 1


class _Reading:
    """Makes values of nodes. An alias is followed wherever it stands, so what it costs is counted each time."""

    def __init__(self, loader: _Loader, lines: Lines) -> None:
        self._loader = loader
        self._lines = lines
        self._nodes = 0

    def value(self, node: Node, path: Path, above: tuple[Node, ...]) -> Value:
        """The value of ``node``.

        Raises:
            yaml.MarkedYAMLError: it holds itself, or expands beyond :data:`MAX_NODES`.
        """
        self._nodes += 1
        if self._nodes > MAX_NODES:
            raise ComposerError(None, None, f"more than {MAX_NODES} values with its aliases", node.start_mark)
        if any(node is one for one in above):
            raise ComposerError(None, None, "an alias to what it stands in", node.start_mark)
        self._lines.values[path] = _place(node)
        match node:
            case MappingNode():
                return self._mapping(node, path, (*above, node))
            case SequenceNode():
                return [self.value(item, (*path, i), (*above, node)) for i, item in enumerate(node.value)]
            case _:
                return self._scalar(node, path)

    def _mapping(self, node: MappingNode, path: Path, above: tuple[Node, ...]) -> dict[str, Value]:
        found: dict[str, Value] = {}
        for key, value in node.value:
            complaint = _complaint_of(key, found)
            if complaint is not None:
                self._problem(key, (*path, str(key.value)) if isinstance(key, ScalarNode) else path, complaint)
                continue
            # A key is its text: NO is a word here, not a boolean.
            inner = (*path, key.value)
            self._lines.keys[inner] = _place(key)
            found[key.value] = self.value(value, inner, above)
        return found

    def _scalar(self, node: Node, path: Path) -> Value:
        try:
            if node.tag != _TEXT and len(node.value) > _MAX_PLAIN:
                self._problem(node, path, "the value is too long; put it in quotes if it is text")
                return None
            made: Value = self._loader.construct_object(node)
        except (KeyError, ValueError):
            # 2026-13-45 looks like a date and is none; what is tagged a truth value may be none either.
            self._problem(node, path, f"{node.value!r} is no value; put it in quotes if it is text")
            return None
        return made

    def _problem(self, node: Node, path: Path, message: str) -> None:
        line, column = _place(node)
        self._lines.problems.append(PolicyProblem(line, column, written(path), message))


def _complaint_of(key: Node, before: dict[str, Value]) -> str | None:
    if not isinstance(key, ScalarNode):
        return "a key is one word"
    if key.tag == _MERGE:
        return "merged mappings (<<) are not read; write the lines out, or use an alias for the whole value"
    return f"{key.value} stands twice" if key.value in before else None


def _place(node: Node) -> Place:
    return node.start_mark.line + 1, node.start_mark.column + 1
