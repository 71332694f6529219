/** Checks the imports of a repository; see check.mjs. */
export function checkImports(root: string): string[];
