import { createHash } from 'node:crypto';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { normalTable } from '../../src/cli/demo/random.js';
import { CHANNELS, COLUMNS, RATE, recordingBlocks } from '../../src/cli/demo/recording.js';
import { hyperslab, withFolder } from './run.js';

test('the demo makes, converts and verifies a recording, and overwrites its own files only', async () => {
  await withFolder(async (folder) => {
    const first = await hyperslab(['demo', '--megabytes', '4'], folder);
    expect(first).toMatchObject({ code: 0, stderr: '' });
    expect(first.stdout).toMatch(/converted +in .*\/s, \d+ workers?\n/);
    expect(first.stdout).toMatch(/verified +all [\d,]+ values equal to the source/);
    expect(first.stdout).toMatch(/memory +\d/);
    expect(first.stdout).toContain(`NWBHDF5IO("${join(folder, 'demo/neuropixels.nwb')}", 'r')`);
    const files = ['neuropixels.bin', 'neuropixels.nwb', 'neuropixels.yaml'];
    expect((await readdir(join(folder, 'demo'))).sort()).toEqual(files);

    await writeFile(join(folder, 'demo/notes.txt'), 'mine');
    const second = await hyperslab(['demo', '--megabytes', '1', '--json'], folder);
    expect(second).toMatchObject({ code: 0, stderr: '' });
    const { recording, conversion, verification } = JSON.parse(second.stdout);
    expect(recording.bytes).toBe(recording.samples * COLUMNS * 2);
    expect(conversion.datasets).toMatchObject([
      { shape: [recording.samples, CHANNELS] },
      { shape: [recording.samples, 1] },
    ]);
    expect(conversion.warnings).toEqual([]);
    expect(conversion.storedBytes / conversion.rawBytes).toBeGreaterThan(0.3);
    expect(conversion.storedBytes / conversion.rawBytes).toBeLessThan(0.6);
    expect(verification.equal).toBe(true);
    expect(await readFile(join(folder, 'demo/notes.txt'), 'utf8')).toBe('mine');
  });
});

test("the demo's manifest works as it is, from any folder", async () => {
  await withFolder(async (folder) => {
    await hyperslab(['demo', '--megabytes', '1', '--quiet'], folder);
    const args = ['verify', 'demo/neuropixels.nwb', 'demo/neuropixels.yaml', '--quiet'];
    expect(await hyperslab(args, folder)).toEqual({ code: 0, stdout: '', stderr: '' });
  });
});

test('the demo can stop at the recording and its manifest', async () => {
  await withFolder(async (folder) => {
    const args = ['demo', '--megabytes', '1', '--record-only', '--json'];
    const { code, stdout } = await hyperslab(args, folder);
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ manifest: 'demo/neuropixels.yaml' });
    const files = ['neuropixels.bin', 'neuropixels.yaml'];
    expect((await readdir(join(folder, 'demo'))).sort()).toEqual(files);
  });
});

test('a folder that can not be made is refused', async () => {
  await withFolder(async (folder) => {
    await writeFile(join(folder, 'file'), '');
    for (const path of ['file', 'none/demo']) {
      const { code, stderr } = await hyperslab(['demo', '--folder', path], folder);
      expect(code).toBe(2);
      expect(stderr).toMatch(/^error: .* cannot be the folder of the demo: .*\n$/);
    }
  });
});

/** All samples, row by row. */
function record(samples: number): Int16Array {
  const blocks = Array.from(recordingBlocks(samples), (block) => block.slice());
  const bytes = new Uint8Array(Buffer.concat(blocks));
  return new Int16Array(bytes.buffer);
}

test('a recording is the same each time, and a longer one begins like a shorter one', () => {
  const hash = (values: Int16Array) => createHash('sha256').update(values).digest('hex');
  const long = record(13_000);
  expect(hash(long)).toBe(hash(record(13_000)));
  expect(hash(long.subarray(0, 7000 * COLUMNS))).toBe(hash(record(7000)));
});

test('a recording has noise, slow waves, spikes and pulses', () => {
  const samples = RATE;
  const values = record(samples);
  expect(values).toHaveLength(samples * COLUMNS);
  let [steps, lowest, sync, highest] = [0, 0, 0, 0];
  const sums = new Float64Array(samples / 300);
  for (let row = 0; row < samples; row++) {
    sync += values[row * COLUMNS + CHANNELS] / 64;
    sums[Math.floor(row / 300)] += values[row * COLUMNS + 100] / 300;
    for (let channel = 0; channel < CHANNELS; channel++) {
      const value = values[row * COLUMNS + channel];
      lowest = Math.min(lowest, value);
      if (row > 0) steps += (value - values[(row - 1) * COLUMNS + channel]) ** 2;
    }
  }
  highest = Math.max(...sums);
  expect(sync).toBe(samples / 2);
  // Neighbours in time differ by two draws of the noise.
  const noise = Math.sqrt(steps / (2 * samples * CHANNELS));
  expect(noise).toBeGreaterThan(5);
  expect(noise).toBeLessThan(8);
  expect(lowest).toBeLessThan(-100);
  expect(highest - Math.min(...sums)).toBeGreaterThan(20);
});

test('the table of noise is normal', () => {
  const table = Array.from(normalTable(6));
  const mean = table.reduce((sum, value) => sum + value, 0) / table.length;
  const variance = table.reduce((sum, value) => sum + (value - mean) ** 2, 0) / table.length;
  expect(Math.abs(mean)).toBeLessThan(0.05);
  expect(Math.abs(Math.sqrt(variance) - 6)).toBeLessThan(0.1);
});
