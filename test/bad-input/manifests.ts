import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { GOOD, instead, MANIFEST_FILE } from './refusal.js';

/** What the user does, the manifest or a function that makes it, and the expected messages. */
export type ManifestCase = readonly [
  name: string,
  manifest: string | Uint8Array | ((folder: string) => void),
  messages: string | readonly string[],
];

const at = (folder: string) => join(folder, MANIFEST_FILE);
const zone =
  "Expected an ISO 8601 date and time with a zone, such as '2026-11-22T10:00:00+01:00', for nwbfile.sessionStartTime";
const known =
  'path, nwbfile, devices, electrodeGroups, electrodes, electrodeColumns, acquisition, specifications';
const tooDeep = 'Expected at most 100 levels of lists and mappings but received more';
const brackets = '['.repeat(50);

/** Fields: their names, kinds and values. */
export const FIELDS: readonly ManifestCase[] = [
  [
    'misspells a key',
    instead('devices:', 'device:'),
    "m.yaml:7: Unknown key 'device': did you mean 'devices'?",
  ],
  [
    'misspells a key of a series',
    instead('rate:', 'rte:'),
    "m.yaml:13: Unknown key 'rte' in acquisition[0]: did you mean 'rate'?",
  ],
  ['adds a key', `${GOOD}colour: red\n`, `m.yaml:17: Unknown key 'colour' (known keys: ${known})`],
  ['adds a number as key', `${GOOD}1: 2\n`, `m.yaml:17: Unknown key '1' (known keys: ${known})`],
  [
    "adds a key of every object's",
    `${GOOD}constructor: 1\n`,
    `m.yaml:17: Unknown key 'constructor' (known keys: ${known})`,
  ],
  [
    'adds a prototype',
    `${GOOD}__proto__: { path: x }\n`,
    "m.yaml:17:1: Unknown key '__proto__' at '__proto__: { path: x }'",
  ],
  [
    'names a column like a prototype',
    instead('count: 4,', 'count: 4, columns: { __proto__: [1, 2, 3, 4] },'),
    "m.yaml:9:36: Unknown key '__proto__' at '__proto__: [1, 2, 3, 4] }, group: shank0, location'",
  ],
  [
    'breaks a line in a key',
    `${GOOD}"a\\nb": 1\n`,
    `m.yaml:17: Unknown key 'a\\nb' (known keys: ${known})`,
  ],
  [
    'makes several mistakes',
    instead('identifier: m1', 'identifer: m1').replace('rate: 30000', 'rate: fast'),
    [
      'm.yaml:2: Expected a text for nwbfile.identifier but received nothing',
      "m.yaml:4: Unknown key 'identifer' in nwbfile: did you mean 'identifier'?",
      "m.yaml:13: Expected a number for acquisition[0].rate but received 'fast'",
    ],
  ],
  [
    'gives a number for a text',
    instead('identifier: m1', 'identifier: 20260115'),
    'm.yaml:4: Expected a text for nwbfile.identifier but received 20260115 (put it in quotes)',
  ],
  [
    'leaves a text empty',
    instead('identifier: m1', "identifier: ' '"),
    "m.yaml:4: Expected a text that is not empty for nwbfile.identifier but received ' '",
  ],
  [
    'gives a mapping for a list',
    instead('[{ name: probe, description: a probe }]', '{ name: probe }'),
    'm.yaml:7: Expected a list for devices but received a mapping',
  ],
  [
    'writes a time without a zone',
    instead('+01:00', ''),
    `m.yaml:5: ${zone} but received '2026-01-15T10:00:00'`,
  ],
  [
    'writes a day',
    instead('2026-01-15T10:00:00+01:00', '2026-01-15'),
    `m.yaml:5: ${zone} but received '2026-01-15'`,
  ],
  [
    'writes a time as YAML does',
    instead('2026-01-15T10:00:00+01:00', '2026-01-15 10:00:00 +1'),
    `m.yaml:5: ${zone} but received '2026-01-15 10:00:00 +1'`,
  ],
  [
    'asks for a timestamp of YAML',
    instead('2026-01-15T10:00:00+01:00', '!!timestamp 2026-01-15'),
    `m.yaml:5: ${zone} but received a Date (write the time as text: a Date keeps no zone)`,
  ],
  [
    'gives a rate of 0',
    instead('rate: 30000', 'rate: 0'),
    'm.yaml:13: Expected a number greater than 0 for acquisition[0].rate but received 0',
  ],
  [
    'gives a negative rate',
    instead('rate: 30000', 'rate: -1'),
    'm.yaml:13: Expected a number greater than 0 for acquisition[0].rate but received -1',
  ],
  [
    'gives NaN for a rate',
    instead('rate: 30000', 'rate: .nan'),
    'm.yaml:13: Expected a finite number for acquisition[0].rate but received NaN',
  ],
  [
    'gives a rate in several lines',
    instead('rate: 30000', 'rate: "30000\\nerror: none"'),
    "m.yaml:13: Expected a number for acquisition[0].rate but received '30000\\nerror: none'",
  ],
  [
    'hides a command to the terminal',
    instead('rate: 30000', 'rate: "\\x1b[2J"'),
    "m.yaml:13: Expected a number for acquisition[0].rate but received '\\u001b[2J'",
  ],
  [
    'gives both rate and timestamps',
    instead('rate: 30000', 'rate: 30000\n    timestamps: [0, 1]'),
    'm.yaml:11: Expected either rate or timestamps for acquisition[0] but received both',
  ],
  [
    'gives neither',
    instead('    rate: 30000\n', ''),
    'm.yaml:11: Expected either rate or timestamps for acquisition[0] but received neither',
  ],
  [
    'gives two series one name',
    GOOD + GOOD.slice(GOOD.indexOf('  - type')),
    "m.yaml:18: Expected a name that no other of acquisition has for acquisition[1].name but received 'AP'",
  ],
  [
    'puts a slash into a name',
    instead('name: AP', 'name: a/b'),
    "m.yaml:12: Expected a name without slashes for acquisition[0].name but received 'a/b'",
  ],
  [
    'names a series like its group',
    instead('name: AP', 'name: .'),
    "m.yaml:12: Expected a name other than '.' and '..' for acquisition[0].name but received '.'",
  ],
  [
    'puts a NUL into a name',
    instead('name: AP', 'name: "a\\0b"'),
    "m.yaml:12: Expected a text without NUL characters for acquisition[0].name but received 'a\\u0000b'",
  ],
  [
    'puts half a character into a name',
    instead('name: AP', 'name: "a\\ud800b"'),
    "m.yaml:12: Expected a text without halves of characters for acquisition[0].name but received 'a\\ud800b'",
  ],
  [
    'has more electrodes than channels',
    instead('count: 4', 'count: 5'),
    'Expected 4 electrodes, one for each channel (the data are 200 x 4), for acquisition/AP but received 5',
  ],
  [
    'has fewer electrodes than none',
    instead('count: 4', 'count: -4'),
    'm.yaml:9: Expected a number greater than 0 for electrodes.count but received -4',
  ],
  [
    'has more electrodes than there are in the world',
    instead('count: 4', 'count: 1000000000000000'),
    'm.yaml:9: Expected a number of at most 1000000 for electrodes.count but received 1000000000000000',
  ],
  [
    'names a group that is not there',
    instead('group: shank0', 'group: shank1'),
    "m.yaml:9: Expected an electrode group (known: 'shank0') for electrodes.group but received 'shank1'",
  ],
  [
    'names a device that is not there',
    instead('device: probe', 'device: prob'),
    "m.yaml:8: Expected a device (known: 'probe') for electrodeGroups[0].device but received 'prob'",
  ],
  [
    'gives no rows of equal length',
    instead(/data:\n.*/, 'data: [[1, 2, 3, 4], [1, 2, 3]]'),
    'm.yaml:15: Expected a list of numbers (or of lists of equal length) for acquisition[0].data but received a list of 2',
  ],
  [
    'nests values in place',
    instead(/data:\n.*/, `data: ${'['.repeat(60)}1${']'.repeat(60)}`),
    'm.yaml:15: Expected a list of numbers (or of lists of equal length) for acquisition[0].data but received a list of 1',
  ],
];

