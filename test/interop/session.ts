import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll } from 'vitest';
import type { Description } from '../../src/index.js';

/** Real data, see its README. */
export const RECORDING = fileURLToPath(new URL('../data/open-ephys-hippocampus/', import.meta.url));

/** A folder that is removed after the tests of the file. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'hyperslab-interop-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** A session in which NWB Inspector finds no problem. Parts of it can be replaced. */
export function session(parts: Partial<Description>): Description {
  return {
    path: 'session.nwb',
    nwbfile: {
      sessionDescription: 'Rest in the home cage, silicon probe in dorsal CA1',
      identifier: 'open-ephys-hippocampus-1',
      sessionStartTime: '2019-05-07T10:30:00+01:00',
      sessionId: 'rest-1',
      experimenter: ['Ephys, Open'],
      institution: 'Open Ephys',
      lab: 'Demonstrations',
      keywords: ['hippocampus', 'silicon probe'],
      experimentDescription: 'Sample data of the Open Ephys GUI',
      subject: {
        subjectId: 'rat-1',
        species: 'Rattus norvegicus',
        sex: 'M',
        age: 'P90D',
        description: 'Adult rat',
      },
    },
    devices: [{ name: 'probe', description: 'Silicon probe', manufacturer: 'NeuroNexus' }],
    electrodeGroups: [
      { name: 'shank0', device: 'probe', location: 'CA1', description: 'The only shank' },
    ],
    electrodes: { count: 16, location: 'CA1', columns: { rel_x: 0, rel_y: depths(16) } },
    ...parts,
  };
}

const depths = (count: number) => Array.from({ length: count }, (_, site) => site * 50);
