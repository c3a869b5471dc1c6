"""Answers read as forms."""

from __future__ import annotations

from typing import Any, TypeVar

from pydantic import TypeAdapter, ValidationError

from kyc_service.client.errors import AnswerUnusable
from kyc_service.client.steps import Call, Request, ask

Form = TypeVar("Form")


def one(form: type[Form], request: Request) -> Call[Form]:
    """The answer to ``request``, as ``form``."""
    answer = yield from ask(request)
    return read_as(form, answer.json())


def nothing(request: Request) -> Call[None]:
    """Have ``request`` done; its answer says nothing."""
    yield from ask(request)


def read_as(form: type[Form], content: Any) -> Form:  # noqa: ANN401 - any JSON
    """``content`` as ``form``.

    Raises:
        AnswerUnusable: it does not have what the form needs. The values are not repeated.
    """
    try:
        return TypeAdapter(form).validate_python(content)
    except ValidationError as error:
        places = ", ".join(".".join(map(str, one["loc"])) for one in error.errors(include_input=False))
        raise AnswerUnusable(f"The answer is no {getattr(form, '__name__', form)}: {places}.") from None
