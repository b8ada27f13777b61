import { enableCompileCache } from 'node:module';
import { assertNode } from './kernel/nodeVersion.ts';

/* npm start: the gateway as a process. Settings come from the environment (config.ts). */
assertNode();
// what was compiled last time is taken from the folder for temporary files: 0.9 against 1.5 s of CPU until the gateway listens
enableCompileCache();
// only now, because an old Node cannot even read what follows
const { serve } = await import('./http/process.ts');
await serve(process.env);
