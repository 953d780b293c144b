"""The signer port: PDF documents with an electronic signature (PAdES) that anyone can check."""

from webapp.signing.port import Signer, signer
from webapp.signing.verifying import Verdict, verify

__all__ = ["Signer", "Verdict", "signer", "verify"]
