import { GOOD, instead } from '../bad-input/refusal.js';
import type { Mistake } from './mistake.js';

const types = 'hyperslab plan session.yaml';
const exit = 2;

/** What editors and keyboards do to the text. */
export const TEXTS: readonly Mistake[] = [
  {
    user: 'indents with tabs',
    manifest: instead('  identifier', '\tidentifier'),
    types,
    exit,
    sees: "error: session.yaml:4:1: Expected spaces as indentation but received a tab at 'identifier: m1'",
  },
  {
    user: 'forgets the space behind a colon',
    manifest: instead('path: session', 'path:session'),
    types,
    exit,
    sees: "error: session.yaml:1:1: Expected 'key: value', with a space behind the colon at 'path:session.nwb'",
  },
  {
    user: 'forgets a closing quote',
    manifest: instead('probe in CA1', "'probe in CA1"),
    types,
    exit,
    sees: "error: session.yaml:17:1: Expected ' to close the quote that was opened before",
  },
  {
    user: 'forgets a closing brace',
    manifest: instead('age: P90D }', 'age: P90D'),
    types,
    exit,
    sees: "error: session.yaml:7:1: Expected } to close what was opened in a line before at 'devices: [{ name: probe, description: a probe }]'",
  },
  {
    user: 'writes a colon in a text',
    manifest: instead('probe in CA1', 'probe: in CA1'),
    types,
    exit,
    sees: "error: session.yaml:3:23: Expected one value behind a key but received another key (a text with ': ' needs quotes; is the next line indented too far?) at 'probe: in CA1'",
  },
  {
    user: 'indents a list item too far',
    manifest: instead('    name: AP', '      name: AP'),
    types,
    exit,
    sees: "error: session.yaml:11:11: Expected one value behind a key but received another key (a text with ': ' needs quotes; is the next line indented too far?) at 'ElectricalSeries'",
  },
  {
    user: 'types curly quotes',
    manifest: instead('rate: 30000', 'rate: “30000”'),
    types,
    exit,
    sees: "error: session.yaml:13: Expected a number for acquisition[0].rate but received '“30000”'",
  },
  {
    user: 'writes a path of Windows in double quotes',
    manifest: instead('path: ap.bin', 'path: "D:\\data\\ap.bin"'),
    types,
    exit,
    sees: "error: session.yaml:16:37: Expected an escape such as \\n in double quotes but received \\d (a path with backslashes needs single quotes) at '\\data\\ap.bin\", dtype: int16, shape: [null, 4] }'",
  },
  {
    user: 'writes a path of Windows',
    manifest: instead('path: ap.bin', 'path: D:\\data\\ap.bin'),
    types,
    exit,
    sees: 'error: session.yaml:16: acquisition[0].data.source.path: Expected a file at /data/D:\\data\\ap.bin but received nothing: no such file (a path of Windows: under WSL, D:\\ is /mnt/d)',
  },
  {
    user: 'writes a number sign in a path',
    manifest: instead('path: session.nwb', 'path: mouse #1.nwb'),
    types,
    exit: 0,
    sees: "warning: path '/data/mouse' does not end in .nwb",
  },
  {
    user: 'writes a comma behind a line, as in JSON',
    manifest: instead('path: session.nwb', 'path: session.nwb,'),
    types,
    exit: 0,
    sees: "warning: path '/data/session.nwb,' does not end in .nwb",
  },
  {
    user: 'pastes a space that does not break',
    manifest: instead('  identifier', '\u00a0\u00a0identifier'),
    types,
    exit,
    sees: "error: session.yaml:4:15: Expected one value behind a key but received another key (a text with ': ' needs quotes; is the next line indented too far?) at 'm1'",
  },
  {
    user: 'gives a key twice',
    manifest: instead('    rate: 30000', '    rate: 30000\n    rate: 25000'),
    types,
    exit,
    sees: "error: session.yaml:14:5: Expected each key once but received it again at 'rate: 25000'",
  },
  {
    user: 'saves the manifest on Windows, with a byte order mark',
    manifest: `\ufeff${GOOD.replaceAll('\n', '\r\n')}`,
    types,
    exit: 0,
    sees: [],
  },
  {
    user: "saves the manifest as Notepad's Unicode",
    manifest: Buffer.from(`\ufeff${GOOD}`, 'utf16le'),
    types,
    exit,
    sees: 'error: Expected a manifest at session.yaml but received a file in UTF-16 (save it in UTF-8)',
  },
  {
    user: 'redirects the manifest in PowerShell without a mark',
    manifest: Buffer.from(GOOD, 'utf16le'),
    types,
    exit,
    sees: 'error: Expected a manifest at session.yaml but received a file in UTF-16 (save it in UTF-8)',
  },
  {
    user: 'saves umlauts as Latin-1',
    manifest: Buffer.from(GOOD.replace('a probe', 'ein Gerät'), 'latin1'),
    types,
    exit,
    sees: 'error: Expected a manifest at session.yaml but received a file that is not text in UTF-8 (save it in UTF-8)',
  },
  {
    user: 'has not written anything yet',
    manifest: '',
    types,
    exit,
    sees: 'error: Expected a manifest at session.yaml but received an empty file; `hyperslab init` writes a manifest to begin with',
  },
  {
    user: 'has commented everything out',
    manifest: GOOD.replaceAll(/^/gm, '# '),
    types,
    exit,
    sees: 'error: Expected a manifest at session.yaml but received nothing but comments; `hyperslab init` writes a manifest to begin with',
  },
  {
    user: 'writes JSON with a comma too many',
    manifest: `{
  "path": "session.nwb",
  "nwbfile": {
    "sessionDescription": "probe in CA1",
    "identifier": "m1",
    "sessionStartTime": "2026-01-15T10:00:00+01:00",
  },
}
`,
    types,
    exit: 0,
    sees: 'warning: session.yaml:3: nwbfile.subject is missing',
  },
  {
    user: 'writes JSON without a comma',
    manifest: '{\n  "path": "session.nwb"\n  "nwbfile": {}\n}\n',
    types,
    exit,
    sees: 'error: session.yaml:3:3: Expected a comma between the items in braces or brackets at \'"nwbfile": {}\'',
  },
  {
    user: 'puts two sessions into a manifest',
    manifest: `${GOOD}---\n${GOOD}`,
    types,
    exit,
    sees: "error: session.yaml:17:1: Expected one document but received several at '---'",
  },
  {
    user: 'pastes a dictionary of Python',
    manifest: "{'path': 'session.nwb', 'nwbfile': None}\n",
    types,
    exit,
    sees: "error: session.yaml:1: Expected a mapping for nwbfile but received 'None'",
  },
];
