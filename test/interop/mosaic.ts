import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Description, SourceSpec } from '../../src/index.js';
import { DTYPES, type DType } from '../../src/layout/index.js';
import { runPython } from '../support/python.js';
import { session } from './session.js';

/** A file that mosaic_sources.py writes. */
interface MadeFile {
  readonly path: string;
  readonly dtype: DType;
  readonly shape: readonly number[];
  readonly order: 'C' | 'F';
  readonly endian: 'little' | 'big';
  /** For a raw array, bytes of garbage before it; for a .npy file, the version of the format. */
  readonly offset?: number;
  readonly version?: number;
}

type FileFields = Partial<Pick<MadeFile, 'order' | 'endian' | 'offset' | 'version'>>;
type Columns = string | number[];
type Series = NonNullable<Description['acquisition']>[number];
type Bulk = Extract<Series['data'], { source: unknown }>;
type Storage = Omit<Bulk, 'source'>;

/** The raw and .npy files that the sources of a mosaic read, in the order in which they are made. */
class Files {
  readonly made: MadeFile[] = [];

  raw(dtype: DType, shape: number[], fields: FileFields = {}, columns?: Columns): SourceSpec {
    const { path, order, endian } = this.#add('bin', dtype, shape, fields);
    const { offset } = fields;
    // The length of axis 0 comes from the file's size.
    const rest = { dtype, shape: [null, ...shape.slice(1)], order, endian };
    return { type: 'raw', path, ...rest, ...(offset && { offset }), ...(columns && { columns }) };
  }

  npy(dtype: DType, shape: number[], fields: FileFields = {}, columns?: Columns): SourceSpec {
    const { path } = this.#add('npy', dtype, shape, { version: 1, ...fields });
    return { type: 'npy', path, ...(columns && { columns }) };
  }

  /** Adds the files PREFIX0.bin, PREFIX1.bin and so on, which a source names by a pattern. */
  numbered(prefix: string, count: number, dtype: DType, shape: number[], fields: FileFields): void {
    for (let number = 0; number < count; number++)
      this.made.push({
        ...{ path: `${prefix}${number}.bin`, dtype, order: 'C', endian: 'little' },
        shape,
        ...fields,
      });
  }

  #add(extension: string, dtype: DType, shape: number[], fields: FileFields): MadeFile {
    const path = `${this.made.length}.${extension}`;
    const file: MadeFile = { path, dtype, shape, order: 'C', endian: 'little', ...fields };
    this.made.push(file);
    return file;
  }
}

/** Shapes of 1 to 4 axes, and chunks that do not divide them. */
const SHAPES = [[2003], [1009, 7], [503, 5, 3], [211, 4, 3, 2]];
const CHUNKS = [[300], [128, 3], [100, 2, 2], [50, 3, 2, 2]];

/** Every filter alone, all filters, and none; some with fill values and maxshapes. */
const STORAGE: readonly Storage[] = [
  {},
  { compression: false },
  { compression: 'gzip', compressionOpts: 9, shuffle: false, fillvalue: 7 },
  { compression: false, fletcher32: true, shuffle: false },
  { compression: 'gzip', compressionOpts: 1, shuffle: true, fletcher32: true },
  { compression: false, shuffle: true, fillvalue: 99 },
  { compression: 'gzip', compressionOpts: 0, shuffle: false },
];

/** Fully chunked, and every second one resizable along time. */
function storage(index: number, shape: readonly number[]): Storage {
  const rest = shape.slice(1);
  return {
    chunks: CHUNKS[shape.length - 1],
    ...STORAGE[index % STORAGE.length],
    ...(index % 2 === 0 && { maxshape: [null, ...rest] }),
  };
}

/** All dtypes x orders x endians, each dtype in every rank. */
function raws(files: Files): Bulk[] {
  return DTYPES.flatMap((dtype, row) =>
    (['C', 'F'] as const).flatMap((order, column) =>
      (['little', 'big'] as const).map((endian, cell) => {
        const shape = SHAPES[(row + 2 * column + cell) % SHAPES.length];
        const offset = (row % 3) * 13;
        const index = row * 4 + column * 2 + cell;
        const source = files.raw(dtype, shape, { order, endian, offset });
        return { source, ...storage(index, shape) };
      }),
    ),
  );
}

/** All versions of the format x orders x endians, over all dtypes. */
function npys(files: Files): Bulk[] {
  return [1, 2, 3].flatMap((version) =>
    (['C', 'F'] as const).flatMap((order, column) =>
      (['little', 'big'] as const).map((endian, cell) => {
        const index = version * 4 + column * 2 + cell;
        const shape = SHAPES[(index + version) % SHAPES.length];
        const dtype = DTYPES[(index * 3) % DTYPES.length];
        return {
          source: files.npy(dtype, shape, { version, order, endian }),
          ...storage(index, shape),
        };
      }),
    ),
  );
}

/** Selections and new orders of columns. */
function columns(files: Files): Bulk[] {
  const big = { endian: 'big' } as const;
  const fortran = { order: 'F' } as const;
  const chunks = [200, null];
  return [
    { source: files.raw('int16', [1009, 9], {}, '1:8:2'), chunks },
    { source: files.raw('int32', [1009, 9], big, '::-1'), chunks },
    { source: files.raw('float32', [1009, 9], fortran, [5, 0, 3]), chunks },
    { source: files.raw('uint64', [1009, 9], { ...fortran, ...big }, [8, 7, 0, 1]), chunks },
    { source: files.raw('uint8', [503, 5, 6], {}, ':4'), chunks: [99, 2, null] },
    { source: files.npy('float64', [1009, 9], { ...big, version: 2 }, '-3:'), chunks },
    { source: files.npy('int8', [1009, 9], { ...fortran, version: 3 }, [2, 6]), chunks },
  ];
}

