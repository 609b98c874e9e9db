"""Parts that several panes share."""
