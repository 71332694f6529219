import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, isAbsolute, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { output, which } from './commands.mjs';
import { hashOf, signature } from './stamps.mjs';

const LEAST_CMAKE = '3.18';
const LEAST_HDF5 = '1.10.5';

/** Environment variables that make CMake choose another compiler or library. */
const CMAKE_VARIABLES = [
  'CC',
  'CXX',
  'CFLAGS',
  'CXXFLAGS',
  'LDFLAGS',
  'HDF5_ROOT',
  'CMAKE_PREFIX_PATH',
].concat(['CMAKE_GENERATOR', 'PKG_CONFIG_PATH', 'CPATH', 'LIBRARY_PATH', 'CONDA_PREFIX']);

/** Finds the programs of the build in PATH, without running them. */
export function findTools(env = process.env) {
  return {
    cc: which(...(env.CC ? [env.CC] : ['cc', 'gcc', 'clang'])),
    cxx: which(...(env.CXX ? [env.CXX] : ['c++', 'g++', 'clang++'])),
    cmake: which('cmake'),
    make: which('make', 'gmake'),
    ninja: which('ninja', 'ninja-build'),
    h5cc: which('h5cc'),
    pkgConfig: which('pkg-config', 'pkgconf'),
  };
}

/** A key that changes with the compiler, cmake, Node, and the variables that guide CMake. */
export function toolchainKey(tools, env = process.env) {
  const { modules } = process.versions;
  const variables = CMAKE_VARIABLES.map((name) => env[name] ?? null);
  const programs = Object.values(tools).map((path) => (path ? [path, signature(path)] : null));
  return hashOf(process.version, modules, process.arch, variables, programs);
}

/**
 * Checks whether the machine has everything that the build needs, by compiling and by asking CMake.
 * @returns the missing needs (names of PACKAGES), remarks on versions that are too old or broken, and the
 * files of the libraries found
 */
export function checkBuildNeeds(tools) {
  const missing = [];
  const remarks = [];
  if (!tools.cc || !tools.cxx) missing.push('compiler');
  else if (!compilesCxx20(tools.cxx)) {
    missing.push('compiler');
    remarks.push(`${tools.cxx} does not compile C++20`);
  }
  if (!tools.make && !tools.ninja) missing.push('make');
  const version = tools.cmake && cmakeVersion(tools.cmake);
  if (version === undefined || !isAtLeast(version, LEAST_CMAKE)) missing.push('cmake');
  if (version !== undefined && !isAtLeast(version, LEAST_CMAKE)) {
    remarks.push(`${tools.cmake} is ${version}`);
  }
  // CMake can't be asked without compiler and make, so the libraries count as missing. Installing a library
  // that is already there does no harm.
  if (missing.length > 0)
    return { missing: [...missing, 'hdf5', 'libdeflate', 'xxhash'], remarks, files: [] };

  const found = askCMake(tools);
  if (found === undefined) {
    remarks.push(`${tools.cmake} could not set up a C project`);
    return { missing: ['compiler', 'make', 'cmake'], remarks, files: [] };
  }
  if (!found.hdf5Usable) missing.push('hdf5');
  else if (!isAtLeast(found.hdf5Version, LEAST_HDF5)) {
    missing.push('hdf5');
    remarks.push(`the libhdf5 found is ${found.hdf5Version}`);
  }
  if (!found.libdeflateUsable) missing.push('libdeflate');
  if (!found.xxhashUsable) missing.push('xxhash');
  return { missing, remarks, files: found.files };
}

/** Arguments that make CMake use ninja if make is missing, because CMake would insist on make. */
export function generatorArguments(tools, env = process.env) {
  if (env.CMAKE_GENERATOR || tools.make || !tools.ninja) return [];
  return ['-G', 'Ninja'];
}

/** Whether a dotted version is `least` or newer. */
export function isAtLeast(version, least) {
  const [a, b] = [version, least].map((text) =>
    text.split(/[.\-_+]/).map((part) => parseInt(part, 10)),
  );
  for (let i = 0; i < b.length; i++) {
    const [ours, theirs] = [a[i] || 0, b[i] || 0];
    if (ours !== theirs) return ours > theirs;
  }
  return true;
}

/** Parses found.txt, which the probe writes. */
export function parseFound(text) {
  const entries = text.split('\n').map((line) => line.split(/=(.*)/s));
  const values = Object.fromEntries(entries.map(([name, value]) => [name, value ?? '']));
  return {
    hdf5Usable: isOn(values.hdf5_usable),
    hdf5Version: values.hdf5_version ?? '',
    libdeflateUsable: isOn(values.libdeflate_usable),
    xxhashUsable: isOn(values.xxhash_usable),
    files: [...new Set((values.files ?? '').split(';'))].filter((path) => isAbsolute(path)),
  };
}

function isOn(value) {
  return value === '1' || value === 'TRUE' || value === 'ON';
}

function compilesCxx20(cxx) {
  const source = '#include <concepts>\n#include <span>\nstd::integral auto one() { return 1; }\n';
  return inTemporaryFolder((folder) => {
    const path = join(folder, 'try.cc');
    writeFileSync(path, source);
    return output(cxx, ['-std=c++20', '-fsyntax-only', path]) !== undefined;
  });
}

function cmakeVersion(cmake) {
  return output(cmake, ['--version'])?.match(/version (\S+)/)?.[1];
}

function askCMake(tools) {
  const probe = join(dirname(fileURLToPath(import.meta.url)), 'probe');
  return inTemporaryFolder((folder) => {
    const args = ['-S', probe, '-B', folder, ...generatorArguments(tools)];
    if (output(tools.cmake, args) === undefined) return undefined;
    return parseFound(readFileSync(join(folder, 'found.txt'), 'utf8'));
  });
}

function inTemporaryFolder(work) {
  const folder = mkdtempSync(join(tmpdir(), 'hyperslab-setup-'));
  try {
    return work(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
