"""Versions of policies: written down once, then put to use and back by name, each step with who and why.

Every change is one row appended in one transaction: a process killed at any moment
leaves the old or the new version in use, never neither. Changes wait for one another,
so that each is checked against what is in use when it happens.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from kyc_service.decision.policy import Policy
from kyc_service.errors import Conflict, InvalidInput
from kyc_service.storage.database import Database, Transaction
from kyc_service.storage.policies import PolicyRole, PolicyUse, PolicyVersion

Resolve = Callable[[str], Policy]
"""Reads a policy's text on this installation; raises PolicyInvalid."""


class PolicyVersionUnknown(InvalidInput):
    """There is no such version; give it as NAME@VERSION, see kyc policy list."""

    code = "policy_version_unknown"


class PolicyAlreadyInUse(Conflict):
    """This version is in use already."""

    code = "policy_already_in_use"


class NothingToRollBack(Conflict):
    """No version was ever activated here: there is none to go back from."""

    code = "nothing_to_roll_back"


class NoShadowInUse(Conflict):
    """No shadow policy is in use."""

    code = "no_shadow_in_use"


class ReasonMissing(InvalidInput):
    """A change of what is in use needs the name of who makes it, and a reason."""

    code = "reason_missing"


@dataclass(frozen=True, slots=True)
class Change:
    """Who changes what is in use, why, and when (UTC-aware)."""

    actor: str
    reason: str
    at: datetime

    def __post_init__(self) -> None:
        """Refuse what nobody could answer for."""
        if not self.actor.strip() or not self.reason.strip():
            raise ReasonMissing


def parse_reference(reference: str) -> tuple[str, str]:
    """Name and version out of ``NAME@VERSION``.

    Raises:
        PolicyVersionUnknown: it is not of that form.

    >>> parse_reference("default@2026-11-23")
    ('default', '2026-11-23')
    """
    name, at, version = reference.partition("@")
    if not (name and at and version):
        raise PolicyVersionUnknown(f"{reference} names no version; give it as NAME@VERSION, see kyc policy list.")
    return name, version


def draft(database: Database, text: str, author: str, at: datetime, resolve: Resolve) -> tuple[PolicyVersion, bool]:
    """Keep ``text`` as the version it names itself, for ever; and whether it was new here.

    Raises:
        PolicyInvalid: it could not be used on this installation.
        PolicyVersionTaken: this version exists with another content.
        ReasonMissing: nobody is named.
    """
    if not author.strip():
        raise ReasonMissing("A draft needs the name of who wrote it.")
    policy = resolve(text)
    version = PolicyVersion(policy.name, policy.version, text_sha256(text), text, author, at)
    with database.transaction() as tx:
        is_new = tx.policies.add(version)
        return tx.policies.get(policy.name, policy.version), is_new


def activate(database: Database, name: str, version: str, change: Change, resolve: Resolve) -> Policy:
    """Let this version decide from the next submission on.

    Raises:
        PolicyVersionNotFound: there is none.
        PolicyInvalid: it cannot be resolved against this installation's calibrations.
        PolicyAlreadyInUse: it decides already.
    """
    return _put_to_use(database, PolicyRole.ACTIVE, (name, version), change, resolve)


def shadow(database: Database, name: str, version: str, change: Change, resolve: Resolve) -> Policy:
    """Let this version say what it would have said, from the next submission on.

    Raises:
        PolicyVersionNotFound: there is none.
        PolicyInvalid: it cannot be resolved against this installation's calibrations.
        PolicyAlreadyInUse: it is the shadow already.
    """
    return _put_to_use(database, PolicyRole.SHADOW, (name, version), change, resolve)


def end_shadow(database: Database, change: Change) -> tuple[str, str]:
    """Ask no shadow any longer; name and version of the one that was.

    Raises:
        NoShadowInUse: there is none.
    """
    with database.transaction() as tx:
        tx.policies.lock()
        ended = _key(tx, PolicyRole.SHADOW)
        if ended is None:
            raise NoShadowInUse
        tx.policies.put_to_use(_use(PolicyRole.SHADOW, None, change))
    return ended


def rollback(database: Database, change: Change, resolve: Resolve) -> Policy | None:
    """Go back to the version that was active before; ``None``: to the installation's own policy file.

    Raises:
        NothingToRollBack: nothing was ever activated.
        PolicyInvalid: the earlier version cannot be resolved any longer.
    """
    with database.transaction() as tx:
        tx.policies.lock()
        earlier = _earlier(tx.policies.uses(PolicyRole.ACTIVE))
        policy = None if earlier is None else resolve(tx.policies.get(*earlier).text)
        tx.policies.put_to_use(_use(PolicyRole.ACTIVE, earlier, change))
    return policy


def _earlier(uses: list[PolicyUse]) -> tuple[str, str] | None:
    if not uses:
        raise NothingToRollBack
    # Before the first activation, the installation's own file decided.
    return uses[-2].key if len(uses) > 1 else None


def text_sha256(text: str) -> str:
    """SHA-256 of a policy's text."""
    return hashlib.sha256(text.encode()).hexdigest()


def _put_to_use(database: Database, role: PolicyRole, key: tuple[str, str], change: Change, resolve: Resolve) -> Policy:
    with database.transaction() as tx:
        tx.policies.lock()
        policy = resolve(tx.policies.get(*key).text)
        if _key(tx, role) == key:
            raise PolicyAlreadyInUse
        tx.policies.put_to_use(_use(role, key, change))
    return policy


def _key(tx: Transaction, role: PolicyRole) -> tuple[str, str] | None:
    found = tx.policies.in_use().get(role)
    return None if found is None else found.key


def _use(role: PolicyRole, key: tuple[str, str] | None, change: Change) -> PolicyUse:
    name, version = key or (None, None)
    return PolicyUse(role, name, version, change.actor, change.reason, change.at)
