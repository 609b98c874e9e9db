"""What a model from elsewhere answers before it is settled how it gets its pictures, in a process beside."""
