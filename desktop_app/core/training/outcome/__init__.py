"""After the last epoch, and before the first: evaluation, model, estimate."""
