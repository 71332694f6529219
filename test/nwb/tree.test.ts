import { describe, expect, it } from 'vitest';
import { checkDescription } from '../../src/description/index.js';
import { buildTree, type Node } from '../../src/nwb/index.js';
import { example, session } from '../description/example.js';
import { at, attributesAt, grow, info, valueAt } from './grow.js';

const DATA = 'acquisition/ElectricalSeriesAP/data';
const tree = grow(example(), { [DATA]: info([1000, 4]) });

function* nodes(node: Node, path = ''): Generator<[string, Node]> {
  yield [path || '/', node];
  if (node.kind !== 'group') return;
  for (const [name, child] of Object.entries(node.children)) yield* nodes(child, `${path}/${name}`);
}

describe('buildTree', () => {
  it('has the groups of every NWB file', () => {
    const groups = [...nodes(grow({ path: 'a.nwb', nwbfile: session({ subject: undefined }) }))];
    expect(groups.filter(([, { kind }]) => kind === 'group').map(([path]) => path)).toEqual([
      '/',
      '/acquisition',
      '/analysis',
      '/general',
      '/processing',
      '/stimulus',
      '/stimulus/presentation',
      '/stimulus/templates',
    ]);
    expect(attributesAt(tree, '/')).toEqual({
      namespace: 'core',
      neurodata_type: 'NWBFile',
      nwb_version: '2.9.0',
    });
    expect(attributesAt(tree, '/general')).toEqual({});
  });

  it('gives every typed object an id of its own, and no other', () => {
    const ids = [...nodes(tree)].flatMap(([, node]) => {
      if (node.kind === 'link') return [];
      const { neurodata_type, namespace, object_id } = node.attributes;
      expect(object_id === undefined).toBe(neurodata_type === undefined);
      expect(namespace === undefined).toBe(neurodata_type === undefined);
      return object_id ? [object_id.data[0]] : [];
    });
    expect(new Set(ids).size).toBe(ids.length);
    // NWBFile, Subject, Device, ElectrodeGroup, table, id, 3 columns, series, region
    expect(ids).toHaveLength(11);
  });

  it('links and references lead to objects that exist', () => {
    for (const [path, node] of nodes(tree)) {
      if (node.kind === 'link') expect(() => at(tree, node.target), path).not.toThrow();
      if (node.kind === 'link' || node.kind === 'group') continue;
      const values = Object.values(node.attributes);
      if (node.kind === 'dataset') values.push(node.value);
      for (const { dtype, data } of values) {
        if (dtype !== 'reference') continue;
        for (const target of data) expect(() => at(tree, String(target)), path).not.toThrow();
      }
    }
  });

  it('gives every value as many items as its shape says', () => {
    for (const [path, node] of nodes(tree)) {
      if (node.kind === 'link') continue;
      const values = Object.values(node.attributes);
      if (node.kind === 'dataset') values.push(node.value);
      for (const { shape, data } of values) {
        expect(data.length, path).toBe(shape.reduce((items, length) => items * length, 1));
      }
    }
  });

  it('puts devices, groups and subject where the schema wants them', () => {
    expect(attributesAt(tree, '/general/devices/probe')).toEqual({
      namespace: 'core',
      neurodata_type: 'Device',
      description: 'Neuropixels 1.0',
    });
    expect(attributesAt(tree, '/general/extracellular_ephys/shank0')).toEqual({
      namespace: 'core',
      neurodata_type: 'ElectrodeGroup',
      description: 'the only shank',
      location: 'CA1',
    });
    expect(at(tree, '/general/extracellular_ephys/shank0/device')).toEqual({
      kind: 'link',
      target: '/general/devices/probe',
    });
    expect(valueAt(tree, '/general/subject/age')).toBe('P90D');
    expect(attributesAt(tree, '/general/subject/age')).toEqual({ reference: 'birth' });
    expect(Object.keys((at(tree, '/general/subject') as { children: object }).children)).toEqual([
      'sex',
      'species',
      'subject_id',
      'age',
    ]);
  });

  it('accepts an object named like a property of every JavaScript object', () => {
    const devices = ['__proto__', 'constructor', 'probe'].map((name) => ({ name }));
    const root = grow(example({ devices }), { [DATA]: info([1000, 4]) });
    const { children } = at(root, '/general/devices') as { children: object };
    expect(Object.keys(children)).toEqual(['__proto__', 'constructor', 'probe']);
  });

  it('refuses electrodes that are not loaded yet', () => {
    const description = checkDescription(example({ electrodes: { csv: 'e.csv' } }));
    const options = { now: new Date(), objectId: () => 'id', version: '1' };
    expect(() => buildTree(description, new Map(), options)).toThrow(
      'Expected rows for electrodes but received the file e.csv',
    );
  });
});

describe('the session', () => {
  const start = '2026-11-22T10:00:00+01:00';

  it('the session has its times', () => {
    expect(valueAt(tree, '/session_start_time')).toBe(start);
    expect(valueAt(tree, '/timestamps_reference_time')).toBe(start);
    expect(valueAt(tree, '/file_create_date')).toEqual(['2026-11-23T12:00:00.250Z']);
    const timestampsReferenceTime = '2026-11-22T09:00:00Z';
    const other = grow(example({ acquisition: [], nwbfile: session({ timestampsReferenceTime }) }));
    expect(valueAt(other, '/timestamps_reference_time')).toBe(timestampsReferenceTime);
  });

  it('the session has all fields of NWBFile under their names in the schema', () => {
    const texts = {
      sessionId: 'session_id',
      institution: 'institution',
      lab: 'lab',
      experimentDescription: 'experiment_description',
      notes: 'notes',
      pharmacology: 'pharmacology',
      protocol: 'protocol',
      slices: 'slices',
      sourceScript: 'source_script',
      stimulusNotes: 'stimulus',
      surgery: 'surgery',
      virus: 'virus',
      dataCollection: 'data_collection',
    };
    const lists = {
      experimenter: 'experimenter',
      keywords: 'keywords',
      relatedPublications: 'related_publications',
    };
    const fields: Record<string, unknown> = { sourceScriptFileName: 'make.py' };
    for (const name of Object.keys(texts)) fields[name] = `the ${name}`;
    for (const name of Object.keys(lists)) fields[name] = [`one ${name}`, `two ${name}`];
    const root = grow(example({ acquisition: [], nwbfile: session(fields) }));
    for (const [name, dataset] of Object.entries({ ...texts, ...lists })) {
      expect(valueAt(root, `/general/${dataset}`)).toEqual(fields[name]);
    }
    expect(attributesAt(root, '/general/source_script')).toEqual({ file_name: 'make.py' });
  });

  it('the file names the programs that made it', () => {
    expect(at(tree, '/general/was_generated_by')).toMatchObject({
      value: { shape: [1, 2], data: ['hyperslab', '1.2.3'] },
    });
    const wasGeneratedBy = [
      ['a', '1'],
      ['b', '2'],
    ];
    const root = grow(example({ acquisition: [], nwbfile: session({ wasGeneratedBy }) }));
    expect(at(root, '/general/was_generated_by')).toMatchObject({
      value: { shape: [2, 2], data: ['a', '1', 'b', '2'] },
    });
  });
});
