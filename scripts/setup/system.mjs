import { join } from 'node:path';
import { checkBuildNeeds, findTools, toolchainKey } from './checks.mjs';
import { SetupError, say } from './commands.mjs';
import { aptGet, aptInstall, installCommands, thisMachine, titles } from './packages.mjs';
import { missingReaderNeeds } from './python.mjs';
import { failedLately, filesUnder, hashFiles, hashOf, signature } from './stamps.mjs';

/**
 * Checks that compiler, cmake and libraries exist, and installs missing ones if it can do so without a prompt.
 * @returns the programs found, and a key that changes with the programs and libraries
 * @throws SetupError if something is missing that can't be installed
 */
export function setUpSystem(context) {
  let system = checkSystem(context);
  const extras = context.python ? missingReaderNeeds(context) : [];
  if (system.missing.length + extras.length > 0 && install(context, system.missing, extras)) {
    system = checkSystem(context);
  }
  if (system.missing.length > 0) {
    // Missing readers alone are no error, but one message lets the user install everything at once.
    throw new SetupError(whatToInstall([...system.missing, ...extras], system.remarks));
  }
  return system;
}

/** The message that tells the user how to install missing needs. */
export function whatToInstall(missing, remarks) {
  const why = remarks.length > 0 ? ` (${remarks.join('; ')})` : '';
  const { apt, dnf, brew } = installCommands(missing);
  return (
    `missing ${titles(missing)}${why}. Install with the line for your system, then run this again:` +
    `\n  apt:   ${apt}\n  dnf:   ${dnf}\n  brew:  ${brew}`
  );
}

function checkSystem({ root, stamps }) {
  const tools = findTools();
  // The probe is part of the key, because a later version may ask for another library.
  const questions = ['cmake', 'scripts/setup/probe'].flatMap((name) =>
    filesUnder(join(root, name)),
  );
  const key = hashOf(toolchainKey(tools), hashFiles(root, questions));
  const stamp = stamps.read('system');
  const files = stamp?.files ?? {};
  const same = Object.entries(files).every(([path, before]) => signature(path) === before);
  if (stamp?.key === key && same) {
    return { tools, key: hashOf(key, files, root), missing: [], remarks: [] };
  }

  say('Looking for a C++20 compiler, cmake, libhdf5, libdeflate and libxxhash …');
  const found = checkBuildNeeds(tools);
  const signatures = Object.fromEntries(found.files.map((path) => [path, signature(path)]));
  if (found.missing.length === 0) stamps.write('system', { key, files: signatures });
  return { ...found, tools, key: hashOf(key, signatures, root) };
}

/** Installs the needs of the build and of the readers. @returns whether anything was installed */
function install(context, needs, extras) {
  const { stamps, ci, retry } = context;
  const key = hashOf(extras);
  const onlyExtras = needs.length === 0;
  if (onlyExtras && !ci && !retry && failedLately(stamps.read('extras'), key)) return false;
  const command = aptGet(thisMachine());
  if (command === undefined) return false;
  try {
    aptInstall(context, command, [...needs, ...extras]);
    return true;
  } catch (error) {
    if (!(error instanceof SetupError) || !onlyExtras) throw error;
    // Without these packages, tests that read the files with other programs are skipped. In CI, the Python set-up
    // fails instead.
    say(error.message);
    stamps.write('extras', { key, failedAt: Date.now() });
    return false;
  }
}
