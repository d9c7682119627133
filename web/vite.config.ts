import { fileURLToPath } from 'node:url';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vitest/config';

const api = process.env.TAPETUM_API ?? 'http://127.0.0.1:8091';

export default defineConfig({
  plugins: [react()],
  build: {
    // The wheel ships this folder; the API serves it at `/`.
    outDir: fileURLToPath(new URL('../tapetum/service/page', import.meta.url)),
    emptyOutDir: true,
    manifest: true,
    target: 'es2022',
    // Never inline assets as data: URLs, the page's CSP allows 'self' only.
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 1700,
  },
  server: {
    host: '127.0.0.1',
    proxy: { '/graphql': { target: api, ws: true } },
  },
  test: {
    environment: 'node',
    include: ['src/**/*.test.{ts,tsx}'],
  },
});
