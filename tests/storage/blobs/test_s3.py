from __future__ import annotations

import logging
import socket
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import boto3
import pytest
from moto.server import ThreadedMotoServer

from kyc_service.storage.blobs import BlobKey, BlobMissing, BlobStoreUnreachable, S3BlobStore, S3Place

pytestmark = pytest.mark.integration

BUCKET = "pictures"
SECRET = "a-secret-of-the-store"


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


def _serve(port: int) -> ThreadedMotoServer:
    server = ThreadedMotoServer("127.0.0.1", port, verbose=False)
    server.start()
    return server


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    port = _free_port()
    server = _serve(port)
    yield port
    server.stop()


def _place(port: int) -> S3Place:
    return S3Place(
        BUCKET,
        endpoint_url=f"http://127.0.0.1:{port}",
        prefix="kyc/",
        access_key_id="somebody",
        secret_access_key=SECRET,
        connect_timeout_s=0.5,
        read_timeout_s=0.5,
        tries=2,
    )


@pytest.fixture
def store(port: int) -> S3BlobStore:
    store = S3BlobStore.at(_place(port))
    store.client.create_bucket(Bucket=BUCKET)
    return store


def test_what_is_put_is_got_until_it_is_deleted(store: S3BlobStore) -> None:
    store.check()
    key = store.put(b"bytes")
    assert store.get(key) == b"bytes"
    store.delete(key)
    store.delete(key)
    with pytest.raises(BlobMissing):
        store.get(key)


def test_objects_have_the_prefix_and_the_bytes_that_were_given(store: S3BlobStore) -> None:
    key, data = store.put(bytes(range(256)) * 4096), bytes(range(256)) * 4096
    assert store.client.get_object(Bucket=BUCKET, Key=f"kyc/{key}")["Body"].read() == data


@pytest.mark.parametrize("key", ["../other", "", "0" * 31])
def test_a_key_is_never_another_objects_name(store: S3BlobStore, key: str) -> None:
    with pytest.raises(BlobMissing):
        store.get(BlobKey(key))


def test_many_threads_share_one_store(store: S3BlobStore) -> None:
    def there_and_back(number: int) -> bool:
        data = str(number).encode() * 1000
        return store.get(store.put(data)) == data

    with ThreadPoolExecutor(8) as pool:
        assert all(pool.map(there_and_back, range(40)))


def test_a_bucket_that_is_not_there_is_not_a_missing_picture(port: int) -> None:
    store = S3BlobStore.at(replace(_place(port), bucket="another"))
    with pytest.raises(BlobStoreUnreachable, match="404"):
        store.check()
    for call in (lambda: store.put(b"bytes"), lambda: store.get(BlobKey("0" * 32))):
        with pytest.raises(BlobStoreUnreachable, match="NoSuchBucket"):
            call()


def test_a_store_that_went_away_is_reached_again_when_it_is_back() -> None:
    port = _free_port()
    store = S3BlobStore.at(_place(port))
    for call in (store.check, lambda: store.put(b"bytes"), lambda: store.delete(BlobKey("0" * 32))):
        with pytest.raises(BlobStoreUnreachable):
            call()
    server = _serve(port)
    try:
        boto3.client(
            "s3",
            endpoint_url=f"http://127.0.0.1:{port}",
            region_name="us-east-1",
            aws_access_key_id="somebody",
            aws_secret_access_key=SECRET,
        ).create_bucket(Bucket=BUCKET)
        assert store.get(store.put(b"bytes")) == b"bytes"
    finally:
        server.stop()


class _Answers:
    """A server that takes every connection and gives one answer, or none."""

    def __init__(self, answer: bytes) -> None:
        self.answer = answer
        self.calls = 0
        self.server = socket.create_server(("127.0.0.1", 0))
        self.port = int(self.server.getsockname()[1])
        threading.Thread(target=self._run, daemon=True).start()

    def _run(self) -> None:
        while True:
            try:
                connection, _ = self.server.accept()
            except OSError:
                return
            self.calls += 1
            threading.Thread(target=self._answer, args=(connection,), daemon=True).start()

    def _answer(self, connection: socket.socket) -> None:
        with connection:
            connection.recv(65536)
            if self.answer:
                connection.sendall(self.answer)
            else:
                time.sleep(3)


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"HTTP/1.1 500 Internal Server Error\r\nContent-Length: 0\r\nConnection: close\r\n\r\n",
        b"HTTP/1.1 503 Slow Down\r\nContent-Length: 0\r\nConnection: close\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\nConnection: close\r\n\r\nhalf",
        b"nonsense\r\n\r\n",
    ],
    ids=["silent", "failing", "overloaded", "cut off", "no HTTP"],
)
def test_a_store_in_trouble_is_unreachable_in_bounded_time_and_tells_no_secret(
    answer: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    server = _Answers(answer)
    store = S3BlobStore.at(_place(server.port))
    began = time.monotonic()
    with caplog.at_level(logging.INFO), pytest.raises(BlobStoreUnreachable) as caught:
        store.get(BlobKey("0" * 32))
    server.server.close()
    assert time.monotonic() - began < 5
    assert 1 <= server.calls <= 2
    assert SECRET not in caplog.text + str(caught.value) + repr(store)
    assert "127.0.0.1" not in str(caught.value)
