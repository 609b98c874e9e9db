"""What an inspection finds: what a network takes, what it gives, and what that means."""
