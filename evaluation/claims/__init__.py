"""The claims of the paper's Sections 3 and 4, and how they are judged."""
