"""A real language model, offline: its file, its network, what it may write, and recordings of what it answered."""
