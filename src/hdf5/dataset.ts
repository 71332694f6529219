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

/** Per axis, in elements: `count` indices from `start` on, `step` apart (default: 1). */
export interface RegularSelection {
  readonly start: readonly number[];
  readonly count: readonly number[];
  readonly step?: readonly number[];
}

export interface DatasetOptions {
  readonly dtype: Datatype;
  /** Extent in elements; `[]` for a scalar. */
  readonly shape: readonly number[];
  /** Largest extent; null along unlimited axes. Default: the shape */
  readonly maxshape?: readonly (number | null)[];
  /** Default: `chunked` if `chunks` is given, else `contiguous` */
  readonly layout?: 'contiguous' | 'compact' | 'chunked';
  /** Shape of a chunk, in elements. */
  readonly chunks?: readonly number[];
  /** In the order in which they are applied on writing. Default: none */
  readonly filters?: readonly Filter[];
  /** One item. Default: zero */
  readonly fillvalue?: Value['data'];
}

type FilterOf = (parameters: readonly number[], itemSize: number) => Filter | undefined;

const NATIVE_FILTERS: Record<number, FilterOf> = {
  1: (parameters) => ({ kind: 'deflate', level: parameters[0] ?? 6 }),
  // libhdf5 uses the parameter instead of the item size; h5lib's filter can't if they differ.
  2: ([size], itemSize) => (size === itemSize ? { kind: 'shuffle' } : undefined),
  3: () => ({ kind: 'fletcher32' }),
};

export class Dataset extends HdfObject {
  readonly #info: NativeDatasetInfo;
  /** Undefined until it is read; null if the dataset has none. */
  #fillvalue: Uint8Array | null | undefined;

  constructor(handle: Handle, path: string) {
    super(handle, path);
    this.#info = native.datasetInfo(handle);
  }

  get dtype(): StoredDatatype {
    return this.#info.dtype;
  }

  /** Bytes of one item in the file. */
  get itemSize(): number {
    return this.#info.itemSize;
  }

  get bigEndian(): boolean {
    return this.#info.bigEndian;
  }

  get layout(): NativeDatasetInfo['layout'] {
    return this.#info.layout;
  }

  /** Largest extent, null along unlimited axes; lengths of 2^53 or more, which no extent reaches, are rounded. */
  get maxshape(): readonly (number | null)[] {
    return this.#info.maxshape.map((length) => (length === null ? null : Number(length)));
  }

  /** Largest extent, null along unlimited axes; lengths of 2^53 or more are bigints. */
  get exactMaxshape(): readonly (number | bigint | null)[] {
    return this.#info.maxshape;
  }

  /** Shape of a chunk in elements; null if the dataset is not chunked. */
  get chunks(): readonly number[] | null {
    // Only damaged files have chunks of 2^53 elements or more; rounding them does no harm.
    return this.#info.chunks?.map(Number) ?? null;
  }

  /** All filters, including those that h5lib can't encode. */
  get storedFilters(): readonly StoredFilter[] {
    return this.#info.filters;
  }

  /** The filters, if h5lib can encode and decode all of them; else the name of the first that it can't. */
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
   * Whether chunks that reach beyond the extent are stored without filters, regardless of their filter
   * mask (`H5D_CHUNK_DONT_FILTER_PARTIAL_CHUNKS`).
   */
  get unfilteredEdges(): boolean {
    return this.#info.unfilteredEdges && this.#info.filters.length > 0;
  }

  /** Other files that hold the values (`H5Pset_external`); none if this file holds them. */
  get externalFiles(): readonly string[] {
    return this.#info.externalFiles;
  }

  /** The datasets that a virtual dataset consists of, one entry per part; undefined for other datasets. */
  get virtualSources(): NativeDatasetInfo['virtualSources'] {
    return this.#info.virtualSources;
  }

