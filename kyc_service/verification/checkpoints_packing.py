"""Packing: what a stage saw, as bytes and back.

Results are our own dataclasses over arrays, which pickle (protocol 5) writes whole and
without a codec per class. Reading pickle can call anything it names; here it names only
what stands on a short list, and only bytes that :class:`~kyc_service.storage.keys.DataKey`
has authenticated are ever read.
"""

from __future__ import annotations

import copyreg
import dataclasses
import importlib
import io
import pickle
from collections.abc import Callable, Mapping
from enum import Enum
from types import MappingProxyType
from typing import Any, Final

_OURS: Final = "kyc_service."
_OTHERS: Final = frozenset(
    {
        ("numpy", "ndarray"),
        ("numpy", "dtype"),
        ("numpy._core.multiarray", "_reconstruct"),
        ("numpy._core.multiarray", "scalar"),
        ("numpy._core.numeric", "_frombuffer"),
        ("datetime", "date"),
        ("datetime", "datetime"),
        ("datetime", "timedelta"),
        ("datetime", "timezone"),
        ("builtins", "set"),
        ("builtins", "frozenset"),
        ("builtins", "bytearray"),
    }
)


class ResultUnreadable(Exception):
    """Bytes that are no packed result, or name something a result does not hold."""


def pack(result: object) -> bytes:
    """``result`` as bytes.

    Raises:
        ResultUnreadable: it holds something that cannot be kept.
    """
    out = io.BytesIO()
    try:
        _Packer(out, protocol=5).dump(result)
    except (pickle.PicklingError, TypeError, AttributeError, RecursionError) as cause:
        raise ResultUnreadable(type(cause).__name__) from cause
    return out.getvalue()


def unpack(packed: bytes) -> object:
    """What :func:`pack` was given.

    Raises:
        ResultUnreadable: the bytes are not of that form.
    """
    try:
        return _Unpacker(io.BytesIO(packed)).load()
    # The reader of a format that builds objects: whichever error they give, the bytes are of no use.
    except (pickle.UnpicklingError, EOFError, ImportError, LookupError, TypeError, ValueError, AttributeError) as cause:
        raise ResultUnreadable(type(cause).__name__) from cause


class _Packer(pickle.Pickler):
    dispatch_table = copyreg.dispatch_table.copy()


class _Unpacker(pickle.Unpickler):
    def find_class(self, module: str, name: str) -> object:
        """What may be built: our own dataclasses and enums, arrays, dates."""
        if (module, name) in _OTHERS:
            return super().find_class(module, name)
        if (module, name) == (__name__, _read_only.__name__):
            return _read_only
        found = getattr(importlib.import_module(module), name, None) if module.startswith(_OURS) else None
        if isinstance(found, type) and (dataclasses.is_dataclass(found) or issubclass(found, Enum)):
            return found
        raise pickle.UnpicklingError


def _read_only(items: dict[Any, Any]) -> Mapping[Any, Any]:
    return MappingProxyType(items)


def _reduced(mapping: MappingProxyType[Any, Any]) -> tuple[Callable[..., Any], tuple[dict[Any, Any]]]:
    return _read_only, (dict(mapping),)


_Packer.dispatch_table[MappingProxyType] = _reduced
