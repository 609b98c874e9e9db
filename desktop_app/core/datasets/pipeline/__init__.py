"""From a data set to the batches that a network is fed with."""
