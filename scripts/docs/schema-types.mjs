// Reads zod schemas: what a key holds, whether it is required, and what it means.

/**
 * A schema without its wrappers (optional, default, transform, lazy).
 *
 * @returns the inner schema, the description nearest to the outside, and the default if zod has one
 */
export function unwrap(schema) {
  const found = { isOptional: false, defaultValue: undefined, description: undefined };
  let inner = schema;
  for (;;) {
    found.description ??= inner.description;
    const { def } = inner._zod;
    if (def.type === 'optional' || def.type === 'default') {
      found.isOptional = true;
      if (def.type === 'default') found.defaultValue = def.defaultValue;
      inner = def.innerType;
    } else if (def.type === 'pipe') inner = def.in;
    else if (def.type === 'lazy') inner = def.getter();
    else return { ...found, schema: inner };
  }
}

/** Whether only a program can give the value: a typed array or an iterator. */
export function isForPrograms(schema) {
  const { def } = unwrap(schema).schema._zod;
  if (def.type === 'custom') return def.params?.codeOnly === true;
  if (def.type === 'object') return Object.values(def.shape).some(isForPrograms);
  return false;
}

/**
 * The alternatives of a union, and theirs.
 *
 * @param withPrograms whether to include those that only a program can give
 */
export function alternatives(schema, withPrograms = false) {
  const inner = unwrap(schema).schema;
  if (!withPrograms && isForPrograms(inner)) return [];
  if (inner._zod.def.type !== 'union') return [inner];
  return inner._zod.def.options.flatMap((one) => alternatives(one, withPrograms));
}

/**
 * What a key means, and its default: `{ value }` if it is a value of the key, else `{ words }`.
 *
 * @throws Error for a key without a description
 */
export function keyOf(schema, place) {
  const { description, isOptional, defaultValue } = unwrap(schema);
  if (!description) throw new Error(`Expected a description for ${place} but found none`);
  const [meaning, stated] = description.split(/\s*Default: (.*)\.$/);
  const standard = defaultValue === undefined ? statedOf(schema, stated) : { value: defaultValue };
  return { meaning, isOptional, standard };
}

function statedOf(schema, stated) {
  if (stated === undefined) return undefined;
  if (/^\d/.test(stated)) return { value: /^[\d.]+$/.test(stated) ? Number(stated) : stated };
  if (/^(true|false)$/.test(stated)) return { value: stated === 'true' };
  const values = alternatives(schema).flatMap(({ _zod: { def } }) =>
    Object.values(def.values ?? def.entries ?? {}),
  );
  return values.includes(stated) ? { value: stated } : { words: stated };
}

/** Objects get sections of their own. A union of objects is told apart by its discriminator or a key. */
export function variantOf(object) {
  const { shape } = object._zod.def;
  const type = shape.type && unwrap(shape.type).schema._zod.def;
  return type?.type === 'literal' ? type.values[0] : Object.keys(shape)[0];
}

const PLAIN = { string: 'text', boolean: 'true or false', null: 'null', unknown: 'any value' };

/** @param linkTo gives the text for an object, a link to its section */
export function typeText(schema, linkTo) {
  const { schema: inner } = unwrap(schema);
  const { def } = inner._zod;
  const of = (other) => typeText(other, linkTo);
  switch (def.type) {
    case 'number':
      return def.format === 'safeint' ? 'whole number' : 'number';
    case 'literal':
      return def.values.map((value) => `\`${value}\``).join(' or ');
    case 'enum':
      return or(Object.values(def.entries).map((value) => `\`${value}\``));
    case 'array':
      return `list of ${many(of(def.element))}`;
    case 'tuple':
      return `[${def.items.map(of).join(', ')}]`;
    case 'record':
      return `mapping of names to ${of(def.valueType)}`;
    case 'object':
      return linkTo(inner);
    case 'union':
      return or([...new Set(alternatives(inner).map(of))]);
    case 'nullable':
      return or([of(def.innerType), 'null']);
    case 'custom':
      return def.params.expected.replaceAll(/\ban? /g, '');
    default:
      if (!(def.type in PLAIN))
        throw new Error(`Expected a known kind of schema but received ${def.type}`);
      return PLAIN[def.type];
  }
}

function or(texts) {
  if (texts.length < 2) return texts.join('');
  const isNested = texts.length > 1 && texts.slice(0, -1).some((text) => / or /.test(text));
  const [separator, last] = isNested ? ['; ', '; or '] : [', ', ' or '];
  return `${texts.slice(0, -1).join(separator)}${last}${texts.at(-1)}`;
}

const PLURALS = { text: 'texts', number: 'numbers', 'whole number': 'whole numbers' };

/** A type as the elements of a list. */
function many(text) {
  return PLURALS[text] ?? (/ or /.test(text) ? `(${text})` : text);
}
