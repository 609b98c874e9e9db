"""The Batch pane."""
