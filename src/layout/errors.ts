import { type ArgumentFields, HyperslabError } from '../hyperslab-error.js';
import { optionName } from '../surface.js';
import { argumentMessage } from '../wording.js';
import { formatBytes } from './bytes.js';

/** A shape, a chunk shape, a maxshape or a selection that can't be used. */
export class LayoutError extends HyperslabError<'LayoutError', ArgumentFields> {
  constructor(fields: ArgumentFields, options?: ErrorOptions) {
    super('LayoutError', argumentMessage(fields), fields, options);
  }
}

/** By how much a dataset exceeds the memory. */
export interface BudgetErrorFields {
  readonly name: string;
  readonly workers: number;
  /** Bytes that were allowed. */
  readonly memory: number;
  /** The fewest bytes with which all workers could work. */
  readonly needed: number;
  /** How the needed bytes add up, in words. */
  readonly reason: string;
  /** How many workers could work in `memory`; 0 if not even one could. */
  readonly workersThatFit: number;
}

/** The memory does not hold one chunk of a dataset for each worker. */
export class BudgetError extends HyperslabError<'BudgetError', BudgetErrorFields> {
  constructor(fields: BudgetErrorFields, options?: ErrorOptions) {
    const { name, reason, needed, memory, workersThatFit } = fields;
    const message = argumentMessage({
      name: `${name} (${reason})`,
      expected: `at least ${exactBytes(needed)} of memory`,
      received: exactBytes(memory),
      hint: adviceFor(workersThatFit),
    });
    super('BudgetError', message, fields, options);
  }
}

function adviceFor(workersThatFit: number): string {
  const memory = optionName('memory');
  return workersThatFit > 0
    ? `raise ${memory}, lower ${optionName('workers')} to ${workersThatFit}, or choose smaller chunks`
    : `raise ${memory}, or choose smaller chunks`;
}

/** Bytes in binary units, followed by the exact number: `1.5 KiB (1536 B)`. */
export function exactBytes(bytes: number): string {
  return bytes < 1024 ? formatBytes(bytes) : `${formatBytes(bytes)} (${bytes} B)`;
}
