from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from kyc_service.domain.claims import Claims
from kyc_service.domain.facts import Position
from kyc_service.places import NominatimGeocoder, PlaceBook
from kyc_service.places.geocoder import Located

WEST_LAKE = {
    "lat": "30.25",
    "lon": "120.14",
    "display_name": "x",
    "boundingbox": ["30.24", "30.26", "120.13", "120.15"],
}


class Stub:
    """A Nominatim server of the test's own: what it answers, and what it was asked."""

    def __init__(self) -> None:
        self.answer: bytes = json.dumps([WEST_LAKE]).encode()
        self.status = 200
        self.delay_s = 0.0
        self.asked: list[tuple[str, str | None]] = []
        stub = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                query = parse_qs(urlsplit(self.path).query)
                stub.asked.append((query.get("q", [""])[0], self.headers.get("User-Agent")))
                time.sleep(stub.delay_s)
                self.send_response(stub.status)
                self.send_header("Content-Type", "application/json")
                self.end_headers()
                self.wfile.write(stub.answer)

            def log_message(self, *args: Any) -> None: ...

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"


@pytest.fixture
def stub() -> Iterator[Stub]:
    stub = Stub()
    thread = threading.Thread(target=stub.server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield stub
    stub.server.shutdown()
    stub.server.server_close()
    thread.join()


def test_an_address_is_found_with_its_reach(stub: Stub) -> None:
    found = NominatimGeocoder(stub.url, user_agent="bank").locate("杭州市西湖区")
    assert found is not None
    assert found.position == Position(30.25, 120.14)
    assert 1.0 < found.radius_km < 2.0
    assert stub.asked == [("杭州市西湖区", "bank")]
    assert found.source.version == stub.url.removeprefix("http://")


def test_the_same_address_is_asked_once(stub: Stub) -> None:
    geocoder = NominatimGeocoder(stub.url)
    assert geocoder.locate("a") == geocoder.locate("a")
    assert len(stub.asked) == 1


def test_the_cache_forgets_the_oldest(stub: Stub) -> None:
    geocoder = NominatimGeocoder(stub.url, cache_size=1, min_interval_s=0)
    for text in "aba":
        geocoder.locate(text)
    assert [text for text, _ in stub.asked] == ["a", "b", "a"]


def test_questions_keep_their_distance(stub: Stub) -> None:
    waits: list[float] = []
    geocoder = NominatimGeocoder(stub.url, min_interval_s=1.0, timeout_s=2.0, clock=lambda: 100.0, sleep=waits.append)
    found = [geocoder.locate(text) for text in "abcd"]
    assert waits == [1.0, 2.0]
    assert found[3] is None  # its turn would come too late
    assert len(stub.asked) == 3


@pytest.mark.parametrize(
    ("status", "answer"),
    [(500, b"[]"), (429, b"[]"), (200, b"no json"), (200, b'[{"lat": "x", "lon": "y"}]'), (200, b"")],
)
def test_failures_are_no_answer_and_leave_the_server_alone_for_a_while(stub: Stub, status: int, answer: bytes) -> None:
    stub.status, stub.answer = status, answer
    geocoder = NominatimGeocoder(stub.url, pause_s=60.0)
    assert geocoder.locate("a") is None
    assert geocoder.locate("b") is None
    assert len(stub.asked) == 1


@pytest.mark.parametrize("answer", [b"[]", b"{}"])
def test_what_is_not_found_is_remembered_as_such(stub: Stub, answer: bytes) -> None:
    stub.answer = answer
    geocoder = NominatimGeocoder(stub.url)
    assert (geocoder.locate("a"), geocoder.locate("a")) == (None, None)
    assert len(stub.asked) == 1


def test_a_slow_server_is_given_up(stub: Stub) -> None:
    stub.delay_s = 0.5
    start = time.perf_counter()
    assert NominatimGeocoder(stub.url, timeout_s=0.1).locate("a") is None
    assert time.perf_counter() - start < 0.4


def test_a_server_that_is_not_there_is_no_answer() -> None:
    assert NominatimGeocoder("http://127.0.0.1:9").locate("a") is None


@pytest.mark.parametrize("url", ["", "nominatim", "file:///etc/passwd", "ftp://host", "http://"])
def test_what_is_no_web_address_is_refused(url: str) -> None:
    with pytest.raises(ValueError, match="http"):
        NominatimGeocoder(url)


def test_facts_take_the_geocoders_point_where_it_agrees(stub: Stub, now: Any) -> None:
    book = PlaceBook(geocoder=NominatimGeocoder(stub.url, min_interval_s=0))
    there = book.look_up(Claims(address="浙江省杭州市西湖区北山街1号"), None, now).stated_address
    elsewhere = book.look_up(Claims(address="北京市东城区"), None, now).stated_address
    assert there is not None
    assert elsewhere is not None
    assert there.position == Position(30.25, 120.14)
    assert there.radius_km < 2.0
    assert there.region is not None
    assert elsewhere.region is not None
    assert elsewhere.position == elsewhere.region.position
    assert not [s for s in elsewhere.sources if "Nominatim" in s.name]


def test_facts_are_the_same_without_an_answer(now: Any) -> None:
    class Silent:
        def locate(self, text: str) -> Located | None:
            return None

    claims = Claims(address="浙江省杭州市西湖区北山街1号")
    assert PlaceBook(geocoder=Silent()).look_up(claims, None, now) == PlaceBook().look_up(claims, None, now)
