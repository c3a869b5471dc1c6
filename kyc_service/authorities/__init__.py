"""Outside registers that the bank may use: asked for what they need and nothing else, never trusted blindly."""
