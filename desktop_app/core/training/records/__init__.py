"""What a training reports: events, history, results."""
