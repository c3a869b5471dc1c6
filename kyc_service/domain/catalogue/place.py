"""Where the device is, how far from everything else, and by which clock."""

from __future__ import annotations

from types import MappingProxyType
from typing import Final

from kyc_service.domain.catalogue.entry import Told, consider, rejected, weak
from kyc_service.domain.reason_codes import Reason

PLACE: Final = MappingProxyType(
    {
        Reason.POSITION_IMPOSSIBLE: rejected("The position is not on Earth."),
        Reason.POSITION_NULL_ISLAND: consider("The position is 0, 0: a device's way of not knowing."),
        Reason.POSITION_AXES_SWAPPED: consider("Latitude and longitude look swapped."),
        Reason.POSITION_IMPRECISE: consider("The position's accuracy radius is too large to say where the device is."),
        Reason.POSITION_STALE: consider("The position is too old."),
        Reason.POSITION_IN_FUTURE: consider("The position was taken in the future of the server's clock."),
        Reason.COUNTRY_NOT_ALLOWED: rejected("The device is in a country that the policy does not allow."),
        Reason.FAR_FROM_DOCUMENT_REGION: weak(
            "The device is far from the region of the document's number (a weak signal: people move)."
        ),
        Reason.FAR_FROM_PHONE_REGION: weak(
            "The device is far from the region where the number was first issued (a weak signal: people move, numbers are ported)."
        ),
        Reason.TIME_ZONE_DIFFERS: weak("The device's clock zone is not the one of its position."),
        Reason.TIME_ZONE_FAR_OFF: consider("The device's clock zone is hours away from the one of its position."),
        Reason.POSITION_NEAR_BORDER: weak("The position is so near a border that it may lie in another country."),
        Reason.POSITION_DATUM_DOUBTFUL: weak(
            "The position looks shifted as Chinese maps shift it (GCJ-02), though it was sent as WGS-84."
        ),
        Reason.FAR_FROM_PRINTED_ADDRESS: weak(
            "The device is far from the address printed on the document (a weak signal: people move)."
        ),
        Reason.FAR_FROM_STATED_ADDRESS: weak(
            "The device is far from the address the applicant states (a weak signal: people travel)."
        ),
        Reason.FAR_FROM_IP: weak(
            "The device is far from where its network address is registered (a weak signal: gateways, company networks)."
        ),
        Reason.IP_COUNTRY_DIFFERS: weak(
            "The network address belongs to another country than the position (a weak signal: roaming, private networks)."
        ),
        Reason.FAR_FROM_PHOTO: weak(
            "A picture says that it was taken far from where the device says it is (a weak signal: anybody can write it)."
        ),
        Reason.DEVICE_CLOCK_WRONG: consider(
            "The device's clock is far from the service's.",
            Told(
                "The clock of your phone is wrong. Please let it be set automatically.",
                "您手机的时间不准确。请将时间设为自动设置。",
            ),
        ),
        Reason.DEVICE_CHANGED: weak("The person came with another device the last time."),
        Reason.TRAVEL_IMPOSSIBLE: consider(
            "Since an earlier attempt the person, phone or device would have travelled faster than anybody can."
        ),
    }
)
