"""Measures a built `hocket` against the physical limit; see README.md of the folder above."""
