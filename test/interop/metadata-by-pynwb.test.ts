import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { hyperslab } from '../cli/run.js';
import { samplesIn } from '../docs/pages.js';
import { describeInterop } from '../support/python.js';
import { PYTHON_ENVIRONMENT, python } from '../support/python-environment.js';
import { temporaryFolder } from './session.js';

const PAGE = 'docs/guide/existing-files.md';
const ROWS = 40_000;

const CHECK = `
import json, sys
import numpy as np
from pynwb import NWBHDF5IO, validate
with NWBHDF5IO('pynwb.nwb', 'r') as io:
    series = io.read().acquisition['ap']
    data = series.data
    print(json.dumps({
        'shape': data.shape,
        'chunks': data.chunks,
        'maxshape': data.maxshape,
        'compression': data.compression,
        'equal': bool(np.array_equal(data[:], np.fromfile('ap.bin', 'int16').reshape(-1, 384))),
        'conversion': series.conversion,
        'electrodes': len(series.electrodes),
        'problems': [str(problem) for problem in validate(io=io)],
    }))
`;

describeInterop('the recipe that lets PyNWB write the metadata', () => {
  const folder = temporaryFolder();

  async function runPythonCode(code: string): Promise<string> {
    if (!python.available) throw new Error(python.reason);
    const options = { cwd: folder, env: PYTHON_ENVIRONMENT };
    return (await promisify(execFile)(python.path, ['-c', code], options)).stdout;
  }

  test('PyNWB reads the metadata that it wrote, and the data that hyperslab filled in', async () => {
    const on = (language: string) => samplesIn(language).filter(({ page }) => page === PAGE);
    const [program] = on('python');
    const [manifest] = on('yaml').filter(({ code }) => code.includes('pynwb.nwb'));
    writeFileSync(
      join(folder, 'ap.bin'),
      Int16Array.from({ length: ROWS * 384 }, (_, at) => at % 251),
    );
    await runPythonCode(program.code);
    writeFileSync(join(folder, 'pynwb.yaml'), manifest.code);
    const { code, stderr } = await hyperslab(['fill', 'pynwb.yaml', '--quiet'], folder);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(JSON.parse(await runPythonCode(CHECK))).toEqual({
      shape: [ROWS, 384],
      chunks: [32768, 64],
      maxshape: [null, 384],
      compression: 'gzip',
      equal: true,
      conversion: 2.34375e-6,
      electrodes: 384,
      problems: [],
    });
  });
});
