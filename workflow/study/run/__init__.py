"""What happens while a study runs, and what is made of finished ones."""
