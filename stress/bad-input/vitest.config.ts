import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    root: import.meta.dirname,
    include: ['*.fuzz.ts'],
    // As long as it is told to run.
    testTimeout: 0,
  },
});
