/** What a refused layout was about. */
export interface LayoutErrorFields {
  /** The dataset, as the user knows it, or the option. */
  readonly name: string;
  readonly expected: string;
  readonly received: string;
}

/** A shape, a chunk shape, a slab or an amount that can't be used. */
export class LayoutError extends Error {
  readonly tag = 'LayoutError';
  readonly fields: LayoutErrorFields;

  constructor(fields: LayoutErrorFields, advice = '') {
    super(
      `Expected ${fields.expected} for ${fields.name} but received ${fields.received}${advice && `: ${advice}`}`,
    );
    this.name = 'LayoutError';
    this.fields = fields;
  }
}

/** What was missing for a plan to fit into memory. */
export interface BudgetErrorFields {
  readonly name: string;
  readonly workers: number;
  /** Bytes that were allowed. */
  readonly memory: number;
  /** The fewest bytes with which all workers could work. */
  readonly needed: number;
  /** How many workers could work in `memory`; 0 when not even one could. */
  readonly workersThatFit: number;
}

/** The memory does not hold one chunk of a dataset for each worker. */
export class BudgetError extends Error {
  readonly tag = 'BudgetError';
  readonly fields: BudgetErrorFields;

  constructor(message: string, fields: BudgetErrorFields) {
    super(message);
    this.name = 'BudgetError';
    this.fields = fields;
  }
}
