import { tmpdir } from 'node:os';
import { expect, test } from 'vitest';
import { version } from '../../src/index.js';
import { hyperslab, withSession } from './run.js';

test.each([
  { args: ['convrt', 'x'], message: "unknown command 'convrt' (Did you mean convert?)" },
  { args: ['convert'], message: "missing required argument 'manifests'" },
  { args: ['convert', 'a', '--set', 'path'], message: 'Expected KEY=VALUE' },
  { args: ['convert', 'a', '--set', 'a..b=1'], message: "for --set but received 'a..b'" },
  {
    args: ['convert', 'a', '--skip-existing', '--overwrite'],
    message: "option '--skip-existing' cannot be used with option '--overwrite'",
  },
  { args: ['plan', 'a', 'b'], message: 'Expected 1 argument for plan but received 2' },
  { args: ['convert', 'a', '--wrkers', '3'], message: "unknown option '--wrkers'" },
  { args: ['convert', 'a', '--workers', 'two'], message: 'Expected a whole number' },
  { args: ['convert', 'a', '--workers', '0'], message: 'Expected a whole number' },
  { args: ['convert', 'a', '--libver', 'v200'], message: 'Expected earliest or v110 for --libver' },
  {
    args: ['convert', 'a', '--durability', 'x'],
    message: 'Expected process or power for --durability',
  },
  { args: ['resume'], message: "missing required argument 'files'" },
  { args: ['resume', 'a', '--overwrite'], message: "unknown option '--overwrite'" },
  { args: ['recover', 'a', '--no-keep-partial'], message: "unknown option '--no-keep-partial'" },
  { args: ['plan', 'a', '--overwrite'], message: "unknown option '--overwrite'" },
  { args: ['demo', '--megabytes', '1.5'], message: 'Expected a whole number' },
])('$args is refused in one line', async ({ args, message }) => {
  const { code, stdout, stderr } = await hyperslab(args, tmpdir());
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  expect(stderr).toMatch(/^error: .*\n$/);
  expect(stderr).toContain(message);
});

test.each([
  { flags: ['--workers', '2000'], message: 'from 1 to 1024 for --workers' },
  { flags: ['--memory', 'much'], message: "for --memory but received 'much'" },
  { flags: ['--memory', '1KiB'], message: 'Expected at least' },
  { flags: ['-o', 'none/out.nwb'], message: "none doesn't exist" },
])('$flags is refused by the library in one line', async ({ flags, message }) => {
  await withSession(async (folder) => {
    const { code, stdout, stderr } = await hyperslab(['convert', 'session.yaml', ...flags], folder);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(/^error: .*\n$/);
    expect(stderr).toContain(message);
  });
});

test('help tells commands and exit codes', async () => {
  const { code, stdout, stderr } = await hyperslab(['--help'], tmpdir());
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  const commands = ['convert', 'resume', 'recover', 'plan', 'inspect', 'verify', 'demo'];
  for (const text of [...commands, 'Exit codes:', '130']) expect(stdout).toContain(text);
  expect((await hyperslab(['--version'], tmpdir())).stdout).toBe(`${version}\n`);
  expect((await hyperslab([], tmpdir())).code).toBe(2);
});

test('help of a command has every option of convert()', async () => {
  const { stdout } = await hyperslab(['convert', '--help'], tmpdir());
  const flags = ['workers', 'memory', 'overwrite', 'libver', 'output', 'json', 'quiet', 'debug'];
  const ofManifests = ['set', 'skip-existing'];
  const ofJournal = ['resume', 'check', 'durability', 'no-keep-partial', 'no-modules'];
  for (const flag of [...flags, ...ofManifests, ...ofJournal])
    expect(stdout).toContain(`--${flag}`);
});

test('--debug shows the stack and the cause', async () => {
  const { code, stderr } = await hyperslab(['plan', 'none.yaml', '--debug'], tmpdir());
  expect(code).toBe(2);
  expect(stderr).toContain('ManifestError: The manifest none.yaml cannot be read: no such file');
  expect(stderr).toMatch(/\n {4}at /);
  expect(stderr).toContain("code: 'ENOENT'");
});
