/** The rows of an aggregate as parallel columns. */

/** A decimal string where it is whole and above 2^53 - 1; null where no record has what is measured. */
export type Value = number | string | null;

export interface Measured {
  /** Indexes into `starts`; null where there is no interval. */
  readonly bucket: readonly number[] | null;
  /** One column for each metric. */
  readonly values: readonly (readonly Value[])[];
}

export interface AggregateColumns extends Measured {
  /** One column for each field of `groupBy`; null is the group of records without it. */
  readonly keys: readonly (readonly (string | null)[])[];
  /** Records that are in none of the groups shown. */
  readonly other: Measured;
}
