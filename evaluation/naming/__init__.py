"""What networks and configurations are called, and which of them are shown together."""
