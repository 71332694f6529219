/** A part of the description does not fit the NWB schema or the shapes of the sources. */
export class NwbError extends Error {
  readonly tag = 'NwbError';
  override readonly name = 'NwbError';
  /** The object in question, e.g. `acquisition/ElectricalSeriesAP/data`. */
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
