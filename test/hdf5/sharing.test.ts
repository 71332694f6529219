import { spawnSync } from 'node:child_process';
import { closeSync, mkdirSync, openSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { type ChunkLayout, ChunkWriter, checksum, File } from '../../src/hdf5/index.js';
import { withFolder } from './temporary.js';

/** Two chunks of 64 KiB, 16 blocks each. */
const layout: ChunkLayout = {
  itemSize: 2,
  chunk: [256, 128],
  extent: [512, 128],
  fillvalue: Uint8Array.of(0, 0),
  filters: [],
};
const whole = { start: [0, 0], count: [512, 128] };
const values = Uint16Array.from({ length: 512 * 128 }, (_, at) => (at * 40_503) % 65_521);
const bytes = new Uint8Array(values.buffer);

/**
 * Writes values from a source file, where they begin at `position`, to an HDF5 file in `folder`; then changes
 * the source.
 */
function writeFrom(folder: string, position: number) {
  const source = join(folder, 'source.bin');
  writeFileSync(source, Buffer.concat([Buffer.alloc(position, 1), bytes]), { flush: true });
  const descriptor = openSync(source, 'r');
  const path = join(folder, 'a.h5');
  const file = new File(path, 'w');
  try {
    const { chunk, extent } = layout;
    const dataset = file.createDataset('data', { dtype: 'uint16', shape: extent, chunks: chunk });
    using writer = new ChunkWriter(file.token, layout);
    const piece = { ...whole, bytes, offset: 0, steps: [256, 2], swap: false };
    const origin = { bytes, descriptor, position };
    const written = writer.write([piece], whole, undefined, origin);
    writeFileSync(source, Buffer.alloc(position + bytes.length), { flag: 'r+' });
    dataset.place(whole.start, whole.count, written.placements);
    return { written, data: dataset.read().data, path };
  } finally {
    file.close();
    closeSync(descriptor);
  }
}

function expectValues({ written, data, path }: ReturnType<typeof writeFrom>): void {
  expect(data).toEqual(values);
  const stored = readFileSync(path);
  for (const at of [0, 1]) {
    const [address, size] = written.placements.subarray(3 * at);
    const chunk = stored.subarray(address, address + size);
    expect(chunk.equals(bytes.subarray(at * 65_536, (at + 1) * 65_536))).toBe(true);
    expect(written.checksums[at]).toBe(checksum(chunk));
  }
}

/** Whether this process may mount file systems on which files can share blocks. */
const canShare = withFolder((folder) => withSharingDisk(folder, () => true) ?? false);

/** Runs `body` with the folder of a new file system that can share blocks; undefined if none can be created. */
function withSharingDisk<T>(outer: string, body: (folder: string) => T): T | undefined {
  const image = join(outer, 'image');
  const folder = join(outer, 'disk');
  writeFileSync(image, '');
  truncateSync(image, 512 * 2 ** 20);
  mkdirSync(folder);
  const run = (command: string, ...args: readonly string[]) =>
    spawnSync(command, args).status === 0;
  if (!run('mkfs.xfs', '-q', '-m', 'reflink=1', image)) return undefined;
  if (!run('mount', '-o', 'loop', image, folder)) return undefined;
  try {
    return body(folder);
  } finally {
    run('umount', '-l', folder);
  }
}

describe('chunks whose stored bytes are those of a source', () => {
  test.each([0, 4096, 100])(
    'the chunks are in the file if they start at byte %i of the source',
    (position) => {
      withFolder((folder) => expectValues(writeFrom(folder, position)));
    },
  );

  test.skipIf(!canShare)('the chunks are shared with the source if the file system can', () => {
    withFolder((outer) =>
      withSharingDisk(outer, (folder) => {
        const made = writeFrom(folder, 4096);
        expectValues(made);
        expect(made.written.stages.write).toMatchObject({ bytesIn: bytes.length, bytesOut: 0 });
        for (const at of [0, 3]) expect(made.written.placements[at] % 4096).toBe(0);
      }),
    );
  });

  test.skipIf(!canShare)(
    'the chunks are written if they are not whole blocks of the source',
    () => {
      withFolder((outer) =>
        withSharingDisk(outer, (folder) => {
          const made = writeFrom(folder, 100);
          expectValues(made);
          expect(made.written.stages.write.bytesOut).toBe(bytes.length);
        }),
      );
    },
  );

  test.each([
    ['a descriptor', { descriptor: 2 ** 31 }],
    ['an integer', { descriptor: -1 }],
    ['an integer', { position: 0.5 }],
    ['a Uint8Array', { bytes: [] as unknown as Uint8Array }],
  ])('an origin must have %s', (_, wrong) => {
    withFolder((folder) => {
      using file = new File(join(folder, 'a.h5'), 'w');
      using writer = new ChunkWriter(file.token, layout);
      const piece = { ...whole, bytes, offset: 0, steps: [256, 2], swap: false };
      const origin = { bytes, descriptor: 0, position: 0, ...wrong };
      expect(() => writer.write([piece], whole, undefined, origin)).toThrow(/for origin\./);
    });
  });
});
