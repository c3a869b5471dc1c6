"""The vocabulary: what a verification is made of. No I/O, no clock, no other layer."""
