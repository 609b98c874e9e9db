"""QtCore only: the threads, and the services that have core called in them."""
