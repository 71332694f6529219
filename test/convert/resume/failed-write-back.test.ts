import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { verify } from '../../../src/index.js';
import { hyperslab } from '../../cli/run.js';
import { BUILT } from '../../support/child.js';
import { expectWhole, recording } from '../../support/interrupted.js';
import { readBack, tempFolder } from '../../support/recordings.js';
import { canFault, FailingDisk } from '../../support/write-back.js';

/** A recording, its manifest, and the disk on which its partial file lies. */
function withDisk() {
  const made = recording();
  const manifest = join(made.folder, 'session.json');
  writeFileSync(manifest, JSON.stringify(made.what));
  return { ...made, manifest, disk: new FailingDisk('a.nwb.partial') };
}

const EIO = { sync: 1, code: 'EIO' } as const;
const ENOSPC = { sync: 1, code: 'ENOSPC' } as const;

describe.skipIf(!canFault)('a file that the disk failed to store', () => {
  test('is complete on the disk if no sync fails', async () => {
    const { manifest, path, models, folder, disk } = withDisk();
    const ran = await hyperslab(['convert', manifest, '-q'], folder, disk.environment());
    expect(ran.code).toBe(0);
    disk.loseCache(path);
    await expectWhole(path, models);
  });

  test.each([
    ['with EIO', EIO, [], []],
    ['with ENOSPC', ENOSPC, [], []],
    ['that is compared', EIO, [], ['--check']],
    ['in the background, too', EIO, ['--durability', 'power'], []],
  ])(
    'is complete on the disk after a resume that follows a failed sync, %s',
    async (_, failed, begin, goOn) => {
      const { manifest, path, models, folder, disk } = withDisk();
      const first = ['convert', manifest, '-q', '-w', '2', ...begin];
      const ran = await hyperslab(first, folder, disk.environment(failed));
      expect(ran).toMatchObject({ code: 1, stderr: expect.stringContaining(failed.code) });
      const again = ['resume', path, '-q', '-w', '2', ...goOn];
      expect((await hyperslab(again, folder, disk.environment())).code).toBe(0);
      disk.loseCache(path);
      await expectWhole(path, models);
    },
  );

  test('is complete on the disk if a sync of the resume fails, too', async () => {
    const { manifest, path, models, folder, disk } = withDisk();
    const failing = disk.environment(EIO);
    expect((await hyperslab(['convert', manifest, '-q'], folder, failing)).code).toBe(1);
    for (const [env, code] of [
      [failing, 1],
      [disk.environment(), 0],
    ] as const)
      expect((await hyperslab(['resume', path, '-q'], folder, env)).code).toBe(code);
    disk.loseCache(path);
    await expectWhole(path, models);
  });

  test('has all acknowledged rows on the disk after it was recovered', async () => {
    const path = join(tempFolder(), 'a.nwb');
    const disk = new FailingDisk('a.nwb.partial');
    const text = `
      import { convert, DataWriter } from ${JSON.stringify(BUILT.index)};
      const data = new DataWriter({ dtype: 'int16', maxshape: [null, 4] });
      const rows = (from, to) => Int16Array.from({ length: 4 * (to - from) }, (_, at) => 4 * from + at + 1);
      const nwbfile = { sessionDescription: 's', identifier: 'i', sessionStartTime: '2026-11-22T10:00:00+01:00' };
      const series = { type: 'TimeSeries', name: 'x', rate: 1, unit: 'V', data: { data, chunks: [400, 4], compression: null } };
      convert({ path: ${JSON.stringify(path)}, nwbfile, acquisition: [series] }, { durability: 'power', workers: 1 })
        .catch(({ message }) => process.stdout.write(message));
      await data.append(rows(0, 3000));
      await data.flush();
      await data.append(rows(3000, 4500));
      await data.flush().catch(() => {});`;
    const failed = { sync: 2, code: 'EIO' } as const;
    expect(await output(text, disk.environment(failed))).toMatch(/EIO: .*fdatasync of/);
    const ran = await hyperslab(['recover', path, '-q'], '/', disk.environment());
    expect(ran).toMatchObject({ code: 0 });
    disk.loseCache(path);
    expect((await verify(path, undefined, { workers: 1 })).equal).toBe(true);
    const { shape, data } = readBack(path, '/acquisition/x/data');
    expect(shape[0]).toBeGreaterThanOrEqual(3000);
    expect(data).toEqual(Int16Array.from({ length: 4 * shape[0] }, (_, at) => at + 1));
  });
});

/** Runs an ES module in a process of its own, and returns what it printed. */
function output(text: string, env: NodeJS.ProcessEnv): Promise<string> {
  const child = spawn(process.execPath, ['--input-type=module', '--eval', text], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let printed = '';
  child.stdout.setEncoding('utf8').on('data', (part: string) => {
    printed += part;
  });
  return new Promise((resolve) => child.on('close', () => resolve(printed)));
}
