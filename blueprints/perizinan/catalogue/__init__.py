"""What can be applied for: permit types as the city's files define them, their fees, and how to find one."""
