"""The attacks, by name. Each is a `specimens.attack_protocol.Attack`."""

from specimens.attack_protocol import Attack

ATTACKS: dict[str, Attack] = {}
