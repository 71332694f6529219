import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, isAbsolute, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { output, which } from './commands.mjs';
import { hashOf, signature } from './stamps.mjs';

const LEAST_CMAKE = '3.18';
const LEAST_HDF5 = '1.10.5';

/** Environment variables by which a user leads CMake to another compiler or library. */
const LEADS = [
  'CC',
  'CXX',
  'CFLAGS',
  'CXXFLAGS',
  'LDFLAGS',
  'HDF5_ROOT',
  'CMAKE_PREFIX_PATH',
].concat(['CMAKE_GENERATOR', 'PKG_CONFIG_PATH', 'CPATH', 'LIBRARY_PATH', 'CONDA_PREFIX']);

/** The programs that the build calls, by PATH alone: nothing is run. */
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

/** Changes when another compiler, cmake or Node is used, or CMake is led elsewhere. */
export function toolchainKey(tools, env = process.env) {
  const { modules } = process.versions;
  const leads = LEADS.map((name) => env[name] ?? null);
  const programs = Object.values(tools).map((path) => (path ? [path, signature(path)] : null));
  return hashOf(process.version, modules, process.arch, leads, programs);
}

/**
 * Looks whether the build has what it needs, by compiling and by asking CMake.
 * @returns the needs that are missing (names of PACKAGES), what was found that won't do, and the
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
  // Without its tools there is no asking CMake; to install what is there already does no harm.
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

/** Arguments that make CMake use ninja where there is no make, which it would try first. */
export function generatorArguments(tools, env = process.env) {
  if (env.CMAKE_GENERATOR || tools.make || !tools.ninja) return [];
  return ['-G', 'Ninja'];
}

/** Whether a dotted version is the same as another or newer. */
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

/** Reads what the probe wrote. */
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
