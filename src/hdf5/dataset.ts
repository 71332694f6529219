import type { Filter } from './chunk-types.js';
import { Hdf5Error } from './errors.js';
import { type Handle, type NativeDatasetInfo, native } from './native.js';
import { fromNative, HdfObject } from './object.js';
import { asPlacements, type Placements } from './placements.js';
import { type Datatype, type StoredDatatype, typedArray, type Value } from './value.js';

/** A filter of a dataset as HDF5 names it. */
export interface StoredFilter {
  /** HDF5's registered number: 1 deflate, 2 shuffle, 3 fletcher32, above 255 a plugin's. */
  readonly id: number;
  readonly name: string;
  readonly parameters: readonly number[];
}

/** A regular selection, in elements; `count` items an axis, `step` apart (1 by default). */
export interface Selection {
  readonly start: readonly number[];
  readonly count: readonly number[];
  readonly step?: readonly number[];
}

export interface DatasetOptions {
  readonly dtype: Datatype;
  /** Extent; `[]` makes a scalar. */
  readonly shape: readonly number[];
  /** Greatest extent; `null` for an unlimited axis. The shape by default. */
  readonly maxshape?: readonly (number | null)[];
  /** `contiguous` by default, `chunked` where `chunks` are given. */
  readonly layout?: 'contiguous' | 'compact' | 'chunked';
  readonly chunks?: readonly number[];
  /** In the order in which they are applied on writing. */
  readonly filters?: readonly Filter[];
  /** One item; zero by default. */
  readonly fillvalue?: Value['data'];
}

type FilterOf = (parameters: readonly number[], itemSize: number) => Filter | undefined;

const NATIVE_FILTERS: Record<number, FilterOf> = {
  1: (parameters) => ({ kind: 'deflate', level: parameters[0] ?? 6 }),
  // libhdf5 shuffles as the parameter says, whatever the items are.
  2: ([size], itemSize) => (size === itemSize ? { kind: 'shuffle' } : undefined),
  3: () => ({ kind: 'fletcher32' }),
};

export class Dataset extends HdfObject {
  readonly #info: NativeDatasetInfo;
  /** Null where there is none. */
  #fillvalue: Uint8Array | null | undefined;

  constructor(handle: Handle, path: string) {
    super(handle, path);
    this.#info = native.datasetInfo(handle);
  }

  get dtype(): StoredDatatype {
    return this.#info.dtype;
  }

  /** Bytes of an item in the file. */
  get itemSize(): number {
    return this.#info.itemSize;
  }

  get bigEndian(): boolean {
    return this.#info.bigEndian;
  }

  get layout(): NativeDatasetInfo['layout'] {
    return this.#info.layout;
  }

  /** Greatest extent, null along axes without bound; rounded from 2^53 on, which no extent reaches. */
  get maxshape(): readonly (number | null)[] {
    return this.#info.maxshape.map((length) => (length === null ? null : Number(length)));
  }

  /** The same with bigints from 2^53 on. */
  get exactMaxshape(): readonly (number | bigint | null)[] {
    return this.#info.maxshape;
  }

  /** Shape of a chunk; null where it is not chunked. */
  get chunks(): readonly number[] | null {
    // Those of 2^53 elements or more are of damaged files, and rounded.
    return this.#info.chunks?.map(Number) ?? null;
  }

  /** All filters, whether h5lib can encode them or not. */
  get storedFilters(): readonly StoredFilter[] {
    return this.#info.filters;
  }

  /** The filters as h5lib encodes and decodes them, or the name of the first that it can't. */
  get filters(): readonly Filter[] | string {
    const filters: Filter[] = [];
    for (const { id, name, parameters } of this.#info.filters) {
      const filter = NATIVE_FILTERS[id]?.(parameters, this.itemSize);
      if (!filter) return name || `filter ${id}`;
      filters.push(filter);
    }
    return filters;
  }

  /**
   * Whether chunks that reach beyond the extent are stored without filters, whatever their filter mask
   * says (`H5D_CHUNK_DONT_FILTER_PARTIAL_CHUNKS`).
   */
  get unfilteredEdges(): boolean {
    return this.#info.unfilteredEdges && this.#info.filters.length > 0;
  }

