"""What comes after the last epoch, and what can be foreseen of it: evaluation, model, estimate."""