/** Files one after the other, and channels side by side, also within each other. */
function parts(files: Files): Bulk[] {
  const big = { endian: 'big' } as const;
  const half = (lengths: number[]): SourceSpec => ({
    type: 'concat',
    sources: lengths.map((length) => files.raw('int16', [length])),
  });
  files.numbered('run', 3, 'int16', [401, 6], { order: 'F' });
  files.numbered('ch', 12, 'uint16', [1501], { offset: 16 });
  return [
    {
      source: {
        type: 'concat',
        sources: [
          files.raw('int32', [307, 5]),
          files.raw('int32', [11, 5], { ...big, order: 'F' }),
          files.npy('int32', [499, 5], big),
        ],
      },
      chunks: [100, 2],
    },
    {
      source: {
        type: 'concat',
        files: 'run*.bin',
        each: { type: 'raw', dtype: 'int16', shape: [null, 6], order: 'F', columns: '::-1' },
      },
      chunks: [128, 4],
      maxshape: [null, 6],
    },
    {
      source: {
        type: 'stack',
        files: 'ch*.bin',
        each: { type: 'raw', dtype: 'uint16', shape: [null], offset: 16 },
      },
      chunks: [200, 5],
    },
    {
      source: {
        type: 'stack',
        sources: [
          files.npy('float64', [1201, 1]),
          files.npy('float64', [1201], big),
          files.raw('float64', [1201, 1], big),
        ],
      },
      chunks: [256, 2],
    },
    {
      source: { type: 'stack', sources: [half([300, 701]), half([1000, 1])] },
      chunks: [100, null],
    },
    {
      source: {
        type: 'concat',
        sources: [150, 351].map((length) => ({
          type: 'stack' as const,
          sources: [files.raw('uint32', [length]), files.raw('uint32', [length], big)],
        })),
      },
      chunks: [90, 1],
    },
  ];
}

/** A user's module, which reads a whole .bin file and returns views of it. */
const MODULE = `import { readFileSync } from 'node:fs';

const ARRAYS = { uint8: Uint8Array, int64: BigInt64Array, float32: Float32Array };

export async function open({ path, dtype, shape }) {
  const { buffer, byteOffset, byteLength } = readFileSync(path);
  const values = new ARRAYS[dtype](buffer.slice(byteOffset, byteOffset + byteLength));
  const width = shape.slice(1).reduce((product, length) => product * length, 1);
  return {
    dtype,
    shape,
    // Whole rows, then the requested columns.
    read([from, ...start], [rows, ...count]) {
      const size = count.reduce((product, length) => product * length, 1);
      const result = new ARRAYS[dtype](rows * size);
      for (let row = 0; row < rows; row++)
        for (let at = 0; at < size; at++) {
          let rest = at, column = 0, stride = 1;
          for (let axis = count.length - 1; axis >= 0; axis--) {
            column += (start[axis] + (rest % count[axis])) * stride;
            rest = Math.floor(rest / count[axis]);
            stride *= shape[axis + 1];
          }
          result[row * size + at] = values[(from + row) * width + column];
        }
      return result;
    },
    close() {},
  };
}
`;

function modules(files: Files, folder: string): Bulk[] {
  writeFileSync(join(folder, 'reader.mjs'), MODULE);
  return (['uint8', 'int64', 'float32'] as const).map((dtype, index) => {
    const shape = SHAPES[index + 1];
    const made = files.raw(dtype, shape) as Extract<SourceSpec, { type: 'raw' }>;
    const options = { path: join(folder, made.path), dtype, shape };
    return {
      source: { type: 'module', path: 'reader.mjs', options },
      ...storage(index, shape),
    };
  });
}

/** Chunk shapes that the planner chooses. */
function strategies(files: Files): Bulk[] {
  const chunks = ['auto', 'hdmf', 'neuroconv', 'h5py'] as const;
  return [
    ...chunks.map((rule) => ({ source: files.raw('int16', [20_011, 17]), chunks: rule })),
    { source: files.raw('int16', [20_011, 17]), chunks: [null, 4], chunkTarget: '32KiB' },
    // Enough chunks for several jobs per dataset.
    { source: files.raw('int16', [200_003, 16]), chunks: [1000, 7], chunkTarget: '32KiB' },
  ];
}

/** Three axes: time, channels, bands. */
function electrical(files: Files): Series {
  return {
    type: 'ElectricalSeries',
    name: 'bands',
    description: 'Time x channels x bands',
    rate: 30_000,
    conversion: 1e-6,
    channelConversion: [1, 2, 3, 4, 5],
    electrodes: [0, 2, 4, 6, 8],
    data: { source: files.raw('int16', [503, 5, 3]), chunks: [100, 2, 3] },
  };
}

/**
 * A description with every kind of source, dtype, order and endian, in 1 to 4 dimensions, and every
 * way to store them. Its sources are in `folder`, written by numpy from a fixed seed.
 */
export async function makeMosaic(folder: string): Promise<Description> {
  const files = new Files();
  const bulks = [raws, npys, columns, parts, strategies].flatMap((kind) => kind(files));
  bulks.push(...modules(files, folder));
  const series = bulks.map((data, index): Series => {
    const name = `${data.source.type}${index}`;
    const description = `Data of the source ${name}`;
    return { type: 'TimeSeries', name, description, unit: 'a.u.', rate: 1000, data };
  });
  const acquisition = [...series, electrical(files)];
  const request = JSON.stringify({ folder, files: files.made });
  await runPython('mosaic_sources.py', [], { stdin: request });
  return session({ path: 'mosaic.nwb', acquisition });
}
