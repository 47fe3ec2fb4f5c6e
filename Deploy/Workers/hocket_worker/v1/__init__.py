"""The messages of the wire. Generated from Protos/ by generate.sh, do not edit."""

# The first eight bytes of the SHA-256 of the descriptor set.
SCHEMA_FINGERPRINT = 0xb63e7954c4e05711
