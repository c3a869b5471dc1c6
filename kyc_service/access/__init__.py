"""Access: who may ask the service for what."""
