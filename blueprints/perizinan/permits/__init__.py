"""Permits as documents: numbered without gaps, signed, and checked by anyone."""
