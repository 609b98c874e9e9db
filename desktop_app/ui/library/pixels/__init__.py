"""The question how a model gets its pictures, with what it answers under each choice."""
