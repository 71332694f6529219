import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { describeInterop, runPython } from '../support/python.js';
import { hyperslab, withFolder } from './run.js';

const SCRIPT = fileURLToPath(new URL('demo_check.py', import.meta.url));

describeInterop("the demo's file", () => {
  test.each(['earliest', 'v110'])('satisfies PyNWB and NWB Inspector (%s)', async (libver) => {
    await withFolder(async (folder) => {
      const args = ['demo', '--megabytes', '8', '--libver', libver, '--quiet'];
      expect(await hyperslab(args, folder)).toEqual({ code: 0, stdout: '', stderr: '' });
      const files = ['demo/neuropixels.bin', 'demo/neuropixels.nwb'];
      expect(
        await runPython(
          SCRIPT,
          files.map((name) => join(folder, name)),
        ),
      ).toEqual({
        data: null,
        sync: null,
        electrodes: 384,
        rate: 30_000,
        conversion: 2.34375e-6,
        subject: 'demo-mouse',
        validation: [],
        inspection: [],
      });
    });
  });
});