/** Wrong paths. */
export const PATHS: readonly ManifestCase[] = [
  [
    'leaves the output out',
    instead('path: session.nwb\n', ''),
    'm.yaml: Expected a text for path but received nothing',
  ],
  [
    'names a folder that is not there',
    instead('session.nwb', 'none/session.nwb'),
    "none/session.nwb can't be written: folder none doesn't exist; create it, or choose another path",
  ],
  [
    'names a file as folder of the output',
    instead('session.nwb', 'ap.bin/session.nwb'),
    "ap.bin/session.nwb can't be written: ap.bin is not a folder; choose another path",
  ],
  ['names a folder as output', instead('session.nwb', '.'), '. is a folder; name a file'],
  [
    'names the source as output',
    instead('session.nwb', 'ap.bin'),
    'writing ap.bin would overwrite an input, the source of /acquisition/AP/data; choose another path',
  ],
  [
    'puts a NUL into the output',
    instead('path: session.nwb', 'path: "a\\0.nwb"'),
    "m.yaml:1: Expected a text without NUL characters for path but received 'a\\u0000.nwb'",
  ],
  [
    'names electrodes that are not there',
    instead(/electrodes: .*/, 'electrodes: { csv: e.csv }'),
    'm.yaml:9: Expected a CSV file of electrodes at e.csv but received: no such file',
  ],
];

