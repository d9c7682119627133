// Up to where flow keys and blocks go; `settled` is where blocks went before the last batch.
MATCH (s:Sequence {name: 'graph'})
RETURN s.keys, s.blocks, s.settled, s.epoch
