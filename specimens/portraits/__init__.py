"""A portrait as it comes off an identity card: small, screened, laminated, photographed."""
