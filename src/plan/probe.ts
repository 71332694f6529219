import { type BulkData, bulkData, type ResolvedDescription } from '../description/index.js';
import type { Hyperslab } from '../layout/index.js';
import type { BulkInfo } from '../nwb/index.js';
import { expandSource, openSource, type SourceInfo, type SourceSpec } from '../sources/index.js';
import {
  type AbstractDataChunkIterator,
  checkIterator,
  dtypeOf,
  isDataChunkIterator,
  type NdArray,
} from '../streams/index.js';

/** A source that was opened to learn what it holds. */
export interface ProbedSource {
  readonly kind: 'source';
  /** With the files that its patterns matched, so that workers read the same ones. */
  readonly source: SourceSpec;
  readonly info: SourceInfo;
  readonly scratchBytes: (slab: Hyperslab) => number;
  readonly close: () => void | Promise<void>;
}

/** Data that come from this program: an array, or an iterator that is ready to be asked. */
export interface ProbedBlocks {
  readonly kind: 'stream';
  readonly blocks: NdArray | AbstractDataChunkIterator;
  readonly info: BulkInfo;
  readonly recommendedChunk?: readonly number[] | null | undefined;
}

export type Probed = ProbedSource | ProbedBlocks;

/** What the bulk datasets of a description hold, by identity. */
export class Probes {
  readonly #probed: ReadonlyMap<BulkData, Probed>;

  private constructor(probed: ReadonlyMap<BulkData, Probed>) {
    this.#probed = probed;
  }

  /** @throws SourceError, DataError, or what an iterator throws before its first element */
  static async of(description: ResolvedDescription): Promise<Probes> {
    const probed = new Map<BulkData, Probed>();
    const probes = new Probes(probed);
    try {
      for (const { label, data } of bulkData(description))
        probed.set(data, await probe(data, `/${label}`));
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

  async close(): Promise<void> {
    for (const probed of this.#probed.values()) if (probed.kind === 'source') await probed.close();
  }
}

async function probe(data: BulkData, name: string): Promise<Probed> {
  return 'source' in data ? probeSource(data.source) : probeBlocks(data.data, name);
}

/**
 * Learns what an array or an iterator will bring; of the latter it may read the first element.
 *
 * @param name of the dataset, in messages
 * @throws DataError for an iterator that does not say what has to be known; what it throws itself
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
  // What may grow without end begins with nothing.
  const shape = recommendedDataShape ?? maxshape.map((length) => length ?? 0);
  const info = { dtype, shape, maxshape };
  return { kind: 'stream', blocks, info, recommendedChunk: recommendedChunkShape };
}

/** Opens a source. @throws SourceError */
export async function probeSource(spec: SourceSpec): Promise<ProbedSource> {
  const source = expandSource(spec);
  const reader = await openSource(source);
  return {
    kind: 'source',
    source,
    info: reader.info,
    scratchBytes: (slab) => reader.scratchBytes(slab),
    close: () => reader.close(),
  };
}