  /** Files that hold the values in place of this one (`H5Pset_external`). */
  get externalFiles(): readonly string[] {
    return this.#info.externalFiles;
  }

  /** Of a virtual dataset: those that it consists of, once for each of its parts. */
  get virtualSources(): NativeDatasetInfo['virtualSources'] {
    return this.#info.virtualSources;
  }

  /**
   * Where the values lie, in words, if not in this dataset. They are neither read nor written: whoever
   * made the file would choose another file to be read, or overwritten.
   */
  get outside(): string | undefined {
    const { externalFiles, virtualSources } = this.#info;
    if (externalFiles.length > 0) return `in another file, ${externalFiles.join(', ')}`;
    if (!virtualSources) return undefined;
    const sources = virtualSources.map(({ file, path }) => `${path} of ${file}`);
    return `in other datasets${sources.length > 0 ? `, ${[...new Set(sources)].join(', ')}` : ''}`;
  }

  /** One item of the dataset's type; undefined where none is set, or it is no number. */
  get fillvalue(): Value['data'] | undefined {
    const { dtype } = this.#info;
    if (dtype === 'string' || dtype === 'reference' || dtype === 'unsupported') return undefined;
    this.#fillvalue ??= native.fillValue(this.handle) ?? null;
    return this.#fillvalue ? typedArray(dtype, this.#fillvalue) : undefined;
  }

  /** The extent now. @throws Hdf5Error for an axis of 2^53 elements or more */
  get shape(): readonly number[] {
    return this.exactShape.map((length) => {
      if (typeof length === 'number') return length;
      throw this.#failure(
        'H5Sget_simple_extent_dims',
        `an axis has ${length} elements, over 2^53 - 1`,
      );
    });
  }

  /** The same with bigints from 2^53 on. */
  get exactShape(): readonly (number | bigint)[] {
    return native.datasetInfo(this.handle).shape;
  }

  /** Bytes of the stored chunks now, after the filters; rounded from 2^53 on. */
  get storedBytes(): number {
    return Number(native.datasetInfo(this.handle).storedBytes);
  }

  /** Sets the extent, within maxshape. @throws Hdf5Error where the values lie outside, too */
  resize(shape: readonly number[]): void {
    this.#requireInside('H5Dset_extent');
    native.resizeDataset(this.handle, shape);
  }

  /**
   * Writes through libhdf5; for small data.
   * @param data as many items as the selection (or the extent) holds, in C order
   * @throws Hdf5Error where the values lie outside, too
   */
  write(data: Value['data'], selection: Selection | null = null): void {
    this.#requireInside('H5Dwrite');
    native.writeDataset(this.handle, selection, this.dtype, data);
  }

  /**
   * Reads through libhdf5, converted to the host's byte order.
   * @throws Hdf5Error where the values lie outside, too
   */
  read(selection: Selection | null = null): Value {
    this.#requireInside('H5Dread');
    return fromNative(native.readDataset(this.handle, selection));
  }

  /**
   * Tells libhdf5 where the first chunks of a hyperslab lie.
   * @param placements in C order of the chunks; a chunk that is not stored is left as it is
   * @param options.more set if the dataset is not read before the next `place` without this option, or
   * before it is closed; this saves a look-up
   */
  place(
    start: readonly number[],
    count: readonly number[],
    placements: Placements,
    options: { readonly more?: boolean } = {},
  ): void {
    native.placeChunks(this.handle, start, count, placements, options.more ?? false);
  }

  /** Where the chunks of a hyperslab lie, in C order of the chunks. */
  locate(start: readonly number[], count: readonly number[]): Placements {
    return asPlacements(native.locateChunks(this.handle, start, count));
  }

  /** A chunk as it is stored, by the coordinates of its first element; null where it is not. */
  readChunk(offset: readonly number[]): { bytes: Uint8Array; filterMask: number } | null {
    return native.readChunk(this.handle, offset);
  }

  #requireInside(call: string): void {
    const { outside } = this;
    if (outside) throw this.#failure(call, `its values lie ${outside}, which is not followed`);
  }

  #failure(call: string, description: string): Hdf5Error {
    return new Hdf5Error({
      call,
      path: this.path,
      frames: [{ function: call, description, major: '', minor: '' }],
    });
  }
}
