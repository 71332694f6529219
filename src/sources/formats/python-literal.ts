/** The value of a Python literal; tuples become arrays, dicts become Maps. */
export type Literal = string | number | boolean | null | Literal[] | Map<Literal, Literal>;

const KEYWORDS: ReadonlyMap<string, Literal> = new Map<string, Literal>([
  ['True', true],
  ['False', false],
  ['None', null],
]);

/** Structured dtypes can be nested, but never as deep as this. */
const MAX_LEVELS = 32;

/**
 * Parses the literals that numpy writes: dicts, tuples, lists, strings without escapes, integers, True, False,
 * None. Evaluates no code.
 *
 * @throws SyntaxError for any other text
 */
export function parseLiteral(text: string): Literal {
  const tokens = tokenize(text);
  let next = 0;
  let level = 0;

  const take = (wanted?: string): string => {
    const token = tokens[next++];
    if (token === undefined) throw new SyntaxError('unexpected end');
    if (wanted !== undefined && token !== wanted) {
      throw new SyntaxError(`'${token}' where '${wanted}' belongs`);
    }
    return token;
  };

  const items = <T>(close: string, item: () => T): T[] => {
    if (++level > MAX_LEVELS) throw new SyntaxError(`more than ${MAX_LEVELS} levels of brackets`);
    const all: T[] = [];
    while (tokens[next] !== close) {
      all.push(item());
      if (tokens[next] !== close) take(',');
    }
    take(close);
    level--;
    return all;
  };

  const value = (): Literal => {
    const token = take();
    if (token === '{') {
      const entry = (): [Literal, Literal] => {
        const key = value();
        take(':');
        return [key, value()];
      };
      return new Map(items('}', entry));
    }
    if (token === '(') return items(')', value);
    if (token === '[') return items(']', value);
    if (/^['"]/.test(token)) return token.slice(1, -1);
    // Python 2 wrote long integers with an L.
    if (/^-?\d+L?$/.test(token)) return Number.parseInt(token, 10);
    const keyword = KEYWORDS.get(token);
    if (keyword === undefined) throw new SyntaxError(`unexpected '${token}'`);
    return keyword;
  };

  const result = value();
  if (next < tokens.length) throw new SyntaxError(`unexpected '${tokens[next]}'`);
  return result;
}

function tokenize(text: string): string[] {
  const token = /\s*('[^'\\\n]*'|"[^"\\\n]*"|-?\d+L?|[A-Za-z_]\w*|[{}()[\],:])/y;
  const tokens: string[] = [];
  const end = text.trimEnd().length;
  while (token.lastIndex < end) {
    const at = token.lastIndex;
    const match = token.exec(text);
    if (!match) {
      const wrong = at + text.slice(at).search(/\S/);
      throw new SyntaxError(`unexpected '${text[wrong]}' at ${wrong}`);
    }
    tokens.push(match[1]);
  }
  return tokens;
}
