import { endianness } from 'node:os';
import { dirname } from 'node:path';
import { pathToFileURL } from 'node:url';
import { inspect } from 'node:util';
import {
  DTYPES,
  type DType,
  ITEM_ARRAYS,
  type ItemArray,
  isDType,
  itemSize,
} from '../../layout/dtype.js';
import { isEmpty, product, shapeText, slabSize } from '../../layout/hyperslab.js';
import { reason } from '../../wording.js';
import { SourceError } from '../errors.js';
import { statFile } from '../reading/positional-read.js';
import type { ModuleSpec } from '../spec.js';
import type { SourceReader } from '../types.js';

type Awaitable<T> = T | Promise<T>;

/** The second argument of `open` of a user's module. */
export interface ModuleContext {
  /** Absolute path of the folder from which relative paths in the options count: the folder of the manifest. */
  readonly baseDir: string;
}

/** What `open(options, context)` of a user's module returns. */
export interface ModuleSource {
  readonly dtype: DType;
  /** Elements per axis. */
  readonly shape: readonly number[];
  /**
   * Reads `count[i]` elements from `start[i]` on along each axis `i`. Returns the typed array of the dtype, in C
   * order; it must not change until the next read.
   */
  read(start: number[], count: number[]): Awaitable<ItemArray>;
  close?(): Awaitable<void>;
}

/**
 * Opens a source that a user's ES module provides.
 *
 * @throws SourceError if the module can't be loaded, throws, or returns an invalid value
 */
export async function openModule(spec: ModuleSpec): Promise<SourceReader> {
  const { path } = spec;
  const file = statFile(path);
  const source = await openUserSource(spec);
  const { dtype, shape } = source;
  const item = itemSize(dtype);
  return {
    info: { dtype, shape: [...shape], storageOrder: shape.map((_, axis) => axis), files: [file] },
    // The data do not go into the scratch memory, but the module's array takes as much memory.
    scratchBytes: (slab) => slabSize(slab) * item,
    async read(slab) {
      if (isEmpty(slab)) return [];
      const call = `read(${shapeText(slab.start)}, ${shapeText(slab.count)})`;
      const data = await attempt(path, call, () => source.read([...slab.start], [...slab.count]));
      checkRead(path, call, data, dtype, slabSize(slab));
      let step = item;
      const steps = slab.count.toReversed().map((length) => {
        const own = step;
        step *= length;
        return own;
      });
      return [
        {
          start: slab.start,
          count: slab.count,
          bytes: new Uint8Array(data.buffer, data.byteOffset, data.byteLength),
          offset: 0,
          steps: steps.reverse(),
          swap: endianness() === 'BE',
        },
      ];
    },
    close: () => attempt(path, 'close()', () => source.close?.()),
  };
}

async function openUserSource({ path, options, baseDir }: ModuleSpec): Promise<ModuleSource> {
  const module: { open?: unknown } = await attempt(
    path,
    'import',
    () => import(pathToFileURL(path).href),
  );
  const { open } = module;
  if (typeof open !== 'function') {
    const received = open === undefined ? 'none' : typeof open;
    throw new SourceError({ path, expected: "an exported function 'open'", received });
  }
  // Journals of earlier versions lack the folder.
  const context: ModuleContext = { baseDir: baseDir ?? dirname(path) };
  const source: Partial<Record<keyof ModuleSource, unknown>> | null = await attempt(
    path,
    'open(options)',
    () => open(options, context),
  );
  const { dtype, shape, read, close } = await attempt(path, 'what open(options) gives', () => ({
    dtype: source?.dtype,
    shape: source?.shape,
    read: source?.read,
    close: source?.close,
  }));
  const refuse = (expected: string, received: unknown): never => {
    const text = inspect(received, { breakLength: Number.POSITIVE_INFINITY });
    throw new SourceError({ path, expected: `${expected} from open(options)`, received: text });
  };
  if (typeof dtype !== 'string' || !isDType(dtype)) {
    refuse(`dtype to be one of ${DTYPES.join(', ')}`, dtype);
  }
  const isLength = (n: unknown): boolean => Number.isSafeInteger(n) && Number(n) >= 0;
  if (!Array.isArray(shape) || shape.length === 0 || !shape.every(isLength)) {
    refuse('shape to be an array of lengths', shape);
  }
  if (!Number.isSafeInteger(product(shape as number[]) * itemSize(dtype as DType))) {
    refuse('shape to be one of less than 2^53 bytes', shape);
  }
  if (typeof read !== 'function') refuse('read to be a function', typeof read);
  if (close !== undefined && typeof close !== 'function') {
    refuse('close to be a function', typeof close);
  }
  return source as ModuleSource;
}

function checkRead(path: string, call: string, data: unknown, dtype: DType, length: number): void {
  const wanted = ITEM_ARRAYS[dtype];
  const received =
    ArrayBuffer.isView(data) && 'length' in data
      ? `${data.constructor.name} of ${data.length}`
      : Object.prototype.toString.call(data).slice(8, -1).toLowerCase();
  // Compared by name, because `instanceof` fails for arrays of another realm.
  if (received !== `${wanted.name} of ${length}`) {
    throw new SourceError({ path, expected: `${wanted.name} of ${length} from ${call}`, received });
  }
}

/** Runs code of the user's module. Wraps its errors in a SourceError with the module's path. */
async function attempt<T>(path: string, what: string, run: () => Awaitable<T>): Promise<T> {
  try {
    return await run();
  } catch (cause) {
    const received = `an error: ${reason(cause)}`;
    throw new SourceError({ path, expected: `${what} to succeed`, received }, { cause });
  }
}
