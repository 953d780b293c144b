"""Messages between applicants and offices; those that speak of money are held."""
