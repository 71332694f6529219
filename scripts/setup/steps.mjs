import { chmodSync, existsSync, readFileSync, rmSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { basename, join } from 'node:path';
import { generatorArguments } from './checks.mjs';
import { run, SetupError, say, which } from './commands.mjs';
import { filesUnder, hashFiles, hashOf, runStep } from './stamps.mjs';

/**
 * Installs the npm packages, and builds the addon and the TypeScript. Steps whose inputs are unchanged are
 * skipped.
 * @returns whether any step ran
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

/** A key that changes with the npm packages to install, but not with the rest of package.json. */
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
      // The build needs the development packages, even if NODE_ENV is `production`.
      run(context, program, [...before, 'ci', '--include=dev', '--no-fund', '--no-audit']);
    },
  };
}

/** The npm that runs this script, if any; otherwise the one in PATH. */
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
      // CMake's cache keeps the compiler and libraries of its first run, so another toolchain needs a new one.
      if (stamps.read('addon-cache')?.key !== toolchain.key) {
        rmSync(build, { recursive: true, force: true });
      }
      const { tools } = toolchain;
      const generator = generatorArguments(tools);
      const release = '-DCMAKE_BUILD_TYPE=Release';
      run(context, tools.cmake, ['-S', root, '-B', build, release, ...generator]);
      stamps.write('addon-cache', { key: toolchain.key });
      // Without a number, make would start all jobs at once.
      const jobs = String(availableParallelism());
      run(context, tools.cmake, ['--build', build, '--parallel', jobs]);
      expectOutput(join(build, 'h5lib.node'));
    },
  };
}

/** Whether a file of native/ is part of the addon. Tests, fuzzers and benchmarks are not. */
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
      // Emptied, so that no output of a deleted source remains.
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
