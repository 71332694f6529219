// schema/manifest.schema.json, from the zod schemas: for editors that check and complete manifests.
import { z } from 'zod';
import { isForPrograms, keyOf } from './schema-types.mjs';
import { sectionsOf } from './sections.mjs';

/** The draft that the language server for YAML knows best. */
const TARGET = 'draft-7';

/**
 * @param convert the schema of a description
 * @param fill the schema of what `fill` takes
 * @returns the text of the JSON Schema of a manifest, of either command
 */
export function manifestSchema(convert, fill) {
  const names = sectionsOf(convert, fill);
  const either = z.union([convert, fill]);
  const { $schema, definitions } = z.toJSONSchema(either, {
    target: TARGET,
    io: 'input',
    unrepresentable: 'any',
    metadata: { get: (schema) => metadataOf(schema, names) },
    override: tidy,
  });
  const schema = {
    $schema,
    title: 'Manifest of hyperslab',
    description:
      'A manifest of `hyperslab convert`, or, with the key `datasets`, of `hyperslab fill`.',
    type: 'object',
    // Not anyOf: an editor then reports the problems of the manifest that the user means.
    if: { required: ['datasets'] },
    // biome-ignore lint/suspicious/noThenProperty: the keyword of JSON Schema
    then: { $ref: `#/definitions/${names.get(fill).type}` },
    else: { $ref: `#/definitions/${names.get(convert).type}` },
    definitions,
  };
  return `${JSON.stringify(schema, null, 2)}\n`;
}

/** What the schemas say about themselves, and for objects the names under which they are referred to. */
function metadataOf(schema, names) {
  const said = z.globalRegistry.get(schema);
  const name = names.get(schema);
  return name ? { ...said, id: name.type } : said;
}

/** Corrects what was made of one schema. */
function tidy({ zodSchema, jsonSchema }) {
  const { def } = zodSchema._zod;
  if (def.type === 'union') dropPrograms(def.options, jsonSchema);
  // Limits of float64, which nobody asks about.
  if (jsonSchema.minimum === Number.MIN_SAFE_INTEGER) delete jsonSchema.minimum;
  if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) delete jsonSchema.maximum;
  delete jsonSchema.id;
  if (jsonSchema.description === undefined) return;
  const { value } = keyOf(zodSchema, jsonSchema.description).standard ?? {};
  if (value !== undefined) jsonSchema.default = value;
}

/** Leaves out the members of a union that only a program can give. */
function dropPrograms(options, jsonSchema) {
  const kind = jsonSchema.oneOf ? 'oneOf' : 'anyOf';
  jsonSchema[kind] = jsonSchema[kind].filter((_, at) => !isForPrograms(options[at]));
  if (jsonSchema[kind].length > 1) return;
  const [only] = jsonSchema[kind];
  delete jsonSchema[kind];
  Object.assign(jsonSchema, { ...only, ...jsonSchema });
}
