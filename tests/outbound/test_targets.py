"""Where addresses that clients name may lead: every way of writing an inside address is refused."""

from __future__ import annotations

import asyncio
import ipaddress
import socket
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kyc_service.outbound.addresses import is_inside, is_public
from kyc_service.outbound.failures import HostUnknown
from kyc_service.outbound.targets import Target, Targets, UrlNotAllowed

GUARDED = Targets()
INSIDE = Targets(to_private_addresses=True)
_PRIVATE = (
    "10.0.0.0/8",
    "127.0.0.0/8",
    "169.254.0.0/16",
    "172.16.0.0/12",
    "192.168.0.0/16",
    "100.64.0.0/10",
    "0.0.0.0/8",
)

inside_v4 = st.sampled_from(_PRIVATE).flatmap(lambda net: st.ip_addresses(v=4, network=net))


def _forms(address: ipaddress.IPv4Address) -> list[str]:
    a, b, c, d = address.packed
    number = int(address)
    return [
        str(address),
        f"{number}",
        f"{number:#x}",
        f"{number:#o}".replace("0o", "0"),
        f"{a:#x}.{b:#x}.{c:#x}.{d:#x}",
        f"0{a:o}.0{b:o}.0{c:o}.0{d:o}",
        f"{a}.{b}.{c * 256 + d}",
        f"{a}.{b * 65536 + c * 256 + d}",
        f"{address}.",
        f"%{ord(str(a)[0]):x}{str(address)[1:]}",
        str(address).translate({ord("0") + n: 0xFF10 + n for n in range(10)}),
        str(address).replace(".", "。"),
        f"[::ffff:{address}]",
        f"[::{address}]",
        f"[64:ff9b::{address}]",
        f"[64:ff9b:1::{address}]",
        f"[2002:{a:02x}{b:02x}:{c:02x}{d:02x}::1]",
        f"[2001:0:{a:02x}{b:02x}:{c:02x}{d:02x}::1]",
        "[fe80::1%25eth0]",
        "[fe80::1%eth0]",
        f"public.example@{address}",
        f"@{address}",
        f"public.example:443@{address}",
        f"{address}\\@public.example",
    ]


@given(address=inside_v4)
def test_no_way_of_writing_an_inside_address_is_let_through(address: ipaddress.IPv4Address) -> None:
    for host in _forms(address):
        with pytest.raises(UrlNotAllowed):
            GUARDED.check(f"https://{host}/")


@given(address=st.ip_addresses(v=6))
def test_of_ipv6_only_global_unicast_is_public(address: ipaddress.IPv6Address) -> None:
    if is_public(address):
        assert address.packed[0] >> 5 == 1
        assert address.is_global
        kinds = (address.is_multicast, address.is_private, address.ipv4_mapped, address.sixtofour, address.teredo)
        assert not any(kinds)


@given(address=st.ip_addresses(v=4))
def test_of_ipv4_nothing_special_is_public(address: ipaddress.IPv4Address) -> None:
    special = (
        address.is_link_local
        or address.is_private
        or address.is_multicast
        or address.is_reserved
        or address.is_loopback
    )
    if is_public(address):
        assert not special
        assert not is_inside(address)


@given(address=st.ip_addresses())
def test_what_clouds_give_credentials_at_is_never_let_through(address: ipaddress.IPv4Address) -> None:
    assert not (is_public(address) and is_inside(address))


@pytest.mark.parametrize(
    "text", ["169.254.169.254", "169.254.170.2", "fd00:ec2::254", "100.100.100.200", "192.0.0.192", "168.63.129.16"]
)
def test_metadata_addresses_are_neither_public_nor_inside(text: str) -> None:
    address = ipaddress.ip_address(text)
    assert not is_public(address)
    assert not is_inside(address)


