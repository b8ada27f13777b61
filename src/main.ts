import { enableCompileCache } from 'node:module';
import { setFlagsFromString } from 'node:v8';
import { assertNode } from './kernel/nodeVersion.ts';

/* npm start: the gateway as a process. Settings come from the environment (config.ts). */
assertNode();
// what was compiled last time is taken from the folder for temporary files: 0.9 against 1.5 s of CPU until the gateway listens
enableCompileCache();
// memory that grows by a half at a time, not by up to four times: 250 MB instead of 280 to 340 under load, for no CPU that shows
setFlagsFromString('--heap-growing-percent=50');
// only now, because an old Node cannot even read what follows
const { serve } = await import('./http/process.ts');
await serve(process.env);
