"""BGP records: the lines of BIRD, on their own or in Calico's log."""
