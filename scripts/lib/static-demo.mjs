/** Builds a page that shows the demo in the browser alone, for any host of static files. */
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  rmSync,
  writeFileSync
} from 'node:fs';
import path from 'node:path';

import { build, root, tool, venv } from './paths.mjs';
import { timed, Trouble } from './report.mjs';
import { run } from './run.mjs';

export const staticDemo = path.join(build, 'static-demo');

const TITLE = 'Savu: slices of a tomography scan';

const PAGE = `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width" />
    <meta name="color-scheme" content="light dark" />
    <title>${TITLE}</title>
    <link rel="icon" href="data:," />
    <link rel="stylesheet" href="light.css" />
    <link rel="stylesheet" href="dark.css" media="(prefers-color-scheme: dark)" />
  </head>
  <body>
    <div id="page"></div>
    <script src="page.js"></script>
  </body>
</html>
`;

/** The colours are those of JupyterLab. */
function copyThemes() {
  const themes = path.join(venv, 'share/jupyter/lab/themes/@jupyterlab');
  for (const theme of ['light', 'dark']) {
    copyFileSync(
      path.join(themes, `theme-${theme}-extension`, 'index.css'),
      path.join(staticDemo, `${theme}.css`)
    );
  }
}

/** Bundles the compiled modules; the rules are those of the extension itself. */
async function bundle() {
  const { rspack } = await import('@rspack/core');
  const compiler = rspack({
    mode: 'production',
    context: root,
    entry: path.join(root, 'lib/viewer/static/page.js'),
    output: { path: staticDemo, filename: 'page.js', publicPath: 'auto' },
    performance: { hints: false },
    resolve: {
      fallback: { url: false, buffer: false, crypto: false, path: false }
    },
    module: {
      rules: [
        { test: /\.css$/, use: ['style-loader', 'css-loader'] },
        { test: /\.svg$/, issuer: /\.js$/, type: 'asset/source' },
        { test: /\.js$/, resolve: { fullySpecified: false } }
      ]
    }
  });
  const stats = await new Promise((resolve, reject) =>
    compiler.run((error, result) =>
      error ? reject(error) : compiler.close(() => resolve(result))
    )
  );
  if (stats.hasErrors()) {
    throw new Trouble(stats.toString({ preset: 'errors-only' }));
  }
}

/** Makes the page of the compiled modules anew; the data of the demo only when they are not there. */
export async function makeStaticDemo() {
  mkdirSync(staticDemo, { recursive: true });
  const data = path.join(staticDemo, 'demo');
  if (!existsSync(path.join(data, 'files.json'))) {
    rmSync(data, { recursive: true, force: true });
    const title = 'Making the data of the static demo';
    const script = path.join(root, 'scripts', 'static_demo.py');
    await timed(title, () => run(title, tool('python'), [script, data]));
  }
  await timed('Bundling the static demo', bundle);
  copyThemes();
  writeFileSync(path.join(staticDemo, 'index.html'), PAGE);
}
