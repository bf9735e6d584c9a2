/** What went wrong and, where there is something to do, what to do: each with `{name}` where a value stands. `''`: nothing can be done. */
export type SentenceText = readonly [detail: string, remedy: string];

export type SentenceTexts = Readonly<Record<string, SentenceText>>;

export type Value = string | number;
export type Values = Readonly<Record<string, Value>>;

/** The names of the values of a text, as types: `'There is no {kind} {name|json}.'` has `kind` and `name`. */
export type NamesIn<Text extends string> = Text extends `${string}{${infer Name}}${infer Rest}`
  ? (Name extends `${infer Bare}|json` ? Bare : Name) | NamesIn<Rest>
  : never;

const placeholder = /\{(\w+)(\|json)?\}/g;

/** `{name}`: the value; `{name|json}`: in double quotes, with what cannot be seen escaped. A value that is missing leaves its place as it is written. */
export function fill(text: string, values: Values, told: (name: string, value: Value) => string = plain): string {
  return text.replace(placeholder, (whole, name: string, json: string | undefined) => {
    const value = Object.hasOwn(values, name) ? values[name] : undefined;
    if (value === undefined) return whole;
    return json === undefined ? told(name, value) : JSON.stringify(value);
  });
}

const plain = (_name: string, value: Value) => String(value);

/** The names of the values of a text, sorted, each once. */
export function namesIn(text: string): readonly string[] {
  return [...new Set(Array.from(text.matchAll(placeholder), ([, name]) => name!))].sort();
}
