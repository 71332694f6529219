import { isMap, isScalar } from 'yaml';
import type { Problem } from '../hyperslab-error.js';
import { DescriptionError } from '../index.js';
import { excerpt } from '../wording.js';
import { UsageError } from './errors.js';
import { parseYaml, valuesOf } from './manifest-yaml.js';
import { quoted } from './shell.js';

/** A value that `--set` puts in the place of a manifest's. */
export interface Setting {
  /** As typed, up to the first `=`. */
  readonly key: string;
  /** As typed, behind the first `=`. */
  readonly text: string;
  /** The keys and indices on the way to the value. */
  readonly steps: readonly string[];
  readonly value: unknown;
}

/**
 * Parses the arguments of `--set`. A value means what it would mean behind its key in a manifest.
 *
 * @param given each `KEY=VALUE`; `acquisition.0.rate` and `acquisition[0].rate` are the same key
 * @throws UsageError for a key or a value that no manifest could have
 */
export function parseSettings(given: readonly string[] = []): Setting[] {
  return given.map((argument) => {
    const at = argument.indexOf('=');
    const [key, text] = [argument.slice(0, at), argument.slice(at + 1)];
    const steps = key.replaceAll(/\[(\d+)\]/g, '.$1').split('.');
    if (steps.some((step) => step === '' || step === '__proto__' || /[[\]]/.test(step)))
      throw new UsageError({
        problem: `Expected a key such as acquisition.0.rate for --set but received '${excerpt(key)}'`,
      });
    return { key, text, steps, value: parseValue(key, text) };
  });
}

function parseValue(key: string, text: string): unknown {
  const refuse = (received: string, cause?: unknown): never => {
    const problem = `Expected a value for --set ${key} but received ${received}`;
    throw new UsageError({ problem }, { cause });
  };
  if (text.trim() === '') return refuse(`nothing (for an empty text: --set ${key}='""')`);
  const { document, fault } = parseYaml(`value: ${text}`);
  const pair = isMap(document.contents) ? document.contents.items[0] : undefined;
  const isWhole = isMap(document.contents) && document.contents.items.length === 1;
  const hasComment = document.comment || (isScalar(pair?.value) && pair.value.comment);
  const asText = `'${excerpt(text)}'`;
  if (fault) {
    const message = fault.message.replace(/ \(put it in quotes.*\)$/, '');
    return refuse(`${asText}: ${message} (${inQuotes(key, text)})`, fault.cause);
  }
  if (!isWhole || hasComment)
    refuse(`${asText}, which YAML reads as a value and more (${inQuotes(key, text)})`);
  try {
    return (valuesOf(document) as { readonly value: unknown }).value;
  } catch (cause) {
    return refuse(`${asText}: ${cause instanceof Error ? cause.message : cause}`, cause);
  }
}

/** How to give a value as text: the shell removes the outer quotes, and YAML the inner ones. */
export function inQuotes(key: string, text: string): string {
  return `for a text: --set ${quoted(`${key}=${JSON.stringify(text)}`)}`;
}

/** The settings as they are typed, for `command`. */
export function settingFlags(settings: readonly Setting[]): string[] {
  return settings.flatMap(({ key, text }) => ['--set', quoted(`${key}=${text}`)]);
}

/** The last setting that is about a place or what is around it. `place` is as in `Problem.path`. */
export function settingAt(settings: readonly Setting[], place: string): Setting | undefined {
  const keys = Array.from(place.matchAll(/[^.[\]]+/g), ([key]) => key);
  return settings.findLast(({ steps }) => steps.every((step, at) => step === keys[at]));
}

/**
 * The content of a manifest with the settings applied. The content itself stays as it is, because its parts may be in
 * several places, by YAML's aliases.
 *
 * @throws DescriptionError for a key that leads through a value without keys, or to an item that does not exist
 */
export function withSettings<Content>(content: Content, settings: readonly Setting[]): Content {
  // What is no mapping is refused later, for what it is.
  if (typeof content !== 'object' || content === null || Array.isArray(content)) return content;
  return settings.reduce(
    (result, setting) => put(result, setting, 0),
    content as unknown,
  ) as Content;
}

function put(node: unknown, setting: Setting, level: number): unknown {
  const { steps, value } = setting;
  if (level === steps.length) return value;
  const step = steps[level];
  const refuse = (expected: string, received: string): never => {
    const around = placeOf(steps.slice(0, level));
    const message = `Expected ${expected} for ${around} but received ${received}`;
    throw new DescriptionError({ problems: [{ path: placeOf(steps), message } satisfies Problem] });
  };
  const isIndex = /^\d+$/.test(step);
  if (Array.isArray(node)) {
    const at = Number(step);
    if (!isIndex || at >= node.length)
      return refuse(
        node.length > 0 ? `an index from 0 to ${node.length - 1}` : 'a list with items',
        node.length > 0 ? `'${excerpt(step)}'` : 'an empty list',
      );
    return node.map((item, index) => (index === at ? put(item, setting, level + 1) : item));
  }
  const isMissing = node === undefined || node === null;
  if (isMissing && isIndex) return refuse('a list', 'nothing');
  if (!isMissing && typeof node !== 'object')
    return refuse(isIndex ? 'a list' : 'a mapping', `'${excerpt(String(node))}'`);
  const mapping = (node ?? {}) as Readonly<Record<string, unknown>>;
  const inner = Object.hasOwn(mapping, step) ? mapping[step] : undefined;
  return { ...mapping, [step]: put(inner, setting, level + 1) };
}

/** The path of a value, as messages show it: `acquisition[0].rate`. */
function placeOf(steps: readonly string[]): string {
  return steps
    .map((step) => (/^\d+$/.test(step) ? `[${step}]` : `.${step}`))
    .join('')
    .slice(1);
}
