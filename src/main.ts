import { assertNode } from './kernel/nodeVersion.ts';

/* npm start: the gateway as a process. Settings come from the environment (config.ts). */
assertNode();
// only now, because an old Node cannot even read what follows
const { serve } = await import('./http/process.ts');
await serve(process.env);
