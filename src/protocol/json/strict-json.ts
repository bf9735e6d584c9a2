import { MalformedError } from '../../kernel/errors.ts';

export type JsonValue = null | boolean | number | string | readonly JsonValue[] | JsonObject;
/** Without a prototype, so that a member called `__proto__` is only a member. */
export interface JsonObject {
  readonly [name: string]: JsonValue | undefined;
}

const usualDepth = 8;
const numberForm = /-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?/y;
const space = /[ \t\n\r]*/y;

/**
 * RFC 8259, and stricter where parsers are known to differ: a member named twice is refused (RFC 8259 §4 leaves it open, and two parsers
 * that disagree are an attack), as is nesting deeper than `maximumDepth`. Throws MalformedError.
 */
export function parseStrictJson(text: string, maximumDepth = usualDepth): JsonValue {
  let at = 0;

  const fail = (what: string): never => {
    throw new MalformedError(what, at);
  };
  const skip = () => {
    const code = text.charCodeAt(at);
    if (code > 32) return;
    space.lastIndex = at;
    space.test(text);
    at = space.lastIndex;
  };
  const expect = (character: string) => {
    if (text[at] !== character) fail(`"${character}" expected`);
    at++;
  };

  const string = (): string => {
    const start = at;
    expect('"');
    for (let i = at; ; i++) {
      const code = text.charCodeAt(i);
      if (code === 0x22) {
        at = i + 1;
        return text.slice(start + 1, i);
      }
      if (code === 0x5c) break;
      if (!(code >= 0x20)) fail('string not closed');
    }
    // With escapes: find the end, let the platform's parser read the one token.
    for (let i = at; ; i++) {
      const code = text.charCodeAt(i);
      if (code === 0x5c) i++;
      else if (code === 0x22) {
        at = i + 1;
        break;
      } else if (!(code >= 0x20)) fail('string not closed');
    }
    try {
      return JSON.parse(text.slice(start, at)) as string;
    } catch {
      return fail('bad escape');
    }
  };

  const literal = <T extends JsonValue>(word: string, value: T): T => {
    if (!text.startsWith(word, at)) fail('value expected');
    at += word.length;
    return value;
  };

  const value = (depth: number): JsonValue => {
    skip();
    switch (text[at]) {
      case '{':
        return object(depth);
      case '[':
        return array(depth);
      case '"':
        return string();
      case 't':
        return literal('true', true);
      case 'f':
        return literal('false', false);
      case 'n':
        return literal('null', null);
      default: {
        numberForm.lastIndex = at;
        if (!numberForm.test(text)) return fail('value expected');
        const digits = text.slice(at, numberForm.lastIndex);
        at = numberForm.lastIndex;
        return Number(digits);
      }
    }
  };

  const object = (depth: number): JsonObject => {
    if (depth >= maximumDepth) fail('nested too deeply');
    const members: Record<string, JsonValue> = Object.create(null);
    expect('{');
    skip();
    if (text[at] === '}') {
      at++;
      return members;
    }
    for (;;) {
      skip();
      const name = string();
      if (Object.hasOwn(members, name)) fail(`member ${JSON.stringify(name.slice(0, 40))} given twice`);
      skip();
      expect(':');
      members[name] = value(depth + 1);
      skip();
      if (text[at] === '}') {
        at++;
        return members;
      }
      expect(',');
    }
  };

  const array = (depth: number): JsonValue[] => {
    if (depth >= maximumDepth) fail('nested too deeply');
    const items: JsonValue[] = [];
    expect('[');
    skip();
    if (text[at] === ']') {
      at++;
      return items;
    }
    for (;;) {
      items.push(value(depth + 1));
      skip();
      if (text[at] === ']') {
        at++;
        return items;
      }
      expect(',');
    }
  };

  const result = value(0);
  skip();
  if (at !== text.length) fail('something follows the value');
  return result;
}
