"""The policy desk of the API: versions read, drafts kept, texts tried out on a client's own reports.

Putting a version to use is not among it: that is for named staff (``kyc policy activate``).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from threading import Lock
from typing import Final, Protocol

import structlog

from kyc_service.decision.policy import Policy
from kyc_service.domain.clients import Caller, ClientMode
from kyc_service.errors import Forbidden, KycError
from kyc_service.policies.comparing import Judges
from kyc_service.policies.installation import Installation
from kyc_service.policies.simulation import Simulation, simulate
from kyc_service.policies.versions import draft
from kyc_service.storage.database import Database, Transaction
from kyc_service.storage.keys import MasterKey
from kyc_service.storage.policies import PolicyRole, PolicyVersion, PolicyVersionNotFound
from kyc_service.verification.policies_in_use import PolicyUnavailable

MOST_SIMULATED: Final = 200
"""Reports that one request may have decided again: about a second's work."""

_LOG: Final = structlog.get_logger(__name__)


class SandboxMayNotDraft(Forbidden):
    """A sandbox client may read policies and try texts out, but not keep a draft: versions are the whole service's."""

    code = "sandbox_may_not_draft"


class Resolves(Protocol):
    """Reads policies as one installation does."""

    def resolve(self, text: str) -> Policy:
        """The policy that ``text`` is.

        Raises:
            PolicyInvalid: with all of its problems.
        """
        ...


@dataclass(frozen=True, slots=True)
class PolicyInList:
    """A version, and what it is used for now."""

    version: PolicyVersion
    is_active: bool
    is_shadow: bool


class PolicyDesk:
    """Asks ``open_installation`` for calibrations at the first text, and no more. Safe for several threads."""

    def __init__(self, open_installation: Callable[[], Resolves]) -> None:
        self._open = open_installation
        self._installation: Resolves | None = None
        self._lock = Lock()

    @classmethod
    def of(cls, models_dir: Path, policy_file: Path | None) -> PolicyDesk:
        """The desk of the installation whose models lie in ``models_dir``."""
        return cls(lambda: Installation.of(models_dir, policy_file))

    def resolve(self, text: str) -> Policy:
        """The policy that ``text`` is, on this installation.

        Raises:
            PolicyInvalid: with all of its problems, each at its line.
            PolicyUnavailable: the installation's calibrations cannot be read.
        """
        return self._at_hand().resolve(text)

    def _at_hand(self) -> Resolves:
        with self._lock:
            if self._installation is None:
                try:
                    self._installation = self._open()
                except KycError as cause:
                    _LOG.error("calibrations_unreadable", code=cause.code, detail=cause.message)
                    raise PolicyUnavailable from cause
            return self._installation


def list_versions(
    database: Database, *, limit: int, starting_after: tuple[str, str] | None = None
) -> tuple[list[PolicyInList], bool]:
    """Up to ``limit`` versions, newest first, and whether there are more.

    Raises:
        PolicyVersionNotFound: ``starting_after`` names none.
    """
    with database.transaction() as tx:
        found = tx.policies.versions()[::-1]
        if starting_after is not None:
            keys = [(version.name, version.version) for version in found]
            if starting_after not in keys:
                raise PolicyVersionNotFound
            found = found[keys.index(starting_after) + 1 :]
        return _marked(tx, found[:limit]), len(found) > limit


def read_version(database: Database, name: str, version: str) -> PolicyInList:
    """One version with its text.

    Raises:
        PolicyVersionNotFound: there is none.
    """
    with database.transaction() as tx:
        return _marked(tx, [tx.policies.get(name, version)])[0]


def keep_draft(
    database: Database, desk: PolicyDesk, text: str, caller: Caller, at: datetime
) -> tuple[PolicyInList, bool]:
    """Keep ``text`` as the version it names itself, and whether it was new; the same text again changes nothing.

    Raises:
        SandboxMayNotDraft: the caller's client is no live one.
        PolicyInvalid: it could not be used on this installation.
        PolicyVersionTaken: this version exists with another content.
    """
    if caller.mode is not ClientMode.LIVE:
        raise SandboxMayNotDraft
    version, is_new = draft(database, text, caller.actor, at, desk.resolve)
    return read_version(database, version.name, version.version), is_new


def try_out(
    database: Database, desk: PolicyDesk, master_key: MasterKey, text: str, caller: Caller, *, limit: int
) -> Simulation:
    """What the policy ``text`` would have decided of the client's newest verifications, beside what was decided.

    Raises:
        PolicyInvalid: it could not be used on this installation.
    """
    new = desk.resolve(text)
    with database.transaction() as tx:
        reports = tx.reports.newest_of(caller.client_id, limit)
    return simulate(reports, Judges(new), master_key=master_key)


def _marked(tx: Transaction, versions: list[PolicyVersion]) -> list[PolicyInList]:
    uses = {role: use.key for role, use in tx.policies.in_use().items()}
    active, shadow = uses.get(PolicyRole.ACTIVE), uses.get(PolicyRole.SHADOW)
    return [
        PolicyInList(version, is_active=key == active, is_shadow=key == shadow)
        for version in versions
        for key in [(version.name, version.version)]
    ]
