import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { BUILT } from '../support/child.js';

/** Limit of the address space in KiB: enough for Node, too little for a chunk of 4 GiB. */
const LIMIT = 3_900_000;

/** Sanitizers need terabytes of address space, so it can't be limited. */
const isSanitized = process.env.LD_PRELOAD?.includes('asan') ?? false;

test.skipIf(process.platform !== 'linux' || isSanitized)(
  'a chunk that memory is too short for is an error, and the next chunk is encoded',
  async () => {
    const script = `
      import { ChunkCodec } from ${JSON.stringify(BUILT.hdf5)};
      const fillvalue = new Uint8Array(1);
      const filters = [{ kind: 'deflate', level: 1 }];
      for (const items of [2 ** 32 - 1, 4]) {
        const layout = { itemSize: 1, chunk: [items], extent: [items], fillvalue, filters };
        // Every element of the piece lies at the same byte.
        const bytes = Uint8Array.of(7);
        const piece = { start: [0], count: [items], bytes, offset: 0, steps: [0], swap: false };
        const codec = new ChunkCodec(layout);
        for (let time = 0; time < 2; time++)
          try {
            const chunk = codec.encode([piece], [0]);
            console.log(codec.decode(chunk.bytes, chunk.filterMask).join());
          } catch (error) {
            console.log(error.message);
          }
      }`;
    const node = [process.execPath, '--input-type=module', '--eval', script];
    const limited = ['-c', `ulimit -v ${LIMIT}; exec "$@"`, 'bash', ...node];
    const { stdout } = await promisify(execFile)('bash', limited);
    const refused = 'Expected memory for a chunk but there is not enough';
    expect(stdout.trim().split('\n')).toEqual([refused, refused, '7,7,7,7', '7,7,7,7']);
  },
);
