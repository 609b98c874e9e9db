"""Model files from elsewhere, looked at before a library loads them: only what is on our own lists passes."""
