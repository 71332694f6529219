import { ChunkWriter, type Dataset, type File, type Hyperslab } from '../../src/hdf5/index.js';

/** Numbers from 0 up to, but not including, `limit`; the same in every run. */
export function seeded(seed: number): (limit: number) => number {
  let state = seed >>> 0;
  return (limit) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * limit);
  };
}

/** Chunks that are written but not yet part of their dataset. */
export interface Pending {
  readonly dataset: Dataset;
  readonly slab: Hyperslab;
  readonly placements: Float64Array;
}

/** A two-dimensional dataset of int16, and a model of its values. */
export class Target {
  readonly dataset: Dataset;
  readonly #fill: number;
  readonly #chunk: readonly number[];
  #shape: readonly number[];
  #values: Int16Array;

  constructor(dataset: Dataset) {
    this.dataset = dataset;
    this.#chunk = dataset.chunks as readonly number[];
    this.#shape = dataset.shape;
    this.#fill = Number(dataset.fillvalue?.[0]);
    this.#values = (dataset.read().data as Int16Array).slice();
  }

  get value() {
    return { dtype: 'int16', shape: this.#shape, data: this.#values } as const;
  }

  get growsAlong(): readonly number[] {
    return [0, 1].filter((axis) => this.dataset.maxshape[axis] === null);
  }

  /** A hyperslab of whole chunks. */
  slab(random: (limit: number) => number): Hyperslab {
    const start: number[] = [];
    const count: number[] = [];
    for (const [axis, length] of this.#shape.entries()) {
      const chunk = this.#chunk[axis];
      const chunks = Math.ceil(length / chunk);
      const first = random(chunks);
      const most = length - first * chunk;
      start.push(first * chunk);
      count.push(Math.min(most, (1 + random(chunks - first)) * chunk));
    }
    return { start, count };
  }

  /** Sets new values in a hyperslab of the model. */
  change(slab: Hyperslab, next: (index: number) => number): void {
    const [row, column] = slab.start;
    for (let i = 0; i < slab.count[0]; i++)
      for (let k = 0; k < slab.count[1]; k++)
        this.#values[(row + i) * this.#shape[1] + column + k] = next(i * slab.count[1] + k);
  }

  /** Encodes a hyperslab of the model and writes it to the file, without libhdf5. */
  write(file: File, slab: Hyperslab): Pending {
    const { dataset } = this;
    if (typeof dataset.filters === 'string') throw new Error(`can not encode ${dataset.filters}`);
    using writer = new ChunkWriter(file.token, {
      itemSize: 2,
      chunk: this.#chunk,
      extent: this.#shape,
      fillvalue: new Uint8Array(Int16Array.of(this.#fill).buffer),
      filters: dataset.filters,
    });
    const bytes = new Uint8Array(this.#values.buffer);
    const steps = [this.#shape[1] * 2, 2];
    const offset = slab.start[0] * steps[0] + slab.start[1] * 2;
    const { placements } = writer.write([{ ...slab, bytes, offset, steps, swap: false }], slab);
    return { dataset, slab, placements };
  }

  /** Writes a hyperslab of the model through libhdf5. */
  writeThrough(slab: Hyperslab): void {
    const data = new Int16Array(slab.count[0] * slab.count[1]);
    for (let i = 0; i < slab.count[0]; i++) {
      const from = (slab.start[0] + i) * this.#shape[1] + slab.start[1];
      data.set(this.#values.subarray(from, from + slab.count[1]), i * slab.count[1]);
    }
    this.dataset.write(data, slab);
  }

  resize(shape: readonly number[]): void {
    const values = new Int16Array(shape[0] * shape[1]).fill(this.#fill);
    for (let i = 0; i < Math.min(shape[0], this.#shape[0]); i++)
      for (let k = 0; k < Math.min(shape[1], this.#shape[1]); k++)
        values[i * shape[1] + k] = this.#values[i * this.#shape[1] + k];
    this.dataset.resize(shape);
    this.#shape = shape;
    this.#values = values;
  }
}

/** Where stored chunks lie: address, length and dataset. */
export function extents({ dataset }: Target): (readonly [number, number, string])[] {
  const { shape } = dataset;
  const found = dataset.locate([0, 0], shape);
  const list: (readonly [number, number, string])[] = [];
  for (let at = 0; at < found.length; at += 3)
    if (found[at] >= 0) list.push([found[at], found[at + 1], `${dataset.path} chunk ${at / 3}`]);
  return list;
}
