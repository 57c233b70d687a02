import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'

/** Everything in files of its own: the page runs under a policy that allows nothing inline. */
export default defineConfig({
  base: './',
  plugins: [react()],
  build: {
    outDir: '../../../dist/admin/dashboard',
    emptyOutDir: true,
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    target: 'es2023',
  },
})
