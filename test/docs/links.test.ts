import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { anchorOf } from '../../scripts/docs/markdown.mjs';
import { pageNames, ROOT, readPage } from './pages.js';

/** Targets of links and images, outside of code. */
function linksIn(page: string): string[] {
  const text = readPage(page).replaceAll(/^```[\s\S]*?^```$/gm, '');
  return Array.from(text.matchAll(/\]\(([^)\s]+)\)/g), ([, target]) => target);
}

function anchorsIn(page: string): string[] {
  const text = readPage(page).replaceAll(/^```[\s\S]*?^```$/gm, '');
  return Array.from(text.matchAll(/^#+ (.*)$/gm), ([, heading]) => anchorOf(heading));
}

function isBroken(page: string, link: string): boolean {
  if (/^[a-z]+:/.test(link)) return false;
  const [path, anchor] = link.split('#');
  const target = path === '' ? page : join(dirname(page), path);
  if (!existsSync(join(ROOT, target))) return true;
  return anchor !== undefined && !anchorsIn(target).includes(anchor);
}

test.each(pageNames())('every relative link of %s leads to a file and a heading', (page) => {
  expect(linksIn(page).filter((link) => isBroken(page, link))).toEqual([]);
});

test('every page of docs/ is in its table of contents', () => {
  const listed = linksIn('docs/README.md').map((link) => join('docs', link));
  const pages = pageNames().filter((page) => page.startsWith('docs/') && page !== 'docs/README.md');
  expect(pages.filter((page) => !listed.includes(page))).toEqual([]);
});
