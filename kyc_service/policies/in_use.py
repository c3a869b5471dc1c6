"""Which policies are in use, as the database says, asked anew for every submission.

A running service so takes up an activation without a restart. Texts never change, so
each is read and resolved once. If the active version cannot be resolved here (its
calibration is gone or was made with another model), nothing is decided: neither the
version before it nor the file of the installation decides in its place, since somebody
replaced those on purpose. A shadow that cannot be resolved is said to have no answer.
"""

from __future__ import annotations

from threading import Lock
from typing import Final

import structlog

from kyc_service.decision.policy import Policy
from kyc_service.errors import InvalidInput
from kyc_service.policies.versions import Resolve, text_sha256
from kyc_service.storage.database import Database, Transaction
from kyc_service.storage.policies import PolicyRole, PolicyVersion
from kyc_service.verification.policies_in_use import PoliciesInUse, PolicyUnavailable, ShadowPolicy

_LOG: Final = structlog.get_logger(__name__)
_Key = tuple[str, str]


class PoliciesOfDatabase:
    """Asks the database; ``own`` decides where nothing was activated. Safe for several threads."""

    def __init__(self, database: Database, own: Policy, resolve: Resolve) -> None:
        self._database = database
        self._own = own
        self._resolve = resolve
        self._known: dict[_Key, Policy | None] = {}
        self._last: _Key | None = None
        self._lock = Lock()

    def __call__(self) -> PoliciesInUse:
        """The policies of the next submission; one small query, unless one is new.

        Raises:
            PolicyUnavailable: the active one cannot be read on this installation.
        """
        with self._database.transaction() as tx:
            uses = tx.policies.in_use()
            keys = {role: use.key for role, use in uses.items()}
            active, shadow = keys.get(PolicyRole.ACTIVE), keys.get(PolicyRole.SHADOW)
            policy = self._own if active is None else self._read(tx, active)
            shadowing = None if shadow is None else ShadowPolicy(*shadow, self._read(tx, shadow))
        self._tell(active)
        if policy is None:
            raise PolicyUnavailable
        return PoliciesInUse(policy, shadowing)

    def _read(self, tx: Transaction, key: _Key) -> Policy | None:
        with self._lock:
            if key not in self._known:
                self._known[key] = self._resolved(tx.policies.get(*key))
            return self._known[key]

    def _resolved(self, version: PolicyVersion) -> Policy | None:
        name, number = version.name, version.version
        if text_sha256(version.text) != version.sha256:
            _LOG.error("policy_unreadable", name=name, version=number, detail="its text is not what was drafted")
            return None
        try:
            return self._resolve(version.text)
        except InvalidInput as error:
            _LOG.error("policy_unreadable", name=name, version=number, code=error.code, detail=error.message)
            return None

    def _tell(self, active: _Key | None) -> None:
        if active != self._last:
            self._last = active
            name, version = active or (self._own.name, self._own.version)
            _LOG.info("policy_in_use", name=name, version=version, activated=active is not None)
