import { expect, test } from 'vitest';
import { simulatePowerLoss } from '../../../stress/power-loss/power-loss.js';
import { whyNoPreload } from '../../../stress/power-loss/preload.js';
import { tempFolder } from '../../support/recordings.js';

const STATES = 12;

// A short version of the part `power-loss` of `npm run stress`.
test.skipIf(whyNoPreload())(
  'a conversion resumes after a power loss without losing acknowledged data',
  async () => {
    const { outcomes, failures } = await simulatePowerLoss({
      folder: tempFolder(),
      states: STATES,
      seed: 9,
      streams: 2,
      conversions: [
        ['slow', 'power'],
        ['mixed', 'process'],
      ],
      say: () => {},
    });
    expect(failures.map(({ message }) => message)).toEqual([]);
    const total = [...outcomes.values()].reduce((sum, count) => sum + count, 0);
    expect(total).toBe(STATES);
    // Checks that at least one conversion was continued.
    expect(outcomes.get('completed')).toBeGreaterThan(STATES / 3);
  },
  300_000,
);
