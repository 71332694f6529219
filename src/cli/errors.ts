/** An argument of the command line cannot be used. */
export class UsageError extends Error {
  readonly tag = 'UsageError';
  override readonly name = 'UsageError';
}

/** A refusal that was thrown after the work had begun: something was written, so the exit code is 1. */
export class LateError extends Error {
  readonly tag = 'LateError';
  override readonly name = 'LateError';

  constructor(cause: Error) {
    super(cause.message, { cause });
  }
}

/** The manifest cannot be read, or its description is invalid. The message has one line per problem. */
export class ManifestError extends Error {
  readonly tag = 'ManifestError';
  override readonly name = 'ManifestError';
  /** Path of the manifest, as given on the command line. */
  readonly path: string;

  constructor(path: string, lines: readonly string[], options?: ErrorOptions) {
    super(lines.join('\n'), options);
    this.path = path;
  }
}
