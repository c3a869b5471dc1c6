"""The file of registers: strict, and clear about what is wrong with it."""

from __future__ import annotations

import base64
from datetime import timedelta
from pathlib import Path

import pytest

from kyc_service.authorities.configured import read_panel
from kyc_service.authorities.files import FileAuthority
from kyc_service.authorities.signed import SignedHttpAuthority
from kyc_service.authorities.silence import AuthoritiesInvalid
from kyc_service.domain.authority import Channel

HTTP = '{channel: carrier, kind: http, url: "https://gateway.example/carrier", secret_file: secret}'
FILE = "{channel: sanctions, kind: file, path: list.csv, max_age_hours: 36}"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "list.csv").write_text("full_name\nsomebody\n")
    (tmp_path / "secret").write_text(base64.b64encode(b"k" * 32).decode())
    (tmp_path / "secret").chmod(0o600)
    (tmp_path / "open").write_text(base64.b64encode(b"k" * 32).decode())
    (tmp_path / "open").chmod(0o644)
    return tmp_path


def read(folder: Path, text: str) -> object:
    (folder / "authorities.yaml").write_text(text, encoding="utf-8")
    return read_panel(folder / "authorities.yaml")


def test_both_kinds_are_built(folder: Path) -> None:
    (folder / "authorities.yaml").write_text(f"deadline_s: 3\nauthorities:\n  - {HTTP}\n  - {FILE}\n")
    panel = read_panel(folder / "authorities.yaml")
    carrier, sanctions = panel.authorities
    assert isinstance(carrier, SignedHttpAuthority)
    assert isinstance(sanctions, FileAuthority)
    assert (sanctions.path, sanctions.max_age) == (folder / "list.csv", timedelta(hours=36))
    assert panel.deadline_s == 3
    assert panel.channels == {Channel.CARRIER, Channel.SANCTIONS}


def test_json_is_yaml_too(folder: Path) -> None:
    entry = '{"channel": "tax", "kind": "file", "path": "list.csv"}'
    (folder / "authorities.yaml").write_text(f'{{"authorities": [{entry}]}}')
    assert read_panel(folder / "authorities.yaml").channels == {Channel.TAX}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("authorities: [", "line"),
        ("", "dictionary"),
        ("authorities: 7", "authorities"),
        ("registers: []", "registers"),
        (f"authorities: [{FILE}]\ndeadline_s: -1", "deadline_s"),
        (f"authorities: [{FILE.replace('sanctions', 'police')}]", "authorities.0.file.channel"),
        (f"authorities: [{FILE.replace('kind: file', 'kind: ftp')}]", "authorities.0"),
        (f"authorities: [{FILE.replace('max_age_hours', 'max_age')}]", "max_age"),
        (f"authorities: [{FILE}, {FILE}]", "more than one register for sanctions"),
        (f"authorities: [{FILE.replace('list.csv', 'gone.csv')}]", "sanctions: path"),
        (f"authorities: [{HTTP.replace('https', 'http')}]", "carrier"),
        (f"authorities: [{HTTP.replace('secret_file: secret', 'secret_file: open')}]", "carrier"),
        (f"authorities: [{HTTP.replace('secret_file: secret', 'secret_file: gone')}]", "carrier"),
        (f"authorities: [{HTTP.replace('}', ', ca_file: secret}')}]", "carrier: The file of trusted certificates"),
        (f"authorities: [{HTTP.replace('}', ', timeout_s: 0}')}]", "timeout_s"),
    ],
)
def test_mistakes_are_named(folder: Path, text: str, said: str) -> None:
    with pytest.raises(AuthoritiesInvalid, match=r"authorities\.yaml") as refused:
        read(folder, text)
    assert said in refused.value.message


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(AuthoritiesInvalid, match="cannot be read"):
        read_panel(tmp_path / "nothing.yaml")
