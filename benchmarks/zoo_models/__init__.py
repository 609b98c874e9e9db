"""Models as people have them, built with random weights: what `benchmarks.zoo` imports and compares."""
