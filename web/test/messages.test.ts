import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

const pages = ['buyer', 'operator'];
const source = new URL('../src/', import.meta.url);
const tables = pages.flatMap((page) => readdirSync(new URL(`${page}/messages/`, source)).map((name) => ({
  page,
  name,
  table: JSON.parse(readFileSync(new URL(`${page}/messages/${name}`, source), 'utf8')) as Record<string, string>,
})));
const holes = (text: string) => (text.match(/\{\w+\}/g) ?? []).sort();

test.each(pages)('the %s pages have tables in English and in Simplified Chinese', (page) => {
  const names = tables.filter((one) => one.page === page).map((one) => one.name);
  expect(names.sort()).toEqual(['en.json', 'zh.json']);
});

test.each(tables)('$page/$name has the texts that every language has, with the same holes', ({ page, table }) => {
  const english = tables.find((one) => one.page === page && one.name === 'en.json')!.table;
  expect(Object.keys(table)).toEqual(Object.keys(english));
  for (const [name, text] of Object.entries(english)) {
    expect([name, holes(table[name]!)]).toEqual([name, holes(text)]);
    if (text !== '') expect(table[name]!.trim()).not.toBe('');
  }
});

test('the operator\'s pages say nothing that is not in the table', () => {
  const { table } = tables.find((one) => one.page === 'operator')!;
  const folder = new URL('operator/', source);
  const said = readdirSync(folder).filter((name) => name.endsWith('.ts')).flatMap((name) =>
    [...readFileSync(new URL(name, folder), 'utf8').matchAll(/\bt\('([\w.]+)'/g)].map((match) => match[1]!));
  expect(said.length).toBeGreaterThan(60);
  expect(said.filter((name) => table[name] === undefined)).toEqual([]);
});
