"""What an applicant does after sending: writing, moving a visit, withdrawing, objecting."""
