/** Something that the command line names can't be used. */
export class UsageError extends Error {
  readonly tag = 'UsageError';
  override readonly name = 'UsageError';
}

/** What would refuse work that has not begun, and came when it had: something was written. */
export class LateError extends Error {
  readonly tag = 'LateError';
  override readonly name = 'LateError';

  constructor(cause: Error) {
    super(cause.message, { cause });
  }
}

/** A manifest that can't be read, or that does not describe a file. One line a problem. */
export class ManifestError extends Error {
  readonly tag = 'ManifestError';
  override readonly name = 'ManifestError';
  /** The manifest, as the user named it. */
  readonly path: string;

  constructor(path: string, lines: readonly string[], options?: ErrorOptions) {
    super(lines.join('\n'), options);
    this.path = path;
  }
}
