import { HyperslabError, type Problem } from '../hyperslab-error.js';

/** An argument of the command line cannot be used. */
export class UsageError extends HyperslabError<'UsageError', UsageErrorFields> {
  constructor(fields: UsageErrorFields, options?: ErrorOptions) {
    super('UsageError', fields.problem, fields, options);
  }
}

export interface UsageErrorFields {
  readonly problem: string;
  /** The file that the argument names. */
  readonly path?: string;
}

/** A refusal that was thrown after the work had begun: something was written, so the exit code is 1. */
export class LateError extends HyperslabError<'LateError'> {
  constructor(fields: object, options: { readonly cause: Error }) {
    super('LateError', options.cause.message, fields, options);
  }
}

export interface ManifestErrorFields {
  /** Path of the manifest, as given on the command line. */
  readonly path: string;
  /** Where in the manifest, and what is wrong there. */
  readonly problems: readonly LocatedProblem[];
}

export interface LocatedProblem extends Problem {
  /** Line of the manifest; left out if the problem is about no line of it. */
  readonly line?: number;
}

/** The manifest cannot be read, or its description is invalid. The message has one line per problem. */
export class ManifestError extends HyperslabError<'ManifestError', ManifestErrorFields> {
  constructor(fields: ManifestErrorFields, options?: ErrorOptions) {
    const lines = fields.problems.map(({ message }) => message);
    super('ManifestError', lines.join('\n'), fields, options);
  }
}
