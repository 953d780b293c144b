"""Verification, the field inspection and the technical recommendation."""
