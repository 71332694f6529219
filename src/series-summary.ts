/** What a series looks like, from its description and a small sample of its data. */
export interface SeriesSummary {
  /** Absolute path of the series in the file. */
  readonly path: string;
  /** From its first sample to its last; null if the number of samples is not known yet. */
  readonly seconds: number | null;
  /** Elements per sample: one for each axis of the data but time. */
  readonly sampleShape: readonly number[];
  /** Number of values per sample, which is the number of channels of a recording. */
  readonly channels: number;
  /** Unit of `min`, `max` and `rms`. */
  readonly unit: string;
  /**
   * Smallest and largest value of the sample in the unit of the series, which is after conversion and offset; null if
   * no data were sampled, because they come from an iterator or a module, or can't be read.
   */
  readonly min: number | null;
  readonly max: number | null;
  /** Root mean square of the sample. */
  readonly rms: number | null;
}

/** What is known of a conversion before anything is written. */
export interface ConversionStart {
  readonly series: readonly SeriesSummary[];
  /** The warnings so far; the report repeats them. */
  readonly warnings: readonly string[];
}
