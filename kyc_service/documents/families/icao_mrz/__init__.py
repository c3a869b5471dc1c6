"""Documents with a machine-readable zone by ICAO Doc 9303: passports, identity cards, visas."""
