"""The linear-elastic training data: phases drawn at random, and the stiffness of the cell."""
