"""Blobs: pictures and clips, on disk or in an S3-compatible store. What arrives here is encrypted already."""

from kyc_service.storage.blobs.disk import FileBlobStore
from kyc_service.storage.blobs.s3 import S3BlobStore, S3Place
from kyc_service.storage.blobs.store import BlobKey, BlobMissing, BlobStore, BlobStoreFull, BlobStoreUnreachable

__all__ = [
    "BlobKey",
    "BlobMissing",
    "BlobStore",
    "BlobStoreFull",
    "BlobStoreUnreachable",
    "FileBlobStore",
    "S3BlobStore",
    "S3Place",
]
