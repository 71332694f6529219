import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { convert } from '../../src/index.js';
import { describeInterop, runPython } from '../support/python.js';
import { RECORDING, session, temporaryFolder } from './session.js';

interface Cache {
  readonly nwb_version: string;
  readonly versions: Record<string, string>;
  readonly counts: Record<string, number>;
  readonly types_that_differ: readonly string[];
  readonly texts_that_differ: readonly string[];
  readonly validation: readonly string[];
  readonly inspection: readonly string[];
}

describeInterop('cached specifications', () => {
  const folder = temporaryFolder();
  const reference = join(folder, 'pynwb.nwb');
  let pynwb: Cache;
  let fromFile: Cache;
  let fromFolder: Cache;

  beforeAll(async () => {
    const schema = String(await runPython('specifications.py', ['write', reference]));
    const sources = { 'from-file.nwb': reference, 'from-folder.nwb': schema };
    for (const [path, specifications] of Object.entries(sources))
      await convert(description(path, specifications), { baseDir: folder, workers: 1 });
    const paths = Object.keys(sources).map((path) => join(folder, path));
    const args = ['compare', reference, reference, ...paths];
    const answer = await runPython('specifications.py', args);
    [pynwb, fromFile, fromFolder] = answer as Cache[];
  });

  test('of a file that PyNWB wrote are copied as they are', () => {
    expect(pynwb.counts.core).toBeGreaterThan(50);
    const { inspection: _, ...cache } = pynwb;
    expect(fromFile).toMatchObject({ ...cache, texts_that_differ: [] });
  });

  // PyNWB also caches hdmf-experimental, which it happens to load; core does not need it.
  test('of a folder of YAML give PyNWB the same types as its own cache', () => {
    const { core, 'hdmf-common': common } = pynwb.versions;
    expect(fromFolder.versions).toEqual({ core, 'hdmf-common': common });
    expect(fromFolder.counts).toMatchObject({ core: pynwb.counts.core });
    expect(fromFolder.types_that_differ).toEqual([]);
  });

  test('decide the version of the file', () => {
    const { core } = pynwb.versions;
    expect([fromFile.nwb_version, fromFolder.nwb_version]).toEqual([core, core]);
  });

  test('are the ones that the file is validated with', () => {
    for (const { validation, inspection } of [fromFile, fromFolder]) {
      expect(validation).toEqual([]);
      expect(inspection).toEqual([]);
    }
  });
});

function description(path: string, specifications: string) {
  const source = {
    type: 'raw' as const,
    path: join(RECORDING, 'continuous.dat'),
    dtype: 'int16' as const,
    shape: [null, 16],
  };
  const series = {
    type: 'ElectricalSeries' as const,
    name: 'ElectricalSeries',
    description: 'Wide band',
    rate: 40_000,
    conversion: 5e-8,
    data: { source },
  };
  return session({ path, specifications, acquisition: [series] });
}
