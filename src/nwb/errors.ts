/** Something in the description does not fit what the NWB schema, or the sources' shapes, ask for. */
export class NwbError extends Error {
  readonly tag = 'NwbError';
  override readonly name = 'NwbError';
  /** What it is about, e.g. `acquisition/ElectricalSeriesAP/data`. */
  readonly subject: string;
  readonly expected: string;
  readonly received: string;

  constructor(subject: string, expected: string, received: string) {
    super(`Expected ${expected} for ${subject} but received ${received}`);
    this.subject = subject;
    this.expected = expected;
    this.received = received;
  }
}
