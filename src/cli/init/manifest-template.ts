import { stringify } from 'yaml';
import type { InitFlags } from '../flags.js';
import type { Definitions, Property } from './manifest-schema.js';

/** What is known of the recording. A key without a value is marked as required. */
export interface Known extends Omit<InitFlags, 'output'> {
  /** Path of the NWB file, as the manifest names it. */
  readonly output: string;
}

/** Marks a value that only the user knows. */
const REQUIRED = Symbol('required');
/** Marks a key that is written as a comment, so that its default holds until the user writes a value. */
const OPTIONAL = Symbol('optional');

/** A mapping: its keys in the order in which they are written, with values, marks or further mappings. */
interface Block {
  /** The type of the mapping in the schema. */
  readonly of: string;
  /** Whether the mapping is the only item of a list. */
  readonly isItem?: boolean;
  /** Whether the whole mapping is written as a comment. */
  readonly isOptional?: boolean;
  readonly keys: Readonly<Record<string, unknown>>;
}

/**
 * A manifest to begin with. Its comments are the descriptions of the schema.
 *
 * @param schema where editors find the JSON Schema
 * @param name of the manifest on the command line
 */
export function manifestTemplate(
  known: Known,
  definitions: Definitions,
  schema: string,
  name: string,
): string {
  const { of, keys } = fileOf(known);
  const parts = Object.entries(keys).map(([key, value]) =>
    keyLines(key, value, definitions[of].properties[key], definitions).join('\n'),
  );
  return `# yaml-language-server: $schema=${schema}
#
# Fill in the keys that are marked "# required". To use one of the other keys, remove the # before it.
#
#   hyperslab plan ${name}       show what would be written
#   hyperslab convert ${name}    write the file

${parts.join('\n\n')}
`;
}

function fileOf(known: Known): Block {
  const isElectrical = known.type === 'ElectricalSeries';
  const electrodes = { of: 'ElectrodesCount', keys: { count: known.channels ?? REQUIRED } };
  return {
    of: 'Description',
    keys: {
      path: known.output,
      nwbfile: SESSION,
      ...(isElectrical && { devices: DEVICE, electrodeGroups: GROUP, electrodes }),
      acquisition: seriesOf(known, isElectrical),
    },
  };
}

const SESSION: Block = {
  of: 'NwbFileDescription',
  keys: {
    sessionDescription: REQUIRED,
    identifier: REQUIRED,
    sessionStartTime: REQUIRED,
    sessionId: OPTIONAL,
    experimenter: OPTIONAL,
    institution: OPTIONAL,
    lab: OPTIONAL,
    keywords: OPTIONAL,
    experimentDescription: OPTIONAL,
    subject: {
      of: 'SubjectDescription',
      isOptional: true,
      keys: { subjectId: OPTIONAL, species: OPTIONAL, sex: OPTIONAL, age: OPTIONAL },
    },
  },
};

const DEVICE: Block = {
  of: 'DeviceDescription',
  isItem: true,
  keys: { name: 'probe', description: OPTIONAL, manufacturer: OPTIONAL },
};

const GROUP: Block = {
  of: 'ElectrodeGroupDescription',
  isItem: true,
  keys: { name: 'shank0', device: 'probe', location: REQUIRED, description: REQUIRED },
};

function seriesOf(known: Known, isElectrical: boolean): Block {
  return {
    of: `${known.type}Description`,
    isItem: true,
    keys: {
      type: known.type,
      name: known.type,
      description: OPTIONAL,
      rate: known.rate ?? REQUIRED,
      // The default would declare the numbers of a converter to be volts.
      conversion: isElectrical ? REQUIRED : OPTIONAL,
      ...(isElectrical ? { filtering: OPTIONAL } : { unit: REQUIRED }),
      data: {
        of: 'SourceBulkInput',
        keys: {
          source: sourceOf(known),
          chunks: OPTIONAL,
          compression: OPTIONAL,
          compressionOpts: OPTIONAL,
        },
      },
    },
  };
}

function sourceOf({ raw, dtype, channels, offset }: Known): Block {
  return {
    of: 'RawSpec',
    keys: {
      type: 'raw',
      path: raw ?? REQUIRED,
      dtype: dtype ?? REQUIRED,
      shape: channels === undefined ? REQUIRED : [null, channels],
      offset: offset ?? OPTIONAL,
      columns: OPTIONAL,
    },
  };
}

/** The lines of a key, without the indent of the mapping that it is in. */
function keyLines(
  key: string,
  value: unknown,
  property: Property,
  definitions: Definitions,
): string[] {
  const meaning = meaningOf(property, definitions);
  if (value === REQUIRED) return [`${key}: # required: ${meaning}`];
  if (value === OPTIONAL) return [`# ${key}:${scalar(property.default)} # ${meaning}`];
  if (!isBlock(value)) return [`${key}:${scalar(value)} # ${meaning}`];
  return [`${key}: # ${meaning}`, ...blockLines(value, definitions)].map((line) =>
    value.isOptional ? `# ${line}` : line,
  );
}

function blockLines({ of, isItem, isOptional, keys }: Block, definitions: Definitions): string[] {
  const lines = Object.entries(keys).flatMap(([key, value]) =>
    keyLines(key, value, definitions[of].properties[key], definitions),
  );
  // Within a comment the marks of further comments would stay behind.
  const plain = isOptional ? lines.map((line) => line.replace(/^# /, '')) : lines;
  return plain.map((line, at) => `  ${isItem ? (at === 0 ? '- ' : '  ') : ''}${line}`);
}

function isBlock(value: unknown): value is Block {
  return typeof value === 'object' && value !== null && 'of' in value;
}

/** What the schema says about a key; a mapping without a comment of its own has that of its type. */
function meaningOf({ description, $ref }: Property, definitions: Definitions): string {
  return description ?? definitions[$ref?.split('/').at(-1) ?? '']?.description ?? '';
}

function scalar(value: unknown): string {
  if (value === undefined) return '';
  const text = stringify(value, {
    collectionStyle: 'flow',
    flowCollectionPadding: false,
    // On one line, whatever a path contains.
    blockQuote: false,
    lineWidth: 0,
  });
  return ` ${text.trim()}`;
}
