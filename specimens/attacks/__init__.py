"""The attacks, by name. Each is a `specimens.attack_protocol.Attack`. All of them are simulated: no real forgery was seen."""

from specimens.attack_protocol import Attack
from specimens.attacks.copy_move import CopyMove
from specimens.attacks.no_camera import Generated, Screenshot
from specimens.attacks.number_splice import DigitalNumberSplice, PhysicalNumberSplice
from specimens.attacks.portrait_splice import DigitalPortraitSplice, PhysicalPortraitSplice
from specimens.attacks.prints import InkjetPrint, LaserPrint, Photocopy
from specimens.attacks.screens import MonitorRecapture, PhoneRecapture, TabletRecapture

_ALL: tuple[Attack, ...] = (
    PhoneRecapture(),
    TabletRecapture(),
    MonitorRecapture(),
    LaserPrint(),
    InkjetPrint(),
    Photocopy(),
    Screenshot(),
    Generated(),
    DigitalNumberSplice(),
    PhysicalNumberSplice(),
    DigitalPortraitSplice(),
    PhysicalPortraitSplice(),
    CopyMove(),
)

ATTACKS: dict[str, Attack] = {attack.name: attack for attack in _ALL}
