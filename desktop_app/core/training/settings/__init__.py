"""The settings of a training: the configuration and its hyperparameters."""
