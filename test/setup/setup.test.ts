import { spawnSync } from 'node:child_process';
import { chmod, cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';

// Runs the whole script in a checkout of stand-ins: programs that record how they were called, and make the
// files that the real programs would make.

const SCRIPTS = fileURLToPath(new URL('../../scripts', import.meta.url));

const PROGRAMS: Readonly<Record<string, string>> = {
  cc: '',
  'c++': '',
  make: '',
  h5dump: '',
  h5diff: '',
  cmake: `
    if [ "$1" = --version ]; then echo "cmake version 3.25.1"; exit; fi
    case "$2" in
      */probe)
        printf 'hdf5_usable=%s\\nhdf5_version=1.10.8\\nlibdeflate_usable=1\\n' "$HDF5" > "$4/found.txt"
        printf 'xxhash_usable=%s\\nfiles=%s\\n' "$XXHASH" "$ROOT/libhdf5.so" >> "$4/found.txt"; exit ;;
    esac
    echo "cmake $1" >> "$ROOT/calls"
    mkdir -p "$ROOT/build" && touch "$ROOT/build/h5lib.node"`,
  npm: `
    echo "npm $1" >> "$ROOT/calls"
    [ -z "$BREAK_NPM" ] || { echo "npm is broken"; exit 7; }
    mkdir -p "$ROOT/node_modules/typescript/bin" && touch "$ROOT/node_modules/.package-lock.json"
    cp "$ROOT/tsc.mjs" "$ROOT/node_modules/typescript/bin/tsc"`,
  python3: `
    [ "$2" != venv ] && exit
    mkdir -p "$ROOT/.venv/bin" && cp "$ROOT/bin/venv-python" "$ROOT/.venv/bin/python"`,
  'venv-python': `
    [ "$2" = pip ] || exit 0
    echo "pip $3" >> "$ROOT/calls"
    case "$OFFLINE" in
      1) echo "WARNING: Retrying (4) after connection broken by 'NewConnectionError(x)': /simple/" ;;
      2) ;;
      *) exit 0 ;;
    esac
    echo "ERROR: no matching distribution"; exit 1`,
};

const TSC = `
import { appendFileSync, mkdirSync, writeFileSync } from 'node:fs';
appendFileSync('calls', 'tsc\\n');
mkdirSync('dist/cli', { recursive: true });
writeFileSync('dist/cli/main.js', '');
`;

let root: string;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'hyperslab-setup-test-'));
  await cp(SCRIPTS, join(root, 'scripts'), { recursive: true });
  await mkdir(join(root, 'bin'));
  for (const [name, body] of Object.entries(PROGRAMS)) {
    await writeFile(join(root, 'bin', name), `#!/bin/sh${body}\n`);
    await chmod(join(root, 'bin', name), 0o755);
  }
  for (const name of ['mkdir', 'touch', 'cp']) {
    const [path] = ['/bin', '/usr/bin'].map((folder) => join(folder, name));
    await symlink(path, join(root, 'bin', name));
  }
  const files = {
    'package.json': '{"bin":{"hyperslab":"dist/cli/main.js"},"dependencies":{"a":"1"}}',
    'package-lock.json': '{}',
    'tsconfig.json': '{}',
    'tsconfig.build.json': '{}',
    'CMakeLists.txt': '',
    'src/index.ts': '',
    'native/addon/addon.cc': '',
    'test/interop/requirements.txt': '',
    'libhdf5.so': '',
    'tsc.mjs': TSC,
  };
  for (const [path, text] of Object.entries(files)) await write(path, text);
});
afterEach(() => rm(root, { recursive: true }));

async function write(path: string, text: string): Promise<void> {
  await mkdir(join(root, path, '..'), { recursive: true });
  await writeFile(join(root, path), text);
}

/** Runs the script. @returns its exit code, its messages, and the calls of programs */
async function setup(args: readonly string[] = [], env: Readonly<Record<string, string>> = {}) {
  await write('calls', '');
  const result = spawnSync(process.execPath, ['scripts/setup.mjs', ...args], {
    cwd: root,
    encoding: 'utf8',
    env: { PATH: join(root, 'bin'), ROOT: root, HDF5: '1', XXHASH: '1', ...env },
  });
  const calls = (await readFile(join(root, 'calls'), 'utf8')).split('\n').filter(Boolean);
  return { code: result.status, messages: result.stderr, calls };
}

const ALL = ['npm ci', 'cmake -S', 'cmake --build', 'tsc'];

