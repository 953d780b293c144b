"""The applicant's side: filling in, sending, following, answering, objecting."""
