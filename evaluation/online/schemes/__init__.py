"""The online schemes, one file each: its equations, and a record that `registry` lists."""
