import { describe, expect, it } from 'vitest';
import { atLeast } from '../../src/nwb/context.js';
import { example } from '../description/example.js';
import { at, attributesAt, grow, valueAt } from './grow.js';

const specifications = (version: string) => ({
  core: { version, files: { namespace: '{"namespaces":[]}', 'nwb.base': '{"groups":[]}' } },
  'hdmf-common': { version: '1.8.0', files: { namespace: '{}' } },
});
const growWith = (version: string) =>
  grow(example({ acquisition: [] }), {}, specifications(version));

describe('cached specifications', () => {
  it('cached specifications are JSON texts by namespace and version', () => {
    const tree = growWith('2.9.0');
    expect(attributesAt(tree, '/')).toMatchObject({ '.specloc': '/specifications' });
    expect(valueAt(tree, '/specifications/core/2.9.0/nwb.base')).toBe('{"groups":[]}');
    expect(valueAt(tree, '/specifications/hdmf-common/1.8.0/namespace')).toBe('{}');
    expect(attributesAt(tree, '/specifications/core')).toEqual({});
  });

  it('the core specification decides the NWB version of the file', () => {
    const tree = growWith('2.10.0');
    expect(attributesAt(tree, '/')).toMatchObject({ nwb_version: '2.10.0' });
    const table = '/general/extracellular_ephys/electrodes';
    expect(attributesAt(tree, table)).toMatchObject({ neurodata_type: 'ElectrodesTable' });
  });

  it('files before NWB 2.9.0 have no ElectrodesTable and no was_generated_by', () => {
    const tree = growWith('2.8.0');
    expect(attributesAt(tree, '/general/extracellular_ephys/electrodes')).toMatchObject({
      namespace: 'hdmf-common',
      neurodata_type: 'DynamicTable',
    });
    expect(() => at(tree, '/general/was_generated_by')).toThrow();
  });

  it('without specifications the file has no group for them', () => {
    const tree = grow(example({ acquisition: [] }));
    expect(attributesAt(tree, '/')).not.toHaveProperty('.specloc');
    expect(() => at(tree, '/specifications')).toThrow();
  });

  it('a specification without its namespace file is refused', () => {
    const broken = { core: { version: '2.9.0', files: { 'nwb.base': '{}' } } };
    expect(() => grow(example({ acquisition: [] }), {}, broken)).toThrow(
      "Expected a file 'namespace' for specifications/core/2.9.0 but received nwb.base",
    );
  });
});

it.each([
  ['2.9.0', '2.9.0', true],
  ['2.10.0', '2.9.0', true],
  ['2.9.0-alpha', '2.9.0', true],
  ['2.8.9', '2.9.0', false],
  ['3.0', '2.9.0', true],
])('%s is at least %s: %s', (version, least, answer) => {
  expect(atLeast(version, least)).toBe(answer);
});
