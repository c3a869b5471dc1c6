"""The limits beyond which a capture is called spoilt, and where each comes from.

Measured ones are the extremes of usable captures: generated resident cards of the training
split, mild and middle, without a fault, all fields read (``python -m specimens --families
cn_resident_identity_card --severity mild middle --split train --seed 1 --count 20``,
64 of 80 of which were read whole), with room below. They name the fault of a picture that
could not be read. What was read is refused by the portrait's limits and by things over a
field alone. Rules of print follow from the card's standard and the reader's resolution.
"""

from __future__ import annotations

from typing import Final

MIN_GROUND_LUMA: Final = 110.0
"""The lighter parts of the card, 0..255. Measured."""
MIN_PICTURE_LUMA: Final = 70.0
"""The lightest parts of a whole picture on which nothing was found: a dark table is no dark picture. A rule."""
MIN_SHARPNESS: Final = 0.42
"""Of the edges of the card laid flat. Measured."""
MIN_PICTURE_SHARPNESS: Final = 0.36
"""The same of a whole picture on which nothing was found. Measured: tables without a document have 0.42 and more,
blurred cards on them 0.24 to 0.38."""
MIN_EVENNESS: Final = 0.30
"""Least over greatest change by direction. Measured."""
MIN_WIDTH_PX: Final = 330.0
"""A rule of print: a digit of the number, 2.46 mm of 85.6, is then 9 pixels wide, less than half of what the reader
looks at; its strokes are 1 pixel. The period of validity is set smaller still."""
MIN_PASSPORT_WIDTH_PX: Final = 480.0
"""The same rule for a zone's 44 characters on 125 mm."""

MAX_PORTRAIT_GLARE: Final = 0.15
"""Share of the face's place without any detail left. Usable captures have none of it: a rule, not a quantile."""
MIN_PORTRAIT_CONTRAST: Final = 10.0
"""Standard deviation of luma over the face's place, in grey levels. Usable captures have 48 and more, cards at a
fiftieth of the light 13; a rule: a face in fewer levels is drawn by rounding."""
MAX_BESIDE_FOREIGN: Final = 0.7
MAX_AROUND_FOREIGN: Final = 0.3
"""Shares of the card's ground that are covered: beside the head, on the less covered side, and on one side of the
portrait. Usable captures have none of either: rules."""
MAX_PORTRAIT_UNSEEN: Final = 0.12
"""Share of the portrait outside the picture: the margin around a face is no wider. A rule."""

MAX_FIELD_UNSEEN: Final = 0.12
MAX_FIELD_GLARE: Final = 0.10
MAX_FIELD_FOREIGN: Final = 0.20
"""Shares of the place where a field's first characters stand: one of ten digits, or a third of a name. Rules of print."""
MAX_CARD_GLARE: Final = 0.45
"""Beyond this share of the card without detail it is overexposed as a whole. A rule."""
MAX_EDGE_FOREIGN: Final = 0.05
"""Share of the card under something that reaches over its edge; where it is not known which field stands where. A rule."""
MIN_LEGIBILITY: Final = 0.88
"""Mean confidence along long lines. Seen: two passports, shaken, 0.59 to 0.86; ten specimens of other families 0.90 to 1."""
