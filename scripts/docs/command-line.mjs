// docs/command-line.md, from the definitions of the commands.
import { anchorOf, code, GENERATED, table } from './markdown.mjs';

/**
 * @param program the commander program
 * @param exitHelp the text about exit codes that follows the help
 */
export function commandLinePage(program, exitHelp) {
  const commands = program.commands;
  const index = commands.map((command) => [
    `[${command.name()}](#${anchorOf(headingOf(command))})`,
    command.description(),
  ]);
  return [
    GENERATED,
    '# Command line',
    program.description(),
    `In a clone, \`npm link\` puts \`hyperslab\` on your path; without it, run \`node dist/cli/main.js\`. Progress, warnings and errors go to stderr; an error is one line, or one line per problem of a manifest.`,
    table(['command', 'does'], index),
    '## Options of every command',
    optionTable([...program.options, program._getHelpOption()]),
    ...commands.map(commandText),
    '## Exit codes',
    table(['code', 'meaning'], exitCodes(exitHelp)),
    '',
  ]
    .join('\n\n')
    .replace(/\n+$/, '\n');
}

const headingOf = (command) => `hyperslab ${command.name()}`;

function commandText(command) {
  const args = command.registeredArguments.map((one) => [
    code(one.required ? `<${one.name()}>` : `[${one.name()}]`),
    one.description,
  ]);
  return [
    `## ${headingOf(command)}`,
    `${command.description()}.`,
    `    hyperslab ${command.name()} ${command.usage()}`,
    args.length > 0 ? table(['argument', 'meaning'], args) : undefined,
    command.options.length > 0 ? optionTable(command.options) : undefined,
  ]
    .filter((part) => part !== undefined)
    .join('\n\n');
}

function optionTable(options) {
  return table(
    ['option', 'meaning'],
    options.map((option) => [code(option.flags), meaningOf(option)]),
  );
}

function meaningOf({ description, defaultValue, argChoices, negate }) {
  const notes = [];
  if (argChoices) notes.push(`one of ${argChoices.map(code).join(', ')}`);
  if (defaultValue !== undefined && !negate) notes.push(`default ${code(defaultValue)}`);
  return notes.length > 0 ? `${description} (${notes.join('; ')})` : description;
}

function exitCodes(help) {
  return help
    .split('\n')
    .map((line) => /^ {2}(\d+) +(.*)$/.exec(line))
    .filter((match) => match !== null)
    .map(([, number, meaning]) => [number, meaning]);
}
