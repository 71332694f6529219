import { availableParallelism } from 'node:os';
import { inspect } from 'node:util';
import { type FormatBound, formatBytes, parseMemory } from './layout/index.js';
import { availableMemory } from './memory-limit.js';
import { OptionError, optionNames, requireKnown } from './option-error.js';
import type { Progress } from './progress.js';
import type { ConversionStart } from './series-summary.js';

export interface ConvertOptions {
  /**
   * Number of worker threads, 1 to 1024. Default: as many as the machine can run at once, or fewer if the memory
   * does not hold a chunk for each.
   */
  readonly workers?: number;
  /**
   * Memory that all workers together may use, in bytes or with a unit: `'2GiB'` and `'2G'` are 2 * 2^30 bytes,
   * `'2GB'` is 2 * 10^9. Default: a quarter of the memory of the machine or container.
   */
  readonly memory?: number | string;
  /**
   * Replace an existing file once the new one is complete, and discard an interrupted conversion to the same
   * path. Default: false.
   */
  readonly overwrite?: boolean;
  /**
   * Lower bound of the file format. Default: `earliest`, which every reader supports. `v110` has smaller and
   * faster chunk indexes, but needs HDF5 1.10 or newer to read.
   */
  readonly libver?: FormatBound;
  /** Stops the conversion between two chunks; its reason is then thrown. */
  readonly signal?: AbortSignal;
  /**
   * Keep the partial file and its journal if the conversion fails or is stopped, so that it can be resumed.
   * Default: true.
   */
  readonly keepPartial?: boolean;
  /**
   * Continue an interrupted conversion to the same path, if there is one. Sources and description must be the
   * same. Iterators and arrays must give all their data again, unless all had arrived; to keep data that a flush
   * acknowledged, use `recover`. Default: false.
   */
  readonly resume?: boolean;
  /**
   * When resuming, first compare all stored chunks with their checksums, and redo the chunks that fail. A source
   * that has the same size but another modification time is then compared with the stored values, instead of
   * being refused. Default: false.
   */
  readonly check?: boolean;
  /**
   * Which crashes recorded chunks survive. `process` (default): any end of the process. `power`: also a crash of
   * the machine, except for the last second, because the file is synced once a second. A resumed conversion
   * keeps the durability with which it began.
   */
  readonly durability?: Durability;
  /**
   * Called once before the first job and after each job. An error thrown here stops the conversion. A returned
   * promise is not awaited, so an async function must catch its own errors.
   */
  readonly onProgress?: (progress: Progress) => void;
  /**
   * Called once before anything is written, with what a sample of the data looks like and the warnings so far. An
   * error thrown here stops the conversion, and leaves no file. A returned promise is not awaited. Not called if the
   * conversion was interrupted after its file was complete.
   */
  readonly onStart?: (start: ConversionStart) => void;
  /** Folder from which relative paths count. Default: the working directory. */
  readonly baseDir?: string;
  /**
   * Whether sources may be modules, whose code runs when they are opened. Pass `false` for descriptions,
   * manifests and journals from others: modules are then refused before any is loaded. Default: true.
   */
  readonly modules?: boolean;
}

export interface ResolvedOptions
  extends Required<
    Omit<ConvertOptions, 'memory' | 'durability' | 'signal' | 'onProgress' | 'onStart'>
  > {
  /** Whether `workers` is the default, so that fewer workers may do the work if the memory is too small for all. */
  readonly mayUseFewer: boolean;
  /** bytes */
  readonly memory: number;
  readonly durability: Durability | undefined;
  readonly signal: AbortSignal | undefined;
  readonly onProgress: ((progress: Progress) => void) | undefined;
  readonly onStart: ((start: ConversionStart) => void) | undefined;
}

const CONVERT_OPTIONS = optionNames<ConvertOptions>({
  workers: 1,
  memory: 1,
  overwrite: 1,
  libver: 1,
  signal: 1,
  keepPartial: 1,
  resume: 1,
  check: 1,
  durability: 1,
  onProgress: 1,
  onStart: 1,
  baseDir: 1,
  modules: 1,
});

/** Far more threads than any machine can run at once. */
const MAX_WORKERS = 1024;

/** Checks options and sets their defaults. @throws OptionError if an option is unknown or invalid */
export function resolveOptions(options: ConvertOptions): ResolvedOptions {
  requireKnown(options, CONVERT_OPTIONS);
  checkKinds(options);
  const workers = options.workers ?? availableParallelism();
  if (!Number.isInteger(workers) || workers < 1 || workers > MAX_WORKERS)
    refuse('workers', `a whole number from 1 to ${MAX_WORKERS}`, String(workers));
  const memory =
    options.memory === undefined
      ? Math.floor(availableMemory() / 4)
      : parseMemory(options.memory, 'memory');
  if (memory === 0) refuse('memory', 'an amount above 0', formatBytes(memory));
  const libver = options.libver ?? 'earliest';
  if (libver !== 'earliest' && libver !== 'v110')
    refuse('libver', "'earliest' or 'v110'", `'${libver}'`);
  const { durability } = options;
  if (durability !== undefined && durability !== 'process' && durability !== 'power')
    refuse('durability', "'process' or 'power'", show(durability));
  return {
    workers,
    mayUseFewer: options.workers === undefined,
    memory,
    libver,
    durability,
    overwrite: options.overwrite ?? false,
    keepPartial: options.keepPartial ?? true,
    resume: options.resume ?? false,
    check: options.check ?? false,
    baseDir: options.baseDir ?? process.cwd(),
    modules: options.modules ?? true,
    signal: options.signal,
    onProgress: options.onProgress,
    onStart: options.onStart,
  };
}

/** Callers in JavaScript: the text 'false' would count as true, and overwrite a file. */
function checkKinds(options: ConvertOptions): void {
  const { overwrite, keepPartial, resume, check, modules, signal, baseDir } = options;
  const { onProgress, onStart } = options;
  for (const [name, value] of Object.entries({ overwrite, keepPartial, resume, check, modules }))
    if (typeof (value ?? false) !== 'boolean') refuse(name, 'true or false', show(value));
  for (const [name, value] of Object.entries({ onProgress, onStart }))
    if (typeof (value ?? Number) !== 'function') refuse(name, 'a function', show(value));
  if (typeof (baseDir ?? '') !== 'string') refuse('baseDir', 'the path of a folder', show(baseDir));
  if (typeof (signal?.throwIfAborted ?? (signal ? undefined : Number)) !== 'function')
    refuse('signal', 'an AbortSignal', show(signal));
}

function show(value: unknown): string {
  return typeof value === 'string' ? `'${value}'` : inspect(value, { depth: 0 });
}

function refuse(name: string, expected: string, received: string): never {
  throw new OptionError({ name, expected, received });
}
/**
 * Which crashes recorded chunks survive. `process`: any end of the process. `power`: also a crash of the machine,
 * except for the last second.
 */
export type Durability = 'process' | 'power';
