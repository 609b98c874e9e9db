"""Any network: its input and preprocessing, its layers, the kind of its output, its size in memory."""
