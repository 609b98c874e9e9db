"""Records of a training: events, history, results."""