describe('setup.mjs', () => {
  test('runs all steps once, and then does nothing, silently', async () => {
    expect(await setup()).toMatchObject({ code: 0, calls: ALL });
    expect(await setup()).toEqual({ code: 0, calls: [], messages: '' });
  });

  test.each([
    ['package-lock.json', ALL],
    ['native/addon/addon.cc', ['cmake -S', 'cmake --build']],
    ['CMakeLists.txt', ['cmake -S', 'cmake --build']],
    ['src/index.ts', ['tsc']],
    ['tsconfig.build.json', ['tsc']],
    ['libhdf5.so', ['cmake -S', 'cmake --build']],
  ])('repeats the steps that depend on %s after a change', async (path, calls) => {
    await setup();
    await write(path, '{ "other": true }');
    expect(await setup()).toMatchObject({ code: 0, calls });
    expect((await setup()).calls).toEqual([]);
  });

  test.each([
    ['node_modules', ['npm ci']],
    ['build', ['cmake -S', 'cmake --build']],
    ['dist', ['tsc']],
  ])('makes %s again if it was deleted', async (path, calls) => {
    await setup();
    await rm(join(root, path), { recursive: true });
    expect((await setup()).calls).toEqual(calls);
  });

  test('leaves no output of deleted sources in dist', async () => {
    await write('src/old.ts', '');
    await setup();
    await write('dist/old.js', '');
    await rm(join(root, 'src/old.ts'));
    await setup();
    await expect(readFile(join(root, 'dist/old.js'))).rejects.toThrow('ENOENT');
  });

  test('starts the build from scratch if the compiler changed', async () => {
    await setup();
    await write('build/CMakeCache.txt', '');
    await write('bin/c++', '#!/bin/sh\n# newer\n');
    expect((await setup()).calls).toEqual(['cmake -S', 'cmake --build']);
    await expect(readFile(join(root, 'build/CMakeCache.txt'))).rejects.toThrow('ENOENT');
  });

  test('shows the output of a command only if it failed, and repeats the step', async () => {
    const broken = await setup([], { BREAK_NPM: '1' });
    expect(broken).toMatchObject({ code: 1, calls: ['npm ci'] });
    expect(broken.messages).toContain('npm is broken\n');
    expect(broken.messages).toMatch(/Set-up stopped: .*npm ci.* failed \(exit code 7\)\n$/);
    expect((await setup()).calls).toEqual(ALL);
  });

  test('names the missing needs and how to install them, and stops before the build', async () => {
    await rm(join(root, 'bin/make'));
    const { code, messages, calls } = await setup();
    expect({ code, calls }).toEqual({ code: 1, calls: [] });
    expect(messages).toContain('missing make or ninja, libhdf5');
    expect(messages).toContain(
      'apt:   sudo apt-get install make libhdf5-dev libdeflate-dev libxxhash-dev\n',
    );
    expect(messages).toContain('sudo dnf install make hdf5-devel libdeflate-devel xxhash-devel\n');
    expect(messages).toContain('xcode-select --install && brew install hdf5 libdeflate xxhash\n');
  });

  test.each([
    ['HDF5', 'libhdf5-dev'],
    ['XXHASH', 'libxxhash-dev'],
  ])('names the only library that is missing: %s', async (name, wanted) => {
    const { code, messages } = await setup([], { [name]: '' });
    expect(code).toBe(1);
    expect(messages).toContain(`apt:   sudo apt-get install ${wanted}\n`);
  });

  test('checks the system again if the build needs another library', async () => {
    expect((await setup()).code).toBe(0);
    await write('cmake/libraries.cmake', '# one more');
    const { code, messages } = await setup([], { XXHASH: '' });
    expect(code).toBe(1);
    expect(messages).toContain('missing libxxhash');
  });

  test('refuses a Node that is too old', async () => {
    const manifest = JSON.parse(await readFile(join(SCRIPTS, '../package.json'), 'utf8'));
    const script = await readFile(join(SCRIPTS, 'setup.mjs'), 'utf8');
    const least = script.match(/LEAST_NODE = (\d+)/)?.[1];
    expect(manifest.engines.node).toBe(`>=${least}`);

    await write('scripts/setup.mjs', script.replace(/LEAST_NODE = \d+/, 'LEAST_NODE = 1000'));
    const { code, messages } = await setup();
    expect(code).toBe(1);
    expect(messages).toMatch(/^Expected Node 1000 or newer but this is Node \d+\.\S+: install/);
  });

  test('refuses an unknown option', async () => {
    const { code, messages } = await setup(['--pyton']);
    expect(code).toBe(2);
    expect(messages).toContain('but received --pyton');
  });
});

describe('setup.mjs --python', () => {
  const state = async () => JSON.parse(await readFile(join(root, '.setup/python.json'), 'utf8'));

  test('makes the Python environment once, and again if the requirements change', async () => {
    expect(await setup(['--python'])).toMatchObject({ code: 0, calls: [...ALL, 'pip install'] });
    expect(await state()).toMatchObject({ available: true, path: join(root, '.venv/bin/python') });
    expect(await setup(['--python'])).toEqual({ code: 0, calls: [], messages: '' });
    await write('test/interop/requirements.txt', 'h5py==3.16.0');
    expect((await setup(['--python'])).calls).toEqual(['pip install']);
  });

  test('continues without readers that can not be downloaded, and records the reason', async () => {
    const offline = { OFFLINE: '1' };
    const { code, messages } = await setup(['--python'], offline);
    expect(code).toBe(0);
    expect(messages).toContain('Tests that need Python are skipped');
    const reason = 'PyPI could not be reached: NewConnectionError(x)';
    expect(await state()).toMatchObject({ available: false, reason });

    // Not tried again at every run, because each attempt takes long without a network.
    const again = await setup(['--python'], offline);
    expect(again).toMatchObject({ code: 0, calls: [] });
    expect(again.messages).toContain('--retry');
    expect((await setup(['--python', '--retry'])).calls).toEqual(['pip install']);
    expect(await state()).toMatchObject({ available: true });
  });

  test('fails in CI if a reader is missing', async () => {
    const { code, messages } = await setup(['--python'], { OFFLINE: '2', CI: 'true' });
    expect(code).toBe(1);
    expect(messages).toContain('no matching distribution');

    await rm(join(root, 'bin/h5diff'));
    expect((await setup(['--python'])).code).toBe(0);
    const ci = await setup(['--python'], { CI: 'true' });
    expect(ci.code).toBe(1);
    expect(ci.messages).toContain('sudo apt-get install hdf5-tools');
  });
});
