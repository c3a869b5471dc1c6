"""What the verbs on policies work with: the settings' installation, database and master key; no model is loaded."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from kyc_service.cli.configured import read_settings
from kyc_service.cli.paths import FileUnusable, read

if TYPE_CHECKING:
    from kyc_service.decision.policy import Policy
    from kyc_service.policies.installation import Installation
    from kyc_service.storage.database import Database
    from kyc_service.storage.keys import MasterKey


def installation() -> Installation:
    """The calibrations and the own policy of this installation."""
    from kyc_service.policies.installation import Installation

    settings = read_settings()
    return Installation.of(settings.models_dir, settings.policy_file)


@contextmanager
def database() -> Iterator[Database]:
    """The configured database."""
    from kyc_service.storage.opening import opened_database

    settings = read_settings()
    url = None if settings.database_url is None else settings.database_url.get_secret_value()
    with opened_database(url, settings.postgres_dir, settings.database_pool_size) as opened:
        yield opened


def master_key(opened: Database) -> MasterKey:
    """The key that opens the reports of ``opened``."""
    from kyc_service.storage.master_key import open_master_key

    settings = read_settings()
    if not settings.has_key_file_alone:
        from kyc_service.bootstrap import master_key_of

        return master_key_of(settings, opened)
    return open_master_key(settings.master_key_path, opened, may_create=False)


def policy_in(path: Path, at: Installation) -> Policy:
    """The policy in a file.

    Raises:
        PolicyInvalid: with every problem at its place.
    """
    from kyc_service.policies.load import parse_policy

    return parse_policy(read(path), str(path), at.calibrations)


def text_in(path: Path) -> str:
    """The text of a policy file.

    Raises:
        FileUnusable: it is no UTF-8 text.
    """
    try:
        return read(path).decode()
    except UnicodeDecodeError as error:
        raise FileUnusable(f"{path} is no UTF-8 text.") from error


def known_policies(at: Installation, opened: Database | None) -> dict[str, Policy]:
    """Every policy at hand by its SHA-256: the installation's own, the one that came with it, all drafts."""
    from kyc_service.policies.load import PolicyInvalid

    texts = []
    if opened is not None:
        with opened.transaction() as tx:
            texts = [version.text for version in tx.policies.versions()]
    found: dict[str, Policy] = {}
    for resolve in (at.own, at.shipped, *(lambda text=text: at.resolve(text) for text in texts)):
        try:
            policy = resolve()
        except PolicyInvalid:
            # A draft of an earlier calibration: what was decided by it cannot be decided by it again here.
            continue
        found[policy.sha256] = policy
    return found
