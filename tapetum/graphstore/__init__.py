"""The GraphStore port and its adapters: nodes, edges and their roll-ups."""
