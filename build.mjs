// Builds what the browser gets: every web/islands/*.js|ts as an ES module with shared chunks, every web/static/css/*.css
// (files whose names begin with "_" are parts of others) and the fonts and images they name, all with hashed names in
// web/static/dist, and manifest.json: {"<name>.js": {"file", "imports", "css"}, "<name>.css": {"file"}}.
import * as esbuild from 'esbuild';
import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';

const out = 'web/static/dist';
const files = (folder, kinds) =>
  existsSync(folder) ? readdirSync(folder).filter((name) => kinds.test(name) && !name.startsWith('_')).sort().map((name) => join(folder, name)) : [];
const asset = Object.fromEntries(['.woff2', '.woff', '.ttf', '.svg', '.png', '.webp', '.jpg', '.gif'].map((end) => [end, 'file']));

const shared = {
  bundle: true, minify: true, metafile: true, outdir: out, target: ['es2022'], logLevel: 'warning', legalComments: 'linked',
  entryNames: '[name]-[hash]', chunkNames: 'chunk-[hash]', assetNames: '[name]-[hash]', loader: asset, external: ['/static/*'],
};

function entries(outputs) {
  const local = (path) => path.slice(out.length + 1);
  return Object.entries(outputs).filter(([, made]) => made.entryPoint).map(([path, made]) => [
    basename(made.entryPoint).replace(/\.ts$/, '.js'),
    {
      file: local(path),
      imports: made.imports.filter((used) => used.kind === 'import-statement').map((used) => local(used.path)),
      ...(made.cssBundle && { css: local(made.cssBundle) }),
    },
  ]);
}

rmSync(out, { recursive: true, force: true });
mkdirSync(out, { recursive: true });
process.on('uncaughtException', () => process.exit(1)); // esbuild has already said what is wrong
const islands = await esbuild.build({ ...shared, entryPoints: files('web/islands', /\.[jt]s$/), format: 'esm', splitting: true });
const styles = await esbuild.build({ ...shared, entryPoints: files('web/static/css', /\.css$/) });
const manifest = Object.fromEntries([...entries(islands.metafile.outputs), ...entries(styles.metafile.outputs)]);
writeFileSync(join(out, 'manifest.json'), JSON.stringify(manifest, null, 1) + '\n');
console.log(`${Object.keys(manifest).length} entries in ${out}`);
