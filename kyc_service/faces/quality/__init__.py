"""Face image quality, in numbers; nothing judged. Names of the components follow ISO/IEC 29794-5:2025.

Every measure is read from a crop of one size in which the eyes stand in one place, so
that it means the same for every camera and every distance.
"""

from kyc_service.faces.quality.components import COMPONENTS, Component
from kyc_service.faces.quality.measure import FaceQuality, measure_face

__all__ = ["COMPONENTS", "Component", "FaceQuality", "measure_face"]
