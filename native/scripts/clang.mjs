import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { output, SetupError, say, which } from '../../scripts/setup/commands.mjs';
import {
  aptGet,
  aptInstall,
  aptInstallPackages,
  installCommands,
  PACKAGES,
  thisMachine,
} from '../../scripts/setup/packages.mjs';

/** Homebrew's clang: the one of macOS has no libFuzzer. */
const HOMEBREW = ['/opt/homebrew/opt/llvm/bin/clang++', '/usr/local/opt/llvm/bin/clang++'];
const OLDEST = 14;
const NEWEST = 25;

/** A fuzzer that needs the library of C++20 and the sanitizers. */
const PROBE = `
#include <cstddef>
#include <cstdint>
#include <span>
extern "C" int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size) {
  return std::span(bytes, size).size() > size;
}
`;

/**
 * Finds a clang++ that can build programs with libFuzzer, or installs one if that is possible
 * without asking.
 * @param context `root` and `log` of the set-up's commands
 * @returns its path, or undefined after saying what is missing
 */
export function needClang(context) {
  const found = findClang() ?? install(context);
  if (found === undefined) {
    const { apt, dnf, brew } = installCommands(['clang']);
    say(
      `missing ${PACKAGES.clang.title}. Install with the line for your system:` +
        `\n  apt:   ${apt} libclang-rt-dev\n  dnf:   ${dnf}\n  brew:  ${brew}`,
    );
  }
  return found;
}

function findClang() {
  return candidates().find(buildsFuzzers);
}

function candidates() {
  const versions = Array.from({ length: NEWEST - OLDEST + 1 }, (_, k) => `clang++-${NEWEST - k}`);
  const given = process.env.CXX?.includes('clang') ? [process.env.CXX] : [];
  return [...given, 'clang++', ...versions, ...HOMEBREW]
    .map((name) => which(name))
    .filter((path) => path !== undefined);
}

/** Whether it builds fuzzers: on many systems the runtime of libFuzzer is a separate package. */
function buildsFuzzers(clang) {
  const folder = mkdtempSync(join(tmpdir(), 'hyperslab-clang-'));
  try {
    const flags = ['-x', 'c++', '-std=c++20', '-fsanitize=fuzzer,address,undefined'];
    const program = join(folder, 'probe');
    return spawnSync(clang, [...flags, '-', '-o', program], { input: PROBE }).status === 0;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function install(context) {
  const command = aptGet(thisMachine());
  if (command === undefined) return undefined;
  try {
    if (candidates().length === 0) aptInstall(context, command, ['clang']);
    // There is no such package if the runtime comes with clang.
    const runtime = runtimePackage();
    if (findClang() === undefined && runtime) aptInstallPackages(context, command, [runtime]);
  } catch (error) {
    if (!(error instanceof SetupError)) throw error;
    say(error.message);
  }
  return findClang();
}

/** The apt package of the runtime for the clang that was found. */
function runtimePackage() {
  const [clang] = candidates();
  const version = clang && output(clang, ['--version'])?.match(/version (\d+)\./)?.[1];
  return version && `libclang-rt-${version}-dev`;
}
