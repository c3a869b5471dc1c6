"""Storage: what is kept, where, and under which key. The only layer that knows SQL."""
