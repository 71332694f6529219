import { expectTypeOf, test } from 'vitest';
import type { z } from 'zod';
import type { fillSchema } from '../../src/description/fill.js';
import type { ParsedDescription, ResolvedFill, Storage } from '../../src/description/resolved.js';
import type { descriptionSchema } from '../../src/description/schema.js';
import type { storageSchema } from '../../src/description/storage.js';
import type { StorageInput } from '../../src/description/types.js';
import type { Description, FillDescription, SourceSpec } from '../../src/index.js';
import type { SourceInput } from '../../src/sources/schema.js';

/** True if each type can be assigned to the other; the type check fails for anything else. */
type Same<A, B> = [A] extends [B] ? ([B] extends [A] ? true : false) : false;

/**
 * A description without its rows of electrodes. TypeScript has no interface with optional keys beside other
 * names that refuses `undefined` for the latter, as the schema does.
 */
type WithoutRows<T extends { electrodes?: unknown }> = Omit<T, 'electrodes'> & {
  electrodes?: Exclude<T['electrodes'], readonly unknown[]>;
};

/** The keys of an object, which may be optional: a misspelt optional key is assignable both ways. */
type Keys<T> = T extends unknown ? keyof T : never;

test('the declared types mean what the schemas accept', () => {
  type Input = z.input<typeof descriptionSchema>;
  expectTypeOf<Input>().toExtend<Description>();
  expectTypeOf<Same<WithoutRows<Description>, WithoutRows<Input>>>().toEqualTypeOf<true>();
  expectTypeOf<Same<FillDescription, z.input<typeof fillSchema>>>().toEqualTypeOf<true>();
  expectTypeOf<Same<StorageInput, z.input<typeof storageSchema>>>().toEqualTypeOf<true>();
  expectTypeOf<Same<SourceSpec, SourceInput>>().toEqualTypeOf<true>();
});

test('the declared types have the keys of the schemas', () => {
  type Input = z.input<typeof descriptionSchema>;
  type Series = NonNullable<Description['acquisition']>[number];
  type SeriesInput = NonNullable<Input['acquisition']>[number];
  expectTypeOf<Keys<Description>>().toEqualTypeOf<Keys<Input>>();
  expectTypeOf<Keys<Description['nwbfile']>>().toEqualTypeOf<Keys<Input['nwbfile']>>();
  expectTypeOf<Keys<Series>>().toEqualTypeOf<Keys<SeriesInput>>();
  expectTypeOf<Keys<StorageInput>>().toEqualTypeOf<Keys<z.input<typeof storageSchema>>>();
  expectTypeOf<Keys<SourceSpec>>().toEqualTypeOf<Keys<SourceInput>>();
});

test('the types of checked descriptions are what the schemas return', () => {
  type Output = z.output<typeof descriptionSchema>;
  expectTypeOf<Output>().toExtend<ParsedDescription>();
  expectTypeOf<Same<WithoutRows<ParsedDescription>, WithoutRows<Output>>>().toEqualTypeOf<true>();
  expectTypeOf<Keys<ParsedDescription>>().toEqualTypeOf<Keys<Output>>();
  expectTypeOf<Same<ResolvedFill, z.output<typeof fillSchema>>>().toEqualTypeOf<true>();
  expectTypeOf<Keys<Storage>>().toEqualTypeOf<Keys<z.output<typeof storageSchema>>>();
});
