import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const ROOT = fileURLToPath(new URL('../../', import.meta.url));

/** The Markdown pages for users and contributors, by their path from the root. */
export function pageNames(): string[] {
  const pages = readdirSync(join(ROOT, 'docs'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.md'))
    .map((name) => join('docs', name));
  const others = ['README.md', 'CONTRIBUTING.md', 'examples/README.md', 'bench/README.md'];
  return [...others, ...pages].sort();
}

export function readPage(name: string): string {
  return readFileSync(join(ROOT, name), 'utf8');
}

/** A fenced block of code, and the line of its page on which it begins. */
export interface Sample {
  readonly page: string;
  readonly line: number;
  readonly code: string;
}

/** All fenced blocks of one language. */
export function samplesIn(language: string): Sample[] {
  return pageNames().flatMap((page) => {
    const text = readPage(page);
    return Array.from(text.matchAll(/^```(\w+)\n([\s\S]*?)^```$/gm))
      .filter(([, name]) => name === language)
      .map((match) => ({
        page,
        line: text.slice(0, match.index).split('\n').length,
        code: match[2],
      }));
  });
}
