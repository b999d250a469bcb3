import license from 'rollup-plugin-license';
import { defineConfig } from 'vitest/config';

// An entry a bundle: the server finds its files by the manifest, under the entry's name.
const entries = {
  buyer: 'src/buyer/main.ts',
  operator: 'src/operator/main.ts',
};

/** Whose work is bundled, and under which licence: each asks for its text to be handed on. */
let licenses = '';

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
    rollupOptions: {
      input: entries,
      plugins: [
        license({ thirdParty: (packages) => (licenses = packages.map((one) => one.text()).join('\n\n---\n\n')) }),
        {
          name: 'licenses',
          generateBundle() {
            this.emitFile({ type: 'asset', fileName: 'licenses.txt', source: `${licenses}\n` });
          },
        },
      ],
    },
  },
  test: { include: ['test/**/*.test.ts'] },
});
