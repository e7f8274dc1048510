"""What a study measures: errors, times, and their statistics."""
