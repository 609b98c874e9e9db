"""QtCore only: the threads, and the QObjects that wrap one core call each."""
