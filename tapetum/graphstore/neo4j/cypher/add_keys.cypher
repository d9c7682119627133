UNWIND $rows AS row
CREATE (k:FlowKey)
SET k = row
