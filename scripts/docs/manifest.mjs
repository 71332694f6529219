// docs/manifest.md, from the descriptions in the zod schemas.
import { anchorOf, code, GENERATED, table } from './markdown.mjs';
import { keyOf, typeText } from './schema-types.mjs';
import { sectionsOf } from './sections.mjs';

/** Text below a heading that no single key can say. */
const NOTES = {
  'Manifest of convert':
    'A manifest is a YAML or JSON file of at most 16 MiB, in UTF-8. `convert()` takes the same description as an object.',
  'electrodes: identical electrodes':
    'Standard columns keep the names of NWB: `x`, `y`, `z`, `imp`, `filtering`, `rel_x`, `rel_y`, `rel_z` and `reference`. All other columns are custom ones; describe them with `electrodeColumns`.',
  'electrodes: a list of rows':
    'Each row is one electrode. All cells of a column are of one kind: numbers, texts, or true and false; null marks a missing cell.',
  'electrodes: a CSV file':
    'Commas separate the cells; the header line names the columns, as the keys of rows do. Columns with numbers that float64 cannot hold, or with leading zeros, stay text. An empty line of a CSV file with a single column is a missing cell.',
  'Bulk datasets':
    "Workers read, compress and write these data in parallel. The names of the storage options are those of HDMF's `H5DataIO`. In TypeScript `data` takes the place of `source`: an array or an iterator, see [Data from your program](guide/program-data.md). [Choosing chunks and compression](guide/convert.md#chunks-and-compression) says what the options cost.",
  'Timestamps from a source':
    'A bulk dataset whose values may be converted to seconds: `value * scale + offset`, or for a fraction `value * numerator / denominator + offset`, in float64. Give `scale: 1/30000` for sample numbers at 30 kHz and `scale: 1e-6` for microseconds.',
  'Numbers in place': 'A list of numbers alone is stored as float64.',
  'Source: csv':
    'Cells may be in double quotes, lines may end as on Windows, and the file may begin with a byte order mark; it is in UTF-8. `nan`, `inf` and `-inf` are numbers of float types. Every row has as many cells as the first line, and only the selected columns must hold numbers. Empty lines at the end are ignored; elsewhere, an empty line of a file with one column is an empty cell. Rows are parsed in the workers, block by block, so the file may be larger than memory.',
  'Source: concat': 'Give either `sources`, or `files` together with `each`.',
  'Source: stack': 'Give either `sources`, or `files` together with `each`.',
  'Source: module':
    '`open` returns `{ dtype, shape, read(start, count), close }`. `read` returns a typed array of that `dtype` in C order, or a promise of one. It is called in each worker, and once before in the main thread to learn the shape. **A manifest with a module source runs code**: treat manifests from others as programs, or pass `--no-modules`.',
  'Manifest of fill':
    'For `hyperslab fill`; see [Existing files](guide/existing-files.md). The keys of `datasets` are absolute paths such as `/acquisition/ap/data`.',
};

/**
 * @param convert the schema of a description
 * @param fill the schema of what `fill` takes
 * @throws Error for a key without a description, or an object without a heading
 */
export function manifestPage(convert, fill) {
  const sections = sectionsOf(convert, fill);
  const linkTo = (object) => {
    const { heading, name } = sections.get(object);
    return `[${name}](#${anchorOf(heading)})`;
  };
  const contents = [...sections.values()].map(
    ({ heading }) => `* [${heading}](#${anchorOf(heading)})`,
  );
  return [
    GENERATED,
    '# Manifest reference',
    'Every key of a manifest, with its type, default and meaning. A key with neither a default nor **required** may be left out. Relative paths start at the folder of the manifest (in TypeScript, at `baseDir`), and `~/` is the home folder. Unknown keys are refused.',
    contents.join('\n'),
    ...[...sections].map(([object, section]) => sectionText(object, section, linkTo)),
    '',
  ]
    .join('\n\n')
    .replace(/\n+$/, '\n');
}

function sectionText(object, { heading, place }, linkTo) {
  const { shape, catchall } = object._zod.def;
  const rows = Object.entries(shape).map(([key, value]) => keyRow(key, value, place, linkTo));
  if (catchall && catchall._zod.def.type !== 'never')
    rows.push([
      'other names',
      typeText(catchall, linkTo),
      '',
      keyOf(catchall, `${place}.*`).meaning,
    ]);
  return [
    `## ${heading}`,
    object.description,
    NOTES[heading],
    table(['key', 'type', 'default', 'meaning'], rows),
  ]
    .filter((part) => part !== undefined)
    .join('\n\n');
}

function keyRow(key, value, place, linkTo) {
  const { meaning, isOptional, standard } = keyOf(value, `${place}.${key}`);
  return [code(key), typeText(value, linkTo), standardText(standard, isOptional), meaning];
}

function standardText(standard, isOptional) {
  if (standard === undefined) return isOptional ? '' : '**required**';
  if (standard.words) return standard.words;
  return typeof standard.value === 'object' ? 'none' : code(String(standard.value));
}
