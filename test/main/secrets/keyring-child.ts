/**
 * Run by keyring.test.ts inside a private D-Bus session with a real keyring, never by itself. Does one step on a
 * real vault and prints what it saw as one line of JSON. Arguments: profile folder, step.
 */
import { createRealSeams } from '#main/seams/index';
import { createVault } from '#main/secrets/index';

const [profileDir, step] = process.argv.slice(2) as [string, string];
const CANARY = 'CANARY-live-secret-0123456789';
const vault = await createVault({ seams: createRealSeams(), profileDir, mode: 'practice' });
const credentials = { apiKey: 'canary-key-4242', secret: CANARY, mode: 'practice' } as const;

let result: unknown = null;
if (step === 'put') {
  await vault.put('binance_spot', credentials);
  result = await vault.list();
}
if (step === 'use') {
  result = await vault.use(
    'binance_spot',
    (lent) => lent.secret === CANARY && lent.apiKey === credentials.apiKey,
  );
}
if (step === 'remove') {
  await vault.remove('binance_spot');
  result = await vault.use('binance_spot', () => 'still there');
}
if (step === 'put-refused') {
  result = await vault.put('binance_spot', credentials).then(
    () => 'stored',
    (error: Error) => error.message,
  );
}
console.log(JSON.stringify({ driver: vault.driver, locked: vault.locked, note: vault.note, result }));
process.exit(0);
