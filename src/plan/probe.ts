import { type BulkData, bulkData, type ResolvedDescription } from '../description/index.js';
import { within } from '../hyperslab-error.js';
import type { Hyperslab } from '../layout/index.js';
import type { BulkInfo } from '../nwb/index.js';
import {
  expandSource,
  openSource,
  placeAsWritten,
  type ReadableSpec,
  SourceError,
  type SourceInfo,
  type SourceReader,
} from '../sources/index.js';
import {
  type AbstractDataChunkIterator,
  checkIterator,
  dtypeOf,
  isDataChunkIterator,
  type NdArray,
} from '../streams/index.js';

/** A source that is open, and the type and shape of its data. */
export interface ProbedSource {
  readonly kind: 'source';
  /** Glob patterns are replaced by the files that they matched, so that workers read the same files. */
  readonly source: ReadableSpec;
  readonly info: SourceInfo;
  readonly scratchBytes: (slab: Hyperslab) => number;
  readonly read: SourceReader['read'];
  readonly close: () => void | Promise<void>;
}

/** Data from this program: an array, or an iterator that is ready to be read. */
export interface ProbedBlocks {
  readonly kind: 'stream';
  readonly blocks: NdArray | AbstractDataChunkIterator;
  readonly info: BulkInfo;
  readonly recommendedChunk?: readonly number[] | null | undefined;
}

export type Probed = ProbedSource | ProbedBlocks;

/** The opened data of all bulk datasets of a description, by the identity of their description. */
export class Probes {
  readonly #probed: ReadonlyMap<BulkData, Probed>;
  readonly #places: ReadonlyMap<BulkData, string>;

  private constructor(
    probed: ReadonlyMap<BulkData, Probed>,
    places: ReadonlyMap<BulkData, string>,
  ) {
    this.#probed = probed;
    this.#places = places;
  }

  /**
   * Opens the data of all bulk datasets.
   *
   * @throws SourceError if a source can't be used, DataError if an iterator lacks its type or shape; errors
   * that an iterator throws before its first element
   */
  static async of(description: ResolvedDescription): Promise<Probes> {
    const probed = new Map<BulkData, Probed>();
    const all = bulkData(description);
    const probes = new Probes(probed, new Map(all.map(({ data, place }) => [data, place])));
    try {
      for (const { label, place, data } of all)
        probed.set(data, await within(place, () => probe(data, `/${label}`)));
    } catch (error) {
      await probes.close();
      throw error;
    }
    return probes;
  }

  get infos(): ReadonlyMap<BulkData, BulkInfo> {
    return new Map([...this.#probed].map(([data, { info }]) => [data, info]));
  }

  get(data: BulkData): Probed {
    return this.#probed.get(data) as Probed;
  }

  /** The place of data in the description. */
  place(data: BulkData): string {
    return this.#places.get(data) as string;
  }

  async close(): Promise<void> {
    for (const probed of this.#probed.values()) if (probed.kind === 'source') await probed.close();
  }
}

async function probe(data: BulkData, name: string): Promise<Probed> {
  if (!('source' in data)) return probeBlocks(data.data, name);
  return within('source', () => probeSource(readable(data)));
}

/** The source of a dataset, with the conversion to seconds if there is one. */
function readable({ source, scale, offset }: Extract<BulkData, { source: unknown }>): ReadableSpec {
  if (scale === undefined && offset === undefined) return source;
  return { type: 'scaled', source, scale, offset };
}

/**
 * Learns type and shape of an array or an iterator. The first element of an iterator may be read for it.
 *
 * @param name of the dataset, in messages
 * @throws DataError if an iterator lacks its type or shape; errors that the iterator throws
 */
export async function probeBlocks(
  blocks: NdArray | AbstractDataChunkIterator,
  name: string,
): Promise<ProbedBlocks> {
  if (!isDataChunkIterator(blocks))
    return {
      kind: 'stream',
      blocks,
      info: { dtype: dtypeOf(blocks.data), shape: blocks.shape },
    };
  await blocks.prepare?.();
  checkIterator(blocks, `the data of ${name}`);
  const { dtype, maxshape, recommendedDataShape, recommendedChunkShape } = blocks;
  // Unlimited axes begin with length 0.
  const shape = recommendedDataShape ?? maxshape.map((length) => length ?? 0);
  const info = { dtype, shape, maxshape };
  return { kind: 'stream', blocks, info, recommendedChunk: recommendedChunkShape };
}

/** Opens a source. @throws SourceError if the source can't be used */
export async function probeSource(spec: ReadableSpec): Promise<ProbedSource> {
  const source = expandSource(spec);
  const reader = await openSource(source).catch((error: unknown) => {
    if (error instanceof SourceError && error.place !== undefined)
      error.place = placeAsWritten(spec, error.place);
    throw error;
  });
  return {
    kind: 'source',
    source,
    info: reader.info,
    scratchBytes: (slab) => reader.scratchBytes(slab),
    read: (slab, scratch) => reader.read(slab, scratch),
    close: () => reader.close(),
  };
}
