"""The decision of the head: signing, refusing, answering an objection, revoking."""
