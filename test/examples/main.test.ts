import { expect, test } from 'vitest';
import { compiledExamples, exampleNames } from './run.js';

const examples = compiledExamples();

test('an unknown example is refused, with the names of all examples', async () => {
  const { code, stdout, stderr } = await examples.run('sparse');
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  const [, names, received] = /^Expected one of (.*) for the example but received (.*)\n$/.exec(
    stderr,
  ) as RegExpExecArray;
  expect(names.split(', ').sort()).toEqual(exampleNames().sort());
  expect(received).toBe("'sparse'");
});
