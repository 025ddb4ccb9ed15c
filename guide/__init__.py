"""Help for every role, and what this device and this server can do."""
