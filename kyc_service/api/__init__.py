"""The HTTP API: `/v1`, JSON, multipart for captures, RFC 9457 problems."""
