import { HyperslabError, type Problem } from '../hyperslab-error.js';

export type { Problem } from '../hyperslab-error.js';

export interface DescriptionErrorFields {
  readonly problems: readonly Problem[];
}

const SHOWN = 5;

/** A description that can't be used. The message has the first few problems, one line each. */
export class DescriptionError extends HyperslabError<'DescriptionError', DescriptionErrorFields> {
  constructor(fields: DescriptionErrorFields, options?: ErrorOptions) {
    const { problems } = fields;
    const lines = problems.slice(0, SHOWN).map((problem) => problem.message);
    if (problems.length > SHOWN) lines.push(`… and ${problems.length - SHOWN} more`);
    super('DescriptionError', lines.join('\n'), fields, options);
  }
}
