import { describe, expect, expectTypeOf, test } from 'vitest';
import {
  type AnyHyperslabError,
  HyperslabError,
  isHyperslabError,
  JobError,
  LayoutError,
  OptionError,
  OutputError,
  type Problem,
  ResumeError,
  type StateFields,
  WriteError,
} from '../src/index.js';

const state: StateFields = { path: 'a.nwb', problem: 'a.nwb already exists', remedy: 'remove it' };

const EXAMPLES: readonly AnyHyperslabError[] = [
  new OutputError(state),
  new LayoutError({ name: 'chunks', expected: '2 axes', received: '3' }),
  new OptionError({ name: 'worker', known: ['workers'] }),
  new ResumeError({ path: 'a.nwb', problems: [{ path: '/x', message: '/x is new' }] }),
  new JobError({ dataset: '/x', hyperslab: { start: [0], count: [1] } }, { cause: new Error('e') }),
  new WriteError({ problem: 'write of a.nwb', errno: -28, syscall: 'write' }),
];

describe('isHyperslabError', () => {
  test.each(EXAMPLES)('recognises a $name by its base class and by its tag', (error) => {
    expect(error).toBeInstanceOf(HyperslabError);
    expect(error.name).toBe(error.tag);
    expect(error.constructor.name).toBe(error.tag);
    expect(isHyperslabError(error)).toBe(true);
    for (const { tag } of EXAMPLES) expect(isHyperslabError(error, tag)).toBe(tag === error.tag);
  });

  test('recognises no other errors and values', () => {
    const others = [new Error('e'), { tag: 'OutputError', fields: state }, undefined, null, 'text'];
    for (const other of others) {
      expect(isHyperslabError(other)).toBe(false);
      expect(isHyperslabError(other, 'OutputError')).toBe(false);
    }
  });

  test('narrows the type to the class of the tag', () => {
    const error: unknown = EXAMPLES[0];
    if (isHyperslabError(error, 'OutputError')) expectTypeOf(error).toEqualTypeOf<OutputError>();
    if (isHyperslabError(error, 'ResumeError'))
      expectTypeOf(error.fields.problems).toEqualTypeOf<readonly Problem[]>();
    if (isHyperslabError(error)) {
      expectTypeOf(error).toEqualTypeOf<AnyHyperslabError>();
      if (error.tag === 'WriteError') expectTypeOf(error.fields.code).toEqualTypeOf<string>();
    }
  });
});

describe('an error has only fields, no copies of them', () => {
  test.each(EXAMPLES)('$name', (error) => {
    expect(Object.keys(error).sort()).toEqual(['fields', 'name', 'tag']);
  });
});

describe('messages', () => {
  test('of states give a problem and a remedy', () => {
    expect(new OutputError(state).message).toBe('a.nwb already exists; remove it');
  });

  test('of arguments give what was expected, and a hint', () => {
    const fields = { name: 'chunks', expected: '2 axes', received: '3', hint: 'drop one' };
    expect(new LayoutError(fields).message).toBe(
      'Expected 2 axes for chunks but received 3 (drop one)',
    );
  });

  test('of unknown options name the option that was meant, or all of them', () => {
    const known = ['workers', 'memory'];
    expect(new OptionError({ name: 'worker', known }).message).toBe(
      "Unknown option 'worker'; did you mean 'workers'?",
    );
    expect(new OptionError({ name: 'colour', known }).message).toBe(
      "Unknown option 'colour'; the options are workers, memory",
    );
  });
});
