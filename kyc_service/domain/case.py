"""Case: a submission that people are to look at, and whose desk it lands on."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from kyc_service.domain.checks import CheckName
from kyc_service.domain.outcome import Outcome


class CaseStatus(StrEnum):
    """Where a case stands."""

    OPEN = "open"


class CaseQueue(StrEnum):
    """What a reviewer has to know to decide a case; in this order where several are as grave.

    What would settle the case alone comes first: a register that contradicts, nobody living
    before the camera, another person's face, a document that is not what it says. Where
    someone was, and how often, only weigh beside the rest.
    """

    REGISTER = "register"
    LIVENESS = "liveness"
    FACES = "faces"
    DOCUMENTS = "documents"
    PLACE_AND_PHONE = "place_and_phone"
    HISTORY = "history"


_OF_BRANCH: Final = MappingProxyType(
    {
        "authority": CaseQueue.REGISTER,
        "liveness": CaseQueue.LIVENESS,
        "face": CaseQueue.FACES,
        "document": CaseQueue.DOCUMENTS,
        "phone": CaseQueue.PLACE_AND_PHONE,
        "geolocation": CaseQueue.PLACE_AND_PHONE,
        "velocity": CaseQueue.HISTORY,
    }
)
_IN_ORDER: Final = tuple(CaseQueue)
# What speaks against the applicant comes before what nobody could answer.
_WEIGHT: Final = MappingProxyType({Outcome.REJECTED: 3, Outcome.CONSIDER: 2, Outcome.NOT_ASSESSED: 1})


def queue_of(raised: Iterable[tuple[CheckName, Outcome]]) -> CaseQueue:
    """The queue of a case: that of the gravest of the checks that led to it.

    The policy's own checks (``policy.*``) rest on others and say nothing of their own; where
    nothing else is given, the document is where a reviewer starts.

    >>> queue_of([(CheckName.ADDRESS_COMPARISON, Outcome.CONSIDER), (CheckName.FACE_MATCH, Outcome.REJECTED)])
    <CaseQueue.FACES: 'faces'>
    >>> queue_of([(CheckName.FACE_MATCH, Outcome.NOT_ASSESSED), (CheckName.MRZ, Outcome.CONSIDER)])
    <CaseQueue.DOCUMENTS: 'documents'>
    >>> queue_of([(CheckName.COMBINATIONS, Outcome.CONSIDER)])
    <CaseQueue.DOCUMENTS: 'documents'>
    """
    found = [(_WEIGHT.get(outcome, 0), queue) for name, outcome in raised if (queue := _branch(name)) is not None]
    gravest = max(found, key=lambda one: (one[0], -_IN_ORDER.index(one[1])), default=(0, CaseQueue.DOCUMENTS))
    return gravest[1]


def _branch(name: CheckName) -> CaseQueue | None:
    return _OF_BRANCH.get(name.value.partition(".")[0])
