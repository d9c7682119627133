// The code that edges keep in `decided`; policies and tiers have their keys since the first migration.
CREATE CONSTRAINT policy_code IF NOT EXISTS FOR (n:Policy) REQUIRE n.code IS UNIQUE;