  /**
   * Where the values lie, in words, if they lie outside this dataset; else undefined. Such values are neither
   * read nor written, because the author of a malicious file could name any file of the user.
   */
  get outside(): string | undefined {
    const { externalFiles, virtualSources } = this.#info;
    if (externalFiles.length > 0) return `in another file, ${externalFiles.join(', ')}`;
    if (!virtualSources) return undefined;
    const sources = virtualSources.map(({ file, path }) => `${path} of ${file}`);
    return `in other datasets${sources.length > 0 ? `, ${[...new Set(sources)].join(', ')}` : ''}`;
  }

  /** The fill value as an array of one item; undefined if none is set, or the items are not numbers. */
  get fillvalue(): Value['data'] | undefined {
    const { dtype } = this.#info;
    if (dtype === 'string' || dtype === 'reference' || dtype === 'unsupported') return undefined;
    this.#fillvalue ??= native.fillValue(this.handle) ?? null;
    return this.#fillvalue ? typedArray(dtype, this.#fillvalue) : undefined;
  }

  /** The present extent, in elements. @throws Hdf5Error for an axis of 2^53 elements or more */
  get shape(): readonly number[] {
    return this.exactShape.map((length) => {
      if (typeof length === 'number') return length;
      throw this.#failure(
        'H5Sget_simple_extent_dims',
        `an axis has ${length} elements, over 2^53 - 1`,
      );
    });
  }

  /** The present extent, in elements; lengths of 2^53 or more are bigints. */
  get exactShape(): readonly (number | bigint)[] {
    return native.datasetInfo(this.handle).shape;
  }

  /** Present size of the stored chunks in bytes, after the filters; rounded from 2^53 on. */
  get storedBytes(): number {
    return Number(native.datasetInfo(this.handle).storedBytes);
  }

  /** Sets the extent, within maxshape. @throws Hdf5Error also if the values lie outside the dataset */
  resize(shape: readonly number[]): void {
    this.#requireInside('H5Dset_extent');
    native.resizeDataset(this.handle, shape);
  }

  /**
   * Writes through libhdf5, on this thread; meant for small data.
   * @param data as many items as the selection holds, in C order
   * @param selection default: the whole extent
   * @throws Hdf5Error also if the values lie outside the dataset
   */
  write(data: Value['data'], selection: RegularSelection | null = null): void {
    this.#requireInside('H5Dwrite');
    native.writeDataset(this.handle, selection, this.dtype, data);
  }

  /**
   * Reads through libhdf5, converted to the host's byte order.
   * @param selection default: the whole extent
   * @throws Hdf5Error also if the values lie outside the dataset
   */
  read(selection: RegularSelection | null = null): Value {
    this.#requireInside('H5Dread');
    return fromNative(native.readDataset(this.handle, selection));
  }

  /**
   * Tells libhdf5 where the first chunks of a hyperslab lie; only metadata are written.
   * @param start first element of the hyperslab
   * @param count elements per axis
   * @param placements of the first chunks, in C order; a chunk that is not stored keeps its old placement
   * @param options.more set if the dataset will not be read before it is closed or `place` is called without
   * this option; saves a look-up
   */
  place(
    start: readonly number[],
    count: readonly number[],
    placements: Placements,
    options: { readonly more?: boolean } = {},
  ): void {
    native.placeChunks(this.handle, start, count, placements, options.more ?? false);
  }

  /**
   * Frees the space of chunks that {@link place} is about to replace. If all chunks of a batch are vacated first, longer
   * ones find room where others were. They must be placed before the file is flushed.
   *
   * @returns whether the space of any chunk was freed
   */
  vacate(start: readonly number[], count: readonly number[], placements: Placements): boolean {
    return native.vacateChunks(this.handle, start, count, placements);
  }

  /** The placements of all chunks of a hyperslab (in elements), in C order of the chunks. */
  locate(start: readonly number[], count: readonly number[]): Placements {
    return asPlacements(native.locateChunks(this.handle, start, count));
  }

  /** The stored bytes of the chunk whose first element is at `offset`; null if the chunk is not stored. */
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
