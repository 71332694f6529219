import { join } from 'node:path';
import { checkBuildNeeds, findTools, toolchainKey } from './checks.mjs';
import { SetupError, say } from './commands.mjs';
import { aptGet, aptInstall, installCommands, thisMachine, titles } from './packages.mjs';
import { missingReaderNeeds } from './python.mjs';
import { failedLately, filesUnder, hashFiles, hashOf, signature } from './stamps.mjs';

/**
 * Sees to it that compiler, cmake and libraries are there, and installs them where it may.
 * @returns the programs found, and a key that changes when they or the libraries do
 * @throws SetupError when something is missing that may not be installed
 */
export function setUpSystem(context) {
  let system = checkSystem(context);
  const extras = context.python ? missingReaderNeeds(context) : [];
  if (system.missing.length + extras.length > 0 && install(context, system.missing, extras)) {
    system = checkSystem(context);
  }
  if (system.missing.length > 0) {
    // The readers alone would not stop us, but the user need not come back for them.
    throw new SetupError(whatToInstall([...system.missing, ...extras], system.remarks));
  }
  return system;
}

/** The message for needs that are missing and may not be installed by us. */
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
  // With what is asked for: a later version may need a library more.
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

/** Installs what the build needs and what the readers need; false where it may not or need not. */
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
    // Without them the tests that need them are skipped; whether that will do is checked later.
    say(error.message);
    stamps.write('extras', { key, failedAt: Date.now() });
    return false;
  }
}
