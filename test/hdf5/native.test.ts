import { spawnSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { BUILT } from '../support/child.js';

test('HYPERSLAB_ADDON names the only place where the addon is looked for', () => {
  const script = `import(${JSON.stringify(BUILT.hdf5)}).catch(({ message }) => console.log(message));`;
  const env = { ...process.env, HYPERSLAB_ADDON: '/nowhere/h5lib.node' };
  const { stdout } = spawnSync(process.execPath, ['--eval', script], { env, encoding: 'utf8' });
  expect(stdout).toMatch(
    /^Expected the native addon at \/nowhere\/h5lib\.node but found none: run /,
  );
});
