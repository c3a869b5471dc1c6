"""Face comparison measured on pictures of known people, in the terms of ISO/IEC 19795-1."""
