"""Running a scheduler's commands: here, or on a command node over SSH."""
