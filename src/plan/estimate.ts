import { ChunkCodec } from '../hdf5/index.js';
import { cellAt, slabSize } from '../layout/index.js';
import { openSource } from '../sources/index.js';
import { isSourced, type PlannedDataset } from './datasets.js';

/** Chunks sampled from a dataset: few, so that the plan is ready at once, but several, because recordings drift. */
const SAMPLES = 5;

/**
 * Bytes that a dataset will take in the file, estimated from a sample of its chunks. For data from this program, the
 * bytes of the values before compression.
 *
 * @throws what the source throws
 */
export async function estimateStored(dataset: PlannedDataset): Promise<number> {
  const { layout, chunkCount, rawBytes } = dataset.spec;
  if (!isSourced(dataset)) return rawBytes;
  if (chunkCount === 0) return 0;
  const grid = { extent: layout.extent, cell: layout.chunk };
  using codec = new ChunkCodec(layout);
  const source = await openSource(dataset.data.source);
  try {
    let raw = 0;
    let stored = 0;
    const compressed = layout.filters.some(({ kind }) => kind === 'deflate');
    const samples = compressed ? Math.min(SAMPLES, chunkCount) : 1;
    for (let sample = 0; sample < samples; sample++) {
      const chunk = cellAt(grid, Math.floor(((sample + 0.5) * chunkCount) / samples));
      const pieces = await source.read(chunk, new Uint8Array(source.scratchBytes(chunk)));
      stored += codec.encode(pieces, chunk.start).bytes.length;
      raw += slabSize(chunk) * layout.itemSize;
    }
    // Chunks at the edge are padded to full size. With compression, the padding costs next to nothing.
    return compressed ? Math.round((rawBytes * stored) / raw) : chunkCount * stored;
  } finally {
    await source.close();
  }
}
