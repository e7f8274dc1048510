"""The microstructure: fibres packed at random, their mesh, meshes of one's own, statistics."""
