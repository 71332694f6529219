import type { YAMLError } from 'yaml';

/** What the parser says, and the same for readers who do not know the grammar of YAML. */
const WORDS: readonly (readonly [said: RegExp, words: string])[] = [
  [/^Source contains multiple documents/, 'Expected one document but received several'],
  [
    /^Nested mappings are not allowed in compact mappings/,
    "Expected one value behind a key but received another key (a text with ': ' needs quotes; is the next line indented too far?)",
  ],
  [
    /^A block sequence may not be used as an implicit map key/,
    'Expected one value behind a key but received a list (check the indentation)',
  ],
  [
    /^All mapping items must start at the same column/,
    'Expected all keys of a mapping to begin in the same column (check the indentation)',
  ],
  [
    /^All sequence items must start at the same column/,
    'Expected all items of a list to begin in the same column (check the indentation)',
  ],
  [
    /^Flow (?:map|sequence) in block collection must be .* end with a (.)/,
    'Expected $1 to close what was opened in a line before',
  ],
  [/^Missing closing (['"])quote/, 'Expected $1 to close the quote that was opened before'],
  [
    /^Missing , (?:or : )?between flow (?:map|sequence) items/,
    'Expected a comma between the items in braces or brackets',
  ],
  [/^Comments must be separated/, 'Expected a space in front of the # of a comment'],
  [/^Implicit (?:map )?keys need to be/, "Expected 'key: value', with a space behind the colon"],
  [/^Tabs are not allowed as indentation/, 'Expected spaces as indentation but received a tab'],
  [
    /^Invalid escape sequence (.*)/,
    'Expected an escape such as \\n in double quotes but received $1 (a path with backslashes needs single quotes)',
  ],
  [
    /^Plain value cannot start with (?:reserved character )?(.*)/,
    'Expected quotes around a text that begins with $1',
  ],
  [/^With stringKeys, all keys must be strings/, 'Expected a text as key'],
];

/** What an error of the parser says, in one line. */
export function yamlWords({ message }: YAMLError): string {
  const line = message.replaceAll(/\s*\n\s*/g, ' ');
  const [said, words] = WORDS.find(([said]) => said.test(line)) ?? [];
  if (said === undefined || words === undefined) return line;
  return line.replace(new RegExp(`${said.source}.*`, 's'), words);
}
