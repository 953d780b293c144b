"""The officer's side: the inbox by time left, and the page of one case."""
