import { instead } from '../bad-input/refusal.js';
import type { Mistake } from './mistake.js';

const types = 'hyperslab plan session.yaml';
const exit = 2;

/** Keys and values of the manifest. */
export const KEYS: readonly Mistake[] = [
  {
    user: 'misspells a key',
    manifest: instead('    rate:', '    raet:'),
    types,
    exit,
    sees: "error: session.yaml:13: Unknown key 'raet' in acquisition[0]: did you mean 'rate'?",
  },
  {
    user: 'writes a key as PyNWB does',
    manifest: instead('sessionDescription', 'session_description'),
    types,
    exit,
    sees: [
      'error: session.yaml:2: Expected a text for nwbfile.sessionDescription but received nothing',
      "error: session.yaml:3: Unknown key 'session_description' in nwbfile: did you mean 'sessionDescription'?",
    ],
  },
  {
    user: 'writes a key of a series as NeuroConv does',
    manifest: instead('    rate:', '    sampling_frequency:'),
    types,
    exit,
    sees: "error: session.yaml:13: Unknown key 'sampling_frequency' in acquisition[0] (known keys: type, name, description, comments, data, conversion, offset, resolution, continuity, rate, startingTime, timestamps, unit, electrodes, channelConversion, filtering)",
  },
  {
    user: 'capitalises a key',
    manifest: instead('devices:', 'Devices:'),
    types,
    exit,
    sees: "error: session.yaml:7: Unknown key 'Devices': did you mean 'devices'?",
  },
  {
    user: 'names a type in lower case',
    manifest: instead('type: ElectricalSeries', 'type: electricalseries'),
    types,
    exit,
    sees: "error: session.yaml:11: Expected 'TimeSeries' or 'ElectricalSeries' for acquisition[0].type but received 'electricalseries'",
  },
  {
    user: "names an NWB type that hyperslab can't write yet",
    manifest: instead('type: ElectricalSeries', 'type: LFP'),
    types,
    exit,
    sees: "error: session.yaml:11: Expected 'TimeSeries' or 'ElectricalSeries' for acquisition[0].type but received 'LFP'",
  },
  {
    user: 'indents a key too little',
    manifest: instead('    rate:', '  rate:'),
    types,
    exit,
    sees: "error: session.yaml:13:1: Expected all keys of a mapping to begin in the same column (check the indentation) at 'rate: 30000'",
  },
  {
    user: 'puts a key of the session in front of the session',
    manifest: instead('  identifier: m1\n', '').concat('identifier: m1\n'),
    types,
    exit,
    sees: [
      'error: session.yaml:2: Expected a text for nwbfile.identifier but received nothing',
      "error: session.yaml:16: Unknown key 'identifier' (known keys: path, nwbfile, devices, electrodeGroups, electrodes, electrodeColumns, acquisition, specifications)",
    ],
  },
  {
    user: 'forgets the identifier',
    manifest: instead('  identifier: m1\n', ''),
    types,
    exit,
    sees: 'error: session.yaml:2: Expected a text for nwbfile.identifier but received nothing',
  },
  {
    user: 'leaves the identifier empty',
    manifest: instead('identifier: m1', 'identifier:'),
    types,
    exit,
    sees: 'error: session.yaml:4: Expected a text for nwbfile.identifier but received null (a key without a value)',
  },
  {
    user: 'gives a number where a text belongs',
    manifest: instead('subjectId: m1', 'subjectId: 17'),
    types,
    exit,
    sees: 'error: session.yaml:6: Expected a text for nwbfile.subject.subjectId but received 17 (put it in quotes)',
  },
  {
    user: 'numbers a subject with leading zeros',
    manifest: instead('subjectId: m1', 'subjectId: 007'),
    types,
    exit,
    sees: "error: session.yaml:6:25: Expected a number without leading zeros but received one with them (put it in quotes if it is a text) at '007, species: Mus musculus, sex: M, age: P90D }'",
  },
  {
    user: 'describes one device without a list',
    manifest: instead('[{ name: probe, description: a probe }]', '{ name: probe }'),
    types,
    exit,
    sees: 'error: session.yaml:7: Expected a list for devices but received a mapping',
  },
  {
    user: 'gives the name of a device only',
    manifest: instead('[{ name: probe, description: a probe }]', 'probe'),
    types,
    exit,
    sees: "error: session.yaml:7: Expected a list for devices but received 'probe'",
  },
  {
    user: 'forgets where the shank is',
    manifest: instead(', location: CA1, description: a shank', ''),
    types,
    exit,
    sees: [
      'error: session.yaml:8: Expected a text for electrodeGroups[0].description but received nothing',
      'error: session.yaml:8: Expected a text for electrodeGroups[0].location but received nothing',
    ],
  },
  {
    user: 'misspells the group of the electrodes',
    manifest: instead('group: shank0', 'group: shank1'),
    types,
    exit,
    sees: "error: session.yaml:9: Expected an electrode group (known: 'shank0') for electrodes.group but received 'shank1'",
  },
  {
    user: 'forgets the electrodes',
    manifest: instead(/electrodes: .*\n/, ''),
    types,
    exit,
    sees: 'error: session.yaml: Expected the electrodes of acquisition[0] (an ElectricalSeries) for electrodes but received nothing',
  },
  {
    user: 'forgets the data',
    manifest: instead(/ {4}data:\n.*\n/, ''),
    types,
    exit,
    sees: 'error: session.yaml:11: Expected a mapping or a list of numbers (or of lists of equal length) for acquisition[0].data but received nothing',
  },
  {
    user: 'gives the path of the recording as data',
    manifest: instead(/data:\n.*\n/, 'data: ap.bin\n'),
    types,
    exit,
    sees: "error: session.yaml:15: Expected a mapping or a list of numbers (or of lists of equal length) for acquisition[0].data but received 'ap.bin'",
  },
  {
    user: 'gives the path of the recording as source',
    manifest: instead(/\{ type: raw.*/, 'ap.bin'),
    types,
    exit,
    sees: "error: session.yaml:16: Expected a mapping for acquisition[0].data.source but received 'ap.bin'",
  },
  {
    user: 'forgets the rate',
    manifest: instead('    rate: 30000\n', ''),
    types,
    exit,
    sees: 'error: session.yaml:11: Expected either rate or timestamps for acquisition[0] but received neither',
  },
  {
    user: 'sets a unit for volts',
    manifest: instead('    rate:', '    unit: uV\n    rate:'),
    types,
    exit,
    sees: "error: session.yaml:13: Expected 'volts' for acquisition[0].unit but received 'uV'",
  },
  {
    user: 'forgets the unit of a time series',
    manifest: instead('type: ElectricalSeries', 'type: TimeSeries'),
    types,
    exit,
    sees: 'error: session.yaml:11: Expected a text for acquisition[0].unit but received nothing',
  },
];

const rate = (text: string) => instead('rate: 30000', `rate: ${text}`);

/** Numbers. */
export const NUMBERS: readonly Mistake[] = [
  {
    user: 'gives the rate with its unit',
    manifest: rate('30 kHz'),
    types,
    exit,
    sees: "error: session.yaml:13: Expected a number for acquisition[0].rate but received '30 kHz'",
  },
  {
    user: 'gives the rate in quotes',
    manifest: rate("'30000'"),
    types,
    exit,
    sees: "error: session.yaml:13: Expected a number for acquisition[0].rate but received '30000' (remove the quotes)",
  },
  {
    user: 'separates thousands',
    manifest: rate('30,000'),
    types,
    exit,
    sees: "error: session.yaml:13: Expected a number for acquisition[0].rate but received '30,000' (a decimal point instead of a comma, and nothing between thousands)",
  },
  {
    user: 'writes a decimal comma',
    manifest: instead('2.34375e-6', '2,34375e-6'),
    types,
    exit,
    sees: "error: session.yaml:14: Expected a number for acquisition[0].conversion but received '2,34375e-6' (a decimal point instead of a comma, and nothing between thousands)",
  },
  {
    user: 'writes a fraction',
    manifest: instead('2.34375e-6', '1/426666'),
    types,
    exit,
    sees: "error: session.yaml:14: Expected a number for acquisition[0].conversion but received '1/426666'",
  },
  {
    user: 'gives a rate of 0',
    manifest: rate('0'),
    types,
    exit,
    sees: 'error: session.yaml:13: Expected a number greater than 0 for acquisition[0].rate but received 0',
  },
  {
    user: 'gives the conversion in microvolts',
    manifest: instead('2.34375e-6', '0.195'),
    types,
    exit: 0,
    sees: 'warning: session.yaml:11: /acquisition/AP: values are 0 to 197 V, RMS 115 V, where recordings stay within some mV: is conversion 0.195 in volts per unit of the data?',
  },
  {
    user: 'leaves the conversion out',
    manifest: instead('    conversion: 2.34375e-6\n', ''),
    types,
    exit: 0,
    sees: 'warning: session.yaml:11: acquisition/AP: int16 data in volts with conversion 1',
  },
];
