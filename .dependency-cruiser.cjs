// The import table of docs/architecture.md, enforced. A room's public face is its index.ts; its types may be named too.
const FACE = '(index|types|seams|venue)\\.ts$';

/** Which other rooms of src/main a room may import. Everything may import src/shared. */
const MAY = {
  seams: [],
  connectivity: ['seams'],
  venues: ['connectivity', 'seams'],
  market: ['venues'],
  signals: [],
  engine: [],
  store: ['seams'],
  matching: [],
  practice: ['matching', 'seams'],
  paper: ['matching', 'venues'],
  backtest: ['engine', 'market', 'matching', 'paper', 'venues'],
  capture: ['connectivity', 'seams'],
  secrets: ['seams'],
  observability: ['seams'],
  page: ['seams'],
};
const WIDE = ['api', 'desk', 'cli', 'headless'];

const rooms = Object.entries(MAY).map(([room, allowed]) => ({
  name: `${room}-imports`,
  comment: `src/main/${room} may import only: shared${allowed.map((name) => `, ${name}`).join('')}`,
  severity: 'error',
  from: { path: `^src/main/${room}/` },
  to: { path: '^src/', pathNot: [`^src/main/${room}/`, '^src/shared/', ...allowed.map((name) => `^src/main/${name}/`)] },
}));

module.exports = {
  forbidden: [
    ...rooms,
    {
      name: 'market-names-venue-types-only',
      comment: 'market speaks of venues through the port, never to one exchange',
      severity: 'error',
      from: { path: '^src/main/market/' },
      to: { path: '^src/main/venues/', pathNot: '^src/main/venues/venue\\.ts$' },
    },
    {
      name: 'venues-take-seams-from-outside',
      comment: 'a venue gets its seams handed in: it names their types only',
      severity: 'error',
      from: { path: '^src/main/venues/' },
      to: { path: '^src/main/seams/', pathNot: FACE },
    },
    ...[...Object.keys(MAY), ...WIDE].map((room) => ({
      name: `${room}-by-its-face`,
      comment: `others enter src/main/${room} by its index.ts or name its types`,
      severity: 'error',
      from: { path: '^src/', pathNot: [`^src/main/${room}/`, ...(room === 'desk' ? [] : [])] },
      to: { path: `^src/main/${room}/`, pathNot: room === 'cli' ? '^$' : FACE },
    })),
    {
      name: 'shared-is-ground',
      comment: 'src/shared imports nothing of ours',
      severity: 'error',
      from: { path: '^src/shared/' },
      to: { path: '^src/', pathNot: '^src/shared/' },
    },
    {
      name: 'renderer-sees-shared-only',
      severity: 'error',
      from: { path: '^src/renderer/' },
      to: { path: '^src/', pathNot: ['^src/renderer/', '^src/shared/'] },
    },
    {
      name: 'preload-sees-shared-only',
      severity: 'error',
      from: { path: '^src/preload/' },
      to: { path: '^src/', pathNot: ['^src/preload/', '^src/shared/'] },
    },
    {
      name: 'api-below-desk',
      severity: 'error',
      from: { path: '^src/main/api/' },
      to: { path: '^src/main/(desk|cli|headless)/' },
    },
    {
      name: 'practice-only-by-desk-and-cli',
      comment: 'nothing that trades may know that an exchange is a practice one',
      severity: 'error',
      from: { path: '^src/main/', pathNot: '^src/main/(practice|desk|cli)/' },
      to: { path: '^src/main/practice/' },
    },
    ...[
      ['ccxt', 'venues'],
      ['better-sqlite3', 'store'],
      ['keytar', 'secrets'],
      ['ws', 'seams'],
      ['pino', 'observability'],
    ].map(([library, home]) => ({
      name: `${library}-lives-in-${home}`,
      severity: 'error',
      from: { path: '^src/', pathNot: `^src/main/${home}/` },
      to: { path: `^node_modules/${library}/`, dependencyTypesNot: ['type-only'] },
    })),
    {
      name: 'big-js-has-one-home',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/shared/domain/decimal\\.ts$' },
      to: { path: '^node_modules/big\\.js/' },
    },
    { name: 'no-circles', severity: 'error', from: { path: '^src/' }, to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } } },
    { name: 'no-loose-ends', severity: 'error', from: { path: '^src/' }, to: { couldNotResolve: true, pathNot: '^electron$|\\.css$|\\?' } },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'node', 'default', 'types'], extensions: ['.ts', '.tsx', '.js', '.mjs', '.css'] },
  },
};
