"""Streams responses through a router whose workers come, go and crash."""
