"""What model files consist of: archives, JSON documents, HDF5 tensors, each read within limits."""
