import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

const folder = new URL('../src/buyer/messages/', import.meta.url);
const tables = readdirSync(folder).map((name) => ({
  name,
  table: JSON.parse(readFileSync(new URL(name, folder), 'utf8')) as Record<string, string>,
}));
const holes = (text: string) => (text.match(/\{\w+\}/g) ?? []).sort();

test('there are tables in English and in Simplified Chinese', () => {
  expect(tables.map((one) => one.name).sort()).toEqual(['en.json', 'zh.json']);
});

test.each(tables)('$name has the texts that every language has, with the same holes', ({ table }) => {
  const english = tables.find((one) => one.name === 'en.json')!.table;
  expect(Object.keys(table)).toEqual(Object.keys(english));
  for (const [name, text] of Object.entries(english)) {
    expect([name, holes(table[name]!)]).toEqual([name, holes(text)]);
    expect(table[name]!.trim()).not.toBe('');
  }
});
