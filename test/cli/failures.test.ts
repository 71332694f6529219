import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { EXIT, worstExit } from '../../src/cli/exit-codes.js';
import { failureOf } from '../../src/cli/failures.js';
import { Interrupted } from '../../src/cli/interrupt.js';
import { withManifest } from '../../src/cli/manifest.js';
import { locateWarnings } from '../../src/cli/manifest-warnings.js';
import { OutputError, plan, ResumeError } from '../../src/index.js';
import { hyperslab, MANIFEST, withSession } from './run.js';

test('an error of the library is a document with its file and its exit code', () => {
  const fields = { path: '/a.nwb', problem: '/a.nwb already exists', present: 'file' } as const;
  expect(failureOf(new OutputError(fields))).toMatchObject({
    exitCode: 5,
    document: {
      error: {
        tag: 'OutputError',
        message: '/a.nwb already exists',
        path: '/a.nwb',
        exitCode: 5,
      },
    },
  });
  const { present: _, ...other } = fields;
  expect(failureOf(new OutputError(other)).exitCode).toBe(2);
  const problems = [
    { path: '/x', message: '/x is new' },
    { path: '', message: 'y' },
  ];
  expect(failureOf(new ResumeError({ path: '/a.nwb', problems })).document.error).toEqual({
    tag: 'ResumeError',
    message: "/a.nwb can't be resumed: /x is new; y",
    path: '/a.nwb',
    problems: [{ key: '/x', message: '/x is new' }, { message: 'y' }],
    exitCode: 2,
  });
});

test('an interruption, and an error of another kind, are documents too', () => {
  const interrupted = failureOf(new Interrupted({ signal: 'SIGTERM', left: 'nothing' }));
  expect(interrupted.document.error).toEqual({
    tag: 'Interrupted',
    message: 'interrupted by SIGTERM: nothing',
    exitCode: 143,
  });
  expect(failureOf(new Error('a\n b')).document.error).toEqual({
    tag: 'Error',
    message: 'a b',
    exitCode: 1,
  });
});

test('several problems of a manifest are listed with their lines', async () => {
  await withSession(
    async (folder) => {
      const { code, stdout, stderr } = await hyperslab(['plan', 'session.yaml', '--json'], folder);
      expect(code).toBe(2);
      const { error } = JSON.parse(stdout);
      expect(error).toMatchObject({ tag: 'DescriptionError', path: 'session.yaml', exitCode: 2 });
      expect(error.problems).toEqual([
        { key: 'acquisition[0].rate', line: 13, message: expect.stringContaining(':13: ') },
        { key: 'acquisition[1].unit', line: 20, message: expect.stringContaining(':20: ') },
      ]);
      expect(error).not.toHaveProperty('line');
      expect(stderr).toBe(error.message.replaceAll(/^/gm, 'error: ').concat('\n'));
    },
    MANIFEST.replace('rate: 30000', 'rate: -1').replace('unit: n.a.', 'unit: 3'),
  );
});

test('without any manifest, and with a wrong option, --json prints a document', async () => {
  await withSession(async (folder) => {
    for (const [args, error] of [
      [
        ['convert', 'none.yaml'],
        {
          tag: 'ManifestError',
          message:
            'The manifest none.yaml cannot be read: no such file (manifests there: session.yaml)',
          path: 'none.yaml',
        },
      ],
      [
        ['verify', 'session.nwb', '--wrkers', '3'],
        { tag: 'UsageError', message: "unknown option '--wrkers' (Did you mean --workers?)" },
      ],
    ] as const) {
      const { code, stdout, stderr } = await hyperslab([...args, '--json'], folder);
      expect(code).toBe(2);
      expect(JSON.parse(stdout).error).toMatchObject({ ...error, exitCode: 2 });
      expect(stderr).toBe(`error: ${error.message}\n`);
    }
  });
});

test('the worst of several exit codes', () => {
  const { ok, failed, refused, differs, outdated, exists } = EXIT;
  const ascending = [ok, outdated, differs, exists, refused, failed, 130];
  for (const [at, code] of ascending.entries())
    expect(worstExit([...ascending.slice(0, at + 1)].reverse())).toBe(code);
  expect(worstExit([])).toBe(ok);
});

/** What planning says about a manifest, located. */
async function planned(folder: string): Promise<string[]> {
  const path = join(folder, 'session.yaml');
  try {
    return await withManifest(path, async (manifest) => {
      const { description, baseDir } = manifest;
      const { warnings } = await plan(description, { baseDir, workers: 1 });
      return locateWarnings(warnings, manifest).map((line) => line.replace(`${folder}/`, ''));
    });
  } catch (error) {
    const { text } = failureOf(error);
    return text.replaceAll(`${folder}/`, '').split('\n');
  }
}

/** Series with everything on a line of its own. */
const LINES = MANIFEST.replace(
  /source: \{ type: raw, path: ap.bin, dtype: int16, shape: \[null, 5\], columns: '0:4' \}/,
  `source:
        type: raw
        path: ap.bin
        dtype: int16
        shape: [null, 5]
        columns: '0:4'`,
);

