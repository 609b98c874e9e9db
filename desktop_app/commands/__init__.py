"""The subcommands, without Qt, and what their exit statuses mean."""

DONE = 0
SOME_FAILED = 1
"""Some input failed: each is named with its reason, the rest is done."""
WRONG_USAGE = 2
"""The request makes no sense: options that exclude each other, or an unknown id."""
INTERRUPTED = 130
"""Ctrl+C: 128 plus the number of SIGINT, as shells count."""
