import { defineConfig } from 'vitest/config';

// An entry a bundle: the server finds its files by the manifest, under the entry's name.
const entries = {
  buyer: 'src/buyer/main.ts',
  operator: 'src/operator/main.ts',
};

export default defineConfig({
  base: './',
  publicDir: false,
  build: {
    outDir: 'dist',
    emptyOutDir: true,
    assetsDir: '.',
    manifest: 'manifest.json',
    target: 'es2020',
    // A style sheet is linked by the page, and what the pages need is preloaded there.
    modulePreload: false,
    // Nothing becomes a data: address, which the pages' policy forbids.
    assetsInlineLimit: 0,
    reportCompressedSize: false,
    rollupOptions: { input: entries },
  },
  test: { include: ['test/**/*.test.ts'] },
});
