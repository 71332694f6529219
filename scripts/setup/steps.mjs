import { chmodSync, existsSync, readFileSync, rmSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { basename, join } from 'node:path';
import { generatorArguments } from './checks.mjs';
import { run, SetupError, say, which } from './commands.mjs';
import { filesUnder, hashFiles, hashOf, runStep } from './stamps.mjs';

/**
 * Installs the npm packages, builds the addon and the TypeScript: each if anything changed.
 * @returns whether anything had
 */
export function setUpBuild(context, toolchain) {
  const { stamps } = context;
  const packages = packagesKey(context.root);
  const steps = [
    npmPackages(context, packages),
    addon(context, toolchain, packages),
    typescript(context, packages),
  ];
  return steps.filter((step) => runStep(stamps, step)).length > 0;
}

/** Changes with the packages asked for, not with the rest of package.json. */
export function packagesKey(root) {
  const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const lock = join(root, 'package-lock.json');
  if (!existsSync(lock)) throw new SetupError(`Expected ${lock} for npm ci but there is none`);
  return hashOf(
    manifest.dependencies,
    manifest.devDependencies,
    manifest.optionalDependencies,
    manifest.overrides,
    hashFiles(root, [lock]),
    [process.platform, process.arch, process.versions.modules],
  );
}

function npmPackages(context, packages) {
  return {
    name: 'npm',
    key: packages,
    // npm writes this file last.
    outputs: [join(context.root, 'node_modules/.package-lock.json')],
    work() {
      say('Installing npm packages with npm ci …');
      const [program, ...before] = npmCommand();
      // The build needs the development packages, whatever NODE_ENV says.
      run(context, program, [...before, 'ci', '--include=dev', '--no-fund', '--no-audit']);
    },
  };
}

/** The npm that called us, if one did; otherwise that of PATH. */
function npmCommand() {
  const caller = process.env.npm_execpath;
  if (caller && basename(caller) === 'npm-cli.js') return [process.execPath, caller];
  const npm = which('npm');
  if (npm === undefined) {
    throw new SetupError('npm is missing: install it (apt: sudo apt-get install npm)');
  }
  return [npm];
}

function addon(context, toolchain, packages) {
  const { root, stamps } = context;
  const build = join(root, 'build');
  const sources = [
    join(root, 'CMakeLists.txt'),
    ...filesUnder(join(root, 'cmake')),
    ...filesUnder(join(root, 'native'), isBuilt),
  ];
  return {
    name: 'addon',
    key: hashOf(toolchain.key, packages, hashFiles(root, sources)),
    outputs: [join(build, 'h5lib.node')],
    work() {
      say('Building the addon with cmake …');
      // CMake's cache holds on to the compiler and libraries of its first run.
      if (stamps.read('addon-cache')?.key !== toolchain.key) {
        rmSync(build, { recursive: true, force: true });
      }
      const { tools } = toolchain;
      const generator = generatorArguments(tools);
      const release = '-DCMAKE_BUILD_TYPE=Release';
      run(context, tools.cmake, ['-S', root, '-B', build, release, ...generator]);
      stamps.write('addon-cache', { key: toolchain.key });
      // Make without a number starts everything at once.
      const jobs = String(availableParallelism());
      run(context, tools.cmake, ['--build', build, '--parallel', jobs]);
      expectOutput(join(build, 'h5lib.node'));
    },
  };
}

/** Whether the addon is made of a file of native/: tests, fuzzers and benchmarks are no part of it. */
function isBuilt(path) {
  return /\.(c|cc|h|txt)$/.test(path) && !/(^|\/)(test|fuzz|bench|testing)\//.test(path);
}

function typescript(context, packages) {
  const { root } = context;
  const dist = join(root, 'dist');
  const configs = ['tsconfig.json', 'tsconfig.build.json'].map((name) => join(root, name));
  const sources = filesUnder(join(root, 'src'), (path) => /\.(ts|mts|json)$/.test(path));
  const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const programs = Object.values(manifest.bin ?? {}).map((path) => join(root, path));
  return {
    name: 'typescript',
    key: hashOf(packages, hashFiles(root, [...configs, ...sources])),
    outputs: [dist, ...programs],
    work() {
      say('Building the TypeScript …');
      // Emptied, so that nothing stays of sources that are gone.
      rmSync(dist, { recursive: true, force: true });
      const tsc = join(root, 'node_modules/typescript/bin/tsc');
      run(context, process.execPath, [tsc, '-p', join(root, 'tsconfig.build.json')]);
      for (const path of programs) {
        expectOutput(path);
        chmodSync(path, 0o755);
      }
    },
  };
}

function expectOutput(path) {
  if (!existsSync(path)) throw new SetupError(`Expected the build to make ${path} but it did not`);
}
