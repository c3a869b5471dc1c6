"""The phone number. Where it was first issued stays what it was: numbers are ported and people move."""

from __future__ import annotations

from types import MappingProxyType
from typing import Final

from kyc_service.domain.catalogue.entry import Told, consider, rejected, unassessed, weak
from kyc_service.domain.outcome import Action
from kyc_service.domain.reason_codes import Reason

PHONE: Final = MappingProxyType(
    {
        Reason.PHONE_INVALID: rejected(
            "The phone number is not valid.",
            Told("This phone number is not valid. Please check it.", "该手机号码无效。请核对后重新填写。"),
        ),
        Reason.PHONE_LINE_NOT_ACCEPTED: rejected(
            "The phone number is of a kind no person is reached by (premium, toll-free, shared cost).",
            Told("Please use your own mobile number.", "请使用您本人的手机号码。"),
            action=Action.DECLINE,
        ),
        Reason.PHONE_LINE_UNUSUAL: consider("The phone number is not known to be a mobile line."),
        Reason.PHONE_REGION_DIFFERS: weak(
            "The number was first issued far from the document's region (a weak signal: people move, numbers are ported)."
        ),
        Reason.PHONE_COUNTRY_DIFFERS: weak("The phone number belongs to another country than the document."),
        Reason.PHONE_LINE_VOIP: consider(
            "The phone number is an internet line, which costs nothing and ties to no place."
        ),
        Reason.PHONE_NOT_CONFIRMED: unassessed(
            "The applicant has not shown that they hold the phone number.",
            Told(
                "Please confirm your phone number with the code that we send you.",
                "请用我们发送的验证码确认您的手机号码。",
            ),
        ),
        Reason.PHONE_CONFIRMATION_OLD: consider(
            "It is too long ago that the applicant showed that they hold the phone number.",
            Told("Please confirm your phone number again.", "请重新确认您的手机号码。"),
        ),
        Reason.PHONE_USED_BY_OTHERS: consider("The phone number came with other identities before."),
        Reason.PHONE_CHANGED: weak("The person came with another phone number the last time."),
    }
)
