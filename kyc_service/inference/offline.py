"""Nothing here phones home.

``import openvino`` sends a usage event through ``openvino_telemetry`` unless that package
is absent, in which case OpenVINO uses a stub of its own. So it is made absent: a None in
``sys.modules`` makes the import fail (Python reference, "The module cache"). The package
``kyc_service.inference`` calls this before anything else in it can import OpenVINO.
"""

from __future__ import annotations

import sys
from typing import cast

_TELEMETRY = "openvino_telemetry"


def forbid_telemetry() -> None:
    """Make ``openvino_telemetry`` unimportable for this process.

    Raises:
        RuntimeError: It was imported already, so something may have been sent.
    """
    if sys.modules.get(_TELEMETRY) is not None:
        raise RuntimeError("openvino_telemetry was imported before kyc_service.inference")
    cast("dict[str, object]", sys.modules)[_TELEMETRY] = None
