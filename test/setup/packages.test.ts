import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import {
  aptGet,
  haveFreshLists,
  installCommands,
  type Need,
} from '../../scripts/setup/packages.mjs';

describe('installCommands', () => {
  test('names every package once for each package manager', () => {
    const tools: Need[] = ['compiler', 'make', 'cmake'];
    const libraries: Need[] = ['hdf5', 'libdeflate', 'xxhash', 'hdf5Tools'];
    expect(installCommands([...tools, ...libraries])).toEqual({
      apt: 'sudo apt-get install g++ make cmake libhdf5-dev libdeflate-dev libxxhash-dev hdf5-tools',
      dnf: 'sudo dnf install gcc-c++ make cmake hdf5-devel libdeflate-devel xxhash-devel hdf5',
      brew: 'xcode-select --install && brew install cmake hdf5 libdeflate xxhash',
    });
  });

  test('names only the packages of missing needs', () => {
    expect(installCommands(['libdeflate'])).toEqual({
      apt: 'sudo apt-get install libdeflate-dev',
      dnf: 'sudo dnf install libdeflate-devel',
      brew: 'brew install libdeflate',
    });
    expect(installCommands(['compiler']).brew).toBe('xcode-select --install');
  });
});

describe('aptGet', () => {
  const command = ['env', 'DEBIAN_FRONTEND=noninteractive', 'apt-get'];

  test('root runs apt-get directly, without asking for sudo', () => {
    const sudo = () => {
      throw new Error('asked');
    };
    expect(aptGet({ uid: 0, hasAptGet: true, sudo })).toEqual(command);
    expect(aptGet({ uid: 0, hasAptGet: false, sudo })).toBeUndefined();
  });

  test('other users run apt-get only through a sudo that needs no password', () => {
    const expected = ['sudo', '-n', ...command];
    expect(aptGet({ uid: 1000, hasAptGet: true, sudo: () => true })).toEqual(expected);
    expect(aptGet({ uid: 1000, hasAptGet: true, sudo: () => false })).toBeUndefined();
  });
});

describe('haveFreshLists', () => {
  test('accepts only lists from the last day', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'hyperslab-lists-'));
    try {
      expect(haveFreshLists(join(folder, 'none'))).toBe(false);
      await mkdir(join(folder, 'partial'));
      expect(haveFreshLists(folder)).toBe(false);
      await writeFile(join(folder, 'deb.example_main_binary-amd64_Packages.lz4'), '');
      expect(haveFreshLists(folder)).toBe(true);
      expect(haveFreshLists(folder, Date.now() + 2 * 86_400_000)).toBe(false);
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});
