"""The Train pane: data, network, fit and results."""
