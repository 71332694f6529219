import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    root: import.meta.dirname,
    include: ['*.fuzz.ts'],
    // No limit: FUZZ_SECONDS says how long a fuzzer runs.
    testTimeout: 0,
  },
});
