import type { Command } from 'commander';

/** The text of docs/command-line.md. */
export function commandLinePage(program: Command, exitHelp: string): string;
