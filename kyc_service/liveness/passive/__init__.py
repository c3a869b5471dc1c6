"""Passive liveness: is this a person, or a picture of one? Weak signals, weighed by a small classifier; never proof.

The network was trained by others on data nobody describes; the cues and the classifier were tried on simulated
attacks. ``models/cards/passive_liveness.md`` says what was measured and what is not detected.
"""

from kyc_service.liveness.passive.assess import PAD_SCORE, assess
from kyc_service.liveness.passive.classifier import PadClassifier, load_pad_classifier
from kyc_service.liveness.passive.clip import assess_clip, chosen_frames
from kyc_service.liveness.passive.crop import crop_around

__all__ = ["PAD_SCORE", "PadClassifier", "assess", "assess_clip", "chosen_frames", "crop_around", "load_pad_classifier"]
