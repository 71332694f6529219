import { CHANNELS, COLUMNS, RATE } from './recording.js';

/** The demo's manifest, to be copied and changed. Paths count from its folder. */
export function manifestText(recording: string, output: string): string {
  return `# Made by \`hyperslab demo\`, which overwrites it: copy it before you change it.
#
#   hyperslab plan MANIFEST              what would be written
#   hyperslab convert MANIFEST           write it
#   hyperslab verify FILE MANIFEST       compare every value

path: ${output} # relative paths count from this file's folder

nwbfile:
  sessionDescription: Simulated recording of a Neuropixels probe in the hippocampus
  identifier: hyperslab-demo
  sessionStartTime: 2026-01-15T10:00:00+01:00
  sessionId: demo
  experimenter: ['Doe, Jane'] # last name first
  institution: University of Examples
  lab: Example lab
  experimentDescription: Noise, slow waves and spikes, to try a conversion with
  keywords: [simulation, Neuropixels, extracellular electrophysiology]
  subject:
    subjectId: demo-mouse
    species: Mus musculus
    sex: F
    age: P90D
    description: A mouse that never was

devices:
  - name: probe
    description: Neuropixels 1.0, a shank with ${CHANNELS} channels
    manufacturer: IMEC

electrodeGroups:
  - name: shank0
    device: probe
    location: CA1
    description: The only shank of the probe

electrodes: # so many alike; or a list of rows, or { csv: electrodes.csv }
  count: ${CHANNELS}
  group: shank0
  location: CA1

acquisition:
  - type: ElectricalSeries
    name: ElectricalSeriesAP
    description: Raw voltage of all channels
    rate: ${RATE} # samples per second
    conversion: 2.34375e-6 # volts a bit, at the gain of 500
    data:
      source:
        type: raw
        path: ${recording}
        dtype: int16
        shape: [null, ${COLUMNS}] # samples (as many as the file has) x columns
        columns: '0:${CHANNELS}' # all but the last
      chunks: [null, 64] # 64 channels, and as many samples as make 4 MiB
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
        columns: '${CHANNELS}:${COLUMNS}' # the last
`;
}
