"""The repository of policy versions, of their activations and of what shadow policies said: appended, never changed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import distinct_on, insert
from sqlalchemy.orm import Session

from kyc_service.domain.outcome import Verdict
from kyc_service.errors import Conflict, NotFound
from kyc_service.storage.tables import PolicyActivationRow, PolicyVersionRow, ShadowVerdictRow

# A space of its own among the two-number advisory locks; see storage.database.
_POLICY_LOCKS: Final = 4
_NO_ANSWER: Final = "no_answer"


class PolicyVersionNotFound(NotFound):
    """There is no such version of a policy."""

    code = "policy_version_not_found"


class PolicyVersionTaken(Conflict):
    """This version of the policy exists with another content; a changed policy needs a new version."""

    code = "policy_version_taken"


class PolicyRole(StrEnum):
    """What a version is used for."""

    ACTIVE = "active"
    SHADOW = "shadow"


@dataclass(frozen=True, slots=True)
class PolicyVersion:
    """A version as it was written; ``sha256`` is of the UTF-8 bytes of ``text`` alone."""

    name: str
    version: str
    sha256: str
    text: str
    author: str
    created_at: datetime


@dataclass(frozen=True, slots=True)
class PolicyUse:
    """Which version a role was given; none: the role was given up."""

    role: PolicyRole
    name: str | None
    version: str | None
    actor: str
    reason: str
    at: datetime

    @property
    def key(self) -> tuple[str, str] | None:
        """Name and version, if there is one."""
        return None if self.name is None or self.version is None else (self.name, self.version)


@dataclass(frozen=True, slots=True)
class ShadowRecord:
    """What a shadow policy said of one submission; without ``shadow_verdict`` it could not answer."""

    verification_id: str
    attempt: int
    name: str
    version: str
    active_verdict: Verdict
    shadow_verdict: Verdict | None
    at: datetime


def said_of(verdict: Verdict | None) -> str:
    """A shadow's verdict in a word, also where it could not answer."""
    return _NO_ANSWER if verdict is None else verdict.value


@dataclass(frozen=True, slots=True)
class Policies:
    """Reads and appends inside one transaction."""

    session: Session

    def lock(self) -> None:
        """Keep every other change of what is in use waiting until this transaction ends.

        The order of activations is then the order in which they became visible.
        """
        self.session.execute(select(func.pg_advisory_xact_lock(_POLICY_LOCKS, 0)))

    def add(self, version: PolicyVersion) -> bool:
        """Keep a version; whether it is new. The same content again changes nothing.

        Raises:
            PolicyVersionTaken: it exists with another content.
        """
        statement = insert(PolicyVersionRow).values(**asdict(version)).on_conflict_do_nothing()
        if self.session.execute(statement.returning(PolicyVersionRow.name)).scalar_one_or_none() is not None:
            return True
        if self.get(version.name, version.version).text != version.text:
            raise PolicyVersionTaken
        return False

    def get(self, name: str, version: str) -> PolicyVersion:
        """Read one.

        Raises:
            PolicyVersionNotFound: there is none.
        """
        row = self.session.get(PolicyVersionRow, (name, version))
        if row is None:
            raise PolicyVersionNotFound
        return _version(row)

    def versions(self) -> list[PolicyVersion]:
        """All of them, oldest first."""
        statement = select(PolicyVersionRow).order_by(
            PolicyVersionRow.created_at, PolicyVersionRow.name, PolicyVersionRow.version
        )
        return [_version(row) for row in self.session.scalars(statement)]

    def put_to_use(self, use: PolicyUse) -> None:
        """Append; callers hold :meth:`lock`."""
        self.session.add(PolicyActivationRow(**asdict(use) | {"role": use.role.value}))
        self.session.flush()

    def uses(self, role: PolicyRole) -> list[PolicyUse]:
        """Everything the role was given, oldest first."""
        statement = (
            select(PolicyActivationRow)
            .where(PolicyActivationRow.role == role.value)
            .order_by(PolicyActivationRow.sequence)
        )
        return [_use(row) for row in self.session.scalars(statement)]

    def in_use(self) -> dict[PolicyRole, PolicyUse]:
        """What each role was given last; a role that never was given anything is not there."""
        statement = (
            select(PolicyActivationRow)
            .ext(distinct_on(PolicyActivationRow.role))
            .order_by(PolicyActivationRow.role, PolicyActivationRow.sequence.desc())
        )
        return {(use := _use(row)).role: use for row in self.session.scalars(statement)}

    def add_shadow_verdict(self, record: ShadowRecord) -> None:
        """Keep what a shadow policy said, once per submission."""
        said = {"active_verdict": record.active_verdict.value, "shadow_verdict": said_of(record.shadow_verdict)}
        values = asdict(record) | said
        self.session.execute(insert(ShadowVerdictRow).values(**values).on_conflict_do_nothing())

    def shadow_counts(self, name: str, version: str) -> Mapping[tuple[Verdict, Verdict | None], int]:
        """How often the active policy and this shadow said what together; ``None``: the shadow had no answer."""
        statement = (
            select(ShadowVerdictRow.active_verdict, ShadowVerdictRow.shadow_verdict, func.count())
            .where(ShadowVerdictRow.name == name, ShadowVerdictRow.version == version)
            .group_by(ShadowVerdictRow.active_verdict, ShadowVerdictRow.shadow_verdict)
        )
        return {
            (Verdict(active), None if shadow == _NO_ANSWER else Verdict(shadow)): count
            for active, shadow, count in self.session.execute(statement)
        }

    def shadow_disagreements(self, name: str, version: str, limit: int) -> list[tuple[str, int]]:
        """Verification and attempt of the latest submissions on which this shadow said otherwise."""
        statement = (
            select(ShadowVerdictRow.verification_id, ShadowVerdictRow.attempt)
            .where(
                ShadowVerdictRow.name == name,
                ShadowVerdictRow.version == version,
                ShadowVerdictRow.active_verdict != ShadowVerdictRow.shadow_verdict,
            )
            .order_by(ShadowVerdictRow.at.desc(), ShadowVerdictRow.verification_id)
        )
        return [(found, attempt) for found, attempt in self.session.execute(statement.limit(limit))]


def _version(row: PolicyVersionRow) -> PolicyVersion:
    return PolicyVersion(row.name, row.version, row.sha256, row.text, row.author, row.created_at)


def _use(row: PolicyActivationRow) -> PolicyUse:
    return PolicyUse(PolicyRole(row.role), row.name, row.version, row.actor, row.reason, row.at)
