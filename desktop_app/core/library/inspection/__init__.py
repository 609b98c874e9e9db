"""Model files from elsewhere, inspected before a library loads them: only what is on our own lists passes."""
