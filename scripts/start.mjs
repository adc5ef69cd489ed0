/** Entry of `npm start`; plain enough for an old Node to say that it is too old. */
const major = Number(process.versions.node.split('.')[0]);
if (major < 20) {
  console.error(
    'Node 20 or newer is needed, this is ' + process.versions.node + '.'
  );
  process.exit(1);
}

const { main } = await import('./lib/start.mjs');
const { giveUp } = await import('./lib/report.mjs');
await main().catch(giveUp);
