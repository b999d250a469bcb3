import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';

interface Chunk { file: string; name?: string; isEntry?: boolean; imports?: string[]; css?: string[] }

const dist = new URL('../dist/', import.meta.url);
const read = (name: string): Buffer => readFileSync(new URL(name, dist));
const chunks = JSON.parse(read('manifest.json').toString()) as Record<string, Chunk>;

function filesOf(chunk: Chunk): string[] {
  return [chunk.file, ...(chunk.css ?? []), ...(chunk.imports ?? []).flatMap((name) => filesOf(chunks[name]!))];
}

test('script and style of the buyer’s pages come in less than 30 KB', () => {
  const buyer = Object.values(chunks).find((chunk) => chunk.isEntry && chunk.name === 'buyer')!;
  const files = [...new Set(filesOf(buyer))];
  expect(files.length).toBeGreaterThan(1);
  const bytes = files.reduce((sum, file) => sum + gzipSync(read(file)).length, 0);
  expect(bytes).toBeGreaterThan(1_000);
  expect(bytes).toBeLessThan(30 * 1024);
});
