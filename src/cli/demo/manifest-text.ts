import { CHANNELS, COLUMNS, RATE } from './recording.js';

/** The manifest of the demo, an example to copy and change. */
export function manifestText(recording: string, output: string): string {
  return `# Made by \`hyperslab demo\`, which overwrites this file: copy it before you change it.
#
#   hyperslab plan MANIFEST              show what would be written
#   hyperslab convert MANIFEST           write the file
#   hyperslab verify FILE MANIFEST       compare every value

path: ${output} # relative paths start at the folder of this manifest

nwbfile:
  sessionDescription: Simulated recording of a Neuropixels probe in the hippocampus
  identifier: hyperslab-demo
  sessionStartTime: 2026-01-15T10:00:00+01:00
  sessionId: demo
  experimenter: ['Doe, Jane'] # last name first
  institution: University of Examples
  lab: Example lab
  experimentDescription: Simulated noise, slow waves and spikes, to try a conversion
  keywords: [simulation, Neuropixels, extracellular electrophysiology]
  subject:
    subjectId: demo-mouse
    species: Mus musculus
    sex: F
    age: P90D
    description: A simulated mouse

devices:
  - name: probe
    description: Neuropixels 1.0, a shank with ${CHANNELS} channels
    manufacturer: IMEC

electrodeGroups:
  - name: shank0
    device: probe
    location: CA1
    description: The only shank of the probe

electrodes: # identical electrodes; or a list of rows, or { csv: electrodes.csv }
  count: ${CHANNELS}
  group: shank0
  location: CA1

acquisition:
  - type: ElectricalSeries
    name: ElectricalSeriesAP
    description: Raw voltage of all channels
    rate: ${RATE} # samples per second
    conversion: 2.34375e-6 # volts per bit, at a gain of 500
    data:
      source:
        type: raw
        path: ${recording}
        dtype: int16
        shape: [null, ${COLUMNS}] # samples (inferred from the size of the file) x columns
        columns: '0:${CHANNELS}' # all columns but the last
      chunks: [null, 64] # 64 channels, and as many samples as fit into 4 MiB
      compression: gzip
      compressionOpts: 4
      shuffle: true

  - type: TimeSeries
    name: SyncPulses
    description: Status word of the probe, with the synchronisation pulse in bit 6
    unit: n.a.
    rate: ${RATE}
    continuity: step
    data:
      source:
        type: raw
        path: ${recording}
        dtype: int16
        shape: [null, ${COLUMNS}]
        columns: '${CHANNELS}:${COLUMNS}' # the last column
`;
}
