import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { output, run, SetupError, say, which } from './commands.mjs';

/** Programs and libraries that may be missing: their titles in messages, and their packages by manager. */
export const PACKAGES = {
  compiler: { title: 'a C++20 compiler', apt: ['g++'], dnf: ['gcc-c++'], brew: [], xcode: true },
  make: { title: 'make or ninja', apt: ['make'], dnf: ['make'], brew: [], xcode: true },
  cmake: { title: 'cmake 3.18 or newer', apt: ['cmake'], dnf: ['cmake'], brew: ['cmake'] },
  hdf5: {
    title: 'libhdf5 1.10.5 or newer with headers',
    apt: ['libhdf5-dev'],
    dnf: ['hdf5-devel'],
    brew: ['hdf5'],
  },
  libdeflate: {
    title: 'libdeflate with headers',
    apt: ['libdeflate-dev'],
    dnf: ['libdeflate-devel'],
    brew: ['libdeflate'],
  },
  xxhash: {
    title: 'libxxhash 0.8 or newer with headers',
    apt: ['libxxhash-dev'],
    dnf: ['xxhash-devel'],
    brew: ['xxhash'],
  },
  python: {
    title: 'Python 3.10 or newer with venv',
    apt: ['python3', 'python3-venv'],
    dnf: ['python3'],
    brew: ['python'],
  },
  hdf5Tools: {
    title: 'h5dump and h5diff',
    apt: ['hdf5-tools'],
    dnf: ['hdf5'],
    brew: ['hdf5'],
  },
  clang: {
    title: 'clang with libFuzzer',
    apt: ['clang'],
    dnf: ['clang', 'compiler-rt'],
    brew: ['llvm'],
  },
};

/** The packages of one manager that provide the needs, without duplicates. */
export function packagesFor(manager, needs) {
  return [...new Set(needs.flatMap((need) => PACKAGES[need][manager]))];
}

/** The commands with which a user installs the needs, one for each package manager. */
export function installCommands(needs) {
  const brew = packagesFor('brew', needs);
  const parts = needs.some((need) => PACKAGES[need].xcode) ? ['xcode-select --install'] : [];
  if (brew.length > 0) parts.push(`brew install ${brew.join(' ')}`);
  return {
    apt: `sudo apt-get install ${packagesFor('apt', needs).join(' ')}`,
    dnf: `sudo dnf install ${packagesFor('dnf', needs).join(' ')}`,
    brew: parts.join(' && '),
  };
}

/** Titles of needs, as in "cmake 3.18 or newer, libdeflate with headers". */
export function titles(needs) {
  return needs.map((need) => PACKAGES[need].title).join(', ');
}

/**
 * The command that runs apt-get without prompts, up to its own arguments; undefined if that is impossible.
 * @param machine `{uid, hasAptGet, sudo()}`; tests pass their own
 */
export function aptGet(machine) {
  if (!machine.hasAptGet) return undefined;
  // sudo drops the environment, so `env` sets the variable after it.
  const command = ['env', 'DEBIAN_FRONTEND=noninteractive', 'apt-get'];
  if (machine.uid === 0) return command;
  return machine.sudo() ? ['sudo', '-n', ...command] : undefined;
}

/** The properties of this machine that `aptGet` needs. */
export function thisMachine() {
  return {
    uid: process.getuid?.(),
    hasAptGet: which('apt-get') !== undefined,
    sudo: () => which('sudo') !== undefined && output('sudo', ['-n', 'true']) !== undefined,
  };
}

/**
 * Installs the packages that provide the needs, with apt-get.
 * @throws SetupError if apt-get fails
 */
export function aptInstall(context, command, needs) {
  aptInstallPackages(context, command, packagesFor('apt', needs));
}

/**
 * Installs packages with apt-get.
 * @throws SetupError if apt-get fails
 */
export function aptInstallPackages(context, command, packages) {
  const [program, ...before] = command;
  const apt = (...args) =>
    // A fresh machine often updates itself in the background and holds the lock, so wait for it.
    run(context, program, [...before, '-o', 'DPkg::Lock::Timeout=300', ...args]);
  const update = () => {
    say('Reading package lists with apt-get …');
    try {
      apt('update');
    } catch (error) {
      // A single broken third-party list fails the whole update, but may not matter for these packages.
      if (!(error instanceof SetupError)) throw error;
      say(`${error.message}; going on with the lists there are`);
    }
  };
  const install = () => {
    say(`Installing ${packages.join(' ')} with apt-get …`);
    apt('install', '--yes', '--no-install-recommends', ...packages);
  };

  if (haveFreshLists()) {
    try {
      return install();
    } catch (error) {
      if (!(error instanceof SetupError)) throw error;
      say(error.message);
    }
  }
  update();
  install();
}

/** Whether apt has package lists from the last day. Older lists name packages that no longer exist. */
export function haveFreshLists(folder = '/var/lib/apt/lists', now = Date.now()) {
  if (!existsSync(folder)) return false;
  if (!readdirSync(folder).some((name) => name.includes('_Packages'))) return false;
  // Taken from the folders, because the lists themselves carry the server's times.
  const times = [folder, join(folder, 'partial')].map(
    (path) => statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0,
  );
  const day = 86_400_000;
  return now - Math.max(...times) < day;
}
