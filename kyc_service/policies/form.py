"""Whether a policy has the right form: pydantic's complaints, each at its line and in plain words."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, Final, TypeVar, get_args

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from kyc_service.policies.document import PolicyDocument
from kyc_service.policies.lines import Lines
from kyc_service.policies.problems import Path, PolicyProblem, unknown_word

_Model = TypeVar("_Model", bound=BaseModel)
_QUOTED: Final = re.compile(r"'([^']*)'")
_SAID: Final = {
    "string_type": "this should be text; put it in quotes",
    "missing": "this is missing",
    "list_type": "this should be a list",
    "dict_type": "this should be a mapping (key: value)",
    "model_type": "this should be a mapping (key: value)",
    "float_type": "this should be a number",
    "float_parsing": "this should be a number",
    "int_type": "this should be a whole number",
    "int_parsing": "this should be a whole number",
}


def formed(lines: Lines) -> tuple[PolicyDocument | None, list[PolicyProblem]]:
    """``lines`` as a document, or everything in them that has not the form of one."""
    try:
        return PolicyDocument.model_validate(lines.data), []
    except ValidationError as error:
        return None, [_problem(found, lines) for found in error.errors(include_url=False)]


def well_formed(model: type[_Model], items: object) -> list[tuple[int, _Model]]:
    """Those of the list ``items`` that have the form of ``model``, with their places in it."""
    found: list[tuple[int, _Model]] = []
    for place, item in enumerate(items if isinstance(items, list) else []):
        try:
            found.append((place, model.model_validate(item)))
        except ValidationError:
            # Told by formed already; the others are looked at all the same.
            continue
    return found


def _problem(error: ErrorDetails, lines: Lines) -> PolicyProblem:
    path = _path(error, lines.data)
    kind, context = error["type"], error.get("ctx", {})
    is_of_key = kind == "extra_forbidden" or error["loc"][-1:] == ("[key]",)
    message, allowed = _said(kind, error, context, path)
    return lines.problem(path, message, allowed, at_key=is_of_key)


def _said(kind: str, error: ErrorDetails, context: dict[str, Any], path: Path) -> tuple[str, tuple[str, ...]]:
    if kind == "extra_forbidden":
        allowed = _fields_at(path[:-1])
        return unknown_word(path[-1], allowed), allowed
    if kind == "enum":
        allowed = tuple(_QUOTED.findall(context["expected"]))
        return unknown_word(error["input"], allowed), allowed
    if kind == "unknown_word":
        return context["told"], tuple(context["allowed"])
    if kind == "value_error":
        return str(context["error"]), ()
    return _SAID.get(kind) or error["msg"][0].lower() + error["msg"][1:], ()


def _path(error: ErrorDetails, data: object) -> Path:
    """Where ``error`` is in ``data``: pydantic's place without the names it gives to choices and keys."""
    path: list[str | int] = []
    inside = data
    parts: Sequence[str | int] = error["loc"]
    for place, part in enumerate(parts):
        is_missing = error["type"] == "missing" and place == len(parts) - 1
        if is_missing or _holds(inside, part):
            inside = None if is_missing else inside[part]  # type: ignore[index]
            path.append(part)
    return tuple(path)


def _holds(inside: object, part: str | int) -> bool:
    if isinstance(inside, dict):
        return part in inside
    return isinstance(inside, list) and isinstance(part, int) and part < len(inside)


def _fields_at(path: Path) -> tuple[str, ...]:
    """The keys that the part at ``path`` may have."""
    model: type[BaseModel] = PolicyDocument
    for part in path:
        field = model.model_fields.get(str(part))
        inner = [] if field is None else _models_in(field.annotation)
        model = inner[0] if inner else model
    return tuple(model.model_fields)


def _models_in(annotation: object) -> list[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [annotation]
    return [model for inner in get_args(annotation) for model in _models_in(inner)]
