"""The subcommands, without Qt."""
