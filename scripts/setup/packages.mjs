import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { output, run, SetupError, say, which } from './commands.mjs';

/** What can be missing, in the user's words, and the packages that bring it. */
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

/** The packages of one manager that bring the needs; each once. */
export function packagesFor(manager, needs) {
  return [...new Set(needs.flatMap((need) => PACKAGES[need][manager]))];
}

/** The commands that a user types to install the needs, one a package manager. */
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
 * How apt-get can be run without asking anyone: the words before its own arguments, or undefined.
 * @param machine what is asked, so that tests can answer: `{uid, hasAptGet, sudo()}`
 */
export function aptGet(machine) {
  if (!machine.hasAptGet) return undefined;
  // The environment does not pass through sudo, so it is set behind it.
  const command = ['env', 'DEBIAN_FRONTEND=noninteractive', 'apt-get'];
  if (machine.uid === 0) return command;
  return machine.sudo() ? ['sudo', '-n', ...command] : undefined;
}

/** The machine this runs on, as `aptGet` asks about it. */
export function thisMachine() {
  return {
    uid: process.getuid?.(),
    hasAptGet: which('apt-get') !== undefined,
    sudo: () => which('sudo') !== undefined && output('sudo', ['-n', 'true']) !== undefined,
  };
}

/**
 * Installs with apt-get what brings the needs.
 * @throws SetupError when apt-get fails
 */
export function aptInstall(context, command, needs) {
  aptInstallPackages(context, command, packagesFor('apt', needs));
}

/**
 * Installs packages with apt-get.
 * @throws SetupError when apt-get fails
 */
export function aptInstallPackages(context, command, packages) {
  const [program, ...before] = command;
  const apt = (...args) =>
    // A fresh machine often updates itself in the background, and holds the lock meanwhile.
    run(context, program, [...before, '-o', 'DPkg::Lock::Timeout=300', ...args]);
  const update = () => {
    say('Reading package lists with apt-get …');
    try {
      apt('update');
    } catch (error) {
      // One broken third-party list fails the whole update, and may not matter for the packages.
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

/** Whether apt has lists, of the last day: older ones name packages that are gone. */
export function haveFreshLists(folder = '/var/lib/apt/lists', now = Date.now()) {
  if (!existsSync(folder)) return false;
  if (!readdirSync(folder).some((name) => name.includes('_Packages'))) return false;
  // The lists themselves keep the time that the server gave them.
  const times = [folder, join(folder, 'partial')].map(
    (path) => statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0,
  );
  const day = 86_400_000;
  return now - Math.max(...times) < day;
}
