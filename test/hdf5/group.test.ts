import { expect, test } from 'vitest';
import { Dataset, Group, Hdf5Error } from '../../src/hdf5/index.js';
import { withFile } from './temporary.js';

const VALUE = { dtype: 'int16', shape: [2], data: Int16Array.of(1, 2) } as const;

test('objects are opened by relative and absolute paths and report their own paths', () => {
  withFile((file) => {
    using outer = file.createGroup('outer');
    using inner = outer.createGroup('inner');
    inner.writeDataset('data', VALUE).close();
    expect([file.path, outer.path, inner.path]).toEqual(['/', '/outer', '/outer/inner']);
    for (const from of [
      file.group('outer/inner'),
      outer.group('inner'),
      inner.group('/outer/inner'),
    ])
      expect(from.dataset('data').path).toBe('/outer/inner/data');
    expect(inner.dataset('/outer/inner/data').read().data).toEqual(VALUE.data);
    expect(file.open('outer')).toBeInstanceOf(Group);
    expect(file.open('outer/inner/data')).toBeInstanceOf(Dataset);
  });
});

test('group() refuses a dataset, and dataset() refuses a group', () => {
  withFile((file) => {
    file.createGroup('group').close();
    file.writeDataset('data', VALUE).close();
    expect(() => file.dataset('group')).toThrow(
      'H5Oopen failed for /group: expected a dataset but received a group',
    );
    expect(() => file.group('data')).toThrow(/expected a group but received a dataset/);
    expect(() => file.group('data')).toThrow(Hdf5Error);
  });
});

test('a name can be used once, and its parent group must exist', () => {
  withFile((file) => {
    file.createGroup('group').close();
    expect(() => file.createGroup('group')).toThrow(/H5Gcreate2 failed for \/group/);
    expect(() => file.writeDataset('group', VALUE)).toThrow(/H5Dcreate2 failed for \/group/);
    expect(() => file.createSoftLink('group', '/x')).toThrow(/H5Lcreate_soft failed for \/group/);
    expect(() => file.createGroup('no/parent')).toThrow(Hdf5Error);
    expect(file.links().map(({ name }) => name)).toEqual(['group']);
  });
});

test('a group is opened or created with all groups above it', () => {
  withFile((file) => {
    file.requireGroup('/a/b/c').close();
    file.group('a/b').attributes.set('kept', VALUE);
    using again = file.group('a').requireGroup('b');
    expect([again.path, again.attributes.names()]).toEqual(['/a/b', ['kept']]);
    expect(again.requireGroup('/').path).toBe('/');
    file.writeDataset('data', VALUE).close();
    expect(() => file.requireGroup('data/below')).toThrow(
      /expected a group but received a dataset/,
    );
  });
});

test('links are listed by name, with their kind and target', () => {
  withFile((file) => {
    using group = file.createGroup('group');
    for (const name of ['b', 'µ – 😀', 'a', '10', '9']) group.createGroup(name).close();
    group.createSoftLink('soft', '/group/a');
    group.createSoftLink('dangling', 'no/where');
    expect(group.links()).toEqual([
      { name: '10', kind: 'hard' },
      { name: '9', kind: 'hard' },
      { name: 'a', kind: 'hard' },
      { name: 'b', kind: 'hard' },
      { name: 'dangling', kind: 'soft', target: 'no/where' },
      { name: 'soft', kind: 'soft', target: '/group/a' },
      { name: 'µ – 😀', kind: 'hard' },
    ]);
    expect(file.links()).toEqual([{ name: 'group', kind: 'hard' }]);
  });
});

test('a soft link leads to its target once the target exists', () => {
  withFile((file) => {
    file.createSoftLink('link', '/target');
    expect([file.has('link'), file.has('target')]).toEqual([true, false]);
    expect(() => file.open('link')).toThrow(Hdf5Error);
    file.writeDataset('target', VALUE).close();
    expect(file.dataset('link').read().data).toEqual(VALUE.data);
  });
});

test('a group can have many children in both formats', () => {
  for (const libver of ['earliest', 'v110'] as const)
    withFile(
      (file) => {
        const names = Array.from({ length: 500 }, (_, index) => `child ${index}`);
        for (const name of names) file.createGroup(name).close();
        expect(file.links().map(({ name }) => name)).toEqual(names.sort());
      },
      { libver },
    );
});

test('names that are not strings or contain a NUL are refused', () => {
  withFile((file) => {
    expect(() => file.createGroup('a\0b')).toThrow(
      /Expected no NUL character in the name of a group/,
    );
    expect(() => file.createSoftLink('a', 'b\0')).toThrow(TypeError);
    expect(() => file.has(7 as unknown as string)).toThrow(TypeError);
    expect(file.links()).toEqual([]);
  });
});
