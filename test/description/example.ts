/** A Neuropixels session as in a manifest; parts can be replaced. */
export function example(parts: Record<string, unknown> = {}) {
  return {
    path: 'session.nwb',
    nwbfile: session(),
    devices: [{ name: 'probe', description: 'Neuropixels 1.0' }],
    electrodeGroups: [
      { name: 'shank0', device: 'probe', location: 'CA1', description: 'the only shank' },
    ],
    electrodes: { count: 4, group: 'shank0', location: 'CA1' },
    acquisition: [series()],
    ...parts,
  };
}

/** An ElectricalSeries of four channels from a raw file; fields can be replaced. */
export function series(fields: Record<string, unknown> = {}) {
  return {
    type: 'ElectricalSeries',
    name: 'ElectricalSeriesAP',
    rate: 30000,
    conversion: 2.34375e-6,
    data: bulk(),
    ...fields,
  };
}

/** A bulk dataset from a raw file; fields can be replaced. */
export function bulk(fields: Record<string, unknown> = {}) {
  return { source: { type: 'raw', path: 'ap.bin', dtype: 'int16', shape: [null, 4] }, ...fields };
}

/** The fields of a session; fields can be replaced. */
export function session(fields: Record<string, unknown> = {}) {
  return {
    sessionDescription: 'probe in CA1',
    identifier: 'm1-2026-11-22',
    sessionStartTime: '2026-11-22T10:00:00+01:00',
    subject: { subjectId: 'm1', species: 'Mus musculus', sex: 'M', age: 'P90D' },
    ...fields,
  };
}
