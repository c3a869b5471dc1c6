"""One-time codes on their way to a phone: what is sent, in which words, through what.

A message holds the code and the number: it is handed to a sender and kept nowhere.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum
from typing import Final, Protocol

_CHINESE: Final = "zh"
_CHINESE_CODES: Final = ("+86", "+852", "+853", "+886")
_TEXTS: Final = {
    "zh": "{code}是您的身份验证码，{minutes}分钟内有效。请勿告诉任何人，包括银行工作人员。如非本人操作，请忽略。",
    "en": "{code} is your verification code, valid for {minutes} minutes."
    " Tell it to nobody, not even bank staff. If you did not ask for it, ignore it.",
}


class Language(StrEnum):
    """Languages there are texts in."""

    CHINESE = "zh"
    ENGLISH = "en"


@dataclass(frozen=True, slots=True)
class PhoneCodeMessage:
    """One code for one number. ``id`` names the message and stays the same when it is sent again."""

    id: str
    e164: str = field(repr=False)
    code: str = field(repr=False)
    language: Language
    valid_for: timedelta

    @property
    def text(self) -> str:
        """What the applicant reads: one short message in either language (70 or 160 characters)."""
        return _TEXTS[self.language].format(code=self.code, minutes=int(self.valid_for / timedelta(minutes=1)))


class PhoneCodeSender(Protocol):
    """A way to a phone. Safe to call from several threads."""

    def send(self, message: PhoneCodeMessage) -> None:
        """Hand ``message`` over.

        Raises:
            OutboundFailed: it was not taken, and why.
        """
        ...


def language_for(locale: str | None, e164: str) -> Language:
    """The language of the device, or else the one of the number's country.

    >>> language_for("zh-CN", "+447700900123").value, language_for("fr_FR", "+8613800138000").value
    ('zh', 'en')
    >>> language_for(None, "+85251234567").value, language_for(None, "+447700900123").value
    ('zh', 'en')
    """
    is_chinese = locale.lower().startswith(_CHINESE) if locale else e164.startswith(_CHINESE_CODES)
    return Language.CHINESE if is_chinese else Language.ENGLISH
