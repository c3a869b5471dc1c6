"""What was uploaded before, as far as it may be compared: hashes and fingerprints, no pictures."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from kyc_service.liveness.integrity.fingerprint import BITS

NEARLY_EQUAL_BITS: Final = 20
"""At most this many bits differ between a picture and its copy saved again, scaled, noised or brightened.

Any two different photographs came no nearer than three times this: see docs/face-quality.md.
"""


@dataclass(frozen=True, slots=True)
class EarlierCaptures:
    """Uploads of *other* verifications of the same client.

    ``sha256s``: hex digests of the files as sent; ``fingerprints``: 32 bytes each. Leave
    out what the same verification sent before: a retake may well look alike.
    """

    sha256s: frozenset[str] = frozenset()
    fingerprints: tuple[bytes, ...] = ()

    def holds(self, sha256: str) -> bool:
        """Whether the very same file was sent before."""
        return sha256 in self.sha256s

    def nearest(self, fingerprint: bytes) -> int:
        """The distance to the nearest earlier picture; 256 where there is none."""
        if not self.fingerprints:
            return BITS
        table = np.frombuffer(b"".join(self.fingerprints), dtype=np.uint8).reshape(len(self.fingerprints), -1)
        differing = np.bitwise_count(table ^ np.frombuffer(fingerprint, dtype=np.uint8))
        return int(differing.sum(axis=1, dtype=np.int64).min())


NOTHING_EARLIER: Final = EarlierCaptures()
