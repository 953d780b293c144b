"""The city's services. Each folder is one, whole; none knows another."""
