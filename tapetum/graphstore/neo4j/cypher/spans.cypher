// All blocks of some spans; a merged one (`upto`) holds those up to that number.
UNWIND range(0, size($spans) - 1) AS place
WITH place, $spans[place] AS span
MATCH (b:Block)
WHERE b.unit = span[0] AND b.bucket >= span[1] AND b.bucket < span[2]
RETURN place, b.bucket, b.number, b.upto, b.codes, b.counts, b.widths
