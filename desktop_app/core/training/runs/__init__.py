"""What a training keeps on disk: the run's folder, its checkpoint, its journal."""
