"""What goes in and comes out of the doors, by noun: `Taken` schemas check what is sent, the others tell what is given."""
