"""What a training is told: the configuration and its hyperparameters."""
