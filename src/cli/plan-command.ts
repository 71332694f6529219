import {
  type ConversionPlan,
  type FillDescription,
  type FillPlan,
  plan,
  planFill,
} from '../index.js';
import { UsageError } from './errors.js';
import { EXIT } from './exit-codes.js';
import { isFillManifest, withFilling } from './fill-manifest.js';
import type { PlanFlags } from './flags.js';
import { type Manifest, withManifest } from './manifest.js';
import { manifestName } from './manifest-input.js';
import { parseSettings } from './manifest-settings.js';
import { locateWarnings } from './manifest-warnings.js';
import { print, printJson, printWarnings } from './output.js';
import { outputDescription } from './output-description.js';
import { fillPlanText, planText } from './plan-text.js';
import { quietly, runOptions } from './run-options.js';

/** `hyperslab plan MANIFEST` */
export async function planCommand(path: string, flags: PlanFlags): Promise<number> {
  const settings = parseSettings(flags.set);
  const { planned, text } = await withManifest(
    path,
    async (manifest) => {
      if (isFillManifest(manifest)) {
        const planned = await planFilling(manifest, flags);
        return { planned, text: () => fillPlanText(planned) };
      }
      const planned = await planConversion(manifest, flags);
      return { planned, text: () => planText(planned) };
    },
    settings,
  );
  if (flags.json) printJson(planned);
  else printWarnings(planned.warnings);
  if (!quietly(flags)) print(text());
  return EXIT.ok;
}

async function planConversion(manifest: Manifest, flags: PlanFlags): Promise<ConversionPlan> {
  const planned = await plan(outputDescription(manifest, flags), {
    ...runOptions(flags, manifest),
    ...(flags.libver && { libver: flags.libver }),
  });
  return { ...planned, warnings: locateWarnings(planned.warnings, manifest) };
}

/** @throws UsageError for an option that is about the file of a conversion */
function planFilling(manifest: Manifest<FillDescription>, flags: PlanFlags): Promise<FillPlan> {
  const option = (['output', 'libver'] as const).find((name) => flags[name] !== undefined);
  if (option)
    throw new UsageError({
      problem: `--${option} is about the file that a conversion writes, but ${manifestName(manifest.path)} fills an existing one; leave --${option} out`,
    });
  return withFilling(manifest, ({ path, datasets }) =>
    planFill(path, datasets, runOptions(flags, manifest)),
  );
}
