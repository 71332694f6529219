import { describe, expect, test } from 'vitest';
import { generatorArguments, isAtLeast, parseFound } from '../../scripts/setup/checks.mjs';

test.each([
  ['1.10.5', '1.10.5', true],
  ['1.10.10', '1.10.5', true],
  ['1.10.4', '1.10.5', false],
  ['1.8.23', '1.10.5', false],
  ['1.14.6-2', '1.10.5', true],
  ['2.0.0', '1.10.5', true],
  ['2', '1.10.5', true],
  ['1', '1.10.5', false],
  ['3.25.1', '3.18', true],
  ['3.9', '3.18', false],
  ['4.0.0-rc1', '3.18', true],
  ['', '3.18', false],
])('isAtLeast(%j, %j) is %j', (version, least, expected) => {
  expect(isAtLeast(version, least)).toBe(expected);
});

describe('parseFound', () => {
  test('reads what the probe writes', () => {
    const text =
      'hdf5_usable=1\nhdf5_version=1.10.8\nlibdeflate_usable=1\nxxhash_usable=TRUE\n' +
      'files=/usr/lib/libhdf5.so;m;/usr/include/H5public.h;/usr/lib/libhdf5.so\n';
    expect(parseFound(text)).toEqual({
      hdf5Usable: true,
      hdf5Version: '1.10.8',
      libdeflateUsable: true,
      xxhashUsable: true,
      files: ['/usr/lib/libhdf5.so', '/usr/include/H5public.h'],
    });
  });

  test('counts empty and missing entries as not usable', () => {
    const nothing = {
      hdf5Usable: false,
      hdf5Version: '',
      libdeflateUsable: false,
      xxhashUsable: false,
      files: [],
    };
    const text = 'hdf5_usable=\nhdf5_version=\nlibdeflate_usable=\nxxhash_usable=\nfiles=;;\n';
    expect(parseFound(text)).toEqual(nothing);
    expect(parseFound('')).toEqual(nothing);
  });
});

test('generatorArguments asks for ninja only if make is missing and the user chose no generator', () => {
  const make = '/usr/bin/make';
  const ninja = '/usr/bin/ninja';
  expect(generatorArguments({ make, ninja }, {})).toEqual([]);
  expect(generatorArguments({ ninja }, {})).toEqual(['-G', 'Ninja']);
  expect(generatorArguments({ ninja }, { CMAKE_GENERATOR: 'Ninja' })).toEqual([]);
});
