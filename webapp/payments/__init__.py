"""The payment port: codes that people pay at the bank or the gateway, and the signed word that they were paid."""

from webapp.payments.port import gateway
from webapp.payments.settling import settle_with

__all__ = ["gateway", "settle_with"]
