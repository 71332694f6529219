import { expect, test } from 'vitest';
import { killConversions } from '../../stress/kills/kills.js';
import { PHASES } from '../../stress/kills/left.js';
import { tempFolder } from '../support/recordings.js';

const KILLS = 8;

// A short version of the part `kills` of `npm run stress`, with a smaller recording.
test('conversions that are killed and resumed give the same file as without interruption', async () => {
  const folder = tempFolder();
  const killed = await killConversions({
    folder,
    size: 'small',
    kills: KILLS,
    seed: 20,
    say: () => {},
  });
  const total = PHASES.reduce((sum, phase) => sum + killed[phase], 0);
  expect(total).toBeGreaterThanOrEqual(KILLS);
  // Checks that at least one conversion was resumed.
  expect(killed.running + killed.closing).toBeGreaterThan(0);
}, 300_000);
