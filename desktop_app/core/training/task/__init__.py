"""What a network can learn to do: the loss, the metrics, what is best, the evaluation."""
