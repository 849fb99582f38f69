"""The parts of the scan reader: page images, straightening, ink, rules, lattice, recognisers, cells, prose."""