test.each<[string, string | RegExp, string, string]>([
  [
    'a file that does not divide into rows',
    'shape: [null, 5]\n        col',
    'shape: [null, 7]\n        col',
    'error: session.yaml:20: acquisition[0].data.source.shape: Expected a multiple of 14 bytes (7 x int16) after offset 0 in ap.bin but received 50000 bytes: 6 bytes over',
  ],
  [
    'columns that the file does not have',
    "'0:4'",
    "'0:9'",
    "error: session.yaml:21: acquisition[0].data.source.columns: Expected columns within the 5 there are in ap.bin but received '0:9'",
  ],
  [
    'another number of electrodes',
    "'0:4'",
    "'0:3'",
    'error: session.yaml:11: acquisition[0].electrodes: Expected 3 electrodes, one for each channel (the data are 5000 x 3), for acquisition/ElectricalSeriesAP but received 4',
  ],
  [
    'a missing file',
    'path: ap.bin\n',
    'path: gone.bin\n',
    'error: session.yaml:18: acquisition[0].data.source.path: Expected a file at gone.bin but received nothing: no such file',
  ],
  [
    'a missing file of several',
    /source:\n {8}type: raw\n {8}path.*\n.*\n.*\n.*/,
    'source:\n        type: concat\n        sources:\n          - { type: raw, path: ap.bin, dtype: int16, shape: [null, 4] }\n          - { type: raw, path: b.bin, dtype: int16, shape: [null, 4] }',
    'error: session.yaml:20: acquisition[0].data.source.sources[1].path: Expected a file at b.bin but received nothing: no such file',
  ],
  [
    'chunks of another rank',
    'chunks: [1000, 4]',
    'chunks: [1000]',
    'error: session.yaml:22: acquisition[0].data.chunks: Expected 2 chunk lengths (the data are 5000 x 4) for acquisition/ElectricalSeriesAP/data but received 1',
  ],
  [
    'a fill value that is too large',
    'chunks: [1000, 4]',
    'fillvalue: 40000',
    'error: session.yaml:22: acquisition[0].data.fillvalue: Expected a fillvalue that int16 can hold for acquisition/ElectricalSeriesAP/data but received 40000',
  ],
  [
    'schemas that are not there',
    'path: session.nwb',
    'path: session.nwb\nspecifications: none',
    'error: session.yaml:2: specifications: Expected an NWB file or a folder',
  ],
  [
    'a cell of the electrodes',
    /electrodes: .*/,
    'electrodes: { csv: e.csv }',
    "error: session.yaml:9: Expected a whole number for e.csv row 2.id but received 'x'",
  ],
  [
    'values in volts',
    '    conversion: 2.34375e-6\n',
    '',
    'session.yaml:11: acquisition/ElectricalSeriesAP: int16 data in volts with conversion 1',
  ],
  [
    'a subject without a species',
    'species: Mus musculus, ',
    '',
    'session.yaml:6: nwbfile.subject.species is missing',
  ],
])('the line of %s is known', async (_, right, wrong, message) => {
  const manifest = LINES.replace(right, wrong);
  expect(manifest).not.toBe(LINES);
  await withSession(async (folder) => {
    await writeFile(join(folder, 'e.csv'), 'id,location\n0,CA1\nx,CA1\n2,CA1\n3,CA1\n');
    const lines = await planned(folder);
    expect(lines).toHaveLength(1);
    expect(lines[0].slice(0, message.length)).toBe(message);
  }, manifest);
});

test('too little memory for a dataset has the line of its data', async () => {
  await withSession(async (folder) => {
    const error = await withManifest(join(folder, 'session.yaml'), ({ description, baseDir }) =>
      plan(description, { baseDir, workers: 1, memory: 1024 }),
    ).catch((thrown) => thrown);
    expect(failureOf(error).document.error).toMatchObject({
      ...{ tag: 'BudgetError', exitCode: 2, line: 15, key: 'acquisition[0].data' },
      message: expect.stringMatching(
        /session\.yaml:15: acquisition\[0\]\.data: Expected at least .* of memory for /,
      ),
    });
  });
});

test('a warning has the line of the series that it names, and of no other', async () => {
  await withSession(async (folder) => {
    const path = join(folder, 'session.yaml');
    const warnings = [
      '/acquisition/Sync/data: q',
      'acquisition/ElectricalSeriesAP: q',
      'acquisition/ElectricalSeriesAP2: q',
      'nwbfile: q',
      'q',
    ];
    const located = await withManifest(path, async (manifest) =>
      locateWarnings(warnings, { ...manifest, path: 'm' }),
    );
    expect(located).toEqual([
      'm:22: /acquisition/Sync/data: q',
      'm:11: acquisition/ElectricalSeriesAP: q',
      'acquisition/ElectricalSeriesAP2: q',
      'm:2: nwbfile: q',
      'q',
    ]);
  });
});
