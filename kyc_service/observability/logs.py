"""Structured logs: one JSON object a line, on stderr, without personal data.

What is logged is chosen word by word: events, ids, codes, durations. An exception is
logged as the classes of its chain and the places in the code it came through; its
message is left out unless it is one of ours, since other libraries quote the input.
"""

from __future__ import annotations

import logging
import sys
import traceback
from collections.abc import Iterator
from typing import Any, Final, TextIO

import structlog
from structlog.typing import EventDict, Processor

from kyc_service.errors import KycError

_FRAMES: Final = 12


def configure_logs(level: str = "info", stream: TextIO | None = None) -> None:
    """Send our lines and those of the standard library's loggers to ``stream`` (stderr) as JSON."""
    ours: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        _describe_exception,
    ]
    formatter = structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=ours,
        processors=[
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
    )
    structlog.configure(
        processors=[*ours, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(formatter)
    root = logging.getLogger()
    root.handlers = [handler]
    # Other libraries log what they work on at their lower levels.
    root.setLevel(logging.WARNING)
    # It warns of broken forms by quoting them.
    logging.getLogger("python_multipart").setLevel(logging.CRITICAL)
    logging.getLogger("kyc_service").setLevel(level.upper())
    _take_over_uvicorn()


def get_logger(name: str) -> structlog.stdlib.BoundLogger:
    """A logger whose events are words and whose values are keywords."""
    logger: structlog.stdlib.BoundLogger = structlog.stdlib.get_logger(name)
    return logger


def describe_exception(error: BaseException) -> dict[str, Any]:
    """Classes and places of ``error`` and its causes; messages of our own errors only."""
    chain = list(_chain(error))
    frames = traceback.extract_tb(error.__traceback__)[-_FRAMES:]
    return {
        "classes": [f"{type(one).__module__}.{type(one).__qualname__}" for one in chain],
        "messages": [one.message for one in chain if isinstance(one, KycError)],
        "at": [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames],
    }


def _take_over_uvicorn() -> None:
    # Our own request line says what the access log would, by route and without addresses.
    for name in ("uvicorn", "uvicorn.error", "uvicorn.access"):
        logger = logging.getLogger(name)
        logger.handlers = []
        logger.propagate = name != "uvicorn.access"
    logging.getLogger("uvicorn.error").setLevel(logging.INFO)


def _describe_exception(_logger: object, _method: str, event: EventDict) -> EventDict:
    info = event.pop("exc_info", None)
    match info:
        case BaseException():
            error: BaseException | None = info
        case (_, BaseException() as error, _):
            pass
        case True:
            error = sys.exc_info()[1]
        case _:
            return event
    if error is not None:
        event["error"] = describe_exception(error)
    return event


def _chain(error: BaseException) -> Iterator[BaseException]:
    seen: BaseException | None = error
    while seen is not None:
        yield seen
        seen = seen.__cause__ or (None if seen.__suppress_context__ else seen.__context__)
