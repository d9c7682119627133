CREATE CONSTRAINT flow_key_code IF NOT EXISTS FOR (n:FlowKey) REQUIRE n.code IS UNIQUE;
CREATE CONSTRAINT block_number IF NOT EXISTS FOR (n:Block) REQUIRE n.number IS UNIQUE;
// A merged block has no number; `upto` is that of the last one that it holds.
CREATE CONSTRAINT block_merged IF NOT EXISTS FOR (n:Block) REQUIRE (n.unit, n.bucket, n.upto) IS UNIQUE;
CREATE INDEX block_bucket IF NOT EXISTS FOR (n:Block) ON (n.unit, n.bucket);
CREATE CONSTRAINT batch_id IF NOT EXISTS FOR (n:Batch) REQUIRE n.id IS UNIQUE;
CREATE INDEX batch_at IF NOT EXISTS FOR (n:Batch) ON (n.at);
CREATE CONSTRAINT sequence_name IF NOT EXISTS FOR (n:Sequence) REQUIRE n.name IS UNIQUE;
CREATE CONSTRAINT migration_name IF NOT EXISTS FOR (n:Migration) REQUIRE (n.store, n.name) IS UNIQUE;
