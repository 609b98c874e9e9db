"""Any file, link or clipboard picture becomes an RGB array, or a reason why not."""
