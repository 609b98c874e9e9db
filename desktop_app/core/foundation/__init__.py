"""What everything else stands on: errors, text, files, locking, storage, paths, cancellation."""
