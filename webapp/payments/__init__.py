"""The payment port: codes that people pay at the bank or the gateway, and the signed word that they were paid."""
