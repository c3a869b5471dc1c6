"""Blobs as objects of a bucket, in any store that speaks S3: needed where several machines work together.

The bucket is the operator's: it is neither made nor configured here.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Final, Self

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from kyc_service.storage.blobs.store import (
    BlobKey,
    BlobMissing,
    BlobStoreFull,
    BlobStoreUnreachable,
    checked,
    new_key,
)

_MISSING: Final = frozenset({"NoSuchKey", "404"})
_FULL: Final = frozenset({"QuotaExceeded", "XMinioStorageFull", "InsufficientStorage", "507"})
_CONNECTIONS: Final = 16
_REGION: Final = "us-east-1"
"""What stores that know no regions expect a request to be signed for."""


@dataclass(frozen=True, slots=True)
class S3Place:
    """Where a bucket is. Without keys, boto3 looks for its own: environment, files, the machine's role.

    A call takes at most ``tries`` times both timeouts, in seconds.
    """

    bucket: str
    endpoint_url: str | None = None
    region: str | None = None
    prefix: str = ""
    access_key_id: str | None = field(default=None, repr=False)
    secret_access_key: str | None = field(default=None, repr=False)
    connect_timeout_s: float = 3.0
    read_timeout_s: float = 10.0
    tries: int = 3


@dataclass(frozen=True, slots=True)
class S3BlobStore:
    """Blobs as objects; a client of boto3 may be used by many threads at once."""

    place: S3Place
    # boto3 makes its clients' methods at run time: there is no type to name.
    client: Any = field(repr=False)

    @classmethod
    def at(cls, place: S3Place) -> Self:
        """A store at ``place``; nothing is called yet."""
        config = Config(
            connect_timeout=place.connect_timeout_s,
            read_timeout=place.read_timeout_s,
            retries={"total_max_attempts": place.tries, "mode": "standard"},
            s3={"addressing_style": "path"},
            max_pool_connections=_CONNECTIONS,
            # Only where the protocol demands it: not every store knows the newer checksums.
            request_checksum_calculation="when_required",
            response_checksum_validation="when_required",
        )
        session = boto3.session.Session(
            aws_access_key_id=place.access_key_id, aws_secret_access_key=place.secret_access_key
        )
        region = place.region or session.region_name or _REGION
        return cls(place, session.client("s3", region_name=region, endpoint_url=place.endpoint_url, config=config))

    def put(self, data: bytes) -> BlobKey:
        """Write an object; the store answers once it is kept."""
        key = new_key()
        with _store_errors():
            self.client.put_object(Bucket=self.place.bucket, Key=self._name(key), Body=data)
        return key

    def get(self, key: BlobKey) -> bytes:
        """The object's bytes, all of them."""
        with _store_errors():
            return bytes(self.client.get_object(Bucket=self.place.bucket, Key=self._name(key))["Body"].read())

    def delete(self, key: BlobKey) -> None:
        """Remove the object; a bucket that keeps versions keeps what it was, until its own rules end that."""
        with _store_errors():
            self.client.delete_object(Bucket=self.place.bucket, Key=self._name(key))

    def check(self) -> None:
        """See whether the bucket is there and may be used."""
        with _store_errors():
            self.client.head_bucket(Bucket=self.place.bucket)

    def _name(self, key: BlobKey) -> str:
        return f"{self.place.prefix}{checked(key)}"


@contextmanager
def _store_errors() -> Iterator[None]:
    """What boto3 complains of, as the errors that a store may raise; addresses and keys stay out of them."""
    try:
        yield
    except ClientError as error:
        raise _named(error) from None
    except BotoCoreError as error:
        raise BlobStoreUnreachable(f"The store of pictures cannot be reached now ({type(error).__name__}).") from None


def _named(error: ClientError) -> BlobMissing | BlobStoreFull | BlobStoreUnreachable:
    code = str(error.response.get("Error", {}).get("Code", ""))
    # Asked for the bucket alone, a 404 is the bucket's.
    if code in _MISSING and error.operation_name == "GetObject":
        return BlobMissing()
    if code in _FULL:
        return BlobStoreFull()
    return BlobStoreUnreachable(f"The store of pictures refuses ({code}).")