@pytest.mark.parametrize(
    "url",
    [
        "",
        "https://",
        "https:///path",
        "//bank.example/",
        "bank.example",
        "http://bank.example/",
        "ftp://bank.example/",
        "file:///etc/passwd",
        "gopher://bank.example/",
        "https://user:word@bank.example/",
        "https://bank.example/#fragment",
        "https://bank.example:80/",
        "https://bank.example:22/",
        "https://bank.example:0/",
        "https://bank.example:99999/",
        "https://bank.example./",
        "https://b\u00e4nk.example/",
        "https://bank\u3002example/",
        "https://bank.example/\r\nHost: inside",
        "https://bank .example/",
        "https://bank.example\\@10.0.0.1/",
        "https://-bank.example/",
        "https://bank..example/",
        "https://[::1]/",
        "https://[/",
        "https://1.2.3/",
        "https://0x8.8.8.8/",
        "https://bank.example.0x1/",
        "https://" + "a" * 64 + ".example/",
        "https://bank.example/" + "a" * 2048,
    ],
)
def test_addresses_of_a_form_that_is_never_called(url: str) -> None:
    with pytest.raises(UrlNotAllowed) as refused:
        GUARDED.check(url)
    assert "bank" not in refused.value.message


@given(text=st.text(max_size=60))
def test_any_text_is_read_or_refused(text: str) -> None:
    for url in (text, f"https://{text}", f"https://bank.example{text}"):
        try:
            target = GUARDED.read(url)
        except UrlNotAllowed:
            continue
        assert target.scheme == "https"
        assert target.port in {443, 8443}
        assert target.host.isascii()


def test_parts_of_an_address() -> None:
    target = GUARDED.read("https://Bank.example:8443/a%20b/?q=1&r=%2F")
    assert target == Target("https", "bank.example", 8443, b"/a%20b/?q=1&r=%2F")
    assert target.authority == "bank.example:8443"
    assert GUARDED.read("https://xn--bnk-qla.example").path == b"/"
    assert GUARDED.read("https://[2606:4700::1111]/").authority == "[2606:4700::1111]"


def _resolving(monkeypatch: pytest.MonkeyPatch, *addresses: str) -> None:
    def answer(_host: str, port: int, *_: Any, **__: Any) -> list[Any]:
        if not addresses:
            raise socket.gaierror
        return [
            (socket.AF_INET6 if ":" in one else socket.AF_INET, socket.SOCK_STREAM, 6, "", (one, port))
            for one in addresses
        ]

    monkeypatch.setattr(socket, "getaddrinfo", answer)


def test_every_address_of_a_name_must_be_public(monkeypatch: pytest.MonkeyPatch) -> None:
    _resolving(monkeypatch, "8.8.8.8", "2606:4700::1111")
    GUARDED.check("https://bank.example/")
    for inside in ("10.0.0.1", "::1", "169.254.169.254", "fe80::1%lo", "::ffff:8.8.8.8"):
        _resolving(monkeypatch, "8.8.8.8", inside)
        with pytest.raises(UrlNotAllowed):
            GUARDED.check("https://bank.example/")


def test_a_name_without_address_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    _resolving(monkeypatch)
    with pytest.raises(UrlNotAllowed):
        GUARDED.check("https://bank.example/")
    with pytest.raises(HostUnknown):
        asyncio.run(GUARDED.resolve(GUARDED.read("https://bank.example/")))


def test_private_networks_only_where_that_is_set_and_plain_http_only_on_this_machine() -> None:
    for url in ("http://127.0.0.1:9/", "http://[::1]:9/", "https://10.0.0.1:9443/", "https://[fd12::1]/"):
        INSIDE.check(url)
        with pytest.raises(UrlNotAllowed):
            GUARDED.check(url)
    for url in (
        "http://10.0.0.1/",
        "http://8.8.8.8/",
        "https://169.254.169.254/",
        "https://224.0.0.1/",
        "https://8.8.8.8:22/",
    ):
        with pytest.raises(UrlNotAllowed):
            INSIDE.check(url)