/** Files that are not a manifest at all. */
export const TEXTS: readonly ManifestCase[] = [
  [
    'gives an empty file',
    '',
    'Expected a manifest at m.yaml but received an empty file; `hyperslab init` writes a manifest to begin with',
  ],
  [
    'gives nothing but comments',
    '# to do\n',
    'Expected a manifest at m.yaml but received nothing but comments; `hyperslab init` writes a manifest to begin with',
  ],
  ['gives null', 'null\n', 'm.yaml: Expected a mapping for the description but received null'],
  [
    'gives a list',
    '- a\n',
    'm.yaml: Expected a mapping for the description but received a list of 1',
  ],
  [
    'gives a text',
    'to whom it may concern\n',
    "m.yaml: Expected a mapping for the description but received 'to whom it may concern'",
  ],
  [
    'gives an HDF5 file',
    Uint8Array.of(0x89, 0x48, 0x44, 0x46, 13, 10, 26, 10),
    'Expected a manifest at m.yaml but received an HDF5 file; `hyperslab inspect m.yaml` shows what it holds, and `hyperslab verify m.yaml` checks it',
  ],
  [
    'gives a program',
    Uint8Array.of(0x7f, 0x45, 0x4c, 0x46, 2, 1, 1, 0),
    'Expected a manifest at m.yaml but received a binary file (it has NUL bytes)',
  ],
  [
    'leaves a NUL in the text',
    GOOD.replace('m1', 'm\0'),
    'Expected a manifest at m.yaml but received a binary file (it has NUL bytes)',
  ],
  [
    'saves it in UTF-16',
    Buffer.from(`\ufeff${GOOD}`, 'utf16le'),
    'Expected a manifest at m.yaml but received a file in UTF-16 (save it in UTF-8)',
  ],
  [
    'saves it in UTF-16, big endian',
    Buffer.from(`\ufeff${GOOD}`, 'utf16le').swap16(),
    'Expected a manifest at m.yaml but received a file in UTF-16 (save it in UTF-8)',
  ],
  [
    'saves it in Latin-1',
    Buffer.from(GOOD.replace('a probe', 'ein Gerät'), 'latin1'),
    'Expected a manifest at m.yaml but received a file that is not text in UTF-8 (save it in UTF-8)',
  ],
  [
    'names a folder',
    (folder) => mkdirSync(at(folder)),
    'Expected a manifest at m.yaml but received a folder',
  ],
  [
    'names nothing',
    (folder) => rmSync(at(folder), { force: true }),
    'The manifest m.yaml cannot be read: no such file',
  ],
  [
    'names a link to itself',
    (folder) => symlinkSync(MANIFEST_FILE, at(folder)),
    'The manifest m.yaml cannot be read: its symbolic links form a loop',
  ],
  [
    'names a device that never ends',
    (folder) => symlinkSync('/dev/zero', at(folder)),
    'Expected a manifest at m.yaml but received something other than a file',
  ],
  [
    'names a pipe that no one writes to',
    (folder) => execFileSync('mkfifo', [at(folder)]),
    'Expected a manifest at m.yaml but received something other than a file',
  ],
  [
    'names a recording',
    (folder) => writeFileSync(at(folder), Buffer.alloc(17 * 2 ** 20, 'x')),
    'Expected a manifest at m.yaml but received a file of 17 MiB (at most 16 MiB)',
  ],
];

