/** One thing that is wrong with a description. */
export interface Problem {
  /** Path of the field, e.g. `acquisition[0].data`; empty for the description as a whole. */
  readonly path: string;
  /** One complete line, including the path. */
  readonly message: string;
}

const SHOWN = 5;

/** A description that can't be used. The message has the first few problems, one line each. */
export class DescriptionError extends Error {
  readonly tag = 'DescriptionError';
  override readonly name = 'DescriptionError';
  readonly problems: readonly Problem[];

  constructor(problems: readonly Problem[]) {
    const lines = problems.slice(0, SHOWN).map((problem) => problem.message);
    if (problems.length > SHOWN) lines.push(`… and ${problems.length - SHOWN} more`);
    super(lines.join('\n'));
    this.problems = problems;
  }
}
