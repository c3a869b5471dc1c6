"""What a store of blobs promises, whatever it is made of. Names are random and say nothing of the content."""

from __future__ import annotations

import re
import secrets
from typing import Final, NewType, Protocol

from kyc_service.errors import Unavailable

BlobKey = NewType("BlobKey", str)

_KEY: Final = re.compile(r"[0-9a-f]{32}")


class BlobMissing(Unavailable):
    """A stored picture is not where it was put."""

    code = "blob_missing"


class BlobStoreUnreachable(Unavailable):
    """The store of pictures cannot be reached now."""

    code = "blob_store_unreachable"


class BlobStoreFull(Unavailable):
    """There is no room left for pictures; nothing of this one was kept."""

    code = "blob_store_full"


class BlobStore(Protocol):
    """A place for opaque bytes. A key is given by the store and says nothing of the content."""

    def put(self, data: bytes) -> BlobKey:
        """Keep ``data``; when this returns, they survive a power loss.

        Raises:
            BlobStoreFull: there is no room.
            BlobStoreUnreachable: the store does not answer.
        """
        ...

    def get(self, key: BlobKey) -> bytes:
        """What was put under ``key``.

        Raises:
            BlobMissing: nothing is there.
            BlobStoreUnreachable: the store does not answer.
        """
        ...

    def delete(self, key: BlobKey) -> None:
        """Forget ``key``; nothing happens where it is unknown already.

        Raises:
            BlobStoreUnreachable: the store does not answer.
        """
        ...

    def check(self) -> None:
        """See whether the store can be used.

        Raises:
            BlobStoreUnreachable: it cannot.
        """
        ...


def new_key() -> BlobKey:
    """A name that nobody guesses."""
    return BlobKey(secrets.token_hex(16))


def checked(key: BlobKey) -> BlobKey:
    """``key`` itself, seen to be one that a store gave.

    Raises:
        BlobMissing: it is something else, a path for example.
    """
    if not _KEY.fullmatch(key):
        raise BlobMissing
    return key