/** Values that YAML reads in an unexpected way. */
export const YAML: readonly ManifestCase[] = [
  [
    'indents with tabs',
    'path: a\nnwbfile:\n\tidentifier: x\n',
    "m.yaml:3:1: Expected spaces as indentation but received a tab at 'identifier: x'",
  ],
  [
    'gives a key twice',
    `${GOOD}path: b.nwb\n`,
    "m.yaml:17:1: Expected each key once but received it again at 'path: b.nwb'",
  ],
  [
    'gives a key of a series twice',
    instead('rate: 30000', 'rate: 30000\n    rate: 1'),
    "m.yaml:14:5: Expected each key once but received it again at 'rate: 1'",
  ],
  [
    'puts a mapping behind a key',
    'a:\n  b: c: d\n',
    "m.yaml:2:6: Expected one value behind a key but received another key (a text with ': ' needs quotes; is the next line indented too far?) at 'c: d'",
  ],
  [
    'ends lines as a Mac did once',
    'a: b\rc: d\r',
    "m.yaml:1:4: Expected one value behind a key but received another key (a text with ': ' needs quotes; is the next line indented too far?) at 'b'",
  ],
  [
    'puts two documents into a file',
    `${GOOD}---\n${GOOD}`,
    "m.yaml:17:1: Expected one document but received several at '---'",
  ],
  [
    'forgets a quote',
    "path: 'x\n",
    "m.yaml:2:1: Expected ' to close the quote that was opened before",
  ],
  [
    'uses an alias of nothing',
    instead('30000', '*rate'),
    'm.yaml: Unresolved alias (the anchor must be set before the alias): rate',
  ],
  ['writes a list as key', '? [a, b]\n: 1\n', "m.yaml:1:3: Expected a text as key at '[a, b]'"],
  [
    'asks for code to be run',
    instead('30000', '!!js/function "function () { process.exit(7) }"'),
    `m.yaml:13:11: Unresolved tag: tag:yaml.org,2002:js/function at '!!js/function "function () { process.exit(7) }"'`,
  ],
  [
    'asks for an object of Python',
    instead('30000', '!!python/object/apply:os.system ["true"]'),
    `m.yaml:13:11: Unresolved tag: tag:yaml.org,2002:python/object/apply:os.system at '!!python/object/apply:os.system ["true"]'`,
  ],
  [
    'makes a text of bytes',
    instead('identifier: m1', 'identifier: !!binary aGVsbG8='),
    'm.yaml:4: Expected a text for nwbfile.identifier but received a Buffer',
  ],
  [
    'writes more digits than a number has',
    instead('count: 4,', 'count: 4, columns: { serial: 9007199254740993 },'),
    "m.yaml:9:44: Expected a number that float64 can represent but received one that would be read as 9007199254740992 at '9007199254740993 }, group: shank0, location: CA1 }'",
  ],
  [
    'writes more digits than a number has, in base 16',
    instead('count: 4,', 'count: 4, columns: { serial: 0x20000000000001 },'),
    "m.yaml:9:44: Expected a number that float64 can represent but received one that would be read as 9007199254740992 at '0x20000000000001 }, group: shank0, location: CA1 }'",
  ],
  [
    'writes a number that is too small',
    instead('count: 4,', 'count: 4, columns: { gain: 1e-999 },'),
    "m.yaml:9:42: Expected a number that float64 can represent but received one that would be read as 0 at '1e-999 }, group: shank0, location: CA1 }'",
  ],
  [
    'writes a label as a number',
    instead('count: 4,', 'count: 4, columns: { serial: 007 },'),
    "m.yaml:9:44: Expected a number without leading zeros but received one with them (put it in quotes if it is a text) at '007 }, group: shank0, location: CA1 }'",
  ],
  [
    'writes more digits than any number has',
    '9'.repeat(400),
    `m.yaml:1:1: Expected a number that float64 can represent but received one that would be read as Infinity at '${'9'.repeat(50)}'`,
  ],
  [
    'writes a JSON number that is too large',
    JSON.stringify({ path: 'a.nwb', rate: 1 }).replace('1}', '1e999}'),
    "m.yaml:1:24: Expected a number that float64 can represent but received one that would be read as Infinity at '1e999}'",
  ],
  ['opens 100 000 brackets', '['.repeat(100_000), `m.yaml: ${tooDeep}`],
  [
    'nests 150 lists',
    '['.repeat(150) + ']'.repeat(150),
    `m.yaml:1:101: ${tooDeep} at '${brackets}'`,
  ],
  [
    'nests lists with aliases',
    Array.from({ length: 200 }, (_, i) => (i ? `a${i}: &a${i} [*a${i - 1}]` : 'a0: &a0 [x]')).join(
      '\n',
    ),
    `m.yaml:100:12: ${tooDeep} at '*a98]'`,
  ],
  [
    'lets a mapping hold itself',
    instead('subject: {', 'subject: &s { strain: *s,'),
    "m.yaml:6:25: Expected an alias to another node but received an alias to a node that contains it at '*s, subjectId: m1, species: Mus musculus, sex: M,'",
  ],
  [
    'lets a list hold itself',
    `${instead('acquisition:', 'acquisition: &a')}  - *a\n`,
    "m.yaml:17:5: Expected an alias to another node but received an alias to a node that contains it at '*a'",
  ],
  [
    'merges a mapping into itself',
    '&a\n<<: *a\n',
    "m.yaml:2:5: Expected an alias to another node but received an alias to a node that contains it at '*a'",
  ],
  [
    'laughs a billion times',
    laughs(
      (letter, before) => `${letter}: &${letter} [${Array(9).fill(before ? `*${before}` : 'lol')}]`,
    ),
    'm.yaml: Excessive alias count indicates a resource exhaustion attack',
  ],
  [
    'laughs in mappings',
    laughs((letter, before) =>
      before
        ? `${letter}: &${letter} { <<: *${before}, p${letter}: *${before}, q${letter}: *${before} }`
        : 'a: &a { x: y }',
    ),
    'm.yaml: Excessive alias count indicates a resource exhaustion attack',
  ],
];

function laughs(line: (letter: string, before: string | undefined) => string): string {
  const letters = 'abcdefghijklmnop';
  return Array.from(letters, (letter, i) => line(letter, letters[i - 1])).join('\n');
}
