"""Models written for other programs, as the window uses that."""
