"""Deep material networks: the laminate tree, its two parameterisations, loss and training."""
