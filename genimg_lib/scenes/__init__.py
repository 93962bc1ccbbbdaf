"""Scene programs: small pictures in words, which a language model learns to write."""
