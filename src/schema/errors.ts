/** The schemas that a file is to hold can't be loaded. */
export class SchemaError extends Error {
  readonly tag = 'SchemaError';
  override readonly name = 'SchemaError';
  /** The folder or file that was read. */
  readonly path: string;
  readonly expected: string;
  readonly received: string;

  constructor(path: string, expected: string, received: string) {
    super(`Expected ${expected} for specifications in ${path} but received ${received}`);
    this.path = path;
    this.expected = expected;
    this.received = received;
  }
}
