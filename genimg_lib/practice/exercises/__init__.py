"""The exercises as a learner meets them: which there are, copies to work on, what is solved."""
