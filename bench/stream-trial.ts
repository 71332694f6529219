/**
 * One trial: converts the same data as a stream or from their file. Takes its options as JSON, and prints its
 * outcome as JSON.
 */
import { open } from 'node:fs/promises';
import { convert, DataChunkIterator, dataIO } from 'hyperslab';
import { describe, type SeriesData, type Storage, storageOptions } from './description.js';
import { printOutcome } from './outcome.js';
import { CHANNELS } from './recording.js';

export interface StreamTrialOptions extends Storage {
  /** Path of a file of int16, samples x channels. */
  readonly source: string;
  /** `stream`: the coordinator gets blocks; `file`: the workers read the file themselves. */
  readonly from: 'stream' | 'file';
  readonly workers: number;
}

const options = JSON.parse(process.argv[2]) as StreamTrialOptions;

/** Items in as many whole samples as fit into 1 MiB. */
const BLOCK_ITEMS = Math.floor(2 ** 20 / (2 * CHANNELS)) * CHANNELS;

/** Reads a file in blocks. Each block is valid until the next one is requested. */
async function* blocks(path: string): AsyncGenerator<Int16Array, void, undefined> {
  const block = new Int16Array(BLOCK_ITEMS);
  const file = await open(path);
  try {
    for (;;) {
      const { bytesRead } = await file.read(block, 0, block.byteLength, null);
      if (bytesRead === 0) return;
      yield block.subarray(0, bytesRead / block.BYTES_PER_ELEMENT);
    }
  } finally {
    await file.close();
  }
}

function data(): SeriesData {
  const { source, from } = options;
  const storage = storageOptions(options);
  const shape = [null, CHANNELS];
  if (from === 'file')
    return { source: { type: 'raw', path: source, dtype: 'int16', shape }, ...storage };
  const iterator = { yields: 'blocks', dtype: 'int16', maxshape: shape } as const;
  return dataIO(new DataChunkIterator(blocks(source), iterator), storage);
}

const description = describe(options.output, CHANNELS, data());
const idleRss = process.memoryUsage.rss();
const report = await convert(description, { workers: options.workers, overwrite: true });
const { chunksRewritten } = report.datasets[0];
printOutcome(report, { idleRss, rssAboveIdle: report.peakRss - idleRss, chunksRewritten });
